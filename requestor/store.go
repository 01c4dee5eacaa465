package requestor

import (
	"context"
	"errors"
	"sort"
	"strconv"

	"github.com/pantomime-dev/pantomime/seed"
	"github.com/pantomime-dev/pantomime/token"
)

// Card is a card as a merchant brings it.
type Card struct {
	Number string
	Expiry token.Expiry
	Holder string
	Retain bool // for good
}

// Store keeps a card as a new payment method. Its name derives from the account
// and the number of methods of the same card, so it is the same in each run. The
// error is an ErrCard or an ErrGuarded.
func (q *Requestor) Store(c Card) (Method, error) {
	pan, err := token.ParsePAN(c.Number)
	switch {
	case err != nil:
		return Method{}, ErrCard
	case !q.world.Admits(c.Number):
		return Method{}, ErrGuarded
	}
	now := q.world.Now()
	m := Method{Account: q.name, State: Cached, PAN: pan, Expiry: c.Expiry, Holder: c.Holder, Network: pan.Network(), Made: now}
	if c.Retain {
		m.State = Retained
	}
	for range tries {
		m.Token = q.freeName(c.Number)
		if err = q.save(m, 0); !errors.Is(err, ErrChanged) {
			return m, err
		}
	}
	return Method{}, err
}

// freeName is the name of the next payment method of a card. Methods are never
// taken away, so those of a card are numbered without a hole.
func (q *Requestor) freeName(number string) string {
	name := func(n int) string { return letters(q.derive("method", number, strconv.Itoa(n)), 27) }
	taken := func(n int) bool {
		raw, _ := q.world.Record(methodKey(q.name, name(n)))
		return raw != nil
	}
	bound := 1
	for taken(bound - 1) {
		bound *= 2
	}
	return name(sort.Search(bound, func(n int) bool { return !taken(n) }))
}

// letters derives n letters and digits.
func letters(from seed.Source, n int) string {
	const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	out := make([]byte, n)
	for i := range out {
		out[i] = alphabet[from.Uint64("letter", strconv.Itoa(i))%uint64(len(alphabet))]
	}
	return string(out)
}

// Retain keeps a payment method for good. One that is retained already stays as it
// is.
func (q *Requestor) Retain(name string) (Method, error) {
	return q.edit(name, func(m *Method) { m.State = Retained })
}

// Details are what can change of a stored card.
type Details struct {
	Expiry token.Expiry // zero: as it was
	Holder string       // "": as it was
}

// Update changes what is stored of a card. Its number cannot change: another
// number is another payment method.
func (q *Requestor) Update(name string, to Details) (Method, error) {
	return q.edit(name, func(m *Method) {
		if !to.Expiry.IsZero() {
			m.Expiry = to.Expiry
		}
		if to.Holder != "" {
			m.Holder = to.Holder
		}
	})
}

// Redact forgets the card of a payment method for good. Its token is deleted at
// the network; where that fails it is tried again in the background.
func (q *Requestor) Redact(ctx context.Context, name string) (Method, error) {
	if before, err := q.Method(name); err == nil && before.Pending != nil {
		_ = q.FindOut(ctx, name) // else the finding stays open: without the number it cannot be asked again
	}
	m, err := q.edit(name, func(m *Method) {
		if m.Holds != nil {
			m.Deleting, m.Holds = append(m.Deleting, m.Holds.Ref), nil
		}
		m.State, m.PAN, m.Holder, m.Waiting = Redacted, "", "", false
	})
	if err != nil || len(m.Deleting) == 0 {
		return m, err
	}
	return q.sweep(ctx, m)
}

// edit changes a payment method that was not redacted.
func (q *Requestor) edit(name string, edit func(*Method)) (Method, error) {
	gone := false
	m, err := q.change(name, func(m *Method) {
		if gone = m.State == Redacted; !gone {
			edit(m)
		}
	})
	if err == nil && gone {
		err = ErrGone
	}
	return m, err
}
