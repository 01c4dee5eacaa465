package sandbox

import (
	"time"

	"github.com/pantomime-dev/pantomime/simulator/outcome"
	"github.com/pantomime-dev/pantomime/simulator/vault"
	"github.com/pantomime-dev/pantomime/token"
)

// Call is one authenticated, decrypted, well-formed request, in the words of
// the domain. Members that an operation does not use are ignored.
type Call struct {
	Op        token.Operation
	Requestor string // name

	Card         CardInput
	Enrolment    token.CardRef // enrolment named by the request
	Token        token.Ref     // token named by the request
	Tokens       []token.Ref   // Mastercard's batches, at most ten
	Wallet       string        // Visa's clientWalletAccountID
	Presentation string        // Visa's presentationType
	TaskID       string        // Mastercard's taskId
	Env, ReplyTo string        // Mastercard's URL segment and responseHost
	By           token.Suspender
	Reason       string
	Asset        string
	FromToken    token.TokenPAN // the account is given by a token's number instead of a card's
	Method       string         // step-up method chosen, as scenarios name it
	Code         string         // one-time password or issuer app's code
	Brief        bool           // Mastercard's getToken without the token's details

	// Refused is what the face found wrong after it had read whose task this is;
	// the step then does nothing but keep the task's record.
	Refused *token.Problem
	Request outcome.Request // what header, query and body conditions look at
}

// CardInput is a card as a request carries it. A security code is judged
// before the call and never reaches it.
type CardInput struct {
	PAN    token.PAN
	Expiry token.Expiry
}

// Result is what the step found or did. With Problem set only Rule, Facts and
// Entity are meaningful beside it.
type Result struct {
	Problem  *token.Problem
	Decision token.Decision

	Enrolment vault.Enrolment
	Card      vault.Card
	Token     vault.Token
	Outcomes  []Outcome // batches and searches, in the order asked or made
	Task      vault.Task
	Methods   []string // step-up methods, when Decision is StepUp
	Repeat    bool     // an earlier token was handed out again

	PaymentID string  // 32 hex digits, one per cryptogram
	Random    [4]byte // derived, one per cryptogram
	StepUp    vault.StepUp

	At        time.Time // sandbox time of the step
	RuleID    string
	Rule      string
	Entity    string // names the requestor's card for ordering; not a card number
	EntitySeq uint32
}

// Outcome is the result for one token of a batch.
type Outcome struct {
	Ref     token.Ref
	Token   vault.Token
	Card    vault.Card
	Problem *token.Problem
}

// Plan is what shall happen to the answer on the wire, in wall time.
type Plan struct {
	Delay      time.Duration
	Fault      token.Fault
	Status     int // HTTP status instead of the usual one; 0: the usual
	RetryAfter time.Duration
	Body       *string           // raw body instead of the answer's
	Patch      []byte            // JSON merge patch over the answer
	Metadata   map[string]string // product fields to show in this answer
	// NoticesFirst asks to answer only after [Sandbox.Quiet]: a timeline wants
	// the requestor to hear of the change before its own request is answered.
	NoticesFirst bool
}

func planOf(r outcome.Rule) Plan {
	t := r.Then
	return Plan{
		Delay: t.Delay, Fault: t.Fault, Status: t.Status, RetryAfter: t.RetryAfter,
		Body: t.Body, Patch: t.Respond, Metadata: t.Metadata,
	}
}
