package main

import (
	"context"
	"errors"
	"log/slog"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/scenarios/watch"
)

// errWarnings keeps a scenario with warnings out under --strict.
var errWarnings = errors.New("it has warnings, and --strict counts them as errors")

// stay serves until ctx ends, with --watch adopting scenario files as they
// change.
func (a *app) stay(ctx context.Context, in serveFlags, sim *pantomime.Simulator, log *slog.Logger) error {
	if !in.watch {
		<-ctx.Done()
		return nil
	}
	targets, err := targetsOf(in.allow)
	if err != nil {
		return err
	}
	w, err := watch.New(a.wall, scenarios.Loader{AllowAnyPAN: in.anyPAN, Targets: targets}.Load, in.scenarios...)
	if err != nil {
		return usage("%w", err)
	}
	_ = w.Run(ctx, func(s scenarios.Scenario, findings scenarios.Findings, err error) { // ends with ctx alone
		if err == nil && in.strict && len(findings) > 0 {
			err = errWarnings
		}
		adopt(sim, log, s, findings, err)
	})
	return nil
}

// adopt puts a changed scenario into the default sandbox. A bad one changes
// nothing, and the log says why.
func adopt(sim *pantomime.Simulator, log *slog.Logger, s scenarios.Scenario, findings scenarios.Findings, err error) {
	for _, f := range findings {
		log.Warn("scenario changed", "finding", f.String())
	}
	switch {
	case err != nil:
		log.Error("scenario is not adopted; the old rules stay", "error", err)
	case findings.Err() != nil:
		log.Error("scenario is not adopted; the old rules stay", "findings", len(findings))
	default:
		if err := sim.Sandbox().Adopt(s); err != nil {
			log.Error("scenario is not adopted; the old rules stay", "error", err)
			return
		}
		log.Info("scenario adopted", "name", s.Name, "rules", len(s.Rules))
	}
}
