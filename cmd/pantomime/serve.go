package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strconv"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/token"
)

// stopTime is how long requests in progress and notices that are due may take when
// a server is asked to stop, unless --stop-time says otherwise: less than the ten
// seconds after which container engines kill it.
const stopTime = 8 * time.Second

// serveFlags are the flags of `serve`.
type serveFlags struct {
	scenarios, allow            []string
	listen, admin, clock        string
	tokenFile                   string
	notify, publicURL, portFile string
	logLevel, logFormat         string
	seed                        uint64
	anyPAN, strict, watch       bool
	stopTime                    control.Duration
}

func newServe(a *app) *cobra.Command {
	in := serveFlags{stopTime: control.Duration(stopTime)}
	cmd := &cobra.Command{
		Example: "  pantomime serve\n" +
			"  pantomime serve --scenario shop.yaml --watch\n" +
			"  pantomime serve --scenario suspended-for-fraud --clock manual@2026-03-01T09:00:00Z --notify http://127.0.0.1:9000/notices\n" +
			"  pantomime serve --listen 127.0.0.1:0 --admin 127.0.0.1:0 --ports-file ports.json",
		Use: "serve", Short: "Start a sandbox and serve until stopped", Args: words(),
		Long: "Starts a sandbox that plays both networks and serves until it is stopped by Ctrl-C, SIGTERM or SIGHUP.\n" +
			"Notices that are due leave before it ends; if some are left, the last line of the log counts them and the exit code is 3.\n" +
			"Prints base URLs and credentials; `pantomime env` prints all of them.",
	}
	flags := cmd.Flags()
	flags.StringArrayVar(&in.scenarios, "scenario", nil, "scenario file, folder or name in the library; may be given again")
	flags.StringVar(&in.listen, "listen", pantomime.DefaultNetwork, "address of the network door; port 0 is any free one")
	flags.StringVar(&in.admin, "admin", pantomime.DefaultAdmin, "address of the control door; off loopback it asks for a bearer token")
	withToken(cmd, &in.tokenFile, "file with the bearer token that the control door asks for (default drawn and shown, off loopback only)")
	flags.StringVar(&in.clock, "clock", "", "system, manual or manual@TIME (default the scenario's, else system)")
	flags.Var(seed(&in.seed), "seed", "seed of ids and credentials (default the scenario's, else 1)")
	flags.StringVar(&in.notify, "notify", "", "where notices to the default token requestor go")
	allowing(cmd, &in.allow)
	flags.BoolVar(&in.anyPAN, "allow-any-pan", false, "take any card number; never use a real one")
	flags.StringVar(&in.publicURL, "public-url", "", "base URL by which clients know the network door")
	flags.StringVar(&in.portFile, "ports-file", "", "file to write the addresses of both doors to, as JSON")
	flags.BoolVar(&in.watch, "watch", false, "adopt scenario files again when they change; a bad one changes nothing")
	flags.BoolVar(&in.strict, "strict", false, "do not start on a scenario with warnings")
	flags.Var(patient(&in.stopTime), "stop-time", "how long requests in progress and notices that are due may take when it is asked to stop")
	flags.StringVar(&in.logLevel, "log-level", "info", "debug, info, warn or error")
	flags.StringVar(&in.logFormat, "log-format", "text", "text or json")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return a.serve(cmd.Context(), in) }
	return cmd
}

func (a *app) serve(ctx context.Context, in serveFlags) error {
	o, err := a.serveOptions(in)
	if err != nil {
		return err
	}
	sim, err := start(o)
	if err != nil {
		return err
	}
	if in.portFile != "" {
		if err := writePorts(in.portFile, sim); err != nil {
			return errors.Join(usage("--ports-file: %w", err), stop(sim))
		}
		defer func() { _ = os.Remove(in.portFile) }()
	}
	a.banner(sim, o)
	a.tellToken(sim, in.tokenFile, in.publicURL)
	if err := a.stay(ctx, in, sim, o.Logger); err != nil {
		return errors.Join(err, stop(sim))
	}
	o.Logger.Info("stopping")
	return stopWithin(sim, time.Duration(in.stopTime))
}

// start turns the one mistake that everybody makes into advice.
func start(o pantomime.Options) (*pantomime.Simulator, error) {
	sim, err := pantomime.Start(o)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, &exit{code: exitUsage, err: err, hint: "Something listens there already; port 0 is any free one: --listen 127.0.0.1:0 --admin 127.0.0.1:0"}
	case err != nil:
		return nil, usage("%w", err)
	}
	return sim, nil
}

// stop ends the server; what is in progress gets some time.
func stop(sim *pantomime.Simulator) error { return stopWithin(sim, stopTime) }

func stopWithin(sim *pantomime.Simulator, limit time.Duration) error {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	if err := sim.Stop(ctx); err != nil {
		return incomplete("stopping: %w", err)
	}
	return nil
}

func (a *app) serveOptions(in serveFlags) (pantomime.Options, error) {
	logger, err := a.logger(in.logLevel, in.logFormat)
	if err != nil {
		return pantomime.Options{}, err
	}
	if err := cmp.Or(address("listen", in.listen), address("admin", in.admin)); err != nil {
		return pantomime.Options{}, err
	}
	if in.watch && len(in.scenarios) == 0 {
		return pantomime.Options{}, usage("--watch needs --scenario")
	}
	o := pantomime.Options{
		Network: in.listen, Admin: in.admin, Seed: in.seed, Notify: in.notify, AllowAnyPAN: in.anyPAN,
		PublicURL: in.publicURL, Logger: logger, Wall: a.wall, Version: a.version,
	}
	if in.clock != "" {
		if o.ClockMode, o.ClockStart, err = clock.ParseMode(in.clock); err != nil {
			return o, usage("--%w", err)
		}
	}
	targets, err := targetsOf(in.allow)
	if err != nil {
		return o, err
	}
	o.CallbackAllow = targets.Allowed
	if in.notify != "" {
		if _, err := token.ParseTarget(in.notify); err != nil {
			return o, usage("--notify: %w", err)
		}
	}
	if in.tokenFile != "" {
		if o.AdminToken, err = a.readToken(in.tokenFile); err != nil {
			return o, err
		}
	}
	o.Scenario, err = a.loadScenario(in, targets)
	return o, err
}

// address refuses what no door can listen on.
func address(flag, text string) error {
	_, port, err := net.SplitHostPort(text)
	if n, bad := strconv.Atoi(port); err != nil || bad != nil || n < 0 || n > 65535 {
		return usage("--%s %q: must be an address with its port, such as 127.0.0.1:8480; port 0 is any free one", flag, text)
	}
	return nil
}

// allowFlag names the flag for address ranges that notices may go to.
const allowFlag = "callback-allow"

// allowing adds that flag.
func allowing(cmd *cobra.Command, ranges *[]string) {
	cmd.Flags().StringArrayVar(ranges, allowFlag, nil, "address range that notices may go to, besides loopback; may be given again")
}

// targetsOf are the rules for targets of notices with these ranges.
func targetsOf(ranges []string) (t token.Targets, err error) {
	for _, text := range ranges {
		prefix, err := token.ParseAllow(text)
		if err != nil {
			return t, usage("--%w", err)
		}
		t.Allowed = append(t.Allowed, prefix)
	}
	return t, nil
}

func (a *app) loadScenario(in serveFlags, targets token.Targets) (scenarios.Scenario, error) {
	if len(in.scenarios) == 0 {
		return scenarios.Scenario{}, nil
	}
	sc, findings, err := scenarios.Loader{AllowAnyPAN: in.anyPAN, Targets: targets}.Load(in.scenarios...)
	switch {
	case err != nil:
		return sc, usage("--scenario: %w", err)
	case findings.Err() != nil:
		return sc, usage("%w", findings.Err())
	}
	for _, f := range findings.Warnings() {
		fmt.Fprintln(a.err, f)
	}
	if in.strict && len(findings) > 0 {
		return sc, usage("--strict: the scenario has %s", plural(len(findings), "warning"))
	}
	return sc, nil
}

// logger writes structured logs to stderr.
func (a *app) logger(level, form string) (*slog.Logger, error) {
	var at slog.Level
	if err := at.UnmarshalText([]byte(level)); err != nil {
		return nil, usage("--log-level %q: accepted: debug, info, warn, error", level)
	}
	o := &slog.HandlerOptions{Level: at}
	switch form {
	case "text":
		return slog.New(token.ScrubLogs(slog.NewTextHandler(a.err, o))), nil
	case "json":
		return slog.New(token.ScrubLogs(slog.NewJSONHandler(a.err, o))), nil
	}
	return nil, usage("--log-format %q: accepted: text, json", form)
}

// ports are the addresses of a running server.
type ports struct {
	Network string `json:"network"` // base URL of the network door
	Admin   string `json:"admin"`   // base URL of the control door
	Bound   bound  `json:"bound"`
}

// bound are the addresses that the doors listen on, which may be all there are.
type bound struct {
	Network string `json:"network"`
	Admin   string `json:"admin"`
}

// writePorts writes the file at once, so that a reader never sees half of it.
func writePorts(path string, sim *pantomime.Simulator) error {
	at := ports{Network: sim.NetworkURL(), Admin: sim.AdminURL()}
	at.Bound.Network, at.Bound.Admin = sim.Bound()
	data, err := json.Marshal(at)
	if err != nil {
		return err
	}
	return replaceFile(path, append(data, '\n'))
}
