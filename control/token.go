package control

import (
	"time"

	"github.com/pantomime-dev/pantomime/token"
)

// Token is a network token. Its number is masked.
type Token struct {
	Ref          token.Ref        `json:"ref"`
	Network      token.Network    `json:"network"`
	Requestor    string           `json:"requestor"`
	TRID         token.TRID       `json:"trid"`
	CardRef      token.CardRef    `json:"cardRef"` // the requestor's handle of the card
	Card         CardRef          `json:"card"`
	Number       string           `json:"number"` // masked
	Expiry       token.Expiry     `json:"expiry"`
	Status       token.Status     `json:"status"`
	SuspendedBy  token.Suspenders `json:"suspendedBy,omitempty"`
	StatusAt     time.Time        `json:"statusAt"` // sandbox time
	StepUp       bool             `json:"stepUp,omitempty"`
	ATC          uint16           `json:"atc"` // transaction counter of the last cryptogram
	Presentation string           `json:"presentation,omitempty"`
}

// Story is all that happened to a token, in order.
type Story struct {
	Token   Token       `json:"token"`
	Lines   []StoryLine `json:"lines"`
	Dropped uint64      `json:"dropped,omitempty"` // lines of the sandbox, of any token, dropped for lack of space
}

// StoryLine is a thing that happened to a token, or a request about it: Event or
// Request is given.
type StoryLine struct {
	At    time.Time `json:"at"` // sandbox time
	Token token.Ref `json:"token"`

	Event   token.EventType `json:"event,omitempty"`
	By      token.Suspender `json:"by,omitempty"`
	Reason  string          `json:"reason,omitempty"`
	Cause   *Cause          `json:"cause,omitempty"`
	Notices []StoryNotice   `json:"notices,omitempty"`

	Request   string          `json:"request,omitempty"` // id of the exchange
	Operation token.Operation `json:"operation,omitempty"`
	Requestor string          `json:"requestor,omitempty"`
	Status    int             `json:"status,omitempty"` // of the answer; absent when none left
	Problem   token.Key       `json:"problem,omitempty"`
	Detail    string          `json:"detail,omitempty"`
	Rule      string          `json:"rule,omitempty"`
	Fault     token.Fault     `json:"fault,omitempty"`
	Work      token.Work      `json:"work,omitempty"`
}

// Cause is what brought an event about.
type Cause struct {
	Kind      token.OriginKind `json:"kind"`
	Operation token.Operation  `json:"operation,omitempty"` // of a request
	Place     string           `json:"place,omitempty"`     // of a timeline's entry: "wallet.yaml:12:5"
}

// StoryNotice is a notice that reported an event.
type StoryNotice struct {
	ID       string `json:"id"`
	State    string `json:"state"`
	Attempts int    `json:"attempts,omitempty"`
}

// CardRef names a card without its number.
type CardRef struct {
	Name   string    `json:"name,omitempty"`   // in the scenario
	Listed string    `json:"listed,omitempty"` // among the cards every sandbox knows: test/visa/1
	PAN    string    `json:"pan"`              // masked
	PAR    token.PAR `json:"par"`
}

// Best is the name to show and to use in commands.
func (c CardRef) Best() string {
	for _, name := range [...]string{c.Name, c.Listed, string(c.PAR)} {
		if name != "" {
			return name
		}
	}
	return c.PAN
}

// Card is a card that the sandbox has seen or that its scenario names.
type Card struct {
	CardRef
	Network token.Network `json:"network"`
	Expiry  token.Expiry  `json:"expiry"`
	Issuer  string        `json:"issuer,omitempty"`
	Product int           `json:"product"` // revision of card art and contacts
	Closed  bool          `json:"closed,omitempty"`
	Tokens  int           `json:"tokens"` // live ones, of all requestors
}

// Variants say what is wrong with a notice; the zero value is a correct one.
type Variants struct {
	Duplicate int      `json:"duplicate,omitempty"` // further identical deliveries
	Late      Duration `json:"late,omitempty"`      // sandbox time by which it comes late
	Never     bool     `json:"never,omitempty"`     // scheduled, never sent
	Reorder   bool     `json:"reorder,omitempty"`   // swapped with the requestor's next one
	// Variant names what is wrong in the notice: stale-time, wrong-signature,
	// unknown-key, cut-ciphertext, unknown-field, unknown-token, huge-batch.
	Variant []string `json:"variant,omitempty"`
	// Hostile is the former name of Variant, read for one more release.
	//
	// Deprecated: use Variant. No answer has it.
	Hostile []string `json:"hostile,omitempty"`
}

// Transition moves a token as its issuer, or as By says.
type Transition struct {
	Do        string `json:"do"`                  // activate, suspend, resume, delete or redigitize
	By        string `json:"by,omitempty"`        // issuer (also when empty), requestor, cardholder
	Reason    string `json:"reason,omitempty"`    // SUSPECTED_FRAUD
	NewNumber bool   `json:"newNumber,omitempty"` // redigitize: a new number next to the new expiry
	Variants
}

// CardChange changes a card as its issuer. Members that a change has no use
// for are refused.
type CardChange struct {
	PAN    string       `json:"pan,omitempty"`    // reissue: the new number; empty: one from a test range
	Expiry token.Expiry `json:"expiry,omitzero"`  // reissue, new-expiry: "MM/YY"; empty: three years on
	Reason string       `json:"reason,omitempty"` // close: reported with the deletion of each token
	Variants
}

// Event brings an event about by doing what leads to it.
type Event struct {
	Event     token.EventType `json:"event"`
	Card      string          `json:"card,omitempty"` // name, listed name or PAR; this or Token
	Token     token.Ref       `json:"token,omitempty"`
	Payment   string          `json:"payment,omitempty"` // id of a payment, for its events; this or Card or Token, which mean the newest
	By        string          `json:"by,omitempty"`
	Reason    string          `json:"reason,omitempty"`
	Expiry    token.Expiry    `json:"expiry,omitzero"`     // of the card, for pan.expiry-updated and pan.replaced
	NewNumber bool            `json:"newNumber,omitempty"` // of the token, for token.redigitized
	Variants
}

// Effect says what an action changed and which notices it scheduled.
type Effect struct {
	At        time.Time  `json:"at"` // sandbox time
	Tokens    []Token    `json:"tokens"`
	Card      *Card      `json:"card,omitempty"`
	Callbacks []Callback `json:"callbacks"`
}

// Callback is a notice on its way to a requestor.
type Callback struct {
	ID       string      `json:"id"` // 32 hex digits, the same over all attempts
	State    string      `json:"state"`
	Event    token.Event `json:"event"`
	Target   string      `json:"target,omitempty"` // base URL; empty when unrouted
	Due      time.Time   `json:"due"`              // sandbox time of the next attempt
	Attempts []Attempt   `json:"attempts,omitempty"`
}

// Attempt is what happened once.
type Attempt struct {
	N      int       `json:"n"`
	At     time.Time `json:"at"`               // sandbox time
	URL    string    `json:"url"`              // query values but kind and API key are *
	Status int       `json:"status,omitempty"` // absent when no answer came
	Error  string    `json:"error,omitempty"`  // why no answer came
	Took   Duration  `json:"took"`             // wall time
	Next   time.Time `json:"next,omitzero"`    // when it will be tried again
	Body   string    `json:"body,omitempty"`   // what was sent, decrypted and masked
}
