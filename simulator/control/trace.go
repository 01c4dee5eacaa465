package control

import (
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/simulator/journal"
)

// traced is among how many of the newest exchanges those of one trace are looked for.
const traced = 2000

// together lists the exchanges of an exchange's trace, itself among them, so that
// one payment is reported as one story: the requestor's request for a cryptogram, and
// the merchant's for the money.
func (c *call) together(e journal.Entry) (all []control.Linked) {
	if e.Trace == "" {
		return nil
	}
	for _, one := range c.box.Journal().List(journal.Query{Limit: traced}) {
		if one.Trace == e.Trace {
			all = append(all, control.Linked{
				ID: one.ID, Operation: one.Op, Network: one.Network, Requestor: one.Requestor, At: one.At.UTC(),
				Status: one.Response.Status, Problem: one.Problem, Says: says(one),
			})
		}
	}
	if len(all) < 2 {
		return nil
	}
	return all
}

// says is what the parties behind a payment's acquirer saw of it, last the issuer.
func says(e journal.Entry) (hints []string) {
	if !e.Op.Traits().Pays {
		return nil
	}
	for _, check := range e.Checks {
		if check.OK && check.Hint != "" {
			hints = append(hints, check.Name+": "+check.Hint)
		}
	}
	return hints
}
