// Package store keeps the log of changes of every sandbox. A sandbox's state
// is the fold of its log; one Append is the only write there is.
//
// It knows nothing of what a change holds and never interprets one.
package store

import "errors"

var (
	// ErrConflict says that somebody else appended first; the caller reads on and
	// runs its pure step again.
	ErrConflict = errors.New("the log has moved on")
	// ErrQuarantined says that a log is not what was written: a change is missing,
	// is another one, or cannot be read. Nothing of it can be trusted, so it takes
	// and gives nothing any more.
	ErrQuarantined = errors.New("the log is quarantined")
)

// Log is the log of changes of type C, by name of the log. Changes have numbers
// from 1, without a gap.
type Log[C any] interface {
	// Append writes changes as numbers expect+1 and on, all or none, and returns
	// the number of the last one. If the log is not at expect, nothing is written,
	// the head is where it is, and the error is ErrConflict.
	Append(log string, expect uint64, changes ...C) (head uint64, err error)
	// Read calls fn for each kept change after number from, oldest first, and ends
	// with fn's error.
	Read(log string, from uint64, fn func(C) error) error
	// Head is the number of the last change, 0 for a log without any.
	Head(log string) (uint64, error)
	// Drop forgets a log.
	Drop(log string)
}
