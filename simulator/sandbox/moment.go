package sandbox

import (
	"slices"
	"time"

	"github.com/pantomime-dev/pantomime/token"
)

// Deed is what happened to a token or to its card, and who or what brought that
// about.
type Deed struct {
	Token   token.Ref     // the token it happened to or, if empty,
	Card    token.CardRef // the enrolment
	Event   token.EventType
	EventID string // that its notices tell of, "" if there are none
	By      token.Suspender
	Reason  string
	Origin
}

// Moment is one line of a token's story.
type Moment struct {
	Change uint64    // the number of the change that the deed is part of
	At     time.Time // of that change
	Deed
}

// Origin is what brings a change about.
type Origin struct {
	Kind      token.OriginKind
	Operation token.Operation // of a request
	Place     string          // of the timeline's entry in its file
}

// maxMoments is how many moments a sandbox remembers; older ones go first, and
// earlier if the stories of all sandboxes together are too long.
const maxMoments = 20_000

// momentBytes is about what a moment takes.
const momentBytes = 200

// story is what happened in a sandbox, as far as it is remembered: in pages, oldest
// first, so that what is dropped moves nothing.
type story struct {
	pages   [][]Moment
	count   int
	dropped uint64
}

// The first page is small, since most sandboxes do little.
const (
	firstPage = 16
	lastPage  = 1024
)

// add remembers the deeds of a change, and forgets what the change says.
func (s *story) add(c *Change) {
	s.forget(c.Untold)
	for _, d := range c.Deeds {
		if n := len(s.pages); n == 0 || len(s.pages[n-1]) == cap(s.pages[n-1]) {
			s.pages = append(s.pages, make([]Moment, 0, min(max(firstPage, s.count), lastPage)))
		}
		last := &s.pages[len(s.pages)-1]
		*last = append(*last, Moment{c.Number, c.At, d})
		s.count++
	}
	s.forget(s.count - maxMoments)
}

// forget drops so many moments at least, the oldest, in whole pages; the newest
// page stays.
func (s *story) forget(least int) {
	for least > 0 && len(s.pages) > 1 {
		gone := len(s.pages[0])
		s.pages, s.count, s.dropped = slices.Delete(s.pages, 0, 1), s.count-gone, s.dropped+uint64(gone)
		least -= gone
	}
}

// all goes through the moments, oldest first.
func (s *story) all(yield func(Moment) bool) {
	for _, page := range s.pages {
		for _, m := range page {
			if !yield(m) {
				return
			}
		}
	}
}

// tell adds a deed to the change.
func (x *step) tell(d Deed) {
	d.Origin = x.origin
	x.change.Deeds = append(x.change.Deeds, d)
}

// origin is what a planned action stems from.
func (p Planned) origin() Origin {
	if p.Place == "" {
		return Origin{Kind: token.OriginActivation}
	}
	return Origin{Kind: token.OriginTimeline, Place: p.Place}
}

// Story lists what happened to a token and to its card, oldest first, and reports
// how many moments of the sandbox are no longer remembered.
func (s *Sandbox) Story(ref token.Ref) (moments []Moment, dropped uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, _ := s.state.vault.Begin(s.world.ids, s.clock.Now()).Token(ref)
	for m := range s.state.story.all {
		if m.Token == ref || m.Card == t.Enrolment && m.Card != "" {
			moments = append(moments, m)
		}
	}
	return moments, s.state.story.dropped
}
