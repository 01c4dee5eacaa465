package scenarios

import (
	"slices"
	"time"

	"github.com/pantomime-dev/pantomime/token"
)

// Persona is a ready-made character of an issuer.
type Persona struct {
	Name  string `json:"name"` // as at persona: "fraud-watch"
	About string `json:"about"`
}

// Personas lists the ready-made characters.
func Personas() []Persona {
	all := make([]Persona, len(personas))
	for i, p := range personas {
		all[i] = p.Persona
	}
	return all
}

// persona is a character with what it comes down to: the keys of an issuer, and
// rules and entries for the issuer's cards.
type persona struct {
	Persona
	issuer  Issuer
	meets   []Then  // what provisioning and payments meet; of an error, each operation takes those that it has
	attempt int     // only this attempt
	entries []Entry // the card is filled in
}

// unanswered is what networks and acquirer say for an issuer that does not answer.
var unanswered = []Then{{Error: token.ServiceError}, {Error: token.NoResponseFromIssuer}, {Error: token.DeclineUnavailable}}

var personas = []persona{
	{Persona: Persona{"approving", "approves at once, and leaves its tokens alone"}},
	{
		Persona: Persona{"cautious", "asks each cardholder for a code, by SMS or by its app"},
		issuer:  Issuer{Decision: token.StepUp, Methods: []string{"sms", "app"}},
	},
	{
		Persona: Persona{"refusing", "declines every card, and every payment with `do_not_honor`"},
		issuer:  Issuer{Decision: token.Decline, Payments: Payments{Declines: token.DeclineDoNotHonor}},
	},
	{Persona: Persona{"slow", "answers a provisioning or a payment after five seconds of wall time"}, meets: []Then{{Delay: 5 * time.Second}}},
	{
		Persona: Persona{"silent", "does not answer: provisioning is `service_error` at Visa, `no_response_from_issuer` at Mastercard, a payment `issuer_unavailable`"},
		meets:   unanswered,
	},
	{Persona: Persona{"flaky", "does not answer the first provisioning, payment or increment of a card by a requestor"}, meets: unanswered, attempt: 1},
	{Persona: Persona{"late", "activates its tokens ten minutes after they were made"}, issuer: Issuer{Activation: span(10 * time.Minute)}},
	{Persona: Persona{"insolvent", "declines every payment with `insufficient_funds`"}, issuer: Issuer{Payments: Payments{Declines: token.DeclineFunds}}},
	{
		Persona: Persona{"token-shy", "declines payments by token with `do_not_honor`, and approves those by the card's number"},
		issuer:  Issuer{Payments: Payments{Declines: token.DeclineDoNotHonor, Only: "token"}},
	},
	{
		Persona: Persona{"pan-shy", "declines payments by the card's number with `not_permitted`, and approves those by token"},
		issuer:  Issuer{Payments: Payments{Declines: token.DeclineNotPermitted, Only: "card"}},
	},
	{
		Persona: Persona{"token-friendly", "approves 97 of 100 payments by token and 85 by the card's number, the same ones in each run; declines the others with `do_not_honor`"},
		issuer:  Issuer{Payments: Payments{Approves: Rates{Card: percent(85), Token: percent(97)}}},
	},
	{
		Persona: Persona{"thrifty", "declines payments of more than 10000 in the smallest unit of their currency with `insufficient_funds`"},
		issuer:  Issuer{Payments: Payments{Funds: amount(10_000)}},
	},
	{
		Persona: Persona{"closed", "has closed the account: every card is declined, and every payment with `closed_account`"},
		issuer:  Issuer{Decision: token.Decline, Payments: Payments{Declines: token.DeclineClosedAccount}},
	},
	{
		Persona: Persona{"stand-in", "is away, and the network answers in its place: step-up for a provisioning, payments up to 10000 are approved, others `issuer_unavailable`"},
		issuer:  Issuer{StandIn: amount(DefaultStandIn)},
	},
	{
		Persona: Persona{"fraud-watch", "suspends each token a day after it became active, and lifts that three days later"},
		entries: []Entry{
			{On: token.TokenProvisioned, Status: token.Active, After: day, Action: Action{Do: "suspend", By: token.ByIssuer, Reason: "SUSPECTED_FRAUD"}},
			{On: token.TokenActivated, After: day, Action: Action{Do: "suspend", By: token.ByIssuer, Reason: "SUSPECTED_FRAUD"}},
			{On: token.TokenSuspended, After: 3 * day, Action: Action{Do: "resume", By: token.ByIssuer, Reason: "NOT_FRAUD"}},
		},
	},
	{
		Persona: Persona{"reissuer", "gives the card a new number 30 days after its first token"},
		entries: []Entry{{On: token.TokenProvisioned, After: 30 * day, Times: 1, Action: Action{Do: doReplacePAN, By: token.ByIssuer}}},
	},
	{
		Persona: Persona{"renewing", "gives the card a new expiry 60 days after its first token"},
		entries: []Entry{{On: token.TokenProvisioned, After: 60 * day, Times: 1, Action: Action{Do: doUpdateExpiry, By: token.ByIssuer}}},
	},
	{
		Persona: Persona{"restyling", "changes card art and contacts 20 days after the card's first token"},
		entries: []Entry{{On: token.TokenProvisioned, After: 20 * day, Times: 1, Action: Action{Do: "update-metadata", By: token.ByIssuer}}},
	},
	{
		Persona: Persona{"withdrawing", "deletes each token 90 days after it was made"},
		entries: []Entry{{On: token.TokenProvisioned, After: 90 * day, Action: Action{Do: "delete", By: token.ByIssuer, Reason: "OTHER"}}},
	},
	{
		Persona: Persona{"closing", "closes the account 60 days after the card's first token"},
		entries: []Entry{{On: token.TokenProvisioned, After: 60 * day, Times: 1, Action: Action{Do: "close-account", By: token.ByIssuer, Reason: "ACCOUNT_CLOSED"}}},
	},
}

func span(d time.Duration) *time.Duration { return &d }

func percent(n int) *int { return &n }

func amount(n int64) *int64 { return &n }

func personaNames() []string {
	names := make([]string, len(personas))
	for i, p := range personas {
		names[i] = p.Name
	}
	return names
}

// personaOf finds a persona; the zero one has no name.
func personaOf(name string) persona {
	i := slices.IndexFunc(personas, func(p persona) bool { return p.Name == name })
	if i < 0 {
		return persona{}
	}
	return personas[i]
}

// personas adds what the personas of issuers mean for their cards. Their rules
// are below those of the files, which therefore take precedence over them.
func (c *compiler) personas() {
	cardsOf := map[string][]Card{}
	for _, card := range c.sc.Cards {
		if card.PAN != "" {
			cardsOf[card.Issuer] = append(cardsOf[card.Issuer], card)
		}
	}
	for _, d := range drafts(c, func(d draft) []issuerDraft { return d.issuers }) {
		p, cards := personaOf(d.persona.v), cardsOf[d.name.v]
		for _, then := range p.meets {
			c.personaRule(d, p, then, cards)
		}
		for _, card := range cards {
			for _, e := range p.entries {
				e.At, e.Card = d.persona.at, card.PAN
				c.sc.Timeline = append(c.sc.Timeline, e)
			}
		}
	}
}

// personaRule adds a rule for those of an issuer's cards that it can be about.
func (c *compiler) personaRule(d issuerDraft, p persona, then Then, cards []Card) {
	within, name := everywhere, "issuer "+d.name.v+": "+p.Name
	_, declines := token.DeclineReasonOf(then.Error)
	switch {
	case declines:
		name += " at the acquirer"
	case then.Error != "":
		within = documentedAt(then.Error)
		name += " at " + within.String()
	}
	r := Rule{
		Name: name, At: d.persona.at, Magic: true, Then: then,
		When: When{Attempt: p.attempt},
	}
	for _, card := range cards {
		if !within.has(card.Network) {
			continue
		}
		r.When.Cards = append(r.When.Cards, card.PAN)
		if !declines {
			for _, op := range token.OperationsNamed(string(token.VerbProvision), card.Network) {
				r.When.Operations = appendNew(r.When.Operations, op)
			}
		}
	}
	if declines || then.Error == "" {
		r.When.Operations = append(r.When.Operations, payments...)
	}
	if len(r.When.Cards) > 0 {
		c.sc.Rules = append(c.sc.Rules, r)
	}
}

// payments are the operations that ask an issuer for money.
var payments = []token.Operation{token.Authorize, token.Increment}
