package store_test

import (
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/pantomime-dev/pantomime/simulator/store"
)

func TestMemory_AppendsOnlyAtTheExpectedPlace(t *testing.T) {
	log := store.NewMemory[string](10)
	if err := log.Append("a", 0, "one"); err != nil {
		t.Fatal(err)
	}
	for _, wrong := range []uint64{0, 2} {
		if err := log.Append("a", wrong, "two"); !errors.Is(err, store.ErrConflict) {
			t.Errorf("expected %d: %v", wrong, err)
		}
	}
	if err := log.Append("b", 0, "another sandbox"); err != nil {
		t.Error(err)
	}
	log.Drop("a")
	if err := log.Append("a", 0, "begins anew"); err != nil {
		t.Error(err)
	}
}

func TestMemory_KeepsAtLeastTheLastChanges(t *testing.T) {
	log := store.NewMemory[int](5)
	for i := range 100 {
		if err := log.Append("a", uint64(i), i+1); err != nil {
			t.Fatal(err)
		}
	}
	var got []int
	_ = log.Read("a", 95, func(seq uint64, c int) error {
		if int(seq) != c {
			t.Errorf("change %d has number %d", c, seq)
		}
		got = append(got, c)
		return nil
	})
	if want := []int{96, 97, 98, 99, 100}; !slices.Equal(got, want) {
		t.Errorf("read %v, want %v", got, want)
	}
}

func TestMemory_OneOfManyWinsEachPlace(t *testing.T) {
	log := store.NewMemory[int](0)
	var wg sync.WaitGroup
	wins := make(chan int, 64)
	for i := range 64 {
		wg.Go(func() {
			if log.Append("a", 0, i) == nil {
				wins <- i
			}
		})
	}
	wg.Wait()
	if len(wins) != 1 {
		t.Errorf("%d appended as the first change", len(wins))
	}
}
