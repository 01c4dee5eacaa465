package play

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/token"
)

// advance moves the clock by d, or lets the time pass, and waits until what
// falls due has settled. It reports the time of the clock.
func (p *player) advance(ctx context.Context, d time.Duration) (time.Time, error) {
	if p.on.Waits {
		if err := p.on.Wall.Sleep(ctx, d); err != nil {
			return time.Time{}, err
		}
		d = 0
	}
	by, patience := control.Duration(d), control.Duration(advanceTime)
	set, err := p.on.Admin.Advance(ctx, control.Advance{By: &by, Timeout: &patience})
	if err == nil && !set.Settled {
		err = errors.New(set.Why)
	}
	return set.Now, err
}

// settle waits until the notices of the last step have arrived.
func (p *player) settle(ctx context.Context) error {
	if _, err := p.advance(ctx, 0); err != nil {
		return fmt.Errorf("notices of the last step: %w", err)
	}
	return nil
}

// act does what the issuer or another party does to a card or its tokens.
func (p *player) act(ctx context.Context, s scenarios.Step) error {
	a, card, how := s.Act, p.world.key(s.Cards[0]), variants(s.Act.Notify)
	if a.PAN != "" { // a number is given to a card by reissuing it, and an event has none
		_, err := p.on.Admin.Reissue(ctx, card, control.CardChange{PAN: a.PAN.Digits(), Expiry: a.Expiry, Variants: how})
		return err
	}
	_, err := p.on.Admin.Trigger(ctx, control.Event{
		Event: token.EventOf(a.Do), Card: card, By: parties[a.By], Reason: a.Reason, Expiry: a.Expiry, NewNumber: a.NewNumber, Variants: how,
	})
	return err
}

// parties are who may cause a change, as the control door spells them.
var parties = map[token.Suspender]string{
	token.ByIssuer: "issuer", token.ByRequestor: "requestor", token.ByCardholder: "cardholder",
}

// variants tell the control door what goes wrong with a notice. One before an
// answer is missing: an act has no answer.
func variants(v scenarios.Variants) control.Variants {
	return control.Variants{
		Duplicate: v.Duplicate, Late: control.Duration(v.Late), Never: v.Never, Reorder: v.Reorder, Variant: v.Names(),
	}
}

// why is the cause of an error as people read it: of a refusal of the control
// door, its detail alone.
func why(err error) string {
	var p *control.Problem
	if errors.As(err, &p) {
		return p.Detail
	}
	return err.Error()
}
