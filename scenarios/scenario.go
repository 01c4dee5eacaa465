// Package scenarios is the language of scenario files: it decodes, checks and
// compiles YAML into values the engine runs, and carries the library of ready
// scenarios.
//
// It must not run anything and knows no wire format: raw wire reasons are
// checked for shape only.
package scenarios

import (
	"regexp"
	"time"

	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/token"
)

// Scenario is one or more checked files, every name resolved. It is a value
// never changes after Compile.
type Scenario struct {
	Name        string // of several files: joined with "; "
	Description string
	Seed        uint64 // 0 when the file gives none
	Clock       Clock
	Requestors  []Requestor
	Accounts    []MerchantAccount
	Issuers     []Issuer
	Acquirers   []Acquirer // none: [DefaultAcquirers]
	Cards       []Card
	Rules       []Rule  // top to bottom, first match wins; those of personas last
	Timeline    []Entry // those of personas last
	Callbacks   Callbacks
	Switches    *Switches // nil: those of the default profile
	Play        []Step    // the story as somebody can perform it; may be empty
	Expect      Expect
	Text        Text // what it was compiled from; zero for one that a program made

	// Broken are the findings that keep it from running. Nothing else is set then,
	// and whoever would start it must refuse it; see [Scenario.Err].
	Broken Findings
}

// Err is nil for a scenario that can run; see [Findings.Err].
func (s Scenario) Err() error { return s.Broken.Err() }

// Clock is the `clock:` section: Mode is "system", "manual" or "" when absent;
// Start is zero when absent.
type Clock struct {
	Mode  string
	Start time.Time
}

// KeyUse says what a pair of API key and secret is for at Visa
// (docs/wire/vts.md "Authentication").
type KeyUse string

// The uses.
const (
	KeySigns    KeyUse = "sign"
	KeyEncrypts KeyUse = "encrypt"
	KeyDoesBoth KeyUse = "both"
)

// Requestor is a token requestor known to the networks.
type Requestor struct {
	Name       string
	TRID       map[token.Network]token.TRID
	Activation *time.Duration           // delay from provisioning to ACTIVE; nil: at once
	Notify     map[token.Network]string // base URL of its notice receiver
	Auth       string                   // verify, warn, off; "" verifies
	OneKey     bool                     // Visa: one API key signs and encrypts
	Further    []KeyUse                 // Visa: pairs that are live next to these, by what each is for
	RSA        bool                     // Visa: fields are encrypted under RSA-OAEP-256
	Relation   string                   // Visa: relationship id, sent in token notices
	Merchants  []string                 // ids of those that its tokens pay at; none: all
	Acquirers  []string                 // at which it has credentials, by name: all, as the sandbox fills in
	NotifyOwn  *bool                    // also tell it of changes it asked for itself; nil: as the network does
}

// Issuer is the bank behind a card.
type Issuer struct {
	Name       string
	Decision   token.Decision // "" approves
	Methods    []string       // step-up methods: sms, email, app, call, web, online-banking, customer-service
	Activation *time.Duration
	Flags      map[string]bool // of Visa's issuerFlags, by the names of fixtures.IssuerFlagNames; all others are true
	Payments   Payments
	StandIn    *int64 // amounts up to it are approved in its place, in the smallest unit; nil: it answers itself
	Endpoint   Endpoint
}

// Payments is how an issuer answers payments; the zero value approves.
type Payments struct {
	Declines token.Key // one of the issuer's reasons, "" for none
	Only     string    // "card" or "token": declines these alone; "" both
	Funds    *int64    // amounts above it, in the smallest unit, are declined
	Approves Rates
}

// Rates are how many of a hundred payments are approved; nil is all.
type Rates struct{ Card, Token *int }

// Acquirer takes payments for merchants, on terms of its own.
type Acquirer struct {
	Name        string
	Expires     time.Duration // after which what is not captured expires
	OverCapture int           // percent by which captures may exceed what is held
	LateCapture bool          // captures are taken after the expiry
	Clearing    time.Duration // from a capture or refund until the network has cleared it
	Settlement  time.Duration // from there until the money has moved
	Notify      string        // base URL of its merchants' notice receiver; "" for none, who are told nothing
}

// Card is a card number the scenario names.
type Card struct {
	Name       string
	Network    token.Network
	PAN        token.PAN
	Expiry     token.Expiry // never zero
	Issuer     string       // name of an Issuer, or ""
	Activation *time.Duration

	ExpiryGiven bool               // the file gives the expiry, and the issuer refuses another one
	Code        token.SecurityCode // likewise; "": any

	Product   fixtures.Category // "": as its issuer's other cards
	VectorArt bool              // card art is a PDF
	Flags     map[string]bool   // before the issuer's
	ECI       string            // of its Visa tokens' cryptograms; "": 07
	Status    string            // Visa's accountStatus; "": N
}

// Position is a place in a file; lines and columns start at 1.
type Position struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
}

// Rule decides what one kind of request meets.
type Rule struct {
	Name  string // unique in a scenario; "rule 3" when the file gives none
	At    Position
	When  When
	Times int // firings before it is used up; 0: never
	Then  Then
	Magic bool // built in: a magic card's or a persona's; expectations do not count it
}

// When holds what a request must be; empty members match anything.
type When struct {
	Operations []token.Operation
	Network    token.Network
	Cards      []token.PAN
	BINs       []string // leading digits, 4 to 10
	Tokens     []token.Ref
	Requestors []string
	Purchase   *Purchase // nil for any request
	Accounts   []string  // a request of an account, or of the requestor that asks the networks for it
	Header     []Match
	Query      []Match
	Body       []Match // by dotted path into the decoded, decrypted body
	Attempt    int     // the n-th request of (requestor, operation, card or token), from 1
}

// Then holds what a matching request meets; zero members change nothing.
type Then struct {
	Decision   token.Decision
	Error      token.Key // documented key or raw wire reason
	Status     int       // HTTP status instead of the error's own
	Delay      time.Duration
	Fault      token.Fault
	Commit     *bool // whether state changes although a fault strikes; nil: as the fault does
	RetryAfter time.Duration
	Body       *string           // raw body instead of the answer's; state changes as without it
	Respond    []byte            // JSON merge patch (RFC 7396) over the answer's JSON body
	Metadata   map[string]string // product fields shown in this answer, by the names of fixtures.ProductFields
	Notify     Variants          // variants of the notices that the request brings about, a pending activation's included
}

// Match is a condition on one header, query parameter or body member. Exactly
// one of Equals, Pattern and Present is set.
type Match struct {
	Name    string
	Equals  *string
	Pattern *regexp.Regexp // RE2, unanchored
	Present *bool
}

// Entry is one line of the timeline: when On happens, after After, Do.
type Entry struct {
	At        Position
	On        token.EventType
	Network   token.Network
	Card      token.PAN    // "" any
	Requestor string       // "" any
	Status    token.Status // of the token when the event happens; "" any. Personas ask for it, files cannot
	After     time.Duration
	Times     int // firings before it is used up; 0: never
	Action    Action
}

// Action is what the timeline or an operator does to a token or a card.
type Action struct {
	Do     string          // one of token.ActionNames
	By     token.Suspender // "" is the issuer
	Reason string          // issuer's reason code, [A-Z_]{1,32}
	Expiry token.Expiry    // update-expiry, replace-pan; zero: three years on
	PAN    token.PAN       // replace-pan; "": derived from a synthetic test range
	Notify Variants

	NewNumber bool // redigitize: a new number next to the new expiry
}

// Variants are what goes wrong with one notice; the zero value is well
// behaved. Those from BeforeResponse on are reported by [NoticeVariants].
type Variants struct {
	Duplicate int           // further identical deliveries
	Late      time.Duration // added to its due time
	Never     bool          // scheduled, never sent
	Reorder   bool          // swapped with the next notice of the same requestor

	BeforeResponse bool // delivered before the request that caused it is answered
	StaleTime      bool // an hour old: Visa's date and x-pay-token, Mastercard's statusTimestamp
	WrongSignature bool // Visa: x-pay-token made with another secret
	UnknownKey     bool // Visa: apiKey, Mastercard: an unknown publicKeyFingerprint
	CutCiphertext  bool // Mastercard: encryptedData ends half way
	UnknownField   bool // a further member in the body
	UnknownToken   bool // about a token or an enrolment that does not exist
	HugeBatch      bool // Mastercard: a thousand tokens, one of which exists
}

// Callbacks is the `callbacks:` section.
type Callbacks struct {
	Retry   []time.Duration // pauses before each retry, sandbox time; nil: the default
	Timeout time.Duration   // wall time to wait for an answer; 0: the default
	Order   NoticeOrder     // "": OrderAttempt
}

// NoticeOrder says what a notice waits for that follows another one of its token.
type NoticeOrder string

// Expect is the `expect:` section: what verify finds when all went as the
// author meant. The zero value expects nothing.
type Expect struct {
	Tokens     []ExpectTokens
	Callbacks  ExpectCallbacks
	FaultsUsed bool // `faults: all-used`: each rule with an error or a fault fired, as often as its times say
	RulesUsed  bool // `rules: all-used`: each rule fired at least once, and as often as its times say
}

// ExpectTokens is what is expected of the tokens of one card. With Count, so
// many tokens have the Status (any, if it is ""); without, there is at least
// one token and all have the Status.
type ExpectTokens struct {
	At     Position
	Card   token.PAN
	Count  *int
	Status token.Status
}

// ExpectCallbacks are the numbers of deliveries in each state; nil is any.
type ExpectCallbacks struct {
	Pending   *ExpectNumber
	Delivered *ExpectNumber
	Failed    *ExpectNumber
	Unrouted  *ExpectNumber
}

// ExpectNumber is a number that is expected, and where the file says so.
type ExpectNumber struct {
	At Position
	N  int
}
