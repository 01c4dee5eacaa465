package scenarios

import (
	"slices"

	"github.com/pantomime-dev/pantomime/token"
)

var anError = shape{"a documented key, a raw reason of one network, or the reason of a declined payment", func() *form {
	raw := eachNetwork(func(_ token.Network, n network) *form {
		return &form{Type: "string", Pattern: n.reason.String(), MinLength: 3, MaxLength: maxReason}
	})
	return &form{AnyOf: append([]*form{enum(token.KeyNames(""))(), enum(token.DeclineReasonNames(""))()}, raw...)}
}}

// implied narrows a rule to the one network that its error can be an error of, as
// its form or its place among the documented ones says, where the rule leaves
// that open.
func (c *compiler) implied(w word, m match, when *When) match {
	if !w.set || m.broken {
		return m
	}
	at := documentedAt(token.Key(w.v))
	if at == 0 {
		at = shapeOf(w.v)
	}
	at &= m.within
	if at == 0 || at == m.within {
		return m
	}
	m.within, when.Network = at, at.networks()[0]
	when.Operations = slices.DeleteFunc(slices.Clone(when.Operations), func(op token.Operation) bool { return !at.has(op.Info().Network) })
	return m
}

// errorKey checks the error of a rule against the networks where the rule can
// match: a documented key must be known there, a raw reason fits one.
func (c *compiler) errorKey(w word, m match) token.Key {
	if !w.set {
		return ""
	}
	key := token.Key(w.v)
	if _, reason := token.DeclineReasonOf(key); reason {
		return key
	}
	known := documentedAt(key)
	switch {
	case known == 0:
		c.rawReason(w, m)
	case known&m.within == 0:
		c.add(w.finding("is an error of "+known.String()+", and "+m.limit()+" only").among("", keyNames(m.within)))
	}
	return key
}

// documentedAt is where the key is documented.
func documentedAt(key token.Key) reach {
	var at reach
	for _, n := range token.Networks() {
		if _, ok := token.KeyOf(n, key); ok {
			at |= reachFor(n)
		}
	}
	return at
}

func keyNames(at reach) []string {
	if at == everywhere {
		return token.KeyNames("")
	}
	return token.KeyNames(at.networks()[0])
}

// rawReason judges a key that is not documented. One that is not known either is
// sent as it is, which its author is told.
func (c *compiler) rawReason(w word, m match) {
	shape := shapeOf(w.v)
	accepted := slices.Concat(keyNames(m.within), m.also)
	known := slices.Clone(accepted)
	for _, n := range m.within.networks() {
		known = append(known, token.Reasons(n)...)
	}
	switch {
	case shape == 0 || shape&m.within == 0:
		c.add(w.finding("is not a documented error of "+m.within.String()).among(w.v, accepted))
	case !slices.Contains(known, w.v):
		f := w.finding("is not documented and will be sent as a raw reason")
		if m.whose != "" { // of a play, which sends no error
			f.Message = "is not documented; only a rule that sends it as a raw reason answers so"
		}
		f.Severity, f.Suggestion = SeverityWarning, Nearest(w.v, known)
		c.add(f)
	}
}

// declines holds payments to the reasons that decline them, and all else to the
// errors of its network.
func (c *compiler) declines(w word, operations []token.Operation, others ...string) {
	if !w.set {
		return
	}
	_, reason := token.DeclineReasonOf(token.Key(w.v))
	for _, op := range operations {
		switch pays := op.Traits().Pays; {
		case pays && !reason:
			c.add(w.finding("is no reason for which a payment is declined").among(w.v, slices.Concat(token.DeclineReasonNames(""), others)))
			return
		case !pays && reason:
			c.refuse(w.spot, "is the reason of a declined payment; "+op.Info().Wire+" asks no issuer to pay")
			return
		}
	}
}
