package requestor

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pantomime-dev/pantomime/token"
)

// State is how long a payment method is kept.
type State string

// The states.
const (
	Cached   State = "cached"   // until somebody forgets it
	Retained State = "retained" // for good
	Redacted State = "redacted" // its card is gone
)

// Method is a payment method: a card that a merchant has stored, and its token.
type Method struct {
	Token   string // names it; 27 letters and digits
	Account string
	State   State
	PAN     token.PAN    // "" of a redacted one
	Expiry  token.Expiry `json:",omitzero"`
	Holder  string
	Network token.Network // "" for a brand that is not tokenized here
	Made    time.Time
	Changed time.Time

	Holds    *NetworkToken // nil while it has none
	Pending  *Pending      // a provisioning whose answer was lost; nil for none
	Waiting  bool          // provisioning in the background has not begun
	Deleting []token.Ref   // tokens to be deleted at the network
	Findings []Finding     // newest last, at most 20
	Tally    Tally
	First    map[string]string `json:",omitempty"` // the network's transaction id of its first payment, by merchant

	Begun     int // provisionings
	Orders    int // cryptograms asked for
	Works     int // things done in the background
	Questions int // what networks were asked for that changes nothing
}

// NetworkToken is a token as far as its requestor knows it.
type NetworkToken struct {
	Ref       token.Ref
	Status    token.Status // "" before the network has reported any
	WasActive bool
	Reason    string         // of a suspension
	Number    token.TokenPAN // "" before a cryptogram was asked for
	Last4     string
	Expiry    token.Expiry  `json:",omitzero"`
	Card      token.CardRef // the handle of the card's enrolment
	At        time.Time     // when it was made
	Heard     time.Time     // when the network was last asked for it
}

// Usable reports whether payments can be made with it.
func (t *NetworkToken) Usable() bool { return t != nil && t.Status == token.Active }

// Pending is a provisioning that began and whose end is unknown.
type Pending struct {
	Since time.Time
	N     int // which provisioning of the method it is
	Key   token.Key
	Lost  *Failure `json:",omitempty"` // how it was counted; nil while nothing got lost
}

// Finding is something that a merchant's operator has to know of.
type Finding struct {
	At      time.Time   `json:"at"`
	Kind    FindingKind `json:"kind"`
	Method  string      `json:"method,omitempty"`
	Token   token.Ref   `json:"token,omitempty"`   // absent while it is not known
	Payment string      `json:"payment,omitempty"` // the acquirer's id; absent where none was heard
	Says    string      `json:"says"`
	Settled string      `json:"settled,omitempty"` // how it came out; absent while it is open
}

// FindingKind names a kind of findings.
type FindingKind string

// The kinds.
const (
	LostAnswer   FindingKind = "lost-answer"   // a network may have done what no answer said
	UnknownToken FindingKind = "unknown-token" // a network reports a token that no payment method has
	NotDeleted   FindingKind = "not-deleted"   // a token could not be deleted yet
	LostPayment  FindingKind = "lost-payment"  // an acquirer may have done what no answer said
)

// maxFindings is how many a payment method keeps.
const maxFindings = 20

// find adds a finding.
func (m *Method) find(f Finding) {
	f.Method = m.Token
	m.Findings = append(m.Findings, f)
	if over := len(m.Findings) - maxFindings; over > 0 {
		m.Findings = slices.Delete(m.Findings, 0, over)
	}
}

// open reports whether there is an open finding of a kind about a token.
func (m *Method) open(kind FindingKind, ref token.Ref) bool {
	return slices.ContainsFunc(m.Findings, func(f Finding) bool { return f.Kind == kind && f.Token == ref && f.Settled == "" })
}

// settle closes the open findings of a kind.
func (m *Method) settle(kind FindingKind, ref token.Ref, how string) {
	for i := range m.Findings {
		if f := &m.Findings[i]; f.Kind == kind && f.Settled == "" && (f.Token == "" || f.Token == ref) {
			f.Token, f.Settled = ref, how
		}
	}
}

// kept is a payment method as a record. The types of card numbers print masked,
// so that the number is next to it.
type kept struct {
	Method
	Number, TokenNumber string
}

// tries is how often a change is tried when others change the same record.
const tries = 100

func methodKey(account, name string) string { return "method/" + account + "/" + name }

// load finds a payment method and its version.
func (q *Requestor) load(name string) (Method, uint64, error) {
	raw, number := q.world.Record(methodKey(q.name, name))
	if raw == nil {
		return Method{}, 0, fmt.Errorf("%q: %w", token.Scrub(name), ErrMethod)
	}
	var k kept
	if err := json.Unmarshal(raw, &k); err != nil {
		return Method{}, 0, fmt.Errorf("payment method %q: %w", name, err)
	}
	if k.PAN = token.PAN(k.Number); k.Holds != nil {
		k.Holds.Number = token.TokenPAN(k.TokenNumber)
	}
	return k.Method, number, nil
}

// save keeps a payment method in the place of a version of it.
func (q *Requestor) save(m Method, expect uint64) error {
	m.Changed = q.world.Now()
	k := kept{Method: m, Number: m.PAN.Digits()}
	if m.Holds != nil {
		k.TokenNumber = m.Holds.Number.Digits()
	}
	raw, err := json.Marshal(k)
	if err != nil {
		return err
	}
	_, err = q.world.Put(methodKey(q.name, m.Token), raw, expect)
	return err
}

// change edits a payment method as it is now; edit may run several times.
func (q *Requestor) change(name string, edit func(*Method)) (Method, error) {
	for range tries {
		m, number, err := q.load(name)
		if err != nil {
			return m, err
		}
		edit(&m)
		if err = q.save(m, number); !errors.Is(err, ErrChanged) {
			return m, err
		}
	}
	return Method{}, fmt.Errorf("payment method %q: %w", name, ErrChanged)
}

// Method finds a payment method of the account.
func (q *Requestor) Method(name string) (Method, error) {
	m, _, err := q.load(name)
	return m, err
}

// Methods lists all payment methods of the account, redacted ones included.
func (q *Requestor) Methods() []Method {
	prefix := methodKey(q.name, "")
	var all []Method
	for _, key := range q.world.Keys(prefix) {
		if m, _, err := q.load(strings.TrimPrefix(key, prefix)); err == nil {
			all = append(all, m)
		}
	}
	return all
}
