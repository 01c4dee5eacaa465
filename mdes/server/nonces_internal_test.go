package server

import (
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/simulator/sandbox"
)

func TestNonces_AreBounded(t *testing.T) {
	at := time.Unix(1_700_000_000, 0)
	n := newNonces()
	q := &sandbox.Requestor{Name: "wallet"}
	for i := range maxNonces + 1 {
		if n.of(q, at, 0).again("", at.Unix(), strconv.Itoa(i)) {
			t.Fatalf("nonce %d was there before", i)
		}
	}
	m := n.of(q, at, 0)
	if len(m.known) != maxNonces || len(m.order) != maxNonces {
		t.Errorf("%d known, %d in order", len(m.known), len(m.order))
	}
	if !m.again("", at.Unix(), strconv.Itoa(maxNonces)) || !m.again("", at.Unix(), "1") {
		t.Error("the newest are forgotten")
	}
	if m.again("", at.Unix(), "0") {
		t.Error("the oldest is kept")
	}
	if m.again("", at.Unix()+1, "5000") {
		t.Error("another timestamp is another use")
	}
}

func TestNonces_EndWithTheWindowAndWithTheSandbox(t *testing.T) {
	at := time.Unix(1_700_000_000, 0)
	n := newNonces()
	q := &sandbox.Requestor{Name: "wallet"}
	n.of(q, at, time.Minute).again("", at.Unix(), "a")
	if m := n.of(q, at.Add(time.Minute), time.Minute); len(m.known) != 1 {
		t.Error("forgotten while the window would let it in")
	}
	if m := n.of(q, at.Add(time.Minute+time.Second), time.Minute); len(m.known) != 0 || len(m.order) != 0 {
		t.Error("kept beyond the window")
	}
	anew := &sandbox.Requestor{Name: "wallet"}
	if n.of(anew, at, 0).again("", at.Unix(), "a") {
		t.Error("a sandbox that began anew remembers")
	}
	runtime.KeepAlive(q)
}

func TestNonces_ForgetRequestorsThatAreGone(t *testing.T) {
	n := newNonces()
	for range 20 {
		n.of(&sandbox.Requestor{Name: "wallet"}, time.Unix(1_700_000_000, 0), 0)
		runtime.GC()
	}
	if len(n.by) > 5 {
		t.Errorf("%d requestors are kept, most of them long gone", len(n.by))
	}
}
