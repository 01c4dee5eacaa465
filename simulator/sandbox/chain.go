package sandbox

import (
	"cmp"
	"errors"
	"time"
)

// A timeline whose entries set each other off goes on for ever: the language
// refuses one for which no time passes, and here one is stopped that goes round
// faster than anybody could want, or that branches each time.
const (
	maxRounds  = 1000                  // that may follow one another faster than
	leastRound = 10 * time.Millisecond // of the sandbox's time each
	maxOnward  = 100                   // planned actions of one token or card that are due to other entries
)

// errRestless is why an advance ends on the way.
var errRestless = errors.New("the timeline does not come to rest: its entries set each other off without end, and were stopped")

// chain is how far a timeline has set itself off.
type chain struct {
	round   int       // of the planned action that is carried out; 0 for what somebody does
	since   time.Time // when round 1 was planned
	onward  int       // planned in this step
	stopped bool      // something was not planned that should follow
}

// next reports the round of what follows, and whether that were one too many. A
// chain that is slow enough begins to count again.
func (c *chain) next(now time.Time) (round int, since time.Time, restless bool) {
	if c.round == 0 {
		return 1, now, false
	}
	if c.round < maxRounds {
		return c.round + 1, c.since, false
	}
	return 1, now, now.Sub(c.since) < maxRounds*leastRound
}

// subject is whose planned action it is.
func (p *Planned) subject() string { return cmp.Or(string(p.Token), string(p.Card)) }

// crowded reports whether the token or card has as many such planned actions as it
// may have, and counts this one if not.
func (x *step) crowded(p *Planned) bool {
	if p.Round < 2 {
		return false
	}
	if x.state.onward[p.subject()]+x.chain.onward >= maxOnward {
		return true
	}
	x.chain.onward++
	return false
}

// countOnward keeps count of what is planned.
func (s *state) countOnward(p Planned, by int) {
	if p.Round < 2 {
		return
	}
	if s.onward[p.subject()] += by; s.onward[p.subject()] == 0 {
		delete(s.onward, p.subject())
	}
}
