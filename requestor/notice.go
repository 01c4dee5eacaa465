package requestor

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/pantomime-dev/pantomime/requestor/wallet"
	"github.com/pantomime-dev/pantomime/token"
)

// Hear takes a notice in that was verified. Notices come twice, late and in any
// order, so what one says is only a reason to ask the network how the token is now.
// An error asks the network to tell again.
func (q *Requestor) Hear(ctx context.Context, n wallet.Notice) error {
	about := n.Shows
	if len(about) == 0 {
		about = []wallet.Shown{{Ref: n.Ref}}
	}
	known := 0
	for _, shown := range about {
		if q.owned(shown.Ref) {
			known++
		}
	}
	var failed error
	for _, shown := range about {
		all, _ := q.owners(shown.Ref)
		for _, o := range all {
			failed = errors.Join(failed, q.hearOf(ctx, o, shown))
		}
		if known == 0 { // of a batch with a token that is known, the others are somebody else's
			failed = errors.Join(failed, q.hearNew(n, shown.Ref))
		}
	}
	return failed
}

// hearOf asks how a known token, or the card of a known enrolment, is now.
func (q *Requestor) hearOf(ctx context.Context, o owner, shown wallet.Shown) error {
	its := q.of(o)
	m, err := its.Method(o.Method)
	switch {
	case err != nil, m.Holds == nil:
		return err
	case token.CardRef(shown.Ref) == m.Holds.Card:
		return its.readCard(ctx, m, shown.Ref)
	case m.Holds.Ref != shown.Ref:
		return nil // a token that it had before
	}
	if _, problem := its.read(ctx, m); problem != nil {
		return fmt.Errorf("the token cannot be read: %s", problem.Key)
	}
	return nil
}

// hearNew records a token that no payment method has. It may be what a lost answer
// was about, so those are found out now.
func (q *Requestor) hearNew(n wallet.Notice, ref token.Ref) error {
	if err := q.hear(ref, fmt.Sprintf("%s reported it by %s", n.Network, cmp.Or(n.Says, "a notice"))); err != nil {
		return err
	}
	if len(q.lost(n.Network)) == 0 {
		return nil
	}
	return q.seek(n.Network)
}
