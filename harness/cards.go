package harness

import (
	"crypto/rand"
	"encoding/binary"
	"sync"
	"time"

	"github.com/onsi/ginkgo/v2"

	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/token"
)

// Card is a test card as a check uses it.
type Card struct {
	Number Number
	Expiry token.Expiry
}

// Digits is the number in the clear, for requests.
func (c Card) Digits() string { return string(c.Number) }

// Last4 is what the target may show of it.
func (c Card) Last4() string { return token.PAN(c.Number).Last4() }

// defaultExpiry is that of cards whose target file gives none. It is far off,
// so that no check depends on the year.
var defaultExpiry = token.Expiry{Year: 2039, Month: time.December}

// perProcess is how many synthetic cards one process of a run may use.
const perProcess = 10_000

// deck deals the cards of one network, no card twice while there are others.
type deck struct {
	network token.Network
	cards   Cards
	first   int // of the synthetic numbers of this run

	mu   sync.Mutex
	next map[string]int // guarded by mu; cards dealt by role
}

func newDeck(network token.Network, cards Cards, seed uint64) *deck {
	if cards.Expiry.IsZero() {
		cards.Expiry = defaultExpiry
	}
	first := seed % uint64(fixtures.SyntheticCount(network)-perProcess)
	return &deck{network: network, cards: cards, first: int(first), next: map[string]int{}}
}

// deal takes the next card of a role; ok is false when the role has none.
func (d *deck) deal(role string, list []Number) (Card, bool) {
	d.mu.Lock()
	n := d.next[role]
	d.next[role]++
	d.mu.Unlock()
	if len(list) == 0 {
		return Card{}, false
	}
	return d.card(list[n%len(list)]), true
}

// card is one that the target file names.
func (d *deck) card(n Number) Card { return Card{n.resolved(), d.cards.Expiry} }

// fresh is a card that no other check of the run has: from the target's list,
// or a synthetic number.
func (d *deck) fresh() Card {
	if card, ok := d.deal("success", d.cards.Success); ok {
		return card
	}
	d.mu.Lock()
	n := d.first + (ginkgo.GinkgoParallelProcess()-1)*perProcess/8 + d.next["synthetic"]
	d.next["synthetic"]++
	d.mu.Unlock()
	pan, err := fixtures.Synthetic(d.network, n)
	if err != nil {
		ginkgo.Fail("no test card is left: " + err.Error())
	}
	return Card{Number(pan.Digits()), d.cards.Expiry}
}

// listed is the n-th number of a kind of listed card, counted from 1.
func listed(name string) (Number, bool) {
	card, ok := fixtures.Find(name)
	return Number(card.Number.Digits()), ok
}

// resolved is the number behind the name of a listed card.
func (n Number) resolved() Number {
	if card, ok := fixtures.Find(string(n)); ok {
		return Number(card.Number.Digits())
	}
	return n
}

// drawSeed draws where the synthetic cards of a run begin, so that a second run
// against the same target does not meet the first one's tokens.
func drawSeed() uint64 {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return max(1, binary.BigEndian.Uint64(b[:])>>11)
}
