package token

import "time"

// Plan is what shall happen to an answer on the wire, in wall time, because a
// rule says so. The zero Plan changes nothing.
type Plan struct {
	Delay      time.Duration // before the answer
	Fault      Fault
	Status     int // HTTP status instead of the usual one; 0: the usual
	RetryAfter time.Duration
	Body       *string           // raw body instead of the answer's
	Patch      []byte            // JSON merge patch (RFC 7396) over the answer
	Metadata   map[string]string // product fields to show in this answer
	// NoticesFirst asks to answer only when the notices that are due have left:
	// a timeline wants the requestor to hear of the change before its own request
	// is answered.
	NoticesFirst bool
}

// Note is what the step says of itself for the journal.
type Note struct {
	At        time.Time // sandbox time of the step
	RuleID    string    // of the rule that applied, "" for none
	Rule      string    // its name
	Decision  Decision  // of a provisioning
	Entity    string    // names the requestor's card for ordering; not a card number
	EntitySeq uint32    // the request's number among those about it
	Tokens    []Ref     // tokens that the step found or made
	Attempt   int       // how many such requests there were, this one included
	Change    uint64    // number of the change that the step is
	Work      Work      // "" where there was no step
	Legs      []Leg     // what other parties heard of it
}

// Leg is what one party tells another on account of a request.
type Leg struct {
	From  string    `json:"from"` // "visa"
	To    string    `json:"to"`   // "issuer", or "issuer careful" by its name in the scenario
	Event EventType `json:"event"`
	Token Ref       `json:"token"`
}

// String shows the leg in words.
func (l Leg) String() string {
	return l.From + " notified " + l.To + " of " + string(l.Event) + ", token " + string(l.Token)
}
