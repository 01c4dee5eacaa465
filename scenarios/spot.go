package scenarios

import (
	"strconv"
	"strings"

	"github.com/pantomime-dev/pantomime/token"
)

// spot is where a value is and what is written there. Decoded values keep
// theirs, because much can be judged only when all files have been read.
type spot struct {
	at   Position
	path string
	text string // as written; "" for a list or a set of keys
}

// value is a decoded value with its spot; set is false where the key is absent
// or its value was refused.
type value[T any] struct {
	spot
	set bool
	v   T
}

// word is the commonest of them.
type word = value[string]

// finding starts an error about the value at the spot.
func (s spot) finding(message string) Finding {
	return Finding{At: s.at, Severity: SeverityError, Path: masked(s.path), Value: show(s.text), Message: message}
}

// among adds the accepted choices and picks the one that was probably meant.
func (f Finding) among(text string, accepted []string) Finding {
	f.Accepted, f.Suggestion = accepted, Nearest(text, accepted)
	return f
}

// near adds the spot that a value conflicts with.
func (f Finding) near(other spot) Finding {
	f.Other = &other.at
	return f
}

// maxFindings bounds what one load reports: whoever made more mistakes made
// the same one each time, and a file from outside must not fill the memory.
const maxFindings = 1000

// report collects findings.
type report struct {
	found Findings
	full  bool
	left  func() error // an error when the caller has left; nil: it never leaves
}

// over reports whether to go on: what would not be reported, or that the caller has left
// for, is not looked for.
func (r *report) over() bool { return r.full || r.left != nil && r.left() != nil }

// close makes an error of a report that stopped before its end.
func (r *report) close(file string) {
	if r.left != nil && r.left() != nil {
		r.full = false
		r.found = append(r.found, Finding{At: Position{file, 1, 1}, Severity: SeverityError, Message: "was not read to its end, since the caller has left"})
	}
}

func (r *report) add(f Finding) {
	switch {
	case r.full:
	case len(r.found) < maxFindings:
		r.found = append(r.found, f)
	default:
		r.full = true
		r.found = append(r.found, Finding{At: f.At, Severity: SeverityError, Message: "more than " + strconv.Itoa(maxFindings) + " findings; the others are left out"})
	}
}

func (r *report) refuse(s spot, message string) { r.add(s.finding(message)) }

func (r *report) warn(s spot, message string) {
	f := s.finding(message)
	f.Severity = SeverityWarning
	r.add(f)
}

// findsIn reports whether doing something leads to findings.
func (r *report) findsIn(do func()) bool {
	before := len(r.found)
	do()
	return len(r.found) > before
}

// maxShown is how many characters of a value a finding repeats.
const maxShown = 60

// masked hides card numbers, and whatever is nothing but a number as long as
// one: who mistyped it may have meant a card's. Of longer numbers it leaves as
// much as of a card's: who wrote one must recognize it.
func masked(text string) string {
	n := stripped(text)
	switch {
	case len(n) < 13 || !token.Digits(n):
		return token.Scrub(text)
	case len(n) <= 19:
		return token.Mask(n)
	}
	return n[:6] + "******" + n[len(n)-4:] + " (" + strconv.Itoa(len(n)) + " digits)"
}

// show prepares a value for printing: masked, and cut if it is long.
func show(text string) string {
	text = masked(text)
	if runes := []rune(text); len(runes) > maxShown {
		text = string(runes[:maxShown]) + "…"
	}
	return text
}

// stripped leaves the digits of a number written in groups.
func stripped(number string) string {
	return strings.NewReplacer(" ", "", ".", "", "_", "", "-", "").Replace(number)
}
