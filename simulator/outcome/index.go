package outcome

import (
	"slices"
	"strings"

	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/token"
)

// index finds the rules of one layer by what they select most narrowly: a
// token, a card, a BIN, a requestor or nothing, each for one operation or any.
// A look-up costs the same for ten rules and for a hundred thousand.
type index struct {
	newestFirst bool
	rules       []*Rule // in order of arrival; nil where removed
	byID        map[ID]int
	buckets     map[key][]int      // positions in rules, ascending
	used        [selectors][2]bool // whether any rule ever stood in such buckets: for one operation, for any
	binLengths  []int
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
	at := len(x.rules)
	x.rules = append(x.rules, &r)
	x.byID[r.ID] = at
	for _, k := range keys(r.When) {
		x.used[k.by][k.scope()] = true
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

// keys lists the buckets a rule stands in.
func keys(w scenarios.When) []key {
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
			out = append(out, key{op, by, v})
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
	return x.rules[at]
}

func (x *index) remove(id ID) {
	at, ok := x.byID[id]
	if !ok {
		return
	}
	for _, k := range keys(x.rules[at].When) {
		x.buckets[k] = slices.DeleteFunc(x.buckets[k], func(i int) bool { return i == at })
	}
	x.rules[at] = nil
	delete(x.byID, id)
}

// match returns the first rule, in the layer's order, that fits.
func (x *index) match(f Facts, attempt int, usedUp func(*Rule) bool) *Rule {
	if len(x.byID) == 0 {
		return nil
	}
	best := -1
	try := func(k key) {
		if !x.used[k.by][k.scope()] {
			return
		}
		for _, at := range x.ordered(x.buckets[k]) {
			if best >= 0 && !x.before(at, best) {
				return
			}
			if r := x.rules[at]; fits(r.When, f, attempt) && !usedUp(r) {
				best = at
				return
			}
		}
	}
	for _, op := range [...]token.Operation{f.Op, ""} {
		try(key{op, byNothing, ""})
		try(key{op, byRequestor, f.Requestor})
		if f.Token != "" {
			try(key{op, byToken, string(f.Token)})
		}
		if f.Card != "" {
			try(key{op, byCard, string(f.Card)})
		}
		if f.PAN != f.Card {
			try(key{op, byCard, string(f.PAN)})
		}
		for _, n := range x.binLengths {
			if len(f.PAN) >= n {
				try(key{op, byBIN, string(f.PAN[:n])})
			}
		}
	}
	if best < 0 {
		return nil
	}
	return x.rules[best]
}

func (x *index) before(a, b int) bool { return (a < b) != x.newestFirst }

func (x *index) ordered(bucket []int) []int {
	if !x.newestFirst || len(bucket) < 2 {
		return bucket
	}
	out := slices.Clone(bucket)
	slices.Reverse(out)
	return out
}

// fits checks what the bucket does not imply.
func fits(w scenarios.When, f Facts, attempt int) bool {
	switch {
	case w.Network != "" && w.Network != f.Network,
		w.Attempt != 0 && w.Attempt != attempt,
		len(w.Requestors) > 0 && !slices.Contains(w.Requestors, f.Requestor),
		len(w.Cards) > 0 && !slices.Contains(w.Cards, f.Card) && !slices.Contains(w.Cards, f.PAN),
		len(w.Tokens) > 0 && !slices.Contains(w.Tokens, f.Token),
		len(w.BINs) > 0 && !slices.ContainsFunc(w.BINs, func(b string) bool { return strings.HasPrefix(string(f.PAN), b) }):
		return false
	}
	return requested(w.Header, token.PartHeader, f.Request) && requested(w.Query, token.PartQuery, f.Request) &&
		requested(w.Body, token.PartBody, f.Request)
}

// requested checks conditions on one part of the request.
func requested(conditions []scenarios.Match, part token.RequestPart, r Request) bool {
	for _, m := range conditions {
		var value string
		present := false
		if r != nil {
			value, present = r.Lookup(part, m.Name)
		}
		switch {
		case m.Present != nil && present != *m.Present,
			m.Equals != nil && (!present || value != *m.Equals),
			m.Pattern != nil && (!present || !m.Pattern.MatchString(value)):
			return false
		}
	}
	return true
}

func (x *index) list() []Rule {
	var out []Rule
	for _, r := range x.rules {
		if r != nil {
			out = append(out, *r)
		}
	}
	if x.newestFirst {
		slices.Reverse(out)
	}
	return out
}
