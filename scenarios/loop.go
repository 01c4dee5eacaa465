package scenarios

import "github.com/pantomime-dev/pantomime/token"

// loops looks for entries of a timeline that would set each other off for ever
// without any time passing: the clock could never settle. It follows what
// happens to one card, network and requestor that entries name together; a
// loop that closes only for a card of one entry at a requestor of another is
// left to the engine, which stops it.
type loops struct {
	links map[link][]spot
}

// link is what entries of one kind do at once: an event of one kind makes
// another, for whom they are limited to.
type link struct {
	on, makes token.EventType
	whose     whose
}

// whose limits a link; empty members mean anybody.
type whose struct {
	card      token.PAN
	network   token.Network
	requestor string
}

// add takes an entry into the search, unless it takes time or is used up some
// day. Activating and everything final happens once to a token; suspending what
// is suspended makes no event, nor does resuming what is active.
func (l *loops) add(at spot, e Entry, network token.Network) {
	makes := token.EventOf(e.Action.Do)
	switch makes {
	case "", token.TokenActivated, token.TokenDeleted, token.AccountClosed:
		return
	case token.TokenSuspended, token.TokenResumed:
		if e.On == makes {
			return
		}
	}
	if e.After > 0 || e.Times > 0 {
		return
	}
	if l.links == nil {
		l.links = map[link][]spot{}
	}
	k := link{e.On, makes, whose{e.Card, network, e.Requestor}}
	l.links[k] = append(l.links[k], at)
}

// report refuses each entry that leads back to itself.
func (l *loops) report(r *report) {
	byCard := map[token.PAN][]link{}
	everyone := map[whose]bool{}
	for k := range l.links {
		byCard[k.whose.card] = append(byCard[k.whose.card], k)
		everyone[k.whose] = true
	}
	endless := map[link]bool{}
	for w := range everyone {
		candidates := byCard[""]
		if w.card != "" {
			candidates = append(candidates[:len(candidates):len(candidates)], byCard[w.card]...)
		}
		markEndless(candidates, w, endless)
	}
	for k := range endless {
		for _, at := range l.links[k] {
			r.refuse(at, "sets itself off again at the same instant, for ever; give it an after or times")
		}
	}
}

// markEndless finds the links that lead back to themselves among those that
// act for w.
func markEndless(candidates []link, w whose, endless map[link]bool) {
	makes := map[token.EventType][]token.EventType{}
	var acting []link
	for _, k := range candidates {
		if k.whose.covers(w) {
			acting = append(acting, k)
			makes[k.on] = appendNew(makes[k.on], k.makes)
		}
	}
	for _, k := range acting {
		if !endless[k] && leads(makes, k.makes, k.on, map[token.EventType]bool{}) {
			endless[k] = true
		}
	}
}

// covers reports whether a link limited to w acts for all that v represents.
func (w whose) covers(v whose) bool {
	return (w.card == "" || w.card == v.card) &&
		(w.network == "" || w.network == v.network) &&
		(w.requestor == "" || w.requestor == v.requestor)
}

// leads reports whether one event brings about another, at once or by others.
func leads(makes map[token.EventType][]token.EventType, from, to token.EventType, seen map[token.EventType]bool) bool {
	if from == to {
		return true
	}
	seen[from] = true
	for _, next := range makes[from] {
		if !seen[next] && leads(makes, next, to, seen) {
			return true
		}
	}
	return false
}
