package control

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/pantomime-dev/pantomime/token"
)

// Account is what a merchant has at a token requestor that the simulator plays.
type Account struct {
	Name      string          `json:"name"`
	Requestor string          `json:"requestor"` // by whose credentials it asks the networks
	Features  AccountFeatures `json:"features"`
	Timeout   Duration        `json:"timeout"`            // wall time to wait for a network
	Gateways  []Gateway       `json:"gateways,omitempty"` // absent: one that takes tokens for everything
}

// AccountFeatures are what is switched on for an account.
type AccountFeatures struct {
	Service      bool            `json:"service"`
	Environment  bool            `json:"environment"`
	Asynchronous bool            `json:"asynchronous"`
	PANFallback  bool            `json:"panFallback"`
	Networks     []token.Network `json:"networks"`
}

// Gateway is where an account's payments go.
type Gateway struct {
	Name    string   `json:"name"`
	Tokens  bool     `json:"tokens"`
	For     []string `json:"for"`
	OptIn   bool     `json:"optIn"`
	Enabled bool     `json:"enabled"`
}

// AccountReport is how an account is doing.
type AccountReport struct {
	Provisioning AccountProvisionings `json:"provisioning"`
	Transactions AccountTransactions  `json:"transactions"`
	Methods      int                  `json:"methods"`
	Tokens       int                  `json:"tokens"` // payment methods that have one
	Findings     []AccountFinding     `json:"findings"`
}

// AccountProvisionings are the figures about tokens asked for. What failed is
// counted by the network's own reason, else by the requestor's key.
type AccountProvisionings struct {
	Total     int            `json:"total"`
	Succeeded int            `json:"succeeded"`
	Failed    int            `json:"failed"`
	ByNetwork map[string]int `json:"by_network"`
	ByReason  map[string]int `json:"by_reason"`
	ByMonth   map[string]int `json:"by_month"`
}

// AccountTransactions are the figures about payments.
type AccountTransactions struct {
	Attempted int            `json:"attempted"`
	Used      int            `json:"used"`
	Succeeded int            `json:"succeeded"`
	ByBrand   map[string]int `json:"by_brand"`
}

// AccountFinding is something that an operator has to know of: an answer that was
// lost, an unknown token, one that could not be deleted, a payment in doubt.
type AccountFinding struct {
	At      time.Time `json:"at"`
	Kind    string    `json:"kind"`
	Method  string    `json:"method,omitempty"`
	Token   token.Ref `json:"token,omitempty"`
	Payment string    `json:"payment,omitempty"` // the acquirer's id
	Says    string    `json:"says"`
	Settled string    `json:"settled,omitempty"` // how it came out; absent while it is open
}

// Accounts lists the accounts of merchants.
func (c *Client) Accounts(ctx context.Context) (List[Account], error) {
	return get[List[Account]](ctx, c, root+"/accounts", nil)
}

// Account shows one account.
func (c *Client) Account(ctx context.Context, name string) (Account, error) {
	return get[Account](ctx, c, root+"/accounts/"+url.PathEscape(name), nil)
}

// PutAccount changes an account's settings from now on; text is what a scenario file
// says of it, in YAML or JSON. What is left out is as in a scenario that says
// nothing of it.
func (c *Client) PutAccount(ctx context.Context, name string, text []byte) (Account, error) {
	var a Account
	err := c.send(ctx, request{method: http.MethodPut, path: root + "/accounts/" + url.PathEscape(name), body: text, contentType: "application/yaml"}, &a)
	return a, err
}

// AccountReport says how an account is doing.
func (c *Client) AccountReport(ctx context.Context, name string) (AccountReport, error) {
	return get[AccountReport](ctx, c, root+"/accounts/"+url.PathEscape(name)+"/report", nil)
}
