package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"net/netip"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/requestor/wallet"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/token"
)

// demoScenario is what the demo plays.
//
//go:embed demo.yaml
var demoScenario []byte

// demoFlags are what `demo` is told.
type demoFlags struct {
	listen, admin string
	once, fast    bool
}

func newDemo(a *app) *cobra.Command {
	var in demoFlags
	cmd := &cobra.Command{
		Use: "demo", Short: "Play a story at both networks, then keep serving", Args: words(),
		Long: "Starts a sandbox and a receiver of notices, and plays the life of a Visa and of a Mastercard token through the real\n" +
			"clients over HTTP: made, activated after 4.5 seconds, used, suspended by the issuer, refused, resumed, deleted.\n" +
			"Then it keeps serving. Exits with 1 when a step did not happen.",
	}
	flags := cmd.Flags()
	flags.BoolVar(&in.once, "once", false, "exit after the story; listens on free ports unless told otherwise")
	flags.BoolVar(&in.fast, "fast", false, "move the sandbox's clock instead of waiting")
	flags.StringVar(&in.listen, "listen", pantomime.DefaultNetwork, "address of the network door")
	flags.StringVar(&in.admin, "admin", pantomime.DefaultAdmin, "loopback address of the control door")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		for name, at := range map[string]*string{"listen": &in.listen, "admin": &in.admin} {
			if in.once && !flags.Changed(name) {
				*at = "127.0.0.1:0"
			}
		}
		return a.demo(cmd.Context(), in)
	}
	return cmd
}

func (a *app) demo(ctx context.Context, in demoFlags) (err error) {
	if err := loopbackOnly(in.admin); err != nil {
		return err
	}
	arrived := make(chan wallet.Notice, 256)
	inbox, err := wallet.OpenInbox(wallet.InboxOptions{Wall: a.wall, Tell: func(n wallet.Notice) { arrived <- n }})
	if err != nil {
		return incomplete("receiver of notices: %w", err)
	}
	defer inbox.Close()
	o, err := a.demoOptions(in, inbox.URL())
	if err != nil {
		return err
	}
	sim, err := start(o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop(sim)) }()
	p, err := newStaging(ctx, a, sim.AdminURL())
	if err == nil {
		inbox.Trust(p.wallet)
		p.arrived, p.byHand = arrived, in.fast
		if err = p.run(ctx); err != nil {
			err = failed("the demo did not end as it should: %w", err)
		}
	}
	switch {
	case err != nil && ctx.Err() != nil:
		return incomplete("the demo was stopped before the end of its story")
	case err != nil || in.once:
		return err
	}
	fmt.Fprintln(a.out)
	a.banner(sim, o)
	p.watch(ctx)
	return nil
}

func (a *app) demoOptions(in demoFlags, notify string) (pantomime.Options, error) {
	logger, err := a.logger("warn", "text")
	if err != nil {
		return pantomime.Options{}, err
	}
	sc, findings := scenarios.Parse("demo.yaml", demoScenario)
	o := pantomime.Options{
		Network: in.listen, Admin: in.admin, Scenario: sc, Notify: notify, Logger: logger, Wall: a.wall, Version: a.version,
	}
	if in.fast {
		o.ClockMode = clock.Manual
	}
	return o, findings.Err()
}

// newStaging asks the control door for what a token requestor needs.
func newStaging(ctx context.Context, a *app, admin string) (*staging, error) {
	door, err := control.New(admin, nil, "")
	if err != nil {
		return nil, err
	}
	env, err := door.Env(ctx)
	if err != nil {
		return nil, err
	}
	who, ok := env.Requestor("wallet")
	if !ok {
		return nil, errors.New("the sandbox has no wallet")
	}
	p := &staging{app: a, door: door, begin: a.wall.Now(), unread: map[token.Ref][]wallet.Notice{}}
	if p.wallet, err = a.wallet(env.BaseURL, who, nil); err != nil {
		return nil, err
	}
	sc, _ := scenarios.Parse("demo.yaml", demoScenario)
	for _, c := range sc.Cards {
		p.actors = append(p.actors, &actor{network: c.Network, card: wallet.Card{Name: c.Name, PAN: c.PAN, Expiry: c.Expiry}})
	}
	return p, nil
}

// loopbackOnly keeps the demo's control door, which hands out every credential,
// away from other machines.
func loopbackOnly(admin string) error {
	host := admin[:max(0, strings.LastIndexByte(admin, ':'))]
	if ip, err := netip.ParseAddr(strings.Trim(host, "[]")); host == "localhost" || err == nil && ip.Unmap().IsLoopback() {
		return nil
	}
	return usage("--admin %q: must be a loopback address with its port, such as %s", admin, pantomime.DefaultAdmin)
}
