package requestor

import (
	"context"
	"fmt"

	"github.com/pantomime-dev/pantomime/requestor/wallet"
	"github.com/pantomime-dev/pantomime/token"
)

// Refresh asks the network for the token of a payment method and takes over what
// it shows. Without a token the problem is not_tokenized; where the network cannot
// be asked, the method is what was known.
func (q *Requestor) Refresh(ctx context.Context, name string) (Method, *Problem, error) {
	m, err := q.Method(name)
	switch {
	case err != nil:
		return m, nil, err
	case m.Holds == nil:
		return m, own(NotTokenized, "the payment method has no token"), nil
	}
	m, problem := q.read(ctx, m)
	return m, problem, nil
}

// read asks the network for the token that a method has.
func (q *Requestor) read(ctx context.Context, m Method) (Method, *Problem) {
	ref := m.Holds.Ref
	out, ending := q.question(ctx, m, operations[m.Network].read, held(ref))
	if problem := problemOf(m.Network, ending); problem != nil {
		return m, problem
	}
	changed, err := q.change(m.Token, func(m *Method) {
		if m.Holds != nil && m.Holds.Ref == ref && len(out.Shows) == 1 {
			m.Holds.learn(out.Shows[0], q.world.Now())
			m.learnCard(out.Shows[0])
		}
	})
	if err != nil {
		return m, &Problem{Key: NetworkServiceError, Detail: err.Error()}
	}
	return changed, nil
}

// learnCard takes over what a network shows of the card behind a token: the
// issuer keeps it up to date.
func (m *Method) learnCard(shown wallet.Shown) {
	if !shown.CardExpiry.IsZero() && m.State != Redacted {
		m.Expiry = shown.CardExpiry
	}
}

// readCard asks the network for the card of an enrolment.
func (q *Requestor) readCard(ctx context.Context, m Method, enrolment token.Ref) error {
	op := operations[m.Network].card
	if op == "" {
		return nil
	}
	out, ending := q.question(ctx, m, op, wallet.Subject{ID: string(enrolment)})
	if problem := problemOf(m.Network, ending); problem != nil {
		return fmt.Errorf("the card cannot be read: %s", problem.Key)
	}
	_, err := q.change(m.Token, func(m *Method) {
		if len(out.Shows) == 1 {
			m.learnCard(out.Shows[0])
		}
	})
	return err
}

// Delete deletes the token of a payment method at the network; the card stays.
func (q *Requestor) Delete(ctx context.Context, name string) (Method, *Problem, error) {
	none := false
	m, err := q.edit(name, func(m *Method) {
		if none = m.Holds == nil; !none {
			m.Deleting, m.Holds = append(m.Deleting, m.Holds.Ref), nil
		}
	})
	switch {
	case err != nil:
		return m, nil, err
	case none:
		return m, own(NotTokenized, "the payment method has no token"), nil
	}
	m, err = q.sweep(ctx, m)
	return m, nil, err
}
