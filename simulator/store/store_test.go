package store_test

import (
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/pantomime-dev/pantomime/simulator/store"
)

// engines are all logs there are, each keeping everything.
func engines(t *testing.T) map[string]store.Log[note] {
	t.Helper()
	return map[string]store.Log[note]{"memory": store.NewMemory[note](1000), "encoded": newEncoded(t, nil)}
}

func TestLog_AppendsOnlyAtTheExpectedPlace(t *testing.T) {
	for name, log := range engines(t) {
		t.Run(name, func(t *testing.T) {
			if head, err := log.Append("a", 0, notes(1, 3)...); err != nil || head != 3 {
				t.Fatal(head, err)
			}
			for _, wrong := range []uint64{0, 2, 4} {
				if head, err := log.Append("a", wrong, notes(4, 4)...); !errors.Is(err, store.ErrConflict) || head != 3 {
					t.Errorf("expected %d: head %d, %v", wrong, head, err)
				}
			}
			if head, err := log.Append("b", 0, notes(1, 1)...); err != nil || head != 1 {
				t.Error("another sandbox:", head, err)
			}
			log.Drop("a")
			if head, err := log.Head("a"); err != nil || head != 0 {
				t.Error("dropped:", head, err)
			}
			if head, err := log.Append("a", 0, notes(1, 1)...); err != nil || head != 1 {
				t.Error("begun again:", head, err)
			}
		})
	}
}

func TestLog_ReadsFromWhereItIsAsked(t *testing.T) {
	for name, log := range engines(t) {
		t.Run(name, func(t *testing.T) {
			for i := range uint64(10) {
				if _, err := log.Append("a", i, notes(i+1, i+1)...); err != nil {
					t.Fatal(err)
				}
			}
			for _, from := range []uint64{0, 7, 10, 12} {
				var want []note
				if from < 10 {
					want = notes(from+1, 10)
				}
				if got := read(t, log, from); !slices.Equal(got, want) {
					t.Errorf("from %d: %v", from, got)
				}
			}
			stop := errors.New("enough")
			if err := log.Read("a", 0, func(note) error { return stop }); !errors.Is(err, stop) {
				t.Error(err)
			}
		})
	}
}

func read(t *testing.T, log store.Log[note], from uint64) (all []note) {
	t.Helper()
	if err := log.Read("a", from, func(n note) error { all = append(all, n); return nil }); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestMemory_KeepsAtLeastTheLastChanges(t *testing.T) {
	log := store.NewMemory[note](5)
	for i := uint64(0); i < 99; i += 3 {
		if _, err := log.Append("a", i, notes(i+1, i+3)...); err != nil {
			t.Fatal(err)
		}
		if got := read(t, log, max(5, i+3)-5); !slices.Equal(got, notes(max(5, i+3)-4, i+3)) {
			t.Fatalf("after %d: %v", i+3, got)
		}
	}
}

func TestMemory_KeepsNoHistoryUnlessAsked(t *testing.T) {
	log := store.NewMemory[note](0)
	if _, err := log.Append("a", 0, notes(1, 3)...); err != nil {
		t.Fatal(err)
	}
	if got := read(t, log, 0); len(got) > 0 {
		t.Errorf("kept %v", got)
	}
}

func TestLog_OneOfManyWinsEachPlace(t *testing.T) {
	for name, log := range engines(t) {
		t.Run(name, func(t *testing.T) {
			var wg sync.WaitGroup
			wins := make(chan struct{}, 64)
			for range 64 {
				wg.Go(func() {
					if _, err := log.Append("a", 0, notes(1, 1)...); err == nil {
						wins <- struct{}{}
					}
				})
			}
			wg.Wait()
			if len(wins) != 1 {
				t.Errorf("%d appended as the first change", len(wins))
			}
		})
	}
}
