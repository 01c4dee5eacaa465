// Package journal keeps what was asked and answered in one sandbox, masked
// before it is stored, and searches it.
//
// It never holds a card number, a key, a security code, a cryptogram or
// ciphertext, and it is bounded in bytes: old entries go first, and it says so.
package journal

import (
	"time"

	"github.com/pantomime-dev/pantomime/token"
)

// About is what an exchange was about and what became of it.
type About struct {
	Sandbox   string          `json:"sandbox"`
	Network   token.Network   `json:"network,omitempty"`
	Op        token.Operation `json:"operation,omitempty"`
	Requestor string          `json:"requestor,omitempty"`
	At        time.Time       `json:"at"`   // sandbox time
	Wall      time.Time       `json:"wall"` // real time of arrival
	Took      time.Duration   `json:"tookNs"`
	Trace     string          `json:"trace,omitempty"` // trace id of traceparent

	// Entity and EntitySeq order entries independently of scheduling: the
	// requestor's card, and the number of the request among those about it.
	Entity    string `json:"entity,omitempty"`
	EntitySeq uint32 `json:"entitySeq,omitempty"`

	Rule     string         `json:"rule,omitempty"` // rule that applied
	RuleID   string         `json:"ruleId,omitempty"`
	Decision token.Decision `json:"decision,omitempty"`
	Problem  token.Key      `json:"problem,omitempty"`
	Detail   string         `json:"detail,omitempty"`
	Fault    token.Fault    `json:"fault,omitempty"`
	Delay    time.Duration  `json:"delayNs,omitempty"`
	Tokens   []token.Ref    `json:"tokens,omitempty"`
	Attempt  int            `json:"attempt,omitempty"` // how many such requests there were, this one included
	Change   uint64         `json:"change,omitempty"`  // number of the change that it made
	Work     token.Work     `json:"work,omitempty"`
	Legs     []token.Leg    `json:"legs,omitempty"` // what other parties heard of it
	Checks   token.Checks   `json:"checks,omitempty"`
}

// Fact is a value of the request that rules asked for. Hidden ones are masked, so
// that nothing can be compared with them any more.
type Fact struct {
	token.Fact
	Hidden bool `json:"hidden,omitempty"`
}

// Entry is one exchange on the network door as it is kept.
type Entry struct {
	ID string `json:"id"` // "r-17", unique in its sandbox
	About
	Request  Message `json:"request"`
	Response Message `json:"response"`
	Facts    []Fact  `json:"facts,omitempty"` // what rules asked of the request
}

// Message is a request or an answer as a person may read it.
type Message struct {
	Method string            `json:"method,omitempty"`
	Path   string            `json:"path,omitempty"`
	Query  string            `json:"query,omitempty"`
	Header map[string]string `json:"header,omitempty"`
	Status int               `json:"status,omitempty"`
	Body   string            `json:"body,omitempty"`  // masked; ciphertext replaced
	Clear  []Part            `json:"clear,omitempty"` // what the ciphertext held, masked
	Size   int               `json:"size"`            // bytes on the wire
}

// Part is the clear text of one encrypted field.
type Part struct {
	Field string `json:"field"`
	Body  string `json:"body"`
}

// Draft is an exchange while it happens, with everything as it is on the wire.
// It must not be printed or kept; [Journal.Add] masks it as it stores it.
type Draft struct {
	About
	Request, Response Raw
	Facts             []token.Fact // what rules asked of the request
}

// Raw is a message as it is on the wire.
type Raw struct {
	Method, Path, Query string
	Header              []Field
	Status              int
	Body                []byte
	Clear               []RawPart // in the order it was opened or sealed
	Size                int       // bytes on the wire; Body may be cut
}

// Field is a header field.
type Field struct {
	Name, Value string
	Secret      bool // what stands there is kept from the journal
}

// RawPart is the clear text of one encrypted field, by its dotted path.
type RawPart struct {
	Field string
	Body  []byte
}

// String keeps a draft out of logs.
func (Draft) String() string { return token.Secret }

// GoString does so in %#v.
func (Draft) GoString() string { return token.Secret }
