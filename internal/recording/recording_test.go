package recording

import (
	"flag"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pantomime-dev/pantomime/internal/sweep"
	"github.com/pantomime-dev/pantomime/scenarios"
)

var update = flag.Bool("update", false, "write the recording again")

// wrongRequests is the name under which the requests of wrong_test.go are kept
// next to the plays of the library.
const wrongRequests = "wrong-requests"

// variant is one of the ways in which everything is recorded. Each has its own
// file.
type variant struct {
	seed    uint64
	sandbox string
	cutter  *cutter // nil: one owner throughout
}

func (v variant) String() string { return fmt.Sprintf("seed-%d-%s", v.seed, v.sandbox) }

// variants are two seeds, each in the sandbox that always exists and in one that
// is created.
func variants() []variant {
	return []variant{{1, "default", nil}, {1, made, nil}, {4711, "default", nil}, {4711, made, nil}}
}

func TestSweep_Recording(t *testing.T) {
	sweep.Mark(t)
	for _, v := range variants() {
		t.Run(v.String(), func(t *testing.T) {
			want := map[string]sections{}
			if !*update {
				want = load(t, v)
			}
			got := recordAll(t, v, want)
			if *update {
				save(t, v, got)
				return
			}
			for _, name := range slices.Sorted(maps.Keys(want)) {
				if !slices.Contains(subjects(), name) {
					t.Errorf("%s is recorded and is no play any more", name)
				}
			}
		})
	}
}

// recordAll records in parallel and compares each play, unless all is to be
// written.
func recordAll(t *testing.T, v variant, want map[string]sections) map[string]sections {
	t.Helper()
	var mu sync.Mutex
	got := map[string]sections{} // guarded by mu
	t.Run("all", func(t *testing.T) {
		for _, name := range subjects() {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				found := record(t, v, name)
				mu.Lock()
				got[name] = found
				mu.Unlock()
				if !*update {
					compare(t, name, want[name], found)
				}
			})
		}
	})
	return got
}

// subjects are the plays of the library and the wrong requests.
func subjects() []string {
	names := []string{wrongRequests}
	for _, story := range scenarios.Library() {
		names = append(names, story.Name)
	}
	return names
}

func compare(t *testing.T, name string, want, got sections) {
	t.Helper()
	for _, section := range sectionNames {
		if want[section] != got[section] {
			t.Errorf("%s: %s is not as recorded (- recorded, + now):\n%s", name, section, cmp.Diff(lines(want[section]), lines(got[section])))
		}
	}
}
