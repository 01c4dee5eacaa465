package scenarios_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/token"
)

func TestParse_ReadsAccounts(t *testing.T) {
	got := compiled(t, `requestors: { first: {}, second: {} }
accounts:
  plain: {}
  shop:
    requestor: second
    timeout: 1500ms
    features: { service: false, environment: false, asynchronous: true, pan-fallback: false, networks: mastercard }
    gateways:
      none: { tokens: false }
      some: { for: [verify] }
      shy: { opt-in: true }
      bold: { opt-in: true, enabled: true }
`).Accounts
	all := []string{"authorize", "purchase", "verify"}
	want := []scenarios.MerchantAccount{
		{Name: "plain", Requestor: "first", Features: scenarios.Features{Service: true, Environment: true, Fallback: true, Networks: token.Networks()}},
		{
			Name: "shop", Requestor: "second", Timeout: 1500 * time.Millisecond,
			Features: scenarios.Features{Asynchronous: true, Networks: []token.Network{token.Mastercard}},
			Gateways: []scenarios.Gateway{
				{Name: "none", For: all},
				{Name: "some", Tokens: true, For: []string{"verify"}},
				{Name: "shy", Tokens: true, OptIn: true, For: all},
				{Name: "bold", Tokens: true, OptIn: true, Enabled: true, For: all},
			},
		},
	}
	if !cmp.Equal(want, got) {
		t.Error(cmp.Diff(want, got))
	}
}

func TestParse_RefusesAccounts(t *testing.T) {
	checkRefusals(t, scenarios.SeverityError, refusesInAccounts())
}

func refusesInAccounts() []refusal {
	return []refusal{
		{"a requestor that is not there", "accounts: { shop: { requestor: walet } }", "2:32", "accounts.shop.requestor", "is no requestor of this scenario; did you mean wallet?"},
		{"a feature that is not there", "accounts: { shop: { features: { services: true } } }", "2:33", "accounts.shop.features.services", "did you mean service?"},
		{"a network that is not there", "accounts: { shop: { features: { networks: amex } } }", "2:43", "accounts.shop.features.networks", "accepted: visa, mastercard"},
		{"too much patience", "accounts: { shop: { timeout: 61s } }", "2:30", "accounts.shop.timeout", "is too long; at most 1m"},
		{"what a gateway cannot do", "accounts: { shop: { gateways: { main: { for: refund } } } }", "2:46", "accounts.shop.gateways.main.for", "accepted: authorize, purchase, verify"},
		{"enabled without need", "accounts: { shop: { gateways: { main: { enabled: true } } } }", "2:50", "accounts.shop.gateways.main.enabled", "needs opt-in: true"},
		{"an account twice", "accounts: { shop: {}, shop: {} }", "2:23", "", "given twice"},
	}
}
