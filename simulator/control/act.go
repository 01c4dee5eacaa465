package control

import (
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

var reasonForm = regexp.MustCompile(`^[A-Z_]{1,32}$`)

// parties are who may cause a change, as scenario files spell them.
var parties = map[string]token.Suspender{
	"issuer": token.ByIssuer, "requestor": token.ByRequestor, "cardholder": token.ByCardholder,
}

func party(name string) (token.Suspender, error) {
	if name == "" {
		return token.ByIssuer, nil
	}
	by, ok := parties[name]
	if !ok {
		return "", badValue("by", name, "is not known", slices.Sorted(maps.Keys(parties))...)
	}
	return by, nil
}

func checkReason(reason string) error {
	if reason != "" && !reasonForm.MatchString(reason) {
		return badValue("reason", reason, "must be 1 to 32 capital letters and underscores, such as SUSPECTED_FRAUD")
	}
	return nil
}

// checkUses refuses members that an action has no use for.
func checkUses(given map[string]bool, uses []string, do string) error {
	for _, field := range slices.Sorted(maps.Keys(given)) {
		if given[field] && !slices.Contains(uses, field) {
			p := problem(http.StatusBadRequest, control.CodeUnknownField, fmt.Sprintf("%s has no use for %s", do, field))
			p.Field, p.Accepted = field, append(slices.Clone(uses), "duplicate", "late", "never", "reorder", "variant")
			return p
		}
	}
	return nil
}

// transition moves a token as its issuer, or as somebody else, would.
func (c *call) transition() (any, error) {
	known, err := c.tokenNamed("ref", c.param("ref"))
	if err != nil {
		return nil, err
	}
	var t control.Transition
	if err := c.decode(&t); err != nil {
		return nil, err
	}
	moves := token.TokenActions()
	switch {
	case t.Do == "":
		return nil, missing("do", "say what the token is to do", moves...)
	case !slices.Contains(moves, t.Do):
		return nil, badValue("do", t.Do, "is not known", moves...)
	case t.NewNumber && t.Do != token.Redigitize:
		return nil, conflicting("newNumber", "newNumber belongs to redigitize, not to "+t.Do)
	}
	a, err := action(known.Token.Network, t.Do, t.By, t.Reason, t.Variants)
	if err != nil {
		return nil, err
	}
	a.NewNumber = t.NewNumber
	return c.act(a, sandbox.Target{Token: known.Token.Ref})
}

// action is what somebody does at a network, and how its notice behaves.
func action(n token.Network, do, by, reason string, h control.Variants) (a scenarios.Action, err error) {
	a = scenarios.Action{Do: do, Reason: reason}
	if a.By, err = party(by); err != nil {
		return a, err
	}
	if err := checkReason(reason); err != nil {
		return a, err
	}
	a.Notify, err = variants(h, n)
	return a, err
}

// trigger brings an event about.
func (c *call) trigger() (any, error) {
	var e control.Event
	if err := c.decode(&e); err != nil {
		return nil, err
	}
	do, target, err := c.eventTarget(e)
	if err != nil {
		return nil, err
	}
	switch {
	case !e.Expiry.IsZero() && e.Event != token.PANExpiryUpdated && e.Event != token.PANReplaced:
		return nil, conflicting("expiry", "expiry belongs to pan.expiry-updated and pan.replaced, not to "+string(e.Event))
	case e.NewNumber && e.Event != token.TokenRedigitized:
		return nil, conflicting("newNumber", "newNumber belongs to token.redigitized, not to "+string(e.Event))
	}
	network := c.networkAt(target)
	if e.Event.OfPayment() {
		network = token.Visa // an acquirer's notices are signed and not encrypted, so they can go wrong as Visa's can
	}
	a, err := action(network, do, e.By, e.Reason, e.Variants)
	if err != nil {
		return nil, err
	}
	a.Expiry, a.NewNumber = e.Expiry, e.NewNumber
	made := c.box.Made()
	if err := c.box.Trigger(e.Event, a, target); err != nil {
		return nil, err
	}
	return c.effect(target, made), nil
}

// networkAt is the network of what is acted on.
func (c *call) networkAt(t sandbox.Target) token.Network {
	if known, ok := c.box.Token(t.Token); ok && t.Token != "" {
		return known.Token.Network
	}
	return token.PAN(t.Card).Network()
}

// eventTarget checks what an event is about.
func (c *call) eventTarget(e control.Event) (do string, target sandbox.Target, err error) {
	switch {
	case e.Event == "":
		return "", target, missing("event", "say which event", texts(eventTypes())...)
	case !slices.Contains(eventTypes(), e.Event):
		return "", target, badValue("event", string(e.Event), "is not known", texts(eventTypes())...)
	case e.Payment != "" && (!e.Event.OfPayment() || e.Card != "" || e.Token != ""):
		return "", target, conflicting("payment", "payment belongs to events of payments, without card and token")
	case e.Payment != "":
		if _, known := c.box.Payment(e.Payment); !known {
			return "", target, problem(http.StatusNotFound, control.CodeNotFound, "no payment has the id "+token.Scrub(e.Payment))
		}
		return "", sandbox.Target{Payment: e.Payment}, nil
	case e.Card == "" && e.Token == "":
		return "", target, missing("card", "say which card or which token", "card", "token")
	case e.Card != "" && e.Token != "":
		return "", target, conflicting("token", "give either a card or a token")
	}
	do = token.ActionOf(e.Event)
	if e.Token != "" {
		t, err := c.tokenNamed("token", string(e.Token))
		return do, sandbox.Target{Token: t.Token.Ref}, err
	}
	card, err := c.card(e.Card)
	return do, sandbox.Target{Card: card.ID.Digits()}, err
}

// act does something and says what came of it.
func (c *call) act(a scenarios.Action, target sandbox.Target) (any, error) {
	made := c.box.Made()
	if err := c.box.Act(a, target); err != nil {
		return nil, err
	}
	return c.effect(target, made), nil
}

func (c *call) effect(target sandbox.Target, made uint32) control.Effect {
	v := control.Effect{At: c.box.Now().UTC()}
	if target.Payment != "" {
		paid, _ := c.box.Payment(target.Payment)
		target = sandbox.Target{Token: paid.Token, Card: string(paid.Card)}
	}
	card := token.PAN(target.Card)
	if target.Token != "" {
		t, _ := c.box.Token(target.Token)
		card, v.Tokens = t.Card.ID, []control.Token{viewToken(t)}
	} else {
		v.Tokens = c.viewTokens(slices.SortedFunc(c.box.Tokens(card), lastChangeFirst))
	}
	v.Callbacks = c.madeSince(made, v.Tokens, card)
	if known, ok := c.box.Card(card); ok {
		one := c.viewCard(known)
		v.Card = &one
	}
	return v
}
