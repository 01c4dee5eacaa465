package requestor

import (
	"fmt"
	"testing"

	"github.com/pantomime-dev/pantomime/requestor/wallet"
	"github.com/pantomime-dev/pantomime/token"
)

// What comes over the wire becomes the key that the merchant is told, whatever the
// body says where the status alone has the word.
func TestProblemOf_HasOneKeyForEachEnding(t *testing.T) {
	const visa, mastercard = token.Visa, token.Mastercard
	for _, tc := range []struct {
		n    token.Network
		e    wallet.Ending
		key  token.Key
		lost bool
	}{
		{visa, wallet.Ending{Kind: wallet.NoAnswer}, NetworkServiceError, true},
		{mastercard, wallet.Ending{Kind: wallet.NoAnswer}, NetworkServiceError, true},
		{mastercard, wallet.Ending{Kind: wallet.NoAnswer, Status: 200}, NetworkServiceError, true}, // cut in its middle
		{visa, wallet.Ending{Kind: wallet.Unreadable, Status: 200}, token.JSONParseError, true},
		{mastercard, wallet.Ending{Kind: wallet.Unreadable, Status: 200}, token.JSONParseError, true},
		{visa, wallet.Ending{Kind: wallet.Refused, Status: 429}, token.ServiceError, false},
		{visa, wallet.Ending{Kind: wallet.Refused, Status: 500, Reason: "cardNotEligible"}, token.ServiceError, true},
		{visa, wallet.Ending{Kind: wallet.Refused, Status: 503}, token.ServiceError, true},
		{mastercard, wallet.Ending{Kind: wallet.Refused, Status: 429, Reason: "INVALID_PAN"}, token.LimitExceeded, false},
		{mastercard, wallet.Ending{Kind: wallet.Refused, Status: 504}, token.GatewayTimeout, true},
		{mastercard, wallet.Ending{Kind: wallet.Refused, Status: 502, Reason: "INVALID_PAN"}, token.InternalServerError, true},
		{visa, wallet.Ending{Kind: wallet.SaidNo}, token.Declined, false},
		{mastercard, wallet.Ending{Kind: wallet.SaidNo}, token.PANIneligible, false},
		{visa, wallet.Ending{Kind: wallet.Refused, Status: 401, Reason: "9124"}, token.ServiceError, false},
		{mastercard, wallet.Ending{Kind: wallet.Refused, Status: 401, Reason: "AUTHORIZATION_FAILED"}, token.InternalServerError, false},
		{mastercard, wallet.Ending{Kind: wallet.Refused, Status: 200, Reason: "INVALID_TOKEN_STATUS"}, token.InvalidTokenStatus, false},
	} {
		t.Run(fmt.Sprintf("%s %+v", tc.n, tc.e), func(t *testing.T) {
			p := problemOf(tc.n, tc.e)
			if p.Key != tc.key || p.Lost != tc.lost || p.Message == "" || p.Reason != tc.e.Reason || p.Status != tc.e.Status {
				t.Errorf("%+v", p)
			}
		})
	}
	if p := problemOf(visa, wallet.Ending{Kind: wallet.EndedWell}); p != nil {
		t.Errorf("%+v", p)
	}
}

// Each factor in turn is the one that says no; those before it say yes, and those
// after it are not asked.
func TestDecide_StopsAtTheFirstNo(t *testing.T) {
	yes := func() Situation {
		return Situation{
			Account: Account{Features: Features{Service: true, Environment: true, Networks: token.Networks()}},
			Method:  Method{Network: token.Visa, Holds: &NetworkToken{Ref: "r", Status: token.Active}},
			Gateway: usualGateway, Ability: AbilityPurchase, Asked: true, Cryptogram: true,
		}
	}
	if d := Decide(yes()); d.Use != ByToken || d.Key != "" || len(d.Factors) != 6 {
		t.Errorf("%+v", d)
	}
	for _, tc := range []struct {
		name    string
		change  func(*Situation)
		n, asks int
		key     token.Key
	}{
		{"no attempt", func(s *Situation) { s.Asked = false }, 2, 1, ""},
		{"no service", func(s *Situation) { s.Account.Features.Service = false }, 1, 2, NotEnabledFeature},
		{"no environment", func(s *Situation) { s.Account.Features.Environment = false }, 1, 2, NotEnabledForEnvironment},
		{"no requestor id", func(s *Situation) { s.Account.Features.Networks = []token.Network{token.Mastercard} }, 1, 2, NotEnabledForEnvironment},
		{"another brand", func(s *Situation) { s.Method.Network = "" }, 1, 2, UnsupportedCardType},
		{"no token", func(s *Situation) { s.Method.Holds = nil }, 3, 3, TokenNotProvisioned},
		{"a token not active yet", func(s *Situation) { s.Method.Holds.Status = "" }, 3, 3, TokenNotActive},
		{"a suspended token", func(s *Situation) { s.Method.Holds.Status = token.Suspended }, 3, 3, TokenNotActive},
		{"a deleted token", func(s *Situation) { s.Method.Holds.Status = token.Deactivated }, 3, 3, TokenNotActive},
		{"a gateway without tokens", func(s *Situation) { s.Gateway.Tokens = false }, 4, 4, NoGatewaySupport},
		{"a gateway without tokens for this", func(s *Situation) { s.Gateway.For = []Ability{AbilityVerify} }, 4, 4, NoGatewaySupportForAbility},
		{"a gateway that was not enabled", func(s *Situation) { s.Gateway.OptIn = true }, 5, 5, NoGatewaySupport},
		{"no cryptogram", func(s *Situation) { s.Cryptogram = false }, 6, 6, CryptogramError},
	} {
		s := yes()
		tc.change(&s)
		d := Decide(s)
		last := d.Factors[len(d.Factors)-1]
		if d.Use != ByCard || d.Key != tc.key || len(d.Factors) != tc.asks || last.N != tc.n || last.Yes || last.Reason != tc.key || last.Question == "" {
			t.Errorf("%s: %+v", tc.name, d)
		}
	}
	enabled := yes()
	enabled.Gateway.OptIn, enabled.Gateway.Enabled = true, true
	if d := Decide(enabled); d.Use != ByToken {
		t.Errorf("%+v", d)
	}
}
