package outcome

import (
	"slices"

	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/token"
)

// index finds the rules of one layer by what they select most narrowly: a
// token, a card, a BIN, a requestor or nothing, each for one operation or any,
// and by one value that a header, a parameter or a body member shall equal. A
// look-up costs the same for ten rules and for a hundred thousand.
type index struct {
	newestFirst bool
	rules       []*entry // in order of arrival; nil where removed
	byID        map[ID]int
	buckets     map[key][]int // positions in rules, ascending
	used        [selectors][2]uses
	binLengths  []int
}

// entry is a rule with the condition it is found by.
type entry struct {
	Rule
	by equality
}

// equality is a value that something of a request shall equal; the zero
// equality asks for nothing.
type equality struct {
	on    token.Ask
	value string
}

// uses says what the rules in the buckets of a selector are found by, for one
// operation or for any: most selectors are never used and need no look-up.
type uses []use

// use is by how many buckets something is looked at; the zero Ask represents
// rules without an equality.
type use struct {
	on      token.Ask
	buckets int
}

func (u *uses) count(on token.Ask, by int) {
	for i := range *u {
		if (*u)[i].on != on {
			continue
		}
		if (*u)[i].buckets += by; (*u)[i].buckets == 0 {
			*u = slices.Delete(*u, i, i+1)
		}
		return
	}
	*u = append(*u, use{on, by})
}

type selector uint8

const (
	byNothing selector = iota
	byToken
	byCard
	byBIN
	byRequestor
	selectors = iota // how many there are
)

type key struct {
	op    token.Operation
	by    selector
	value string
	equal equality
}

// scope is 0 for a key of one operation, 1 for a key of any.
func (k key) scope() int {
	if k.op == "" {
		return 1
	}
	return 0
}

func (x *index) add(r Rule) {
	if x.buckets == nil {
		x.buckets, x.byID = map[key][]int{}, map[ID]int{}
	}
	at, e := len(x.rules), &entry{Rule: r, by: x.rarest(r.When)}
	x.rules = append(x.rules, e)
	x.byID[r.ID] = at
	for _, k := range e.keys() {
		if len(x.buckets[k]) == 0 {
			x.used[k.by][k.scope()].count(k.equal.on, 1)
		}
		if !slices.Contains(x.buckets[k], at) {
			x.buckets[k] = append(x.buckets[k], at)
		}
	}
	for _, bin := range r.When.BINs {
		if !slices.Contains(x.binLengths, len(bin)) {
			x.binLengths = append(x.binLengths, len(bin))
		}
	}
}

// rarest is the equality of a rule that fewest rules have been put under so
// far: rules that all want the same header are distinguished by the member in which
// they differ.
func (x *index) rarest(w scenarios.When) (best equality) {
	fewest := -1
	for _, c := range w.Conditions() {
		if c.Equals == nil {
			continue
		}
		e, n := equality{c.On, *c.Equals}, 0
		for _, k := range (&entry{Rule: Rule{Rule: scenarios.Rule{When: w}}, by: e}).keys() {
			n += len(x.buckets[k])
		}
		if fewest < 0 || n < fewest {
			best, fewest = e, n
		}
	}
	return best
}

// keys lists the buckets a rule is in.
func (e *entry) keys() []key {
	w := e.When
	by, values := byNothing, []string{""}
	switch {
	case len(w.Tokens) > 0:
		by, values = byToken, texts(w.Tokens)
	case len(w.Cards) > 0:
		by, values = byCard, texts(w.Cards)
	case len(w.BINs) > 0:
		by, values = byBIN, w.BINs
	case len(w.Requestors) > 0:
		by, values = byRequestor, w.Requestors
	}
	ops := w.Operations
	if len(ops) == 0 {
		ops = []token.Operation{""}
	}
	out := make([]key, 0, len(ops)*len(values))
	for _, op := range ops {
		for _, v := range values {
			out = append(out, key{op, by, v, e.by})
		}
	}
	return out
}

func texts[T ~string](in []T) []string {
	out := make([]string, len(in))
	for i, v := range in {
		out[i] = string(v)
	}
	return out
}

func (x *index) find(id ID) *Rule {
	at, ok := x.byID[id]
	if !ok {
		return nil
	}
	return &x.rules[at].Rule
}

// remove takes a rule away and returns it; nil if there is none.
func (x *index) remove(id ID) *Rule {
	at, ok := x.byID[id]
	if !ok {
		return nil
	}
	e := x.rules[at]
	for _, k := range e.keys() {
		if len(x.buckets[k]) == 0 {
			continue // the rule names a value twice
		}
		rest := slices.DeleteFunc(x.buckets[k], func(i int) bool { return i == at })
		if len(rest) == 0 {
			delete(x.buckets, k)
			x.used[k.by][k.scope()].count(k.equal.on, -1)
		} else {
			x.buckets[k] = rest
		}
	}
	x.rules[at] = nil
	delete(x.byID, id)
	return &e.Rule
}

// list gives the rules at no more than so many places, from the place that an
// earlier call told, or 0 to begin with. The places of rules never change.
func (x *index) list(from, most int) (list []Rule, next int) {
	if x.newestFirst {
		if from == 0 {
			from = len(x.rules)
		}
		next = max(0, from-most)
		list = present(x.rules[next:from])
		slices.Reverse(list)
		return list, next
	}
	if next = from + most; next >= len(x.rules) {
		return present(x.rules[from:]), 0
	}
	return present(x.rules[from:next]), next
}

func present(some []*entry) (list []Rule) {
	for _, e := range some {
		if e != nil {
			list = append(list, e.Rule)
		}
	}
	return list
}

// match returns the first rule, in the layer's order, that fits.
func (x *index) match(f Facts, attempt int, usedUp func(*Rule) bool) *Rule {
	if len(x.byID) == 0 {
		return nil
	}
	s := search{index: x, facts: f, attempt: attempt, usedUp: usedUp, best: -1}
	for _, op := range [...]token.Operation{f.Op, ""} {
		s.try(op, byNothing, "")
		s.try(op, byRequestor, f.Requestor)
		if f.Token != "" {
			s.try(op, byToken, string(f.Token))
		}
		if f.Card != "" {
			s.try(op, byCard, string(f.Card))
		}
		if f.PAN != f.Card {
			s.try(op, byCard, string(f.PAN))
		}
		for _, n := range x.binLengths {
			if len(f.PAN) >= n {
				s.try(op, byBIN, string(f.PAN[:n]))
			}
		}
	}
	if s.best < 0 {
		return nil
	}
	return &x.rules[s.best].Rule
}

// search looks for the first rule that fits, bucket by bucket.
type search struct {
	*index
	facts   Facts
	attempt int
	usedUp  func(*Rule) bool
	best    int // position in rules, -1 before one was found
}

// try looks through the buckets of a selector's value: the one of rules without
// an equality, and those of what this request's values equal.
func (s *search) try(op token.Operation, by selector, value string) {
	k := key{op: op, by: by, value: value}
	for _, used := range s.used[by][k.scope()] {
		k.equal = equality{}
		if used.on != (token.Ask{}) {
			fact, known := s.facts.asked(used.on)
			if !known || !fact.Present || fact.Cut {
				continue
			}
			k.equal = equality{used.on, fact.Value}
		}
		s.look(s.buckets[k])
	}
}

// look goes through a bucket in the layer's order until a rule fits, or all
// that is left comes after the best one so far.
func (s *search) look(bucket []int) {
	for i := range bucket {
		at := bucket[i]
		if s.newestFirst {
			at = bucket[len(bucket)-1-i]
		}
		if s.best >= 0 && (at < s.best) == s.newestFirst {
			return
		}
		if r := &s.rules[at].Rule; r.fits(s.facts, s.attempt) && !s.usedUp(r) {
			s.best = at
			return
		}
	}
}
