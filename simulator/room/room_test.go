package room_test

import (
	"testing"

	"github.com/pantomime-dev/pantomime/simulator/room"
)

func TestRoom_WhoHoldsMostGivesUpOnce(t *testing.T) {
	r := room.New(1600)
	var large, small *room.Tenant
	var gave []int64
	large = r.Enter(func(bytes int64) { gave = append(gave, bytes) })
	small = r.Enter(func(int64) { t.Error("the small one was asked") })
	large.Holds(1500)
	small.Holds(100)
	if len(gave) > 0 {
		t.Fatalf("asked for %v while all had room", gave)
	}
	small.Holds(150)
	small.Holds(160)
	if len(gave) != 1 || gave[0] != 50+100 {
		t.Fatalf("asked for %v, want 150 once", gave)
	}
	large.Holds(1350)
	large.Holds(1500)
	if len(gave) != 2 {
		t.Errorf("asked for %v, want a second time after it gave some up", gave)
	}
	large.Leave()
	large.Leave()
	large.Holds(9000)
	small.Holds(1600)
	if len(gave) != 2 {
		t.Errorf("who has left was asked: %v", gave)
	}
	var nobody *room.Room
	nobody.Enter(nil).Holds(1 << 40)
}
