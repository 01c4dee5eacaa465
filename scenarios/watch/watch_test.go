package watch_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/scenarios/watch"
)

type seen struct {
	name string
	bad  bool
}

// watching reports each change of a folder's files.
func watching(t *testing.T, paths ...string) <-chan seen {
	t.Helper()
	w, err := watch.New(clock.Real(), scenarios.Load, paths...)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	got, done := make(chan seen, 10), make(chan struct{})
	go func() {
		defer close(done)
		_ = w.Run(ctx, func(s scenarios.Scenario, f scenarios.Findings, _ error) { got <- seen{s.Name, f.Err() != nil} })
	}()
	t.Cleanup(func() { cancel(); <-done })
	return got
}

func next(t *testing.T, got <-chan seen) seen {
	t.Helper()
	select {
	case s := <-got:
		return s
	case <-time.After(10 * time.Second):
		t.Fatal("no notification came")
		return seen{}
	}
}

func save(t *testing.T, path, text string) {
	t.Helper()
	// As editors do: another file takes the place of the old one.
	if err := os.WriteFile(path+".new", []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		t.Fatal(err)
	}
}

func TestWatcher_ReadsAFileThatTookAnothersPlace(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.yaml")
	save(t, file, "version: 1\nname: one\n")
	got := watching(t, file)
	save(t, file, "version: 1\nname: two\n")
	if s := next(t, got); s != (seen{"two", false}) {
		t.Errorf("%+v", s)
	}
	save(t, file, "version: 1\nruls: []\n")
	if s := next(t, got); !s.bad {
		t.Errorf("%+v", s)
	}
	save(t, file, "version: 1\nname: three\n")
	if s := next(t, got); s != (seen{"three", false}) {
		t.Errorf("%+v", s)
	}
}

func TestWatcher_ReadsAFolderWhenAFileComesIn(t *testing.T) {
	folder := t.TempDir()
	save(t, filepath.Join(folder, "a.yaml"), "version: 1\nname: one\n")
	got := watching(t, folder)
	save(t, filepath.Join(folder, "notes.txt"), "no scenario")
	save(t, filepath.Join(folder, "b.yaml"), "version: 1\nname: two\n")
	if s := next(t, got); s.bad || s.name == "one" {
		t.Errorf("%+v", s)
	}
}
