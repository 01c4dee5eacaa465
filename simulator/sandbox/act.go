package sandbox

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"

	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/vault"
	"github.com/pantomime-dev/pantomime/token"
)

// Errors of acting as the issuer or the network.
var (
	ErrUnknown   = errors.New("not found")
	ErrNoEffect  = errors.New("nothing to act on")
	ErrBadAction = errors.New("unknown action")
	ErrClosed    = errors.New("the account is closed, which is final")
)

// cardYears is how far a renewed card's expiry moves when none is given.
const cardYears = 3

// carry does a planned action: what the clock has to do with a payment, or what the
// timeline says.
func (x *step) carry(p Planned) error {
	if p.Payment != "" && !token.EventOf(p.Action.Do).OfPayment() {
		return x.proceed(p)
	}
	return x.act(*p.Action, Target{Token: p.Token, Card: p.Card.Digits(), Payment: p.Payment})
}

// act does what the timeline or an operator asks. It returns ErrNotAllowed of
// the vault when no token of the target may make the move. The target's card is a number.
func (x *step) act(a scenarios.Action, target Target) error {
	ref, pan := target.Token, token.PAN(target.Card)
	if a.By == "" {
		a.By = token.ByIssuer
	}
	if kind := token.EventOf(a.Do); kind.OfPayment() {
		return x.actOnPayments(kind, a, target)
	}
	if token.EventOf(a.Do).OfToken() {
		return x.actOnTokens(a, ref, pan)
	}
	if ref != "" {
		t, ok := x.tx.Token(ref)
		if !ok {
			return fmt.Errorf("token %s: %w", ref, ErrUnknown)
		}
		pan = t.Card
	}
	card, ok := x.tx.Card(pan)
	if !ok {
		return fmt.Errorf("card %s has no enrolment in this sandbox: %w", pan, ErrUnknown)
	}
	return x.actOnCard(a, card)
}

func (x *step) actOnTokens(a scenarios.Action, ref token.Ref, pan token.PAN) error {
	var refs []token.Ref
	if ref != "" {
		refs = append(refs, ref)
	} else if refs = x.liveTokens(pan); len(refs) == 0 {
		return fmt.Errorf("card %s has no live token: %w", pan, ErrNoEffect)
	}
	var refused error
	moved := 0
	for _, ref := range refs {
		t, ok := x.tx.Token(ref)
		if !ok {
			return fmt.Errorf("token %s: %w", ref, ErrUnknown)
		}
		if err := x.moveAs(t, a); err != nil {
			refused = err
			continue
		}
		moved++
	}
	if moved == 0 {
		return refused
	}
	return nil
}

// moveAs moves one token for the issuer (or another party) and reports it.
func (x *step) moveAs(t vault.Token, a scenarios.Action) error {
	if a.Do == token.Redigitize {
		return x.redigitize(t, a)
	}
	after, err := x.tx.Change(t, vault.Move(a.Do), a.By, a.Reason)
	if err != nil {
		return err
	}
	if a.Do == string(vault.Activate) || a.Do == string(vault.Deactivate) {
		x.dropActivation(t.Ref)
	}
	if after.Status == t.Status && len(after.SuspendedBy) == len(t.SuspendedBy) {
		return nil
	}
	x.happened(happening{kind: token.EventOf(a.Do), token: t.Ref, by: a.By, reason: a.Reason, notify: a.Notify})
	return nil
}

// redigitize gives a token its new expiry, or number and expiry. Every answer
// shows them from now on, so also whoever asks before the notice has come.
func (x *step) redigitize(t vault.Token, a scenarios.Action) error {
	if _, err := x.tx.Redigitize(t, a.NewNumber); err != nil {
		return err
	}
	const kind = token.TokenRedigitized
	x.happened(happening{
		silent: !networks[t.Network].tellsNumbers,
		kind:   kind, token: t.Ref, by: a.By, reason: reasonOf(a, kind, t.Network), numbered: a.NewNumber, notify: a.Notify,
	})
	return nil
}

// reasonOf is the issuer's reason, else the one its network gives.
func reasonOf(a scenarios.Action, kind token.EventType, n token.Network) string {
	return cmp.Or(a.Reason, networks[n].reasons[kind])
}

// liveTokens lists a card's tokens that are not deleted.
func (x *step) liveTokens(pan token.PAN) []token.Ref {
	card, _ := x.tx.Card(pan)
	var refs []token.Ref
	for e := range x.tx.EnrolmentsOf(card.ID) {
		for t := range x.tx.Tokens(e.Ref) {
			if t.Status != token.Deactivated {
				refs = append(refs, t.Ref)
			}
		}
	}
	return refs
}

// actOnCard changes the card. A closed account has no card to change: an issuer
// sends no new number, expiry or art for it, and cannot close it again.
func (x *step) actOnCard(a scenarios.Action, card vault.Card) error {
	before := card
	switch token.EventOf(a.Do) {
	case token.PANExpiryUpdated:
		card.Expiry = x.renewed(a.Expiry, card)
	case token.PANReplaced:
		card.PAN = x.replacement(a.PAN, card)
		card.Expiry = x.renewed(a.Expiry, card)
	case token.CardMetadataUpdated:
		card.Product++
	case token.AccountClosed:
		card.Closed = true
	default:
		return fmt.Errorf("%q: %w; accepted are %v", a.Do, ErrBadAction, token.ActionNames())
	}
	if before.Closed {
		return fmt.Errorf("%s of card %s: %w", a.Do, before.PAN, ErrClosed)
	}
	x.tx.PutCard(card)
	x.tellCard(a, card)
	return nil
}

// tellCard notifies every requestor that knows the card, of the enrolment or of
// each token as its network does; a closed account deletes its tokens, and
// their deletion is what all networks tell.
func (x *step) tellCard(a scenarios.Action, card vault.Card) {
	kind := token.EventOf(a.Do)
	for e := range x.tx.EnrolmentsOf(card.ID) {
		h := happening{kind: kind, card: e.Ref, reason: a.Reason, notify: a.Notify}
		byToken := networks[e.Network].byToken
		h.silent = kind == token.AccountClosed || byToken
		x.happened(h)
		for t := range x.tx.Tokens(e.Ref) {
			switch {
			case t.Status == token.Deactivated:
			case kind == token.AccountClosed:
				_ = x.moveAs(t, scenarios.Action{
					Do: string(vault.Deactivate), By: token.ByIssuer, Reason: reasonOf(a, kind, t.Network), Notify: a.Notify,
				})
			case byToken:
				x.tellToken(kind, t, a)
			}
		}
	}
}

// tellToken reports a card's change through one of its tokens, without asking
// the timeline a second time.
func (x *step) tellToken(kind token.EventType, t vault.Token, a scenarios.Action) {
	ev := x.tx.Event(kind, t.Ref, token.ByIssuer, a.Reason)
	ev.Sandbox = x.world.id
	x.tell(Deed{Token: t.Ref, Event: kind, EventID: ev.ID, By: token.ByIssuer, Reason: a.Reason})
	x.schedule(ev, a.Notify)
}

func (x *step) renewed(asked token.Expiry, card vault.Card) token.Expiry {
	if !asked.IsZero() {
		return asked
	}
	if card.Expiry.IsZero() {
		return token.Expiry{Year: x.now.Year() + cardYears, Month: x.now.Month()}
	}
	return token.Expiry{Year: card.Expiry.Year + cardYears, Month: card.Expiry.Month}
}

// replacement picks the new number: the one asked for or a synthetic one of
// the network that no card of the sandbox has.
func (x *step) replacement(asked token.PAN, card vault.Card) token.PAN {
	if asked != "" {
		return asked
	}
	for try := 0; ; try++ {
		n := x.world.ids.Uint64("replacement", string(card.PAN), strconv.Itoa(try))
		pan, err := fixtures.Synthetic(card.Network, int(n%uint64(fixtures.SyntheticCount(card.Network))))
		if _, taken := x.tx.Card(pan); err == nil && !taken {
			return pan
		}
	}
}
