package scenarios

import (
	"slices"

	"github.com/pantomime-dev/pantomime/token"
)

// futile warns about an entry that can never act: its event does not happen at
// its network, or leaves tokens that its action can never move, or an account
// that is closed. The action is on the event's own card or token.
func (c *compiler) futile(d entryDraft, network token.Network) {
	on := token.EventType(d.on.v)
	if !d.on.set || !d.do.set {
		return
	}
	if at := on.Networks(); network != "" && !slices.Contains(at, network) {
		c.warn(d.spot, "can never happen: "+d.on.v+" is an event of "+list(at)+" only, and the entry is limited to "+string(network))
		return
	}
	if on == token.AccountClosed && !token.EventOf(d.do.v).OfToken() {
		c.warn(d.spot, "can never act: after "+d.on.v+" the account is closed for good, and "+d.do.v+" needs an open one")
		return
	}
	movable := token.ActsOn(d.do.v)
	if len(movable) == 0 {
		return
	}
	for _, left := range on.Leaves() {
		for _, s := range left.Becomes() {
			if slices.Contains(movable, s) {
				return
			}
		}
	}
	c.warn(d.spot, "can never act: after "+d.on.v+" a token is "+list(on.Leaves())+", never again "+list(movable)+", as "+d.do.v+" needs it")
}

// factless warns about matchers on what no request of the rule says, and reports
// whether the rule can therefore never match.
func (c *compiler) factless(d whenDraft, w *When) bool {
	for _, asked := range []struct {
		by    string
		given bool
		shows func(token.Traits) bool
	}{
		{"card", len(d.cards) > 0, func(t token.Traits) bool { return t.Card }},
		{"bin", len(d.bins) > 0 && len(d.cards) == 0, func(t token.Traits) bool { return t.Card }},
		{"token", len(d.tokens) > 0, func(t token.Traits) bool { return t.Token }},
	} {
		silent := func(op token.Operation) bool { return !asked.shows(op.Traits()) }
		if !asked.given || !slices.ContainsFunc(w.Operations, silent) {
			continue
		}
		what := asked.by
		if what == "bin" {
			what = "card"
		}
		if !slices.ContainsFunc(w.Operations, func(op token.Operation) bool { return !silent(op) }) {
			c.warn(d.spot, "can never match: requests of "+w.Operations[0].Info().Wire+" name no "+what+", and "+asked.by+" asks for one")
			return true
		}
		c.silentItems(d, silent, what)
	}
	return false
}

// silentItems warns about single operations of a list.
func (c *compiler) silentItems(d whenDraft, silent func(token.Operation) bool, what string) {
	for _, name := range d.operations {
		ops := token.OperationsNamed(name.v, d.network.v)
		if len(ops) > 0 && !slices.ContainsFunc(ops, func(op token.Operation) bool { return !silent(op) }) {
			c.warn(name.spot, "never matches here: its requests name no "+what)
		}
	}
}
