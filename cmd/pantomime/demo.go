package main

import (
	"cmp"
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
	stories "github.com/pantomime-dev/pantomime/play"
	"github.com/pantomime-dev/pantomime/requestor/wallet"
	"github.com/pantomime-dev/pantomime/scenarios"
)

// demoScenario is what the demo plays.
//
//go:embed demo.yaml
var demoScenario []byte

// demoFlags are the flags of `demo`.
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
	flags.BoolVar(&in.once, "once", false, "exit after the story; listens on free ports by default")
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
	if err := cmp.Or(address("listen", in.listen), loopbackOnly(in.admin)); err != nil {
		return err
	}
	timeLine := stories.NewTimeLine(a.lines())
	inbox, err := wallet.OpenInbox(wallet.InboxOptions{Wall: a.wall, Tell: timeLine.Notice})
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
	on := stories.Target{Wall: a.wall, Waits: !in.fast, TimeLine: timeLine, Inbox: inbox}
	if on.Admin, err = control.New(sim.AdminURL(), nil, ""); err == nil {
		err = a.performDemo(ctx, on, o.Scenario)
	}
	if err == nil {
		err = endExpectations(sim, o.Scenario)
	}
	switch {
	case err != nil && ctx.Err() != nil:
		return incomplete("the demo was stopped before the end of its story")
	case err != nil || in.once:
		return err
	}
	fmt.Fprintln(a.out)
	a.banner(sim, o)
	<-ctx.Done() // the time line goes on with the notices that arrive
	return nil
}

// performDemo performs the story. Whatever goes wrong with it is the demo's
// failure.
func (a *app) performDemo(ctx context.Context, on stories.Target, s scenarios.Scenario) error {
	report, err := stories.Perform(ctx, on, s, func(stories.Step) {})
	if err != nil {
		return failed("the demo did not end as it should: %w", err)
	}
	if a.tellVerdicts(report); !report.OK() {
		return failed("the demo did not end as it should")
	}
	return nil
}

// endExpectations takes away what the story is expected to come to: it has been
// compared, and whoever goes on in the sandbox tells another story.
func endExpectations(sim *pantomime.Simulator, s scenarios.Scenario) error {
	s.Expect = scenarios.Expect{}
	return sim.Sandbox().Adopt(s)
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

// loopbackOnly keeps the demo's control door, which hands out every credential,
// away from other machines.
func loopbackOnly(admin string) error {
	host := admin[:max(0, strings.LastIndexByte(admin, ':'))]
	if ip, err := netip.ParseAddr(strings.Trim(host, "[]")); host == "localhost" || err == nil && ip.Unmap().IsLoopback() {
		return nil
	}
	return usage("--admin %q: must be a loopback address with its port, such as %s", admin, pantomime.DefaultAdmin)
}
