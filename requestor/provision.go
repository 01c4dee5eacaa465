package requestor

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/pantomime-dev/pantomime/requestor/wallet"
	"github.com/pantomime-dev/pantomime/token"
)

// Provisioning is how it came out. The payment method is kept whatever happens.
type Provisioning struct {
	Method   Method
	Made     bool         // there is a token, new or as it was
	Status   token.Status // of the token; "" as long as the network has reported none
	Underway bool         // it happens in the background
	Problem  *Problem     // why there is no token; nil for none
}

// Provision has a token made for a payment method, or for one whose token is not
// active another one in its place. Where the account is asynchronous, it happens in
// the background.
func (q *Requestor) Provision(ctx context.Context, name string) (Provisioning, error) {
	account := q.account()
	m, err := q.Method(name)
	if err == nil && m.State == Redacted {
		err = ErrGone
	}
	if err != nil {
		return Provisioning{}, err
	}
	if problem := forbids(account, m.Network); problem != nil {
		return q.forbidden(name, problem)
	}
	if m.Holds.Usable() || !account.Features.Asynchronous {
		return q.provision(ctx, name)
	}
	if m, err = q.edit(name, func(m *Method) { m.Waiting = true }); err != nil {
		return Provisioning{}, err
	}
	return Provisioning{Method: m, Underway: true}, q.later(token.WorkProvision, m)
}

// forbids says what keeps cards of a network from having a token, nil for
// nothing.
func forbids(a Account, n token.Network) *Problem {
	switch {
	case !a.Features.Service:
		return own(NotEnabledFeature, "the feature service is off")
	case !a.Features.Environment:
		return own(NotEnabledForEnvironment, "the feature environment is off")
	case n == "":
		return own(UnsupportedCardType, "the number is in no network's range")
	case !slices.Contains(a.Features.Networks, n):
		return own(NotEnabledForEnvironment, "the account has no requestor id at "+string(n))
	}
	return nil
}

// provision has a token made now. One provisioning of a card goes on at a time,
// since what another one has begun could be taken for a token that got lost.
func (q *Requestor) provision(ctx context.Context, name string) (Provisioning, error) {
	m, err := q.Method(name)
	if err != nil {
		return Provisioning{}, err
	}
	p, err := q.alone(ctx, m)
	if err != nil {
		return p, err
	}
	if err := q.remember(p.Method); err != nil {
		return p, err
	}
	if p.Problem != nil && p.Problem.Lost {
		err = q.later(token.WorkFindOut, p.Method)
	}
	return p, err
}

// alone waits for other provisionings of the card.
func (q *Requestor) alone(ctx context.Context, m Method) (Provisioning, error) {
	lock := m.PAN.Digits()
	if err := q.desk.locks.take(ctx, lock); err != nil {
		return Provisioning{}, err
	}
	defer q.desk.locks.free(lock)
	m, err := q.edit(m.Token, func(m *Method) { m.Waiting = false })
	if err != nil {
		return Provisioning{}, err
	}
	if m.Holds.Usable() {
		return Provisioning{Method: m, Made: true, Status: m.Holds.Status}, nil
	}
	if m.Pending != nil {
		known, err := q.resolve(ctx, m)
		if err != nil || known.Made || known.Problem != nil {
			return known, err
		}
	}
	return q.begin(ctx, m.Token)
}

// begin asks the network for a token. That it was asked is on record before
// anything leaves.
func (q *Requestor) begin(ctx context.Context, name string) (Provisioning, error) {
	m, err := q.edit(name, func(m *Method) {
		m.Begun++
		m.Pending = &Pending{Since: q.world.Now(), N: m.Begun}
	})
	if err != nil {
		return Provisioning{}, err
	}
	shown, ending := q.askForToken(ctx, m)
	if ending.Kind == wallet.EndedWell {
		return q.adopt(ctx, m, shown, "the network handed it out")
	}
	problem := problemOf(m.Network, ending)
	if !problem.Lost {
		return q.failed(name, problem)
	}
	return q.lose(name, problem, ending)
}

// askForToken asks the network for a token of a method's card.
func (q *Requestor) askForToken(ctx context.Context, m Method) (wallet.Shown, wallet.Ending) {
	out, ending := q.ask(ctx, m, operations[m.Network].provision, wallet.Subject{Card: m.card()}, m.Begun)
	switch {
	case ending.Kind != wallet.EndedWell:
		return wallet.Shown{}, ending
	case len(out.Shows) != 1 || out.Shows[0].Ref == "":
		return wallet.Shown{}, wallet.Ending{Kind: wallet.Unreadable, Status: http.StatusOK, Message: "the answer names no token"}
	}
	return out.Shows[0], ending
}

// forbidden records a provisioning that was not begun. An earlier one that got lost
// stays to be found out.
func (q *Requestor) forbidden(name string, problem *Problem) (Provisioning, error) {
	m, err := q.edit(name, func(m *Method) { m.Tally.failed(problem, q.world.Now()) })
	return Provisioning{Method: m, Problem: problem}, err
}

// failed records a provisioning that made no token.
func (q *Requestor) failed(name string, problem *Problem) (Provisioning, error) {
	m, err := q.edit(name, func(m *Method) {
		m.Pending = nil
		m.Tally.failed(problem, q.world.Now())
	})
	return Provisioning{Method: m, Problem: problem}, err
}

// lose records a provisioning whose end is unknown.
func (q *Requestor) lose(name string, problem *Problem, ending wallet.Ending) (Provisioning, error) {
	m, err := q.edit(name, func(m *Method) {
		now := q.world.Now()
		if m.Pending == nil {
			m.Pending = &Pending{Since: now, N: m.Begun}
		}
		counted := m.Tally.failed(problem, now)
		m.Pending.Key, m.Pending.Lost = problem.Key, &counted
		m.find(Finding{At: now, Kind: LostAnswer, Says: fmt.Sprintf(
			"provisioning at %s ended with %s (HTTP %d), so there may be a token that no answer named", m.Network, ending.Kind, ending.Status,
		)})
	})
	return Provisioning{Method: m, Problem: problem}, err
}

// adopt makes a token the payment method's. One that it takes the place of is
// deleted at the network.
func (q *Requestor) adopt(ctx context.Context, m Method, shown wallet.Shown, how string) (Provisioning, error) {
	if err := q.own(shown.Ref, m); err != nil {
		return Provisioning{}, err
	}
	m, err := q.change(m.Token, func(m *Method) { m.take(shown, how, q.world.Now()) })
	if err != nil {
		return Provisioning{}, err
	}
	if m.Holds == nil { // redacted meanwhile
		m, err = q.sweep(ctx, m)
		return Provisioning{Method: m}, errors.Join(err, ErrGone)
	}
	if shown.Card != "" {
		if err := q.own(token.Ref(shown.Card), m); err != nil {
			return Provisioning{}, err
		}
	}
	if m.Holds.Status == "" {
		m, _ = q.read(ctx, m) // without it the status is reported later
	}
	if len(m.Deleting) > 0 {
		if m, err = q.sweep(ctx, m); err != nil {
			return Provisioning{}, err
		}
	}
	return Provisioning{Method: m, Made: true, Status: m.Holds.Status}, nil
}

// take makes a token the method's, in the place of the one it had.
func (m *Method) take(shown wallet.Shown, how string, now time.Time) {
	pending := m.Pending
	m.Pending = nil
	m.settle(LostAnswer, shown.Ref, how)
	if m.State == Redacted {
		m.Deleting = append(m.Deleting, shown.Ref)
		return
	}
	before := m.Holds
	if before == nil || before.Ref != shown.Ref {
		m.Holds = &NetworkToken{Ref: shown.Ref, At: now}
		m.Tally.made(now)
		if pending != nil && pending.Lost != nil {
			m.Tally.found(*pending.Lost)
		}
	}
	if before != nil && before.Ref != shown.Ref && before.Status != token.Deactivated {
		m.Deleting = append(m.Deleting, before.Ref)
	}
	m.Holds.learn(shown, now)
}

// learn takes over what an answer shows of a token.
func (t *NetworkToken) learn(shown wallet.Shown, now time.Time) {
	t.Heard = now
	if shown.Status != "" {
		t.Status, t.Reason = shown.Status, ""
		t.WasActive = t.WasActive || shown.Status == token.Active
		if shown.Status == token.Suspended {
			t.Reason = shown.Reason
		}
	}
	t.Last4 = cmp.Or(shown.Last4, t.Last4)
	t.Card = cmp.Or(shown.Card, t.Card)
	if !shown.Expiry.IsZero() {
		t.Expiry = shown.Expiry
	}
}
