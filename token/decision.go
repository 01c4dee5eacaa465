package token

// Decision is what the issuer says to a provisioning request.
type Decision string

// The decisions.
const (
	Approve Decision = "approve"
	StepUp  Decision = "step-up"
	Decline Decision = "decline"
)

// Decisions lists them as scenario files spell them.
func Decisions() []Decision { return []Decision{Approve, StepUp, Decline} }

// Check is one thing a face looked at while it judged a request; together the
// checks of a request are what `explain` prints. Texts never hold a secret:
// a key or hash input is written as [Secret].
//
// API keys and consumer keys are in full, here and in the log of notices. They
// are half of a credential, and the half that is no secret: each travels in the
// clear with every request, in a URL or a header, and signs and opens nothing
// without the other half. Who looks for a mistake has to recognise which key was
// used, to the last letter, and cannot compare a base string with a gap in it.
type Check struct {
	Name       string `json:"name"`                 // "x-pay-token hash", "pan-guard"
	OK         bool   `json:"ok"`                   // false on the check that refused
	Expected   string `json:"expected,omitempty"`   // what would have passed
	Received   string `json:"received,omitempty"`   // what came
	Difference string `json:"difference,omitempty"` // the first place where they part
	KeyID      string `json:"keyId,omitempty"`      // which key was used
	Hint       string `json:"hint,omitempty"`       // the usual cause, in a sentence
}

// Checks is a list under construction.
type Checks []Check

// Pass records a check that held.
func (c *Checks) Pass(name, keyID string) {
	if *c == nil {
		*c = make(Checks, 0, usualChecks)
	}
	*c = append(*c, Check{Name: name, OK: true, KeyID: keyID})
}

// usualChecks is how many a request with a signature and something encrypted has.
const usualChecks = 6

// Fail records a check that refused.
func (c *Checks) Fail(check Check) {
	check.OK = false
	*c = append(*c, check)
}

// Failed returns the first check that refused.
func (c Checks) Failed() (Check, bool) {
	for _, check := range c {
		if !check.OK {
			return check, true
		}
	}
	return Check{}, false
}
