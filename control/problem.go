package control

import (
	"strings"
)

// ProblemType is the media type of a refusal (RFC 9457).
const ProblemType = "application/problem+json"

// Code names a kind of refusal, for programs.
type Code string

// The codes.
const (
	CodeUnknownParameter Code = "unknown_parameter"  // a query parameter that is not read
	CodeUnknownField     Code = "unknown_field"      // a member of the body that is not read
	CodeBadValue         Code = "bad_value"          // a value that is not accepted
	CodeMissing          Code = "missing"            // a value that is needed
	CodeConflict         Code = "conflicting"        // two values that exclude each other
	CodeNotJSON          Code = "not_json"           // the body is not exactly one JSON object
	CodeRule             Code = "rule_invalid"       // a rule with findings
	CodeScenario         Code = "scenario_invalid"   // a scenario with findings
	CodeExists           Code = "sandbox_exists"     // the id is taken
	CodeDefault          Code = "sandbox_default"    // the default sandbox cannot be deleted
	CodeTooMany          Code = "sandbox_limit"      // no more sandboxes can be made
	CodeTooManyRules     Code = "rule_limit"         // no more rules can be added at run time
	CodeTooLarge         Code = "too_large"          // the body is longer than 1 MiB
	CodeContentType      Code = "content_type"       // the body is not application/json
	CodeHost             Code = "host_not_allowed"   // Host names neither loopback nor the public URL
	CodeCrossOrigin      Code = "cross_origin"       // another web page sent it
	CodeUnauthorized     Code = "unauthorized"       // the bearer token is missing or wrong
	CodeTooManyWaiting   Code = "too_many_waiting"   // so many listings wait for their first entry that no other may
	CodeTooManyTokens    Code = "too_many_tokens"    // wrong bearer tokens came from the address; wait a second
	CodeNoSandbox        Code = "sandbox_unknown"    // no sandbox has the id
	CodeNotFound         Code = "not_found"          // what the path or a value names is not there
	CodeMethod           Code = "method_not_allowed" // the path knows other methods
	CodeNotAllowed       Code = "not_allowed"        // the token's status forbids it
	CodeNoEffect         Code = "no_effect"          // there is nothing to act on
	CodePending          Code = "pending"            // the notice is on its way already
	CodeClockBusy        Code = "clock_busy"         // another advance is in progress
	CodeClockBackwards   Code = "clock_backwards"    // a clock never goes back
	CodePANGuard         Code = "pan-guard"          // the number may be a real card's
	CodeInternal         Code = "internal"           // a fault of our own
)

// Problem is a refusal of the control door. It is the error of every call that
// got an answer.
type Problem struct {
	Type     string    `json:"type"` // "about:blank": Title is the status in words
	Title    string    `json:"title"`
	Status   int       `json:"status"` // repeats the HTTP status
	Detail   string    `json:"detail"`
	Code     Code      `json:"code"`
	Field    string    `json:"field,omitempty"`    // member or parameter at fault
	Value    string    `json:"value,omitempty"`    // what was given, masked
	Accepted []string  `json:"accepted,omitempty"` // the choices there are
	Findings []Finding `json:"findings,omitempty"` // what is wrong with a rule

	Suggestion string `json:"suggestion,omitempty"` // the choice that was probably meant
}

// Error reports the detail, the choices and the findings.
func (p *Problem) Error() string {
	var b strings.Builder
	b.WriteString(p.Detail)
	if len(p.Accepted) > 0 {
		b.WriteString("; accepted: " + strings.Join(p.Accepted, ", "))
	}
	for _, f := range p.Findings {
		b.WriteString("\n" + f.Text)
	}
	return b.String()
}

// Finding is one thing wrong with a posted rule or a scenario.
type Finding struct {
	File     string   `json:"file"` // as the sender calls it; "posted" without
	Line     int      `json:"line"`
	Column   int      `json:"column"`
	Severity string   `json:"severity"` // "error" or "warning"
	Path     string   `json:"path"`     // "rules[0].then.error"
	Message  string   `json:"message"`
	Accepted []string `json:"accepted,omitempty"`
	Text     string   `json:"text"` // all of it on one line
}

// List is a collection, or the part of one that was asked for.
type List[T any] struct {
	Items []T `json:"items"`
	Total int `json:"total"` // how many matched; more than Items when a limit cut the list
	// Dropped counts entries that the journal gave up for lack of space.
	Dropped uint64 `json:"dropped,omitempty"`
	// Next is the cursor of the next piece, "" when this is the last one.
	Next string `json:"next,omitempty"`
}
