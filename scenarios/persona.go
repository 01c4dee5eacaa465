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
	meets   []Then  // what provisioning meets; of an error, each network takes its own
	attempt int     // only this attempt
	entries []Entry // the card is filled in
}

// unanswered is what the networks say for an issuer that does not answer.
var unanswered = []Then{{Error: token.ServiceError}, {Error: token.NoResponseFromIssuer}}

var personas = []persona{
	{Persona: Persona{"approving", "approves at once, and leaves its tokens alone"}},
	{
		Persona: Persona{"cautious", "asks each cardholder for a code, by SMS or by its app"},
		issuer:  Issuer{Decision: token.StepUp, Methods: []string{"sms", "app"}},
	},
	{Persona: Persona{"refusing", "declines every card"}, issuer: Issuer{Decision: token.Decline}},
	{Persona: Persona{"slow", "answers a provisioning after five seconds of wall time"}, meets: []Then{{Delay: 5 * time.Second}}},
	{
		Persona: Persona{"silent", "does not answer: provisioning is `service_error` at Visa, `no_response_from_issuer` at Mastercard"},
		meets:   unanswered,
	},
	{Persona: Persona{"flaky", "does not answer the first provisioning of a card by a requestor"}, meets: unanswered, attempt: 1},
	{Persona: Persona{"late", "activates its tokens ten minutes after they were made"}, issuer: Issuer{Activation: span(10 * time.Minute)}},
	{Persona: Persona{"insolvent", "declines every payment with `insufficient_funds`"}, issuer: Issuer{Payments: Payments{Declines: token.DeclineFunds}}},
	{
		Persona: Persona{"token-shy", "declines payments by token with `do_not_honor`, and approves those by the card's number"},
		issuer:  Issuer{Payments: Payments{Declines: "do_not_honor", Only: "token"}},
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
	if then.Error != "" {
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
		for _, op := range token.OperationsNamed(string(token.VerbProvision), card.Network) {
			r.When.Operations = appendNew(r.When.Operations, op)
		}
	}
	if len(r.When.Cards) > 0 {
		c.sc.Rules = append(c.sc.Rules, r)
	}
}
