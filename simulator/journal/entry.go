// Package journal keeps what was asked and answered in one sandbox, masked
// before it is stored, and searches it.
//
// It never holds a card number, a key, a security code, a cryptogram or
// ciphertext, and it is bounded in bytes: old entries go first, and it says so.
package journal

import (
	"time"

	"github.com/pantomime-dev/pantomime/simulator/token"
)

// Entry is one exchange on the network door.
type Entry struct {
	ID        string          `json:"id"` // "r-17", unique in its sandbox
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

	Request  Message `json:"request"`
	Response Message `json:"response"`

	Rule     string         `json:"rule,omitempty"` // rule that applied
	RuleID   string         `json:"ruleId,omitempty"`
	Decision token.Decision `json:"decision,omitempty"`
	Problem  token.Key      `json:"problem,omitempty"`
	Detail   string         `json:"detail,omitempty"`
	Fault    token.Fault    `json:"fault,omitempty"`
	Delay    time.Duration  `json:"delayNs,omitempty"`
	Tokens   []token.Ref    `json:"tokens,omitempty"`
	Checks   token.Checks   `json:"checks,omitempty"`
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

// What the parts of an entry occupy on the heap without their texts, measured
// and rounded up.
const (
	sizeOfEntry = 900 // with ids, time stamps and the lists' own headers
	sizeOfCheck = 112
)

// size estimates what an entry occupies.
func (e *Entry) size() int {
	n := sizeOfEntry + len(e.Detail) + len(e.Rule) + sizeOfCheck*cap(e.Checks)
	for _, m := range [...]*Message{&e.Request, &e.Response} {
		n += len(m.Body) + len(m.Path) + len(m.Query) + 64*len(m.Header)
		for _, p := range m.Clear {
			n += len(p.Body) + 32
		}
	}
	return n
}
