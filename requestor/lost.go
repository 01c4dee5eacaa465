package requestor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/pantomime-dev/pantomime/requestor/wallet"
	"github.com/pantomime-dev/pantomime/token"
)

// An answer that was lost may have been that of a token made. What a network lets
// a requestor find out differs: Mastercard searches the tokens of a card; Visa
// hands out the token it made when it is asked again, and reports new ones by
// notice. Until it is found out no other token is asked for.

// errBusy says that another provisioning of the card goes on.
var errBusy = errors.New("another provisioning of the card goes on")

// FindOut finds out what became of a payment method's lost answers, and deletes
// the tokens that it has no more use for. The error says that this has to be tried
// again.
func (q *Requestor) FindOut(ctx context.Context, name string) error {
	m, err := q.Method(name)
	if err != nil {
		return err
	}
	if m.Pending != nil && m.State != Redacted {
		lock := m.PAN.Digits()
		if !q.desk.locks.try(lock) { // waiting could be for ever: an answer may wait for the queue, where this is
			return errBusy
		}
		if err := q.findOut(ctx, name, lock); err != nil {
			return err
		}
	}
	if m, err = q.Method(name); err != nil {
		return err
	}
	if err = q.remember(m); err != nil || len(m.Deleting) == 0 {
		return err
	}
	m, err = q.delete(ctx, m)
	if err == nil && len(m.Deleting) > 0 {
		err = fmt.Errorf("%d tokens are not deleted yet", len(m.Deleting))
	}
	return err
}

// findOut expects the card's lock to be held, and lets it go.
func (q *Requestor) findOut(ctx context.Context, name, lock string) error {
	defer q.desk.locks.free(lock)
	m, err := q.Method(name)
	if err != nil || m.Pending == nil {
		return err
	}
	known, err := q.resolve(ctx, m)
	if err == nil && known.Problem != nil && known.Problem.Lost {
		err = errors.New(known.Problem.Detail)
	}
	return err
}

// resolve finds out how a lost provisioning ended. Without a token and without a
// problem it is certain that the network made none.
func (q *Requestor) resolve(ctx context.Context, m Method) (Provisioning, error) {
	found, ending := q.unowned(ctx, m)
	if problem := problemOf(m.Network, ending); problem != nil {
		return Provisioning{Method: m, Problem: problem}, nil
	}
	for _, shown := range found {
		if shown.Status != token.Deactivated {
			return q.adopt(ctx, m, shown, "the network has the token, which is the payment method's now")
		}
	}
	if operations[m.Network].search == "" {
		return q.again(ctx, m)
	}
	m, err := q.edit(m.Token, func(m *Method) {
		m.Pending = nil
		m.settle(LostAnswer, "", "the network made no token")
	})
	return Provisioning{Method: m}, err
}

// again asks for the token once more, where a network hands out the one it has.
func (q *Requestor) again(ctx context.Context, m Method) (Provisioning, error) {
	m, err := q.edit(m.Token, func(m *Method) { m.Begun++ })
	if err != nil {
		return Provisioning{}, err
	}
	shown, ending := q.askForToken(ctx, m)
	if ending.Kind == wallet.EndedWell {
		return q.adopt(ctx, m, shown, "asked again, the network handed out this token: the lost one, unless it makes another each time and sends no notice of it")
	}
	problem := problemOf(m.Network, ending)
	if problem.Lost {
		return Provisioning{Method: m, Problem: problem}, nil
	}
	m, err = q.edit(m.Token, func(m *Method) {
		m.Pending = nil
		m.settle(LostAnswer, "", "asked again, the network refused: "+string(problem.Key))
	})
	return Provisioning{Method: m, Problem: problem}, err
}

// noTokens is the reason by which a search says that it found nothing.
const noTokens = "NO_ACTIVE_TOKENS"

// unowned finds the tokens of a method's card that no payment method of the
// requestor has.
func (q *Requestor) unowned(ctx context.Context, m Method) (found []wallet.Shown, ending wallet.Ending) {
	if search := operations[m.Network].search; search != "" {
		var out wallet.Outcome
		out, ending = q.question(ctx, m, search, wallet.Subject{Card: m.card()})
		if ending.Reason == noTokens {
			ending = wallet.Ending{Kind: wallet.EndedWell}
		}
		found = out.Shows
	} else {
		found, ending = q.heardOf(ctx, m)
	}
	return slices.DeleteFunc(found, func(s wallet.Shown) bool { return q.owned(s.Ref) }), ending
}

// sweep deletes the tokens that a method has no more use for. What fails is on
// record and is tried again in the background.
func (q *Requestor) sweep(ctx context.Context, m Method) (Method, error) {
	m, err := q.delete(ctx, m)
	if err != nil || len(m.Deleting) == 0 {
		return m, err
	}
	m, err = q.change(m.Token, func(m *Method) {
		for _, ref := range m.Deleting {
			if !m.open(NotDeleted, ref) {
				m.find(Finding{At: q.world.Now(), Kind: NotDeleted, Token: ref, Says: "the network has not deleted it"})
			}
		}
	})
	if err == nil {
		err = q.later(token.WorkFindOut, m)
	}
	return m, err
}

// delete asks the network to delete what the method wants deleted. A refusal counts
// as done only where the network has no such token any more.
func (q *Requestor) delete(ctx context.Context, m Method) (Method, error) {
	for _, ref := range m.Deleting {
		kept, err := q.shared(ref, m)
		if err != nil {
			return m, err
		}
		if kept {
			if m, err = q.deleted(m, ref, "another payment method keeps it"); err != nil {
				return m, err
			}
			continue
		}
		_, ending := q.ask(ctx, m, operations[m.Network].remove, held(ref), m.Works)
		switch {
		case ending.Kind == wallet.EndedWell:
		case ending.Unknown(), ending.Kind == wallet.NotSent, ending.Status == http.StatusTooManyRequests:
			return m, nil // the others would have to wait as well
		case !q.gone(ctx, m, ref):
			continue
		}
		if m, err = q.deleted(m, ref, "deleted"); err != nil {
			return m, err
		}
	}
	return m, nil
}

// gone reports whether a network says that a token is deleted, or that there is none.
func (q *Requestor) gone(ctx context.Context, m Method, ref token.Ref) bool {
	out, ending := q.question(ctx, m, operations[m.Network].read, held(ref))
	if ending.Kind == wallet.EndedWell {
		return len(out.Shows) == 1 && out.Shows[0].Status == token.Deactivated
	}
	return ending.Status == http.StatusNotFound || wallet.ReasonsOf(m.Network)[ending.Reason] == token.InvalidTokenRef
}

// deleted strikes a token off those to be deleted.
func (q *Requestor) deleted(m Method, ref token.Ref, how string) (Method, error) {
	return q.change(m.Token, func(m *Method) {
		m.Deleting = slices.DeleteFunc(m.Deleting, func(r token.Ref) bool { return r == ref })
		m.settle(NotDeleted, ref, how)
	})
}

func (q *Requestor) lostKey(name string) string {
	return "lost/" + q.desk.requestor + "/" + name
}

// remember keeps a list of the payment methods with a lost answer, for whoever
// hears of a token that no payment method has.
func (q *Requestor) remember(m Method) error {
	if m.Pending == nil {
		return q.put(q.lostKey(m.Token), nil)
	}
	raw, err := json.Marshal(owner{m.Account, m.Token})
	if err != nil {
		return err
	}
	return q.put(q.lostKey(m.Token), raw)
}

// lost are the payment methods of a network with a lost answer, all accounts'.
func (q *Requestor) lost(n token.Network) (all []Method) {
	for _, key := range q.world.Keys(q.lostKey("")) {
		var o owner
		raw, _ := q.world.Record(key)
		if json.Unmarshal(raw, &o) != nil {
			continue // found out meanwhile
		}
		if m, err := q.of(o).Method(o.Method); err == nil && m.Network == n && m.Pending != nil {
			all = append(all, m)
		}
	}
	return all
}

// of opens the account of a payment method, another one of the requestor's maybe.
func (q *Requestor) of(o owner) *Requestor {
	return &Requestor{world: q.world, name: o.Account, desk: q.desk}
}

// owner is a payment method that a token, or the enrolment of a card, belongs to.
// Where a network hands out one token again and again, there are several.
type owner struct{ Account, Method string }

func (q *Requestor) ownerKey(ref token.Ref) string {
	return "owner/" + q.desk.requestor + "/" + string(ref)
}

// owners finds whose a token is or was.
func (q *Requestor) owners(ref token.Ref) (all []owner, number uint64) {
	raw, number := q.world.Record(q.ownerKey(ref))
	_ = json.Unmarshal(raw, &all) // nothing for no record
	return all, number
}

func (q *Requestor) owned(ref token.Ref) bool {
	all, _ := q.owners(ref)
	return len(all) > 0
}

// own records whose a token or an enrolment is. What a network said of it before
// is forgotten: the token is known now.
func (q *Requestor) own(ref token.Ref, m Method) error {
	me := owner{m.Account, m.Token}
	err := q.setOwners(ref, func(all []owner) []owner {
		if slices.Contains(all, me) {
			return all
		}
		return append(all, me)
	})
	if err != nil {
		return err
	}
	return q.put(q.heardKey(ref), nil)
}

// shared reports whether a token is another payment method's too, which then keeps
// it. Else its last owner stays on record: networks tell of a deleted token as well.
func (q *Requestor) shared(ref token.Ref, m Method) (others bool, err error) {
	me := owner{m.Account, m.Token}
	err = q.setOwners(ref, func(all []owner) []owner {
		rest := slices.DeleteFunc(slices.Clone(all), func(o owner) bool { return o == me })
		if others = len(rest) > 0; !others {
			return all
		}
		return rest
	})
	return others, err
}

// setOwners changes whose a token is.
func (q *Requestor) setOwners(ref token.Ref, edit func([]owner) []owner) (err error) {
	for range tries {
		all, number := q.owners(ref)
		raw, err := json.Marshal(edit(all))
		if err != nil {
			return err
		}
		if _, err = q.world.Put(q.ownerKey(ref), raw, number); !errors.Is(err, ErrChanged) {
			return err
		}
	}
	return ErrChanged
}

// put keeps a value whatever was there.
func (q *Requestor) put(key string, value []byte) (err error) {
	for range tries {
		before, number := q.world.Record(key)
		if value == nil && before == nil {
			return nil
		}
		if _, err = q.world.Put(key, value, number); !errors.Is(err, ErrChanged) {
			return err
		}
	}
	return err
}
