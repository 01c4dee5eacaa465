package scenarios

import (
	"slices"

	"github.com/pantomime-dev/pantomime/token"
)

// shadows finds rules that can never fire because a rule above them, which is
// never used up, takes everything they could match. Rules are kept by what they
// select most narrowly, so that a file of thousands is compared in no time.
type shadows map[shadowKey][]*shadower

type shadowKey struct {
	by, value string
	equals    string // a condition of the rule, if it has one of equality
	attempt   int
}

type shadower struct {
	spot
	Rule
}

// add warns about a rule that is in the shadow of an earlier one; otherwise it
// casts its own.
func (s shadows) add(r *report, at spot, rule Rule) {
	if above := s.over(rule.When); above != nil {
		f := at.finding("can never match: " + quoteName(above.Name) + " above takes all its requests")
		f.Severity = SeverityWarning
		r.add(f.near(above.spot))
		return
	}
	if rule.Times == 0 {
		own := &shadower{at, rule}
		for _, k := range selections(rule.When) {
			k.attempt, k.equals = rule.When.Attempt, append(equalities(rule.When), "")[0]
			s[k] = append(s[k], own)
		}
	}
}

// over finds a rule that covers w, or nil.
func (s shadows) over(w When) *shadower {
	attempts := []int{0}
	if w.Attempt != 0 {
		attempts = append(attempts, w.Attempt)
	}
	for _, k := range candidates(w) {
		for _, k.attempt = range attempts {
			for _, k.equals = range append(equalities(w), "") {
				for _, above := range s[k] {
					if covers(&above.When, &w) {
						return above
					}
				}
			}
		}
	}
	return nil
}

// equalities are the conditions of a rule that only one value satisfies.
func equalities(w When) []string {
	var all []string
	for _, m := range slices.Concat(w.Body, w.Header, w.Query) {
		if m.Equals != nil {
			all = append(all, m.Name+"="+*m.Equals)
		}
	}
	return all
}

func quoteName(name string) string { return `"` + show(name) + `"` }

// selections are the places where a rule that casts a shadow is kept.
func selections(w When) []shadowKey {
	switch {
	case len(w.Tokens) > 0:
		return keysOf("token", w.Tokens)
	case len(w.Cards) > 0:
		return keysOf("card", w.Cards)
	case len(w.BINs) > 0:
		return keysOf("bin", w.BINs)
	case len(w.Requestors) > 0:
		return keysOf("requestor", w.Requestors)
	default:
		return []shadowKey{{}}
	}
}

// candidates are the places where a rule that covers w would be kept: it must
// hold the first item of each of w's lists, or have no such list.
func candidates(w When) []shadowKey {
	keys := []shadowKey{{}}
	keys = append(keys, keysOf("card", w.Cards[:min(1, len(w.Cards))])...)
	keys = append(keys, keysOf("token", w.Tokens[:min(1, len(w.Tokens))])...)
	keys = append(keys, keysOf("requestor", w.Requestors[:min(1, len(w.Requestors))])...)
	if len(w.BINs) > 0 {
		for n := 4; n <= len(w.BINs[0]); n++ {
			keys = append(keys, shadowKey{by: "bin", value: w.BINs[0][:n]})
		}
	}
	return keys
}

func keysOf[T ~string](by string, values []T) []shadowKey {
	keys := make([]shadowKey, len(values))
	for i, v := range values {
		keys[i] = shadowKey{by: by, value: string(v)}
	}
	return keys
}

// covers reports whether every request that matches b matches a as well. A card's
// number can be replaced while the sandbox runs, so a BIN never covers a card.
func covers(a, b *When) bool {
	return (a.Network == "" || a.Network == b.Network || a.Network == onlyNetwork(b)) &&
		(a.Attempt == 0 || a.Attempt == b.Attempt) &&
		holds(a.Operations, b.Operations, same) &&
		holds(a.Cards, b.Cards, same) &&
		holds(a.Tokens, b.Tokens, same) &&
		holds(a.Requestors, b.Requestors, same) &&
		holds(a.Accounts, b.Accounts, same) &&
		a.Purchase.covers(b.Purchase) &&
		imply(b.Header, a.Header) && imply(b.Query, a.Query) && imply(b.Body, a.Body) &&
		holds(a.BINs, b.BINs, func(x, y string) bool { return len(y) >= len(x) && y[:len(x)] == x })
}

// holds reports whether list a takes everything that list b takes; an empty list
// takes anything.
func holds[T ~string](a, b []T, takes func(x, y T) bool) bool {
	if len(a) == 0 {
		return true
	}
	if len(b) == 0 {
		return false
	}
	for _, y := range b {
		found := false
		for _, x := range a {
			found = found || takes(x, y)
		}
		if !found {
			return false
		}
	}
	return true
}

func same[T ~string](x, y T) bool { return x == y }

// onlyNetwork is the one network of a rule's operations or, without any, of its
// cards; otherwise "".
func onlyNetwork(w *When) token.Network {
	var at reach
	for _, op := range w.Operations {
		at |= reachFor(op.Info().Network)
	}
	for _, card := range w.Cards {
		if len(w.Operations) == 0 {
			at |= reachFor(card.Network())
		}
	}
	if n := at.networks(); len(n) == 1 {
		return n[0]
	}
	return ""
}
