package requestor

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"sync"

	"github.com/pantomime-dev/pantomime/requestor/wallet"
	"github.com/pantomime-dev/pantomime/seed"
	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/token"
)

// Requestor is an account at work. It is made for each use and safe for
// concurrent use.
type Requestor struct {
	world World
	name  string
	desk  *desk
}

// desk is what all accounts of one requestor share as long as their world lives.
type desk struct {
	requestor string
	wallet    *wallet.Wallet
	locks     locks
}

// At opens an account of a world. The error is an ErrAccount, or says why the
// requestor has no connection to the networks.
func At(world World, account string) (*Requestor, error) {
	a, ok := world.Account(account)
	if !ok {
		return nil, fmt.Errorf("%q: %w", token.Scrub(account), ErrAccount)
	}
	d, err := face.Ready(world, a.Requestor, Name, func() (*desk, error) {
		links, err := world.Links(a.Requestor)
		if err != nil {
			return nil, err
		}
		w, err := wallet.New(links)
		return &desk{requestor: a.Requestor, wallet: w, locks: locks{held: map[string]chan struct{}{}}}, err
	})
	return &Requestor{world: world, name: account, desk: d}, err
}

// account is what is switched on now. An account that a better version of the
// scenario took away has nothing.
func (q *Requestor) account() Account {
	a, _ := q.world.Account(q.name)
	return a
}

func (q *Requestor) derive(path ...string) seed.Source {
	return q.world.Derive(append([]string{Name, q.name}, path...)...)
}

// patience is how long the account waits for an answer.
func (q *Requestor) patience(ctx context.Context) (context.Context, context.CancelFunc) {
	limit := q.account().Timeout
	if limit == 0 {
		limit = usualTimeout
	}
	return context.WithTimeout(ctx, limit)
}

// question asks a network for something that changes nothing there. Each question has
// ids of its own, however often it is asked.
func (q *Requestor) question(ctx context.Context, m Method, op token.Operation, about wallet.Subject) (wallet.Outcome, wallet.Ending) {
	m, err := q.change(m.Token, func(m *Method) { m.Questions++ })
	if err != nil {
		return wallet.Outcome{}, wallet.Ending{Kind: wallet.NotSent, Message: err.Error()}
	}
	return q.ask(ctx, m, op, about, m.Questions)
}

// ask performs an operation about a payment method. The ids of its request derive
// from what it is for, so a run that is repeated sends the same.
func (q *Requestor) ask(ctx context.Context, m Method, op token.Operation, about wallet.Subject, n int) (wallet.Outcome, wallet.Ending) {
	ctx, cancel := q.patience(ctx)
	defer cancel()
	of := cmp.Or(string(about.Token.Ref), about.ID)
	from, count := q.derive("ask", m.Token, string(op), of, strconv.Itoa(n)), 0
	w := q.desk.wallet.With(func(kind string) string {
		count++
		return kind + "-" + from.Hex(24, kind, strconv.Itoa(count))
	})
	out, err := w.Do(traced(ctx, from.Hex(32, "trace")), op, about)
	return out, wallet.EndingOf(err)
}

// card is the method's card as a wallet takes it.
func (m Method) card() wallet.Card { return wallet.Card{PAN: m.PAN, Expiry: m.Expiry} }

// held is a token as a wallet takes it.
func held(ref token.Ref) wallet.Subject { return wallet.Subject{Token: wallet.Token{Ref: ref}} }

// operations are those of each network that a requestor needs; search is "" at one
// that has none.
var operations = map[token.Network]struct{ provision, read, search, remove, cryptogram, card token.Operation }{
	token.Visa: {
		provision: token.VisaProvisionWithPAN, read: token.VisaGetToken, remove: token.VisaDelete,
		cryptogram: token.VisaGetPaymentData, card: token.VisaGetCardMetadata,
	},
	token.Mastercard: {
		provision: token.MCTokenize, read: token.MCGetToken, search: token.MCSearchTokens, remove: token.MCDelete,
		cryptogram: token.MCTransact,
	},
}

// locks let one provisioning of a card go on at a time.
type locks struct {
	mu   sync.Mutex
	held map[string]chan struct{} // guarded by mu; closed when it is let go
}

// try takes a free lock.
func (l *locks) try(key string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held[key] != nil {
		return false
	}
	l.held[key] = make(chan struct{})
	return true
}

// take waits for a lock.
func (l *locks) take(ctx context.Context, key string) error {
	for !l.try(key) {
		l.mu.Lock()
		free := l.held[key]
		l.mu.Unlock()
		if free == nil {
			continue
		}
		select {
		case <-free:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

func (l *locks) free(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	close(l.held[key])
	delete(l.held, key)
}
