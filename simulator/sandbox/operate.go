package sandbox

import (
	"cmp"
	"errors"
	"fmt"

	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/simulator/outcome"
	"github.com/pantomime-dev/pantomime/simulator/vault"
	"github.com/pantomime-dev/pantomime/token"
)

// ErrTooManyRules says that no more rules can be added at run time.
var ErrTooManyRules = errors.New("too many rules were added at run time")

// ErrPending says that a delivery is on its way already.
var ErrPending = errors.New("the delivery is still pending")

// Target names what an operator acts on: a token or, if Token is empty, a
// card, by its name in the scenario or by number.
type Target struct {
	Token   token.Ref
	Card    string
	Payment string // id of the payment that is meant, before both
}

// Act does what an issuer or a network would: a life-cycle move on a token or
// on every live token of a card, or a change of the card itself. It returns
// ErrUnknown, ErrNoEffect, ErrBadAction, ErrClosed or the vault's ErrNotAllowed.
func (s *Sandbox) Act(a scenarios.Action, t Target) error {
	return s.commit(func(x *step) error {
		x.origin.Kind = token.OriginOperator
		pan, err := x.target(t)
		if err != nil {
			return err
		}
		t.Card = pan.Digits()
		return x.act(a, t)
	})
}

// Trigger brings an event about by doing what leads to it: an action, or what the
// requestor or the cardholder would do with each live token of the target. The
// errors are those of [Sandbox.Act].
func (s *Sandbox) Trigger(kind token.EventType, a scenarios.Action, t Target) error {
	if kind.OfPayment() {
		return s.commit(func(x *step) error {
			x.origin.Kind = token.OriginOperator
			if t.Payment == "" {
				pan, err := x.target(t)
				if err != nil {
					return err
				}
				t.Card = pan.Digits()
			}
			if a.By == "" {
				a.By = token.ByIssuer
			}
			return x.actOnPayments(kind, a, t)
		})
	}
	if a.Do = token.ActionOf(kind); a.Do != "" {
		return s.Act(a, t)
	}
	does := triggers[kind]
	if does == nil {
		return fmt.Errorf("event %q: %w", kind, ErrUnknown)
	}
	return s.commit(func(x *step) error {
		x.origin.Kind = token.OriginOperator
		pan, err := x.target(t)
		if err != nil {
			return err
		}
		refs := []token.Ref{t.Token}
		if t.Token == "" {
			refs = x.liveTokens(pan)
		}
		done := false
		for _, ref := range refs {
			if t, ok := x.tx.Token(ref); ok && does(x, t, a) {
				done = true
			}
		}
		if !done {
			return fmt.Errorf("%s: no live token of the target is in the state for it: %w", kind, ErrNoEffect)
		}
		return nil
	})
}

// triggers are what leads to the events that no action brings about. Each reports
// whether it did anything with a token.
var triggers = map[token.EventType]func(*step, vault.Token, scenarios.Action) bool{
	token.TokenProvisioned: func(x *step, t vault.Token, a scenarios.Action) bool {
		x.happened(happening{kind: token.TokenProvisioned, token: t.Ref, by: a.By, reason: a.Reason, notify: a.Notify})
		return true
	},
	token.StepUpRequested: func(x *step, t vault.Token, _ scenarios.Action) bool {
		if t.StepUp {
			x.happened(happening{kind: token.StepUpRequested, token: t.Ref, silent: true})
		}
		return t.StepUp
	},
	token.StepUpSelected: func(x *step, t vault.Token, _ scenarios.Action) bool {
		return waits(t) && x.choose(t, x.methods(x.found(t).Card, token.StepUp)[0]) == nil
	},
	token.StepUpSucceeded: func(x *step, t vault.Token, a scenarios.Action) bool {
		return waits(t) && x.identified(t, a.Notify) == nil
	},
	token.StepUpFailed: func(x *step, t vault.Token, _ scenarios.Action) bool {
		u := x.tx.StepUp(t.Ref)
		if u.Wrong++; waits(t) {
			_ = x.failCode(u, nil) // there is no call to refuse
		}
		return waits(t)
	},
}

// target resolves a card's name or number and checks a token's reference.
func (x *step) target(t Target) (token.PAN, error) {
	if t.Token != "" {
		if _, ok := x.tx.Token(t.Token); !ok {
			return "", fmt.Errorf("token %s: %w", t.Token, ErrUnknown)
		}
		return "", nil
	}
	if c, ok := x.state.vault.CardNamed(t.Card); ok {
		return c.ID, nil
	}
	if c, ok := x.tx.Card(token.PAN(t.Card)); ok {
		return c.ID, nil
	}
	return "", fmt.Errorf("card %s: %w", token.Scrub(t.Card), ErrUnknown)
}

// AddRules puts rules in front of the scenario (outcome.Posted), the last one
// first, or makes the next matching requests fail (outcome.FailNext), the first
// one first. All are added or none; the error may be a scenarios.ErrBudget.
func (s *Sandbox) AddRules(layer outcome.Layer, rules ...scenarios.Rule) ([]outcome.Rule, error) {
	var added []outcome.Rule
	err := s.commit(func(x *step) error {
		if have := x.state.rules.Count(outcome.Posted) + x.state.rules.Count(outcome.FailNext); have+len(rules) > MaxRules {
			return fmt.Errorf("%w: %d are there, at most %d are kept", ErrTooManyRules, have, MaxRules)
		}
		if err := x.state.rules.Fit(rules); err != nil {
			return err
		}
		added = make([]outcome.Rule, len(rules))
		for i, r := range rules {
			id := x.state.rules.NextID(layer)
			id.N += uint32(i)
			r.Name = cmp.Or(r.Name, id.String())
			added[i] = outcome.Rule{ID: id, Rule: r}
		}
		x.change.Rules.Added = added
		return nil
	})
	return added, err
}

// RemoveRule takes a rule away that was added at run time.
func (s *Sandbox) RemoveRule(id string) error {
	return s.commit(func(x *step) error {
		if r, ok := x.state.rules.Rule(id); ok && (r.ID.Layer == outcome.FailNext || r.ID.Layer == outcome.Posted) {
			x.change.Rules.Removed = append(x.change.Rules.Removed, r.ID)
			return nil
		}
		return fmt.Errorf("rule %q: %w among the rules added at run time", id, ErrUnknown)
	})
}

// ClearRules takes away every rule of a layer that was added at run time, and
// returns them as they were.
func (s *Sandbox) ClearRules(layer outcome.Layer) ([]RuleView, error) {
	var gone []RuleView
	err := s.commit(func(x *step) error {
		gone = nil
		for _, r := range x.state.rules.List(layer) {
			x.change.Rules.Removed = append(x.change.Rules.Removed, r.ID)
			gone = append(gone, RuleView{r, x.state.rules.Fired(r.ID)})
		}
		return nil
	})
	return gone, err
}

// Resend schedules a delivery again, now, with a fresh round of retries. One
// that had no target gets the requestor's present one.
func (s *Sandbox) Resend(id string) (callback.Delivery, error) {
	var d callback.Delivery
	err := s.commit(func(x *step) error {
		var ok bool
		if d, ok = x.state.deliveries.Get(id); !ok {
			return fmt.Errorf("delivery %q: %w", id, ErrUnknown)
		}
		if d.State.Pending() {
			return fmt.Errorf("delivery %s is %s: %w", id, d.State, ErrPending)
		}
		if d.Target == "" {
			d.Target = x.world.requestors[d.Event.Requestor].target(*d.Event)
		}
		if d.Target == "" {
			return fmt.Errorf("requestor %q has no target for %s: %w", d.Event.Requestor, d.Event.Network, ErrNoEffect)
		}
		d.State, d.Due, d.Tries, d.Seq = callback.Scheduled, x.now, 0, x.nextSeq()
		x.change.Progress = append(x.change.Progress, d.Progress())
		return nil
	})
	return d, err
}
