package scenarios

import "time"

// Endpoint is where an issuer is asked that is played outside; without a URL
// nobody is.
type Endpoint struct {
	URL    string
	Within time.Duration // wall time that it has to answer
	Late   Late
}

// Late is what decides in place of an endpoint that gave no answer that can be
// used in time.
type Late string

// What may decide.
const (
	LateDecline Late = "decline"
	LateApprove Late = "approve"
	LateStandIn Late = "stand-in" // the network's own rules
)

// DefaultStandIn is up to which amount a network approves in place of an issuer,
// in the smallest unit (assumed: each issuer has limits of its own).
const DefaultStandIn = 10_000

const (
	defaultWithin = 2 * time.Second
	maxWithin     = 30 * time.Second
)

var lateWords = []string{string(LateDecline), string(LateApprove), string(LateStandIn)}

// decidesOutside checks the keys of a decision endpoint: next to it, what the issuer
// would say by itself is never said.
func (c *compiler) decidesOutside(d issuerDraft) {
	if !d.decide.set {
		c.refuseEach("needs the key decide, the URL of the endpoint", mark{d.within.set, d.within.spot}, mark{d.late.set, d.late.spot})
		return
	}
	c.refuseEach("is never asked: the endpoint at decide decides",
		mark{d.decision.set, d.decision.spot}, mark{d.payments.set, d.payments.spot}, mark{d.funds.set, d.funds.spot}, d.approves.mark)
	if err := c.loader.Targets.CheckURL(d.decide.v); err != nil && !c.loader.compiled {
		c.refuse(d.decide.spot, "is refused: "+err.Error())
	}
}

// mark is where a key stands, if it is given.
type mark struct {
	set  bool
	spot spot
}

func (c *compiler) refuseEach(why string, marks ...mark) {
	for _, m := range marks {
		if m.set {
			c.refuse(m.spot, why)
		}
	}
}

// endpoint is the zero one for an issuer that is played here.
func (d issuerDraft) endpoint() Endpoint {
	if !d.decide.set {
		return Endpoint{}
	}
	e := Endpoint{URL: d.decide.v, Within: defaultWithin, Late: LateDecline}
	if d.within.set {
		e.Within = d.within.v
	}
	if d.late.set {
		e.Late = Late(d.late.v)
	}
	return e
}
