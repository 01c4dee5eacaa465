package control

import (
	"encoding/json"

	"github.com/pantomime-dev/pantomime/token"
)

// Rule is a rule of a sandbox with the number of times it has fired.
type Rule struct {
	ID    string `json:"id"`    // "scenario-3"
	Layer string `json:"layer"` // fail-next, posted, scenario or magic, in the order they are asked
	Name  string `json:"name"`
	At    string `json:"at,omitempty"` // "file.yaml:12:9"
	When  When   `json:"when"`
	Times int    `json:"times,omitempty"` // firings before it is used up; absent: never
	Fired int    `json:"fired"`
	Left  *int   `json:"left,omitempty"` // firings left, when there is a limit
	Then  Then   `json:"then"`

	Warnings []Finding `json:"warnings,omitempty"` // in the answer to [Client.FailNext] alone
}

// When is what a request must be; absent members match anything.
type When struct {
	Operations []token.Operation `json:"operations,omitempty"`
	Network    token.Network     `json:"network,omitempty"`
	Cards      []string          `json:"cards,omitempty"` // names, or masked numbers
	BINs       []string          `json:"bins,omitempty"`
	Tokens     []token.Ref       `json:"tokens,omitempty"`
	Requestors []string          `json:"requestors,omitempty"`
	Accounts   []string          `json:"accounts,omitempty"`
	Purchase   *Purchase         `json:"purchase,omitempty"` // of payments alone
	Header     []Match           `json:"header,omitempty"`
	Query      []Match           `json:"query,omitempty"`
	Body       []Match           `json:"body,omitempty"` // by dotted path into the decrypted body
	Attempt    int               `json:"attempt,omitempty"`
}

// Purchase is what a payment must be.
type Purchase struct {
	Merchants  []string `json:"merchants,omitempty"` // ids
	Categories []string `json:"categories,omitempty"`
	Countries  []string `json:"countries,omitempty"`
	Currencies []string `json:"currencies,omitempty"`
	From       *int64   `json:"from,omitempty"` // amount, in the smallest unit of the currency
	To         *int64   `json:"to,omitempty"`
}

// Match is a condition on one header, query parameter or member of the body.
type Match struct {
	Name    string  `json:"name"`
	Equals  *string `json:"equals,omitempty"`
	Matches string  `json:"matches,omitempty"` // RE2, unanchored
	Present *bool   `json:"present,omitempty"`
}

// Then is what a matching request meets.
type Then struct {
	Decision   token.Decision `json:"decision,omitempty"`
	Error      token.Key      `json:"error,omitempty"`
	Status     int            `json:"status,omitempty"`
	Delay      Duration       `json:"delay,omitempty"`
	Fault      token.Fault    `json:"fault,omitempty"`
	Commit     *bool          `json:"commit,omitempty"`
	RetryAfter Duration       `json:"retryAfter,omitempty"`

	Body     *string           `json:"body,omitempty"`    // raw body instead of the answer's, numbers masked
	Respond  json.RawMessage   `json:"respond,omitempty"` // merge patch over the answer's body, numbers masked
	Metadata map[string]string `json:"metadata,omitempty"`
	Notify   *Variants         `json:"notify,omitempty"` // of the notices the request brings about
}

// FailNext makes the next matching requests fail. One of Error, Fault and
// Decision is given, or Delay alone.
type FailNext struct {
	Operation  string         `json:"operation"` // a neutral or a wire name, or visa/getToken; empty: any
	Network    token.Network  `json:"network,omitempty"`
	Card       string         `json:"card,omitempty"`
	Token      token.Ref      `json:"token,omitempty"`
	Requestor  string         `json:"requestor,omitempty"`
	Error      token.Key      `json:"error,omitempty"`
	Fault      token.Fault    `json:"fault,omitempty"`
	Status     int            `json:"status,omitempty"`
	Decision   token.Decision `json:"decision,omitempty"`
	Delay      Duration       `json:"delay,omitempty"`
	RetryAfter Duration       `json:"retryAfter,omitempty"`
	Times      int            `json:"times,omitempty"` // absent: once
}

// Posted answers posted rules.
type Posted struct {
	Rules    []Rule    `json:"rules"`
	Warnings []Finding `json:"warnings,omitempty"`
}

// Cleared says what was taken away.
type Cleared struct {
	Removed int    `json:"removed"`
	Rules   []Rule `json:"rules"` // as they were
}
