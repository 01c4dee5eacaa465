package scenarios

import "github.com/pantomime-dev/pantomime/token"

var anError = shape{"a documented key, or a raw reason of one network", func() *form {
	raw := eachNetwork(func(_ token.Network, n network) *form {
		return &form{Type: "string", Pattern: n.reason.String(), MinLength: 3, MaxLength: maxReason}
	})
	return &form{AnyOf: append([]*form{enum(token.KeyNames(""))()}, raw...)}
}}

// errorKey checks the error of a rule against the networks where the rule can
// match: a documented key must be known at each of them, a raw reason fits one.
func (c *compiler) errorKey(w word, m match) token.Key {
	if !w.set {
		return ""
	}
	key := token.Key(w.v)
	known := documentedAt(key)
	switch {
	case known == 0:
		c.rawReason(w, m)
	case known&m.within == 0:
		c.add(w.finding("is an error of "+known.String()+", and "+m.limit()+" only").among("", keyNames(m.within)))
	case known&m.within != m.within && !m.broken:
		c.refuse(w.spot, "is an error of "+known.String()+" only, and the rule matches "+m.within.String()+"; add network: "+known.String())
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

// rawReason judges a key that is not documented.
func (c *compiler) rawReason(w word, m match) {
	shape := shapeOf(w.v)
	switch {
	case shape == 0 || shape&m.within == 0:
		c.add(w.finding("is not a documented error of "+m.within.String()).among(w.v, keyNames(m.within)))
	case shape != m.within && !m.broken:
		c.refuse(w.spot, "is a raw reason in the form of "+shape.String()+", and "+m.limit()+"; add network: "+shape.String())
	default:
		if meant := slip(w.v, keyNames(m.within)); meant != "" {
			f := w.finding("is not documented and will be sent as a raw reason")
			f.Severity, f.Suggestion = SeverityWarning, meant
			c.add(f)
		}
	}
}

// slip finds the documented key that is one or two slips away, letter case
// counted: NO_RESPONSE_FROM_ISSUER is a raw reason of its own right.
func slip(text string, keys []string) string {
	for _, k := range keys {
		if distance(text, k, 3) < 3 {
			return k
		}
	}
	return ""
}
