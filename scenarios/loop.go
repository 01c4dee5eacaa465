package scenarios

import "github.com/pantomime-dev/pantomime/simulator/token"

// loops looks for entries of a timeline that would set each other off for ever
// without any time passing: the clock could never settle.
type loops struct{ steps []step }

// step is an entry that acts at once and is never used up.
type step struct {
	spot
	Entry
	makes token.EventType
}

// add takes an entry into the search. Activating and everything final happens
// once to a token, so it ends a chain by itself.
func (l *loops) add(at spot, e Entry) {
	makes := token.EventOf(e.Action.Do)
	switch makes {
	case "", token.TokenActivated, token.TokenDeleted, token.AccountClosed:
		return
	}
	if e.After == 0 && e.Times == 0 {
		l.steps = append(l.steps, step{at, e, makes})
	}
}

// report refuses each entry that leads back to itself.
func (l *loops) report(r *report) {
	for i, s := range l.steps {
		if l.reaches(i, i, make([]bool, len(l.steps))) {
			r.refuse(s.spot, "sets itself off again at the same instant, for ever; give it an after or times")
		}
	}
}

// reaches follows entries that set each other off from one to another.
func (l *loops) reaches(from, to int, seen []bool) bool {
	for next, s := range l.steps {
		if !sets(l.steps[from], s) || seen[next] {
			continue
		}
		seen[next] = true
		if next == to || l.reaches(next, to, seen) {
			return true
		}
	}
	return false
}

// sets tells whether what a does can set b off. Suspending what is suspended
// makes no event, and neither does resuming what is active.
func sets(a, b step) bool {
	switch {
	case a.makes != b.On,
		b.makes == b.On && (b.On == token.TokenSuspended || b.On == token.TokenResumed),
		a.Card != "" && b.Card != "" && a.Card != b.Card,
		a.Network != "" && b.Network != "" && a.Network != b.Network,
		a.Requestor != "" && b.Requestor != "" && a.Requestor != b.Requestor:
		return false
	}
	return true
}
