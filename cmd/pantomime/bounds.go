package main

import (
	"fmt"
	"strconv"
	"time"

	"github.com/pantomime-dev/pantomime/control"
)

// The flags that take a quantity know what is absurd, so that a slip is reported
// with what is accepted, before anything is asked of a server.

// longest is how long a command may wait, as the control door has it.
const longest = 5 * time.Minute

// span is a duration flag that also takes days and weeks.
type span struct {
	d           *control.Duration
	least, most time.Duration // most 0: none of its own
}

// patient is how long a command waits, in real time.
func patient(d *control.Duration) span { return span{d, time.Millisecond, longest} }

// String is the present value.
func (s span) String() string {
	if s.d == nil || *s.d == 0 {
		return ""
	}
	return s.d.String()
}

// Type is what help calls the value.
func (s span) Type() string { return "DURATION" }

// Set reads a value.
func (s span) Set(text string) error {
	d, err := control.ParseDuration(text)
	switch {
	case err != nil:
		return err
	case time.Duration(d) < s.least || s.most > 0 && time.Duration(d) > s.most:
		return fmt.Errorf("must be a duration %s", between(control.Duration(s.least).String(), control.Duration(s.most).String(), s.most > 0))
	}
	*s.d = d
	return nil
}

// whole is a flag that takes a whole number.
type whole[T int | int64 | uint64] struct {
	n           *T
	least, most T // most 0: none of its own
}

// seed is what ids and numbers derive from; 0 would be no seed.
func seed(n *uint64) whole[uint64] { return whole[uint64]{n: n, least: 1} }

// String is the present value.
func (w whole[T]) String() string {
	if w.n == nil || *w.n == 0 {
		return ""
	}
	return fmt.Sprint(*w.n)
}

// Type is what help calls the value.
func (w whole[T]) Type() string { return "N" }

// Set reads a value in plain decimal digits.
func (w whole[T]) Set(text string) error {
	n, err := strconv.ParseUint(text, 10, 64)
	got := T(n)
	if err != nil || uint64(got) != n || got < w.least || w.most > 0 && got > w.most {
		return fmt.Errorf("must be a whole number %s", between(fmt.Sprint(w.least), fmt.Sprint(w.most), w.most > 0))
	}
	*w.n = got
	return nil
}

// between words what is accepted.
func between(least, most string, ends bool) string {
	if !ends {
		return "from " + least
	}
	return "from " + least + " to " + most
}
