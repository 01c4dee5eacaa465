package scenarios

import "time"

const (
	// maxOverCapture bounds, in percent, how far captures may exceed what is held.
	maxOverCapture = 100
	// maxAcquirers bounds how many there are: each requestor has a credential at each.
	maxAcquirers = 8
)

// usualAcquirer is one of which a scenario says nothing (docs/wire/acquirer.md
// "Terms").
var usualAcquirer = Acquirer{Expires: 7 * day, Clearing: day, Settlement: day}

// DefaultAcquirers are those of a scenario that names none.
func DefaultAcquirers() []Acquirer {
	first, second := usualAcquirer, usualAcquirer
	first.Name, second.Name = "first", "second"
	return []Acquirer{first, second}
}

type acquirerDraft struct {
	name       word
	expires    value[time.Duration]
	over       value[int]
	late       value[bool]
	clearing   value[time.Duration]
	settlement value[time.Duration]
	notify     word
}

var acquirerKeys = table[acquirerDraft]{
	{
		"expires", false, aDuration, "how long a payment that was authorized can be captured, on the sandbox clock; without it, seven days",
		func(c cursor, d *acquirerDraft) { d.expires = c.span(maxActivation) },
	},
	{
		"over-capture", false, whole("a percentage from 0 to 100", 0, maxOverCapture), "by how much captures may exceed what was authorized; without it, not at all",
		func(c cursor, d *acquirerDraft) { d.over = c.whole(0, maxOverCapture) },
	},
	{
		"late-capture", false, aFlag, "whether captures are taken after the payment has expired; without it, they are not",
		func(c cursor, d *acquirerDraft) { d.late = c.flag() },
	},
	{
		"clearing", false, aDuration, "from a capture or refund until the network has cleared it; without it, a day",
		func(c cursor, d *acquirerDraft) { d.clearing = c.span(maxActivation) },
	},
	{
		"settlement", false, aDuration, "from there until the money has moved; without it, a day",
		func(c cursor, d *acquirerDraft) { d.settlement = c.span(maxActivation) },
	},
	{
		"notify", false, aURL, "where its merchants are notified of payments that expire, are captured, cleared or settled, and of disputes; on loopback unless `--callback-allow` permits more. Without it nobody is told",
		func(c cursor, d *acquirerDraft) { d.notify = c.url() },
	},
}

func readAcquirers(c cursor, d *draft) {
	c.named(func(name word, at cursor) {
		a := acquirerDraft{name: name}
		acquirerKeys.read(at, &a)
		d.acquirers = append(d.acquirers, a)
	})
}

// acquirers compiles all acquirers of the files.
func (c *compiler) acquirers() {
	for n, d := range drafts(c, func(d draft) []acquirerDraft { return d.acquirers }) {
		switch {
		case n == maxAcquirers:
			c.refuse(d.name.spot, "is one acquirer too many: there can be 8")
		case c.unique(c.names.acquirers, d.name):
			c.reachable(d.notify)
			c.sc.Acquirers = append(c.sc.Acquirers, d.compile())
		}
	}
}

func (d acquirerDraft) compile() Acquirer {
	a := usualAcquirer
	a.Name, a.OverCapture, a.LateCapture, a.Notify = d.name.v, d.over.v, d.late.v, d.notify.v
	for into, given := range map[*time.Duration]value[time.Duration]{&a.Expires: d.expires, &a.Clearing: d.clearing, &a.Settlement: d.settlement} {
		if given.set {
			*into = given.v
		}
	}
	return a
}
