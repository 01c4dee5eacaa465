package watch_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/scenarios/watch"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// atOnce is a wall on which no time passes.
type atOnce struct{ slept chan time.Duration }

func (w atOnce) Sleep(ctx context.Context, d time.Duration) error {
	select {
	case w.slept <- d:
	default:
	}
	return ctx.Err()
}

// put writes a file in one step, as careful editors do.
func put(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path+"~", []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+"~", path); err != nil {
		t.Fatal(err)
	}
	return path
}

type told struct {
	sc    scenarios.Scenario
	found scenarios.Findings
}

// watched runs a watcher until the test ends, and returns what it tells.
func watched(t *testing.T, w watch.Watcher) <-chan told {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	out, done := make(chan told), make(chan error, 1)
	go func() {
		done <- w.Run(ctx, func(sc scenarios.Scenario, found scenarios.Findings) {
			select {
			case out <- told{sc, found}:
			case <-ctx.Done():
			}
		})
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("Run ended with %v", err)
		}
	})
	return out
}

func next(t *testing.T, out <-chan told) told {
	t.Helper()
	select {
	case got := <-out:
		return got
	case <-time.After(10 * time.Second):
		t.Fatal("nothing was told")
	}
	return told{}
}

// unseen is no fingerprint, so a watcher tells what there is when it is ready.
const unseen = "another"

func TestWatcher_TellsEachChange(t *testing.T) {
	dir := t.TempDir()
	file := put(t, dir, "story.yaml", "version: 1\nname: first")
	wall := atOnce{make(chan time.Duration, 1)}
	out := watched(t, watch.Watcher{Paths: []string{file, "library:lost-answer"}, Seen: unseen, Wall: wall})
	if got := next(t, out); !strings.HasPrefix(got.sc.Name, "first; ") {
		t.Errorf("what changed before it began: %q", got.sc.Name)
	}

	put(t, dir, "story.yaml", "version: 1\nname: second")
	if got := next(t, out); !strings.HasPrefix(got.sc.Name, "second; ") || len(got.found) > 0 {
		t.Errorf("a changed file: %q, %v", got.sc.Name, got.found)
	}
	if d := <-wall.slept; d != 100*time.Millisecond {
		t.Errorf("files are left alone for %s", d)
	}

	put(t, dir, "story.yaml", "version: 1\nruls: []")
	if got := next(t, out); len(got.found) != 1 || got.sc.Name != "" || got.found[0].Path != "ruls" {
		t.Errorf("a broken file: %q, %v", got.sc.Name, got.found)
	}

	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if got := next(t, out); len(got.found.Errors()) != 1 || !strings.Contains(got.found[0].Message, "no such scenario") {
		t.Errorf("a file that is gone: %v", got.found)
	}

	put(t, dir, "story.yaml", "version: 1\nname: back")
	if got := next(t, out); !strings.HasPrefix(got.sc.Name, "back; ") {
		t.Errorf("a file that is back: %q", got.sc.Name)
	}
}

func TestWatcher_TellsNothingOfWhatIsTheSame(t *testing.T) {
	dir := t.TempDir()
	file := put(t, dir, "story.yaml", "version: 1\nname: same")
	out := watched(t, watch.Watcher{Paths: []string{file}, Seen: unseen, Wall: atOnce{}})
	next(t, out)
	put(t, dir, "story.yaml", "version: 1\nname: same")
	put(t, dir, "other.yaml", "version: 1\nname: not asked for")
	put(t, dir, "story.yaml", "version: 1\nname: changed")
	if got := next(t, out); got.sc.Name != "changed" {
		t.Errorf("told of %q first", got.sc.Name)
	}
}

func TestWatcher_TakesInNewFilesOfAFolder(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "a.yaml", "version: 1\nname: a")
	out := watched(t, watch.Watcher{Paths: []string{dir}, Seen: unseen, Wall: atOnce{}})
	next(t, out)
	put(t, dir, "b.yml", "version: 1\nname: b")
	if got := next(t, out); got.sc.Name != "a; b" {
		t.Errorf("got %q", got.sc.Name)
	}
}

func TestWatcher_BeginsWithWhatWasLoaded(t *testing.T) {
	dir := t.TempDir()
	file := put(t, dir, "story.yaml", "version: 1\nname: loaded")
	seen, err := scenarios.Fingerprint(file)
	if err != nil {
		t.Fatal(err)
	}
	out := watched(t, watch.Watcher{Paths: []string{file}, Seen: seen, Wall: atOnce{}})
	put(t, dir, "story.yaml", "version: 1\nname: changed")
	if got := next(t, out); got.sc.Name != "changed" {
		t.Errorf("told of %q, which was known", got.sc.Name)
	}
}

func TestWatcher_RefusesWhatCannotChange(t *testing.T) {
	for name, tc := range map[string]struct {
		paths []string
		want  error
	}{
		"the library":    {[]string{"library:lost-answer", "slow-answer"}, watch.ErrNothing},
		"a missing file": {[]string{filepath.Join(t.TempDir(), "none.yaml")}, scenarios.ErrNotFound},
		"one of two":     {[]string{t.TempDir(), "lost-answer"}, scenarios.ErrNotFound}, // the folder is empty
	} {
		err := watch.Watcher{Paths: tc.paths, Wall: atOnce{}}.Run(t.Context(), nil)
		if !errors.Is(err, tc.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
