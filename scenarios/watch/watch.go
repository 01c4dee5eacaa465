// Package watch reads scenario files again when they change. It hands out what
// it read and must not decide what becomes of it.
package watch

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/fsnotify/fsnotify"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/scenarios"
)

// settle is how long files must be left alone before they are read: an editor
// saves in several steps.
const settle = 100 * time.Millisecond

// Watcher waits for changes of the files and folders it was made for.
type Watcher struct {
	paths  []string
	load   func(...string) (scenarios.Scenario, scenarios.Findings, error)
	wall   clock.Wall
	events *fsnotify.Watcher
}

// New watches files and folders from now on. Folders are watched, never files
// themselves, because an editor puts another file in their place. Names of the
// library do not change and are passed over.
func New(wall clock.Wall, load func(...string) (scenarios.Scenario, scenarios.Findings, error), paths ...string) (*Watcher, error) {
	events, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("watch: %w", err)
	}
	w := &Watcher{paths: paths, load: load, wall: wall, events: events}
	for _, path := range paths {
		info, err := os.Stat(path)
		if os.IsNotExist(err) {
			continue
		}
		folder := path
		if err == nil && !info.IsDir() {
			folder = filepath.Dir(path)
		}
		if err == nil {
			err = events.Add(folder)
		}
		if err != nil {
			_ = events.Close()
			return nil, fmt.Errorf("watch %s: %w", path, err)
		}
	}
	return w, nil
}

// Run calls changed with what the files say after each change, until ctx ends.
// findings hold what is wrong with them; with errors among them the scenario is
// empty. err is about files that cannot be read.
func (w *Watcher) Run(ctx context.Context, changed func(scenarios.Scenario, scenarios.Findings, error)) error {
	defer w.events.Close()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case err := <-w.events.Errors:
			changed(scenarios.Scenario{}, nil, err)
		case e := <-w.events.Events:
			if !w.concerns(e.Name) {
				continue
			}
			if err := w.quiet(ctx); err != nil {
				return err
			}
			changed(w.load(w.paths...))
		}
	}
}

// concerns reports whether a file is one of those asked for. A mounted config
// map shows a change only as its link ..data.
func (w *Watcher) concerns(name string) bool {
	switch {
	case filepath.Base(name) == "..data", slices.Contains(w.paths, name):
		return true
	}
	clean := filepath.Clean(name)
	for _, path := range w.paths {
		if filepath.Clean(path) == clean {
			return true
		}
		kind := filepath.Ext(clean)
		if filepath.Clean(path) == filepath.Dir(clean) && (kind == ".yaml" || kind == ".yml") {
			return true
		}
	}
	return false
}

// quiet waits until nothing has changed for a while.
func (w *Watcher) quiet(ctx context.Context) error {
	for {
		if err := w.wall.Sleep(ctx, settle); err != nil {
			return err
		}
		select {
		case <-w.events.Events:
		default:
			return nil
		}
	}
}
