package harness

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/token"
)

// AdminDriver drives a target by Pantomime's admin API.
func AdminDriver(client *control.Client) Driver {
	return &adminDriver{client: client, wall: clock.Real(), rules: map[Number]string{}}
}

type adminDriver struct {
	client *control.Client
	wall   clock.Wall

	mu    sync.Mutex
	rules map[Number]string // guarded by mu; ids of posted rules by card
}

// eventOf reports the admin API's event for actions on a card.
var eventOf = map[Action]token.EventType{
	DoNewExpiry: token.PANExpiryUpdated, DoReplacePAN: token.PANReplaced,
	DoNewMetadata: token.CardMetadataUpdated, DoClose: token.AccountClosed,
}

// Do asks the admin API. No server there, or another one, is an operator that
// cannot do it; a refusal is one that failed.
func (d *adminDriver) Do(ctx context.Context, c Command) error {
	err := d.do(ctx, c)
	if astray(err) {
		return fmt.Errorf("%w: %s: %w", ErrCannot, c.Do, err)
	}
	return err
}

// astray says that no control door answered.
func astray(err error) bool {
	return errors.Is(err, control.ErrUnreachable) || errors.Is(err, control.ErrNotControl)
}

// complete is the error of an answer that does not say what every control door
// says, nil for one that does.
func complete(err error, says bool, what string) error {
	if err == nil && !says {
		return fmt.Errorf("%w: its answer names no %s", control.ErrNotControl, what)
	}
	return err
}

func (d *adminDriver) do(ctx context.Context, c Command) error {
	switch c.Do {
	case DoActivate, DoSuspend, DoResume, DoDelete:
		effect, err := d.client.Transition(ctx, c.Token, control.Transition{Do: string(c.Do), By: "issuer", Reason: c.Reason})
		return complete(err, !effect.At.IsZero(), "time of the effect")
	case DoNewExpiry, DoReplacePAN, DoNewMetadata, DoClose:
		effect, err := d.client.Trigger(ctx, control.Event{Event: eventOf[c.Do], Token: c.Token})
		return complete(err, !effect.At.IsZero(), "time of the effect")
	case DoFailNext, DoDecide:
		rule, err := d.client.FailNext(ctx, control.FailNext{
			Operation: string(token.VerbProvision), Network: c.Network, Card: string(c.Card), Error: c.Error, Decision: c.Decision,
		})
		return complete(err, rule.ID != "", "rule")
	case DoRule:
		return d.rule(ctx, c)
	case DoUnrule:
		return d.unrule(ctx, c.Card)
	case DoAdvance:
		return d.advance(ctx, c.For)
	case DoResend:
		return d.resend(ctx, c.Token)
	}
	return fmt.Errorf("%w: %q is not known", ErrCannot, string(c.Do))
}

// rule posts a rule as it would be in a scenario file, which can name
// listed cards only.
func (d *adminDriver) rule(ctx context.Context, c Command) error {
	name, ok := listedName(c.Card)
	if !ok {
		return fmt.Errorf("%w: a rule can only be about a listed card", ErrCannot)
	}
	posted, err := d.client.PostRules(ctx, []byte(fmt.Sprintf(
		"- when: { operation: provision, card: %q }\n  then: { error: %s }\n", name, c.Error)))
	if err := complete(err, len(posted.Rules) == 1 && posted.Rules[0].ID != "", "rule"); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.rules[c.Card] = posted.Rules[0].ID
	return nil
}

func (d *adminDriver) unrule(ctx context.Context, card Number) error {
	d.mu.Lock()
	id, ok := d.rules[card]
	delete(d.rules, card)
	d.mu.Unlock()
	if !ok {
		return nil
	}
	return d.client.RemoveRule(ctx, id)
}

func listedName(n Number) (string, bool) {
	for _, card := range fixtures.Cards() {
		if card.Name != "" && card.Number.Digits() == string(n) {
			return card.Name, true
		}
	}
	return "", false
}

// advance waits its turn: one advance at a time is allowed, and checks may run
// in several processes.
func (d *adminDriver) advance(ctx context.Context, by control.Duration) error {
	return d.inTurn(ctx, control.CodeClockBusy, func() error {
		settled, err := d.client.Advance(ctx, control.Advance{By: &by})
		if err := complete(err, !settled.Now.IsZero(), "time"); err != nil {
			return err
		}
		if !settled.Settled {
			return fmt.Errorf("the clock stopped at %s: %s", settled.Now.Format(time.RFC3339), settled.Why)
		}
		return nil
	})
}

// inTurn repeats a call that is refused because something else is in progress.
func (d *adminDriver) inTurn(ctx context.Context, busy control.Code, call func() error) error {
	for {
		err := call()
		var problem *control.Problem
		if !errors.As(err, &problem) || problem.Code != busy {
			return err
		}
		if err := d.wall.Sleep(ctx, 20*time.Millisecond); err != nil {
			return err
		}
	}
}

func (d *adminDriver) resend(ctx context.Context, ref token.Ref) error {
	list, err := d.client.Callbacks(ctx, control.CallbackQuery{Token: ref})
	if err != nil {
		return err
	}
	if len(list.Items) == 0 {
		return fmt.Errorf("no notice about token %s has been scheduled (%s known)", ref, strconv.Itoa(list.Total))
	}
	return d.inTurn(ctx, control.CodePending, func() error {
		sent, err := d.client.Resend(ctx, list.Items[len(list.Items)-1].ID)
		return complete(err, sent.ID != "", "notice")
	})
}
