package scenarios

import (
	"time"

	"github.com/pantomime-dev/pantomime/token"
)

// methods are the ways an issuer can ask a cardholder to confirm a step-up, as
// scenario files spell them; each face has its own wire names
// (docs/wire/vts.md "Provisioning", docs/wire/mdes.md "Provisioning").
func methods() []string {
	return []string{"sms", "email", "app", "call", "web", "online-banking", "customer-service"}
}

type issuerDraft struct {
	name       word
	persona    word
	decision   word
	methods    []word
	activation value[time.Duration]
	flags      map[string]bool
	payments   word
	only       word
	funds      value[int]
	approves   ratesDraft
	standIn    value[int]
	decide     word
	within     value[time.Duration]
	late       word
}

// ratesDraft are approval rates in percent.
type ratesDraft struct {
	mark
	card, token value[int]
}

var issuerKeys = table[issuerDraft]{
	{
		"persona", false, oneOf("a persona", personaNames()), "[a ready-made character](#personas); the other keys take precedence over it",
		func(c cursor, d *issuerDraft) { d.persona = c.choice(personaNames()) },
	},
	{
		"decision", false, choiceOf(texts(token.Decisions())).unlessGiven("approve"), "its answer to provisioning; without it, `approve`",
		func(c cursor, d *issuerDraft) { d.decision = c.choice(texts(token.Decisions())) },
	},
	{
		"methods", false, some("one or a list of "+list(methods()), enum(methods())), "how a cardholder can confirm a step-up; without it, `sms` and `email`",
		func(c cursor, d *issuerDraft) {
			d.methods = c.words(func(c cursor) word { return c.choice(methods()) })
		},
	},
	{
		"activation", false, aDuration, "how long new tokens of its cards stay inactive; counts before the requestor's",
		func(c cursor, d *issuerDraft) { d.activation = c.span(maxActivation) },
	},
	{
		"issuer-flags", false, aSet(flagKeys), "[what it offers](#issuer-flags), as Visa's card metadata does",
		func(c cursor, d *issuerDraft) { d.flags = c.flags() },
	},
	{
		"payments", false, oneOf("a reason of an issuer's", token.DeclineReasonNames(token.IssuerDeclines)), "why it declines payments; without it, it approves them",
		func(c cursor, d *issuerDraft) { d.payments = c.choice(token.DeclineReasonNames(token.IssuerDeclines)) },
	},
	{
		"payments-only", false, choiceOf(paymentMeans), "declines payments made with this alone; needs `payments`",
		func(c cursor, d *issuerDraft) { d.only = c.choice(paymentMeans) },
	},
	{
		"funds", false, whole("an amount in the smallest unit of its currency", 0, maxCount), "what is over it is declined with `insufficient_funds`",
		func(c cursor, d *issuerDraft) { d.funds = c.whole(0, maxCount) },
	},
	{
		"approves", false, aSet(rateKeys), "[how many of a hundred payments](#approves) it approves; the others are declined with what `payments` says, or `do_not_honor`",
		func(c cursor, d *issuerDraft) {
			d.approves.mark = mark{true, c.spot()}
			rateKeys.read(c, &d.approves)
		},
	},
	{
		"stand-in", false, whole("an amount in the smallest unit of its currency", 0, maxCount),
		"the network answers in its place, next to `decide` only where `late` says so: step-up for a provisioning, payments up to this amount are approved, others declined with `issuer_unavailable`",
		func(c cursor, d *issuerDraft) { d.standIn = c.whole(0, maxCount) },
	},
	{
		"decide", false, aURL,
		"[your own endpoint](#decision-endpoint) that decides; on loopback unless `--callback-allow` permits more",
		func(c cursor, d *issuerDraft) { d.decide = c.url() },
	},
	{
		"within", false, aDuration.unlessGiven("2s"), "how long the endpoint may take, at most 30s of wall time; without it, `2s`",
		func(c cursor, d *issuerDraft) { d.within = c.span(maxWithin) },
	},
	{
		"late", false, choiceOf(lateWords).unlessGiven(string(LateDecline)), "what counts if the endpoint gives no answer in time, or none that can be used; without it, `decline`",
		func(c cursor, d *issuerDraft) { d.late = c.choice(lateWords) },
	},
}

var rateKeys = table[ratesDraft]{
	{"card", false, whole("a whole number from 0 to 100", 0, 100), "of payments by the card's number; without it, all", func(c cursor, d *ratesDraft) { d.card = c.whole(0, 100) }},
	{"token", false, whole("a whole number from 0 to 100", 0, 100), "of payments by token; without it, all", func(c cursor, d *ratesDraft) { d.token = c.whole(0, 100) }},
}

// paymentMeans are what a payment can be made with.
var paymentMeans = []string{"card", "token"}

func readIssuers(c cursor, d *draft) {
	c.named(func(name word, at cursor) {
		i := issuerDraft{name: name}
		issuerKeys.read(at, &i)
		d.issuers = append(d.issuers, i)
	})
}

// issuers compiles all issuers of the files.
func (c *compiler) issuers() {
	for _, d := range drafts(c, func(d draft) []issuerDraft { return d.issuers }) {
		if !c.unique(c.names.issuers, d.name) {
			continue
		}
		if d.only.set && !d.payments.set {
			c.refuse(d.only.spot, "needs the key payments, which says why it declines")
		}
		c.decidesOutside(d)
		c.sc.Issuers = append(c.sc.Issuers, d.compile())
	}
}

// compile lets an issuer's own keys take precedence over its persona's.
func (d issuerDraft) compile() Issuer {
	i := personaOf(d.persona.v).issuer
	i.Name = d.name.v
	if d.decision.set {
		i.Decision = token.Decision(d.decision.v)
	}
	if len(d.methods) > 0 {
		i.Methods = spellings(d.methods)
	}
	if d.activation.set {
		i.Activation = d.activation.pointer()
	}
	i.Flags = d.flags
	if d.payments.set {
		i.Payments.Declines, i.Payments.Only = token.Key(d.payments.v), d.only.v
	}
	if d.funds.set {
		i.Payments.Funds = amount(int64(d.funds.v))
	}
	if d.approves.set {
		i.Payments.Approves = Rates{Card: d.approves.card.pointer(), Token: d.approves.token.pointer()}
	}
	if d.standIn.set {
		i.StandIn = amount(int64(d.standIn.v))
	}
	i.Endpoint = d.endpoint()
	return i
}
