package sandbox

import (
	"slices"

	"github.com/pantomime-dev/pantomime/simulator/authorization"
	"github.com/pantomime-dev/pantomime/simulator/outcome"
	"github.com/pantomime-dev/pantomime/simulator/vault"
	"github.com/pantomime-dev/pantomime/token"
)

// Call is one authenticated, decrypted, well-formed request, in the words of
// the domain. It is a plain value: nothing in it leads back to a face.
type Call struct {
	Op        token.Operation
	Network   token.Network // whose cards and tokens it is about; "" is the operation's own
	Effect    Effect        // what the operation does, as its row in the face says
	Requestor string        // name
	Account   string        // of a merchant at the requestor, for a request to the requestor itself; "" at a network
	Facts     []token.Fact  // what [Sandbox.Asks] asked for

	Subject
	Making
	Cause
	Identification
	*Paying      // nil but at an acquirer
	Brief   bool // only the state of a token is wanted, nothing of it sealed

	// Refused is what the face found wrong after it had read whose task this is;
	// the step then does nothing but keep the task's record.
	Refused *token.Problem
}

// Subject is whom or what a request is about. At most one member besides Card
// is given.
type Subject struct {
	Card      CardInput
	Enrolment token.CardRef
	Token     token.Ref
	Tokens    []token.Ref    // of a batch, at most ten
	Payment   string         // that was authorized, by its id
	FromToken token.TokenPAN // the account is given by a token's number instead of a card's
}

// CardInput is a card as a request carries it. Its security code is compared and
// goes no further.
type CardInput struct {
	PAN    token.PAN
	Expiry token.Expiry
	Code   token.SecurityCode
}

// Making says how an enrolment or a token is to be made.
type Making struct {
	Wallet       string // the requestor's account of the cardholder
	Presentation string // how the token will be presented; a card has one live token for each
	TaskID       string // the requestor's own id of the request
	Pushed       bool   // the issuer pushed the card, so the requestor did not ask by itself
	Env, ReplyTo string // the network's environment, and where notices go instead of the usual place
}

// Cause is who causes a change and why.
type Cause struct {
	By     token.Suspender
	Reason string
}

// Identification is how a cardholder is identified.
type Identification struct {
	Method string // chosen, as scenarios name it
	Code   string // one-time password or issuer app's code
}

// Paying is what only the requests at an acquirer say.
type Paying struct {
	Charge
	Asking   authorization.Asking // of what a merchant does with a payment
	Acquirer string               // by name; who asks for a payment, or acts on one
	Once     Once
}

// Charge is a payment that an acquirer asks for, of the card or of the token
// whose number is given.
type Charge struct {
	Amount     authorization.Amount
	Merchant   authorization.Merchant
	Expiry     token.Expiry     // of the token
	Cryptogram token.Cryptogram // of a token's payment
	ECI        token.ECI        // likewise; shown, not judged
	Reference  string           // the merchant's own
	Partial    bool             // less than the amount will do
	Previous   string           // the network's transaction id of an earlier payment, on which this one rests
}

// Once names a request, so that it has its effect once however often it comes.
type Once struct {
	Key    string // "" for a request without a name
	Digest string // of the request
}

// Result is what the step found or did. With Problem set, of the rest only the
// note and the story count.
type Result struct {
	token.Note
	Problem *token.Problem

	Found
	Each    []Outcome // batches and searches, in the order asked or made
	Repeat  bool      // an earlier token was handed out again
	Task    vault.Task
	Payment Payment
	StepUp  StepUp

	Paid  *Paid        // nil but at an acquirer
	Story token.Checks // of a payment: what network and issuer looked at, in order, whatever came of it
}

// Paid is a payment and what came of a request about it.
type Paid struct {
	authorization.Authorization                     // after the step
	Entry                       authorization.Entry // ID and amount of any act
}

// Found is whom or what the request was about, as it is after the step.
type Found struct {
	Card      vault.Card
	Enrolment vault.Enrolment
	Token     vault.Token
}

// Payment is what a cryptogram is made of, besides its token.
type Payment struct {
	ID     string  // 32 hex digits, one per cryptogram
	Random [4]byte // derived, one per cryptogram
}

// StepUp is what the identification of a cardholder needs.
type StepUp struct {
	Methods []string // on offer
	State   vault.StepUp
}

// Outcome is the result for one token of a batch.
type Outcome struct {
	Ref     token.Ref
	Token   vault.Token
	Problem *token.Problem
}

// note completes the note with the tokens found or made. That of a declined payment
// is in it already, as of all that is refused.
func (r *Result) note(n token.Note) {
	n.Decision = r.Decision
	if r.Token.Ref != "" && !slices.Contains(n.Tokens, r.Token.Ref) {
		n.Tokens = append(n.Tokens, r.Token.Ref)
	}
	for _, o := range r.Each {
		if o.Token.Ref != "" { // not what a caller took for a reference
			n.Tokens = append(n.Tokens, o.Token.Ref)
		}
	}
	r.Note = n
}

func planOf(r outcome.Rule) token.Plan {
	t := r.Then
	return token.Plan{
		Delay: t.Delay, Fault: t.Fault, Status: t.Status, RetryAfter: t.RetryAfter,
		Body: t.Body, Patch: t.Respond, Metadata: t.Metadata,
	}
}
