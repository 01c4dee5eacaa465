package face_test

import (
	"testing"

	"github.com/pantomime-dev/pantomime/simulator/face"
)

func TestCorrelation(t *testing.T) {
	c := face.NewCorrelation()
	run, first := c.Next()
	again, second := c.Next()
	if other, _ := face.NewCorrelation().Next(); run != again || run == other || len(run) != 16 || first != 1 || second != 2 {
		t.Errorf("%s %d, %s %d, and another %s", run, first, again, second, other)
	}
}
