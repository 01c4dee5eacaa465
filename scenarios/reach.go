package scenarios

import (
	"slices"
	"strings"

	"github.com/pantomime-dev/pantomime/token"
)

// reach is the set of networks at which something can happen.
type reach uint8

var (
	atVisa       = reachFor(token.Visa)
	atMastercard = reachFor(token.Mastercard)
	everywhere   = reachFor("")
)

// reachFor is one network, or all of them if it is none.
func reachFor(n token.Network) reach {
	all := token.Networks()
	if i := slices.Index(all, n); i >= 0 {
		return 1 << i
	}
	return 1<<len(all) - 1
}

func (r reach) has(n token.Network) bool { return r&reachFor(n) != 0 }

// networks lists the set, Visa first.
func (r reach) networks() []token.Network {
	var all []token.Network
	for _, n := range token.Networks() {
		if r.has(n) {
			all = append(all, n)
		}
	}
	return all
}

// String names the set: "visa", "visa and mastercard".
func (r reach) String() string { return strings.Join(texts(r.networks()), " and ") }

// title names the set as documents do: "Visa".
func (r reach) title() string {
	var all []string
	for _, n := range r.networks() {
		all = append(all, strings.ToUpper(string(n[:1]))+string(n[1:]))
	}
	return strings.Join(all, " and ")
}

// bound is what one matcher allows.
type bound struct {
	by string
	to reach
}

type bounds []bound

// meet is where all bounds hold.
func (b bounds) meet() reach {
	all := everywhere
	for _, one := range b {
		all &= one.to
	}
	return all
}

// describe says which matchers exclude each other.
func (b bounds) describe() string {
	var parts []string
	for _, one := range b {
		if one.to != everywhere {
			parts = append(parts, one.by+" is "+one.to.String())
		}
	}
	return strings.Join(parts, ", ")
}

// reachOf reports for each matcher at which networks it can hold.
func (c *compiler) reachOf(d whenDraft) bounds {
	return bounds{
		{"network", reachFor(d.network.v)},
		{"operation", widest(d.operations, func(w word) reach {
			var r reach
			for _, op := range token.OperationsNamed(w.v, "") {
				r |= reachFor(op.Info().Network)
			}
			return r
		})},
		{"card", widest(d.cards, func(w word) reach {
			known, _ := c.lookup(w.v)
			return reachFor(known.network)
		})},
		{"bin", widest(d.bins, func(w word) reach { return reachFor(token.PAN(w.v).Network()) })},
		{"token", widest(d.tokens, func(w word) reach { return reachFor(refNetwork(w.v)) })},
	}
}

// widest is where any item of a list can hold; an empty list holds everywhere.
func widest(items []word, of func(word) reach) reach {
	if len(items) == 0 {
		return everywhere
	}
	var all reach
	for _, item := range items {
		all |= of(item)
	}
	return all
}
