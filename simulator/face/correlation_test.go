package face_test

import (
	"fmt"
	"testing"

	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/token"
)

func TestCorrelation(t *testing.T) {
	c := face.NewCorrelation()
	run, first := c.Next()
	again, second := c.Next()
	if other, _ := face.NewCorrelation().Next(); run != again || run == other || len(run) != 16 || first != 1 || second != 2 {
		t.Errorf("%s %d, %s %d, and another %s", run, first, again, second, other)
	}
}

// [B6] No number of an answer looks like a card's, so that it can be read everywhere.
func TestCorrelation_IsReadable(t *testing.T) {
	for range 10_000 {
		run, n := face.NewCorrelation().Next()
		if id := fmt.Sprintf("%s%016x", run, n+9); token.Scrub(id) != id {
			t.Fatalf("%s is shown as %s", id, token.Scrub(id))
		}
	}
}
