package control

import (
	"time"

	"github.com/pantomime-dev/pantomime/token"
)

// Exchange is one request on the network door with its answer, masked.
type Exchange struct {
	ID        string          `json:"id"` // "r-17"
	Sandbox   string          `json:"sandbox"`
	Network   token.Network   `json:"network,omitempty"`
	Operation token.Operation `json:"operation,omitempty"`
	Requestor string          `json:"requestor,omitempty"`
	At        time.Time       `json:"at"`   // sandbox time
	Wall      time.Time       `json:"wall"` // real time of arrival
	Took      Duration        `json:"took"`
	Trace     string          `json:"trace,omitempty"`
	Request   Message         `json:"request"`
	Response  Message         `json:"response"`
	Rule      string          `json:"rule,omitempty"` // name of the rule that applied
	RuleID    string          `json:"ruleId,omitempty"`
	Decision  token.Decision  `json:"decision,omitempty"`
	Problem   token.Key       `json:"problem,omitempty"`
	Detail    string          `json:"detail,omitempty"`
	Fault     token.Fault     `json:"fault,omitempty"`
	Delay     Duration        `json:"delay,omitempty"`
	Tokens    []token.Ref     `json:"tokens,omitempty"`
	Work      token.Work      `json:"work,omitempty"` // whether what was asked was done, whatever answer left
	Legs      []token.Leg     `json:"legs,omitempty"` // what other parties heard of it
	Checks    token.Checks    `json:"checks,omitempty"`
}

// Message is one half of an exchange.
type Message struct {
	Method string            `json:"method,omitempty"`
	Path   string            `json:"path,omitempty"`
	Query  string            `json:"query,omitempty"`
	Header map[string]string `json:"header,omitempty"`
	Status int               `json:"status,omitempty"`
	Body   string            `json:"body,omitempty"`  // numbers masked, ciphertext left out
	Clear  []Part            `json:"clear,omitempty"` // what the ciphertext held, masked
	Size   int               `json:"size"`            // bytes on the wire
}

// Part is the clear text of one encrypted field.
type Part struct {
	Field string `json:"field"`
	Body  string `json:"body"`
}

// Verdict says in a word how an exchange ended.
type Verdict string

// The verdicts.
const (
	VerdictAnswered Verdict = "answered" // as the client asked
	VerdictCheck    Verdict = "check"    // a check of signature, encryption or form refused it
	VerdictRule     Verdict = "rule"     // a rule made it fail
	VerdictRefused  Verdict = "refused"  // the state of card or token forbade it
	VerdictDeclined Verdict = "declined" // the issuer said no
	VerdictFault    Verdict = "fault"    // a fault struck the answer on the wire, or its client had left
)

// Explanation says why an exchange ended as it did.
type Explanation struct {
	ID        string          `json:"id"`
	Sandbox   string          `json:"sandbox"`
	Network   token.Network   `json:"network,omitempty"`
	Operation token.Operation `json:"operation,omitempty"`
	Requestor string          `json:"requestor,omitempty"` // who asked, once that was known
	At        time.Time       `json:"at"`
	Method    string          `json:"method"`
	Path      string          `json:"path"`
	Status    int             `json:"status"`
	Verdict   Verdict         `json:"verdict"`
	Summary   string          `json:"summary"`          // one sentence
	Checks    token.Checks    `json:"checks,omitempty"` // in the order made
	Rule      *Rule           `json:"rule,omitempty"`   // the rule that applied, if it is still there
	RuleName  string          `json:"ruleName,omitempty"`
	Problem   token.Key       `json:"problem,omitempty"`
	Detail    string          `json:"detail,omitempty"`
	Fault     token.Fault     `json:"fault,omitempty"`
	Delay     Duration        `json:"delay,omitempty"`
	Work      token.Work      `json:"work,omitempty"`      // whether what was asked was done, whatever answer left
	Legs      []token.Leg     `json:"legs,omitempty"`      // what other parties heard of it
	Together  []Linked        `json:"together,omitempty"`  // all exchanges of its trace, oldest first, where there are several
	Before    []StoryLine     `json:"before,omitempty"`    // of a refusal: what the tokens had come to
	NearRules []NearRule      `json:"nearRules,omitempty"` // rules that would have applied but for a condition or two
}

// Linked is an exchange of a trace.
type Linked struct {
	ID        string          `json:"id"`
	Operation token.Operation `json:"operation,omitempty"`
	Network   token.Network   `json:"network,omitempty"`
	Requestor string          `json:"requestor,omitempty"`
	At        time.Time       `json:"at"`     // sandbox time
	Status    int             `json:"status"` // 0 when no answer left
	Problem   token.Key       `json:"problem,omitempty"`
	Says      []string        `json:"says,omitempty"` // of a payment: what network and issuer saw
}

// NearRule is a rule that did not apply to a request, and the conditions that
// kept it from it.
type NearRule struct {
	ID     string       `json:"id"`
	Name   string       `json:"name"`
	At     string       `json:"at,omitempty"` // where its file says so
	Missed token.Checks `json:"missed"`
}

// Canonical is an exchange without anything that may differ between two runs
// of the same story: no wall time, nonce, signature or ciphertext.
type Canonical struct {
	Entity    string          `json:"entity"` // names the requestor's card, not by its number
	Seq       uint32          `json:"seq"`
	Operation token.Operation `json:"operation"`
	Requestor string          `json:"requestor"`
	Request   string          `json:"request,omitempty"`
	Sent      []Part          `json:"sent,omitempty"`
	Status    int             `json:"status"`
	Response  string          `json:"response,omitempty"`
	Got       []Part          `json:"got,omitempty"`
	Rule      string          `json:"rule,omitempty"`
	Problem   token.Key       `json:"problem,omitempty"`
}
