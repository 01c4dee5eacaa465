package token

import "slices"

// Fault is a wire-level misbehaviour a rule may ask for.
type Fault string

// The faults. The first group replaces the step: nothing happens inside. The
// second damages the answer after it: the work is done and committed.
const (
	FaultReset Fault = "reset"
	FaultHang  Fault = "hang"
	FaultHTML  Fault = "html"
	FaultEmpty Fault = "empty"
	Fault429   Fault = "429"
	Fault500   Fault = "500"
	Fault502   Fault = "502"
	Fault503   Fault = "503"
	Fault504   Fault = "504"

	FaultDropResponse     Fault = "drop-response"
	FaultTruncate         Fault = "truncate"
	FaultSlow             Fault = "slow"
	FaultMalformedJSON    Fault = "malformed-json"
	FaultWrongContentType Fault = "wrong-content-type"
	FaultBadCiphertext    Fault = "bad-ciphertext"
	FaultWrongKey         Fault = "wrong-key"
)

// FaultInfo is one row of the fault table.
type FaultInfo struct {
	Fault    Fault  `json:"fault"`
	Replaces bool   `json:"replacesStep"` // true: state is left alone
	About    string `json:"about"`
}

var faults = []FaultInfo{
	{FaultReset, true, "the connection is reset before any answer"},
	{FaultHang, true, "no answer until the client gives up"},
	{FaultHTML, true, "an HTML page with status 200 instead of JSON"},
	{FaultEmpty, true, "status 200 without a body"},
	{Fault429, true, "too many requests, with Retry-After"},
	{Fault500, true, "internal error of the platform"},
	{Fault502, true, "bad gateway, an HTML page"},
	{Fault503, true, "service unavailable"},
	{Fault504, true, "gateway time-out"},
	{FaultDropResponse, false, "the work is done, the connection closes without an answer"},
	{FaultTruncate, false, "the answer stops half way"},
	{FaultSlow, false, "the answer drips, a few bytes at a time"},
	{FaultMalformedJSON, false, "the answer is not valid JSON"},
	{FaultWrongContentType, false, "the right body under text/html"},
	{FaultBadCiphertext, false, "encrypted fields cannot be opened"},
	{FaultWrongKey, false, "encrypted fields are sealed to another key"},
}

// Faults returns a copy of the fault table.
func Faults() []FaultInfo { return slices.Clone(faults) }

// FaultNames lists the accepted names.
func FaultNames() []string {
	names := make([]string, len(faults))
	for i, f := range faults {
		names[i] = string(f.Fault)
	}
	return names
}

// Unseals reports whether the fault damages cipher text and nothing else: an
// answer without any stays as it is.
func (f Fault) Unseals() bool { return f == FaultBadCiphertext || f == FaultWrongKey }

// Replaces reports whether the fault replaces the step (nothing is
// committed) instead of damaging its answer.
func (f Fault) Replaces() bool {
	for _, row := range faults {
		if row.Fault == f {
			return row.Replaces
		}
	}
	return false
}
