// Package watch reads scenarios anew when their files change. It tells what it
// read and never keeps or applies a scenario itself: with errors in the files
// the caller goes on with what it has.
package watch

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/fsnotify/fsnotify"

	"github.com/pantomime-dev/pantomime/scenarios"
)

// Settle is how long files are left alone after a change before they are read:
// editors write in several steps.
const Settle = 100 * time.Millisecond

// ErrNothing says that none of the paths can change: all are scenarios of the
// library.
var ErrNothing = errors.New("nothing to watch")

// Sleeper waits in wall time, as clock.Wall does.
type Sleeper interface {
	Sleep(ctx context.Context, d time.Duration) error
}

// Watcher watches what [scenarios.Load] reads from its paths.
type Watcher struct {
	Paths  []string // as for scenarios.Load; folders take in files that appear later
	Loader scenarios.Loader
	Seen   string // scenarios.Fingerprint from before the paths were loaded; "" is as they are when Run begins
	Wall   Sleeper
}

// Run reads all paths anew each time one of their files has changed, and hands
// over what it read: the scenario, empty if there are errors among the
// findings. A file that cannot be read is such an error. Run returns when ctx
// ends, with ctx's error, or when watching is impossible; the error then wraps
// [ErrNothing], [scenarios.ErrNotFound] or the system's.
func (w Watcher) Run(ctx context.Context, onChange func(scenarios.Scenario, scenarios.Findings)) error {
	events, err := fsnotify.NewWatcher()
	if err != nil {
		return fmt.Errorf("watching scenarios: %w", err)
	}
	defer func() { _ = events.Close() }()
	if err := w.add(events); err != nil {
		return err
	}
	seen, err := scenarios.Fingerprint(w.Paths...)
	if err != nil {
		return err
	}
	if w.Seen != "" && seen != w.Seen {
		onChange(w.load())
	}
	for {
		if err := w.wait(ctx, events); err != nil {
			return err
		}
		// An unreadable file has the fingerprint "", so that it is told once.
		now, _ := scenarios.Fingerprint(w.Paths...)
		if now != seen {
			seen = now
			onChange(w.load())
		}
	}
}

// add watches folders rather than files: most editors put a new file in the
// place of the old one.
func (w Watcher) add(events *fsnotify.Watcher) error {
	for _, path := range w.Paths {
		info, err := os.Stat(path)
		switch {
		case err != nil:
			continue // of the library, or missing, which the fingerprint tells
		case !info.IsDir():
			path = filepath.Dir(path)
		}
		if err := events.Add(path); err != nil {
			return fmt.Errorf("watching %s: %w", path, err)
		}
	}
	if len(events.WatchList()) == 0 {
		if _, err := scenarios.Fingerprint(w.Paths...); err != nil {
			return err
		}
		return fmt.Errorf("%w: scenarios of the library do not change", ErrNothing)
	}
	return nil
}

// wait returns some time after something happened in the folders. What happens
// during that time is taken in; an event too many costs a fingerprint.
func (w Watcher) wait(ctx context.Context, events *fsnotify.Watcher) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-events.Events:
	case <-events.Errors: // events were lost, so look
	}
	return w.Wall.Sleep(ctx, Settle)
}

// load reads everything. What cannot be read is a finding about the path.
func (w Watcher) load() (scenarios.Scenario, scenarios.Findings) {
	sc, found, err := w.Loader.Load(w.Paths...)
	if err != nil {
		at := scenarios.Position{File: w.Paths[0], Line: 1, Column: 1}
		return scenarios.Scenario{}, scenarios.Findings{{At: at, Severity: scenarios.SeverityError, Message: "cannot be read: " + err.Error()}}
	}
	return sc, found
}
