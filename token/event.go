package token

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// EventType names something that happened to a token, a card or an account.
type EventType string

// The events (simulator-wide names; each face renders its own wire form).
const (
	TokenProvisioned    EventType = "token.provisioned"
	TokenActivated      EventType = "token.activated"
	TokenSuspended      EventType = "token.suspended"
	TokenResumed        EventType = "token.resumed"
	TokenDeleted        EventType = "token.deleted"
	TokenRedigitized    EventType = "token.redigitized"
	PANExpiryUpdated    EventType = "pan.expiry-updated"
	PANReplaced         EventType = "pan.replaced"
	CardMetadataUpdated EventType = "card.metadata-updated"
	AccountClosed       EventType = "account.closed"
	StepUpRequested     EventType = "step-up.requested"
	StepUpSelected      EventType = "step-up.selected"
	StepUpSucceeded     EventType = "step-up.succeeded"
	StepUpFailed        EventType = "step-up.failed"
	PaymentCaptured     EventType = "payment.captured"
	PaymentExpired      EventType = "payment.expired"
	PaymentCleared      EventType = "payment.cleared"
	PaymentSettled      EventType = "payment.settled"
	DisputeOpened       EventType = "dispute.opened"
	DisputeWon          EventType = "dispute.won"
	DisputeLost         EventType = "dispute.lost"
)

// What a token requestor that the simulator plays does in the background, as
// events of the same queue. They happen to no token and are told to nobody.
const (
	WorkProvision EventType = "requestor.provision" // a token is asked for
	WorkFindOut   EventType = "requestor.find-out"  // what became of a lost answer
)

// WorkTypes lists them.
func WorkTypes() []EventType { return []EventType{WorkProvision, WorkFindOut} }

// EventInfo is one row of the event table.
type EventInfo struct {
	Type   EventType `json:"event"`
	Do     string    `json:"do"` // the timeline action that brings it about
	at     []Network // where it can happen; nil is everywhere
	leaves []Status  // what the tokens it is about can be right after it
	About  string    `json:"about"`
}

// events follow docs/wire/vts.md "Life cycle", "Step-up" and docs/wire/mdes.md
// "Life cycle".
var events = []EventInfo{
	{TokenProvisioned, "", nil, []Status{Inactive, Active}, "a token was made"},
	{TokenActivated, "activate", nil, []Status{Active}, "an inactive token became active"},
	{TokenSuspended, "suspend", nil, []Status{Suspended}, "a party suspended a token"},
	{TokenResumed, "resume", nil, []Status{Active}, "the last suspension was lifted"},
	{TokenDeleted, "delete", nil, []Status{Deactivated}, "a token was deleted, for good"},
	{TokenRedigitized, Redigitize, nil, []Status{Inactive, Active, Suspended}, "a token got a new expiry, or a new number too; at Visa no notice"},
	{PANExpiryUpdated, "update-expiry", nil, Statuses(), "the card got a new expiry; tokens live on"},
	{PANReplaced, "replace-pan", nil, Statuses(), "the card got a new number; tokens live on"},
	{CardMetadataUpdated, "update-metadata", nil, Statuses(), "card art or issuer contacts changed"},
	{AccountClosed, "close-account", nil, []Status{Deactivated}, "the account was closed; its tokens are deleted"},
	{StepUpRequested, "", nil, []Status{Inactive, Active}, "the issuer asked for identification; no notice"}, // Mastercard's token is active meanwhile
	{StepUpSelected, "", []Network{Visa}, []Status{Inactive}, "a step-up method was chosen; no notice"},
	{StepUpSucceeded, "", []Network{Visa}, []Status{Active}, "the cardholder was identified; the activation is notified"},
	{StepUpFailed, "", []Network{Visa}, []Status{Inactive}, "a code was wrong or too late; no notice"},
	{PaymentCaptured, "", nil, Statuses(), "a merchant captured money of a payment; the acquirer notifies the merchant"},
	{PaymentExpired, "", nil, Statuses(), "a payment expired before all of it was captured; the acquirer notifies the merchant"},
	{PaymentCleared, "", nil, Statuses(), "the network cleared a capture or a refund; the acquirer notifies the merchant"},
	{PaymentSettled, "", nil, Statuses(), "the money of a capture or a refund moved; the acquirer notifies the merchant"},
	{DisputeOpened, "open-dispute", nil, Statuses(), "the cardholder disputes what was captured; the acquirer notifies the merchant"},
	{DisputeWon, "win-dispute", nil, Statuses(), "the merchant keeps the money; the acquirer notifies the merchant"},
	{DisputeLost, "lose-dispute", nil, Statuses(), "the cardholder has the money back; the acquirer notifies the merchant"},
}

// Redigitize gives a token a new expiry, or a new number too. Mastercard reports
// it (docs/wire/mdes.md "Notifications"); at Visa a requestor sees it when it reads
// the token (docs/wire/vts.md "Life cycle").
const Redigitize = "redigitize"

// Events returns a copy of the event table.
func Events() []EventInfo { return slices.Clone(events) }

// ActionNames lists what a timeline or an operator may do.
func ActionNames() []string {
	var names []string
	for _, e := range events {
		if e.Do != "" {
			names = append(names, e.Do)
		}
	}
	return names
}

// TokenActions lists those that act on a token; the others act on a card.
func TokenActions() []string {
	return slices.DeleteFunc(ActionNames(), func(do string) bool { return !EventOf(do).OfToken() })
}

// OfToken reports whether an event happens to a token, not to a card.
func (e EventType) OfToken() bool { return strings.HasPrefix(string(e), "token.") }

// OfPayment reports whether an event happens to a payment.
func (e EventType) OfPayment() bool {
	return e.OfDispute() || strings.HasPrefix(string(e), "payment.")
}

// OfDispute reports whether an event is a step of a payment's dispute.
func (e EventType) OfDispute() bool { return strings.HasPrefix(string(e), "dispute.") }

// EventOf returns the event that an action brings about, or "".
func EventOf(action string) EventType {
	for _, e := range events {
		if e.Do == action && action != "" {
			return e.Type
		}
	}
	return ""
}

// ActionOf returns the action that brings an event about, or "".
func ActionOf(event EventType) string {
	for _, e := range events {
		if e.Type == event {
			return e.Do
		}
	}
	return ""
}

// Event holds all that a notice about it will say, as it was when it happened.
// It is a value and is what gets stored; signing and encryption happen again at
// each attempt to deliver it.
type Event struct {
	ID        string       `json:"id"` // derived, stable over attempts; 32 hex digits
	Type      EventType    `json:"type"`
	Network   Network      `json:"network"`
	Sandbox   string       `json:"sandbox"`
	Requestor string       `json:"requestor"` // name, not TRID
	At        time.Time    `json:"at"`        // sandbox time
	By        Suspender    `json:"by,omitempty"`
	Reason    string       `json:"reason,omitempty"` // issuer's reason, "SUSPECTED_FRAUD"
	Token     TokenState   `json:"token,omitzero"`
	Card      AccountState `json:"card,omitzero"`
	Variants  []string     `json:"variant,omitempty"` // what the renderer makes wrong

	// Party is the face that reports the event or, where it is work and no notice,
	// does it; "" is that of the network. A token requestor that the simulator plays
	// has its own, and names the account and what of it the event is about.
	Party   string `json:"party,omitempty"`
	Account string `json:"account,omitempty"`
	Subject string `json:"subject,omitempty"`

	Payment PaymentState `json:"payment,omitzero"`
}

// PaymentState is what a notice may say of a payment.
type PaymentState struct {
	ID          string `json:"id"`
	Acquirer    string `json:"acquirer"`
	Reference   string `json:"reference,omitempty"` // the merchant's own
	Merchant    string `json:"merchant"`            // its id
	Transaction string `json:"transaction"`         // the network's
	Status      string `json:"status"`
	Currency    string `json:"currency"`
	Held        int64  `json:"held"`
	Captured    int64  `json:"captured"`
	Refunded    int64  `json:"refunded"`
	Entry       string `json:"entry,omitempty"`   // id of the capture or refund that the event is about
	Act         string `json:"act,omitempty"`     // capture or refund, or the state of the dispute
	Amount      int64  `json:"amount,omitempty"`  // of the entry or the dispute
	Dispute     string `json:"dispute,omitempty"` // its id, where the event is about one
}

// The variants that change what a notice says; those of delivery, like
// duplicate and late, concern the queue alone. A renderer ignores a variant that
// has no meaning on its network's wire.
const (
	VariantStaleTime      = "stale-time"
	VariantWrongSignature = "wrong-signature"
	VariantUnknownKey     = "unknown-key"
	VariantUnknownToken   = "unknown-token"
	VariantUnknownField   = "unknown-field"
	VariantCutCiphertext  = "cut-ciphertext"
	VariantHugeBatch      = "huge-batch"
)

// Has reports whether a variant is asked for.
func (e Event) Has(variant string) bool { return slices.Contains(e.Variants, variant) }

// TokenState is what a notice may say of a token.
type TokenState struct {
	Ref         Ref        `json:"ref"`
	TRID        TRID       `json:"trid"`
	Status      Status     `json:"status"`
	SuspendedBy Suspenders `json:"suspendedBy,omitempty"`
	StatusAt    time.Time  `json:"statusAt"`
	Last4       string     `json:"last4"`
	Expiry      Expiry     `json:"expiry"`
	Number      TokenPAN   `json:"-"`                 // only where the event gave the token a new one
	Env         string     `json:"env,omitempty"`     // the network's environment, a segment of its URLs: static, mtf or ""
	ReplyTo     string     `json:"replyTo,omitempty"` // URL of a receiver that the request which made the token named
}

// AccountState is what a notice may say of the card behind a token.
type AccountState struct {
	Ref      CardRef `json:"ref"` // the requestor's handle of the card
	First6   string  `json:"first6"`
	Last4    string  `json:"last4"`
	Expiry   Expiry  `json:"expiry"`
	Issuer   string  `json:"issuer,omitempty"` // in the scenario
	Revision int     `json:"revision"`         // of the product configuration: art and contacts
}

// Face names the party that reports the event: the network's own, unless another
// one does.
func (e Event) Face() string { return cmp.Or(e.Party, string(e.Network)) }
