package authorization

import (
	"time"

	"github.com/pantomime-dev/pantomime/token"
)

// How much a sandbox remembers; the oldest goes first.
const (
	maxAuthorizations = 50_000
	maxRemembered     = 20_000
)

// RememberedFor is how long a request with a key of its own gets the answer of
// the first one.
const RememberedFor = 24 * time.Hour

// Remembered is what came of a request that had a key of its own, as it was then.
type Remembered struct {
	Requestor string
	Acquirer  string
	Key       string
	Digest    string // of the request
	At        time.Time

	Authorization Authorization // after it, zero if it was declined or refused
	Entry         Entry
	Why           token.Key // of a decline or a refusal, "" for none
	Detail        string
}

type requestKey struct{ requestor, acquirer, key string }

func (r Remembered) key() requestKey { return requestKey{r.Requestor, r.Acquirer, r.Key} }

// Book holds the authorizations of one sandbox. The sandbox's lock guards it.
type Book struct {
	byID          map[string]Authorization
	byTransaction map[string][]string // ids by the network's transaction id, oldest first; seldom more than one
	order         []string            // ids, oldest first
	answers       map[requestKey]Remembered
	keys          []requestKey // oldest first
}

// NewBook makes an empty book.
func NewBook() *Book {
	return &Book{byID: map[string]Authorization{}, byTransaction: map[string][]string{}, answers: map[requestKey]Remembered{}}
}

// Delta is what one step changes in a book: whole values to put in place.
type Delta struct {
	Put        []Authorization
	Remembered []Remembered
}

// Apply folds a delta into the book.
func (b *Book) Apply(d Delta) {
	for _, a := range d.Put {
		if _, known := b.byID[a.ID]; !known {
			b.order = append(b.order, a.ID)
			b.byTransaction[a.Transaction] = append(b.byTransaction[a.Transaction], a.ID)
		}
		b.byID[a.ID] = a
	}
	for len(b.order) > maxAuthorizations {
		b.forget(b.order[0])
		b.order = b.order[1:]
	}
	for _, r := range d.Remembered {
		if _, known := b.answers[r.key()]; !known {
			b.keys = append(b.keys, r.key())
		}
		b.answers[r.key()] = r
	}
	for len(b.keys) > maxRemembered {
		delete(b.answers, b.keys[0])
		b.keys = b.keys[1:]
	}
}

// forget drops the oldest authorization, which is the first of its transaction id too.
func (b *Book) forget(id string) {
	transaction := b.byID[id].Transaction
	if b.byTransaction[transaction] = b.byTransaction[transaction][1:]; len(b.byTransaction[transaction]) == 0 {
		delete(b.byTransaction, transaction)
	}
	delete(b.byID, id)
}

// Get finds an authorization by its id.
func (b *Book) Get(id string) (Authorization, bool) {
	a, ok := b.byID[id]
	return a, ok
}

// ByTransaction finds an authorization by the network's transaction id: the card's
// own or, where it has none, the newest.
func (b *Book) ByTransaction(id string, card token.PAN) (Authorization, bool) {
	newest := ""
	for _, newest = range b.byTransaction[id] {
		if a := b.byID[newest]; a.Card == card {
			return a, true
		}
	}
	return b.Get(newest)
}

// All lists the authorizations, oldest first.
func (b *Book) All() []Authorization {
	list := make([]Authorization, 0, len(b.order))
	for _, id := range b.order {
		list = append(list, b.byID[id])
	}
	return list
}

// Answered finds what came of the first request with a key, while that is
// remembered.
func (b *Book) Answered(requestor, acquirer, key string, now time.Time) (Remembered, bool) {
	r, ok := b.answers[requestKey{requestor, acquirer, key}]
	return r, ok && now.Sub(r.At) < RememberedFor
}
