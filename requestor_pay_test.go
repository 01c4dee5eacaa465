package pantomime_test

import (
	"fmt"
	"testing"

	"github.com/pantomime-dev/pantomime/acquirer"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/requestor"
	"github.com/pantomime-dev/pantomime/token"
)

// pays makes a payment that is to be made with the token.
func (c *counter) pays(m requestor.Method, ability requestor.Ability) requestor.Paid {
	c.Helper()
	p, err := c.shop.Pay(c.Context(), requestor.Payment{Method: m.Token, Ability: ability, Attempt: true, Amount: 100, Currency: "USD"})
	if err != nil {
		c.Fatal(err)
	}
	return p
}

// switched changes what is switched on for the account.
func (c *counter) switched(settings string) {
	c.Helper()
	if _, err := c.admin.PutAccount(c.Context(), "shop", []byte(settings)); err != nil {
		c.Fatal(err)
	}
}

// ownKeys provoke each key of the requestor's own. A payment that is made all the
// same is given back with its problem.
var ownKeys = map[token.Key]func(c *counter, n token.Network) (*requestor.Problem, *requestor.Paid){
	requestor.NotEnabledFeature: func(c *counter, n token.Network) (*requestor.Problem, *requestor.Paid) {
		c.switched("features: { service: false }")
		return c.provision(c.stored(n)).Problem, nil
	},
	requestor.NotEnabledForEnvironment: func(c *counter, n token.Network) (*requestor.Problem, *requestor.Paid) {
		other := map[token.Network]string{token.Visa: "mastercard", token.Mastercard: "visa"}
		c.switched("features: { networks: " + other[n] + " }")
		return c.provision(c.stored(n)).Problem, nil
	},
	requestor.NetworkServiceError: func(c *counter, n token.Network) (*requestor.Problem, *requestor.Paid) {
		c.fails(control.FailNext{Operation: "provision", Network: n, Fault: token.FaultReset})
		return c.provision(c.stored(n)).Problem, nil
	},
	requestor.UnsupportedCardType: func(c *counter, n token.Network) (*requestor.Problem, *requestor.Paid) {
		c.cards[n] = requestor.Card{Number: otherBrand, Expiry: token.Expiry{Year: 2029, Month: 12}, Retain: true}
		return c.provision(c.stored(n)).Problem, nil
	},
	requestor.TokenNotProvisioned: func(c *counter, n token.Network) (*requestor.Problem, *requestor.Paid) {
		return c.asked(c.stored(n), requestor.AbilityAuthorize)
	},
	requestor.TokenNotActive: func(c *counter, n token.Network) (*requestor.Problem, *requestor.Paid) {
		m := c.made(n)
		c.act("suspend", m.Holds.Ref)
		return c.asked(m, requestor.AbilityPurchase)
	},
	requestor.NoGatewaySupport: func(c *counter, n token.Network) (*requestor.Problem, *requestor.Paid) {
		m := c.made(n)
		c.switched("gateways: { main: { opt-in: true } }")
		return c.asked(m, requestor.AbilityPurchase)
	},
	requestor.NoGatewaySupportForAbility: func(c *counter, n token.Network) (*requestor.Problem, *requestor.Paid) {
		m := c.made(n)
		c.switched("gateways: { main: { for: [authorize, purchase] } }")
		return c.asked(m, requestor.AbilityVerify)
	},
	requestor.CryptogramError: func(c *counter, n token.Network) (*requestor.Problem, *requestor.Paid) {
		m := c.made(n)
		c.fails(control.FailNext{Operation: "cryptogram", Network: n, Fault: token.Fault503})
		return c.asked(m, requestor.AbilityAuthorize)
	},
	requestor.NotTokenized: func(c *counter, n token.Network) (*requestor.Problem, *requestor.Paid) {
		_, problem, err := c.shop.Refresh(c.Context(), c.stored(n).Token)
		if err != nil {
			c.Fatal(err)
		}
		return problem, nil
	},
}

// otherBrand is a published test number of a brand that nobody here tokenizes.
const otherBrand = "378282246310005"

// asked is a payment with the token asked for.
func (c *counter) asked(m requestor.Method, ability requestor.Ability) (*requestor.Problem, *requestor.Paid) {
	c.Helper()
	p := c.pays(m, ability)
	return p.Problem, &p
}

func (c *counter) fails(how control.FailNext) {
	c.Helper()
	if _, err := c.admin.FailNext(c.Context(), how); err != nil {
		c.Fatal(err)
	}
}

// Each key of the requestor's own arises from state and from what is switched on,
// with its documented text. A payment is made all the same, with the card.
func TestRequestor_EachOwnKeyArises(t *testing.T) {
	for _, want := range requestor.OwnKeys() {
		for _, n := range token.Networks() {
			t.Run(string(want.Key)+" "+string(n), func(t *testing.T) {
				provoke := ownKeys[want.Key]
				if provoke == nil {
					t.Fatal("nothing provokes it")
				}
				problem, paid := provoke(openCounter(t, ""), n)
				if problem == nil || problem.Key != want.Key || problem.Message != want.Message {
					t.Errorf("%+v", problem)
				}
				if paid != nil && (!paid.Approved || paid.Decision.Use != requestor.ByCard || paid.Decision.Key != want.Key) {
					t.Errorf("%+v", paid)
				}
			})
		}
	}
}

func TestRequestor_PaysWithTheToken(t *testing.T) {
	for _, n := range token.Networks() {
		c := openCounter(t, "")
		m := c.made(n)
		for range 2 {
			if p := c.pays(m, requestor.AbilityAuthorize); !p.Approved || p.Decision.Use != requestor.ByToken || len(p.Decision.Factors) != 6 || p.Problem != nil {
				t.Errorf("%s: %+v", n, p)
			}
		}
		c.act("suspend", m.Holds.Ref)
		if p := c.pays(m, requestor.AbilityAuthorize); !p.Approved || p.Decision.Use != requestor.ByCard {
			t.Errorf("%s: suspended: %+v", n, p)
		}
		c.switched("features: { pan-fallback: false }")
		if p := c.pays(m, requestor.AbilityAuthorize); p.Approved || p.Answer != nil || p.Problem.Key != requestor.TokenNotActive {
			t.Errorf("%s: without the card: %+v", n, p)
		}
		c.act("resume", m.Holds.Ref)
		if p := c.pays(m, requestor.AbilityAuthorize); !p.Approved || p.Decision.Use != requestor.ByToken {
			t.Errorf("%s: resumed: %+v", n, p)
		}
		want := requestor.Transactions{Attempted: 5, Used: 3, Succeeded: 4, ByBrand: map[string]int{string(n): 5}}
		if got := c.shop.Report().Transactions; got.Attempted != want.Attempted || got.Used != want.Used || got.Succeeded != want.Succeeded || got.ByBrand[string(n)] != 5 {
			t.Errorf("%s: %+v, want %+v", n, got, want)
		}
		silent, err := c.shop.Pay(t.Context(), requestor.Payment{Method: m.Token, Ability: requestor.AbilityAuthorize, Amount: 100, Currency: "USD"})
		if err != nil || !silent.Approved || silent.Decision.Use != requestor.ByCard || silent.Problem != nil || silent.Decision.Key != "" {
			t.Errorf("%s: without an attempt: %+v %v", n, silent, err)
		}
	}
}

// A merchant that begins a payment by itself needs no cryptogram after the first
// one that the cardholder took part in.
func TestRequestor_PaysWithoutCryptogramLater(t *testing.T) {
	for _, n := range token.Networks() {
		c := openCounter(t, "")
		m := c.made(n)
		pay := func(merchant string, alone bool) requestor.Paid {
			p, err := c.shop.Pay(t.Context(), requestor.Payment{
				Method: m.Token, Ability: requestor.AbilityAuthorize, Attempt: true, Amount: 100, Currency: "USD", Merchant: merchant, Alone: alone,
			})
			if err != nil || !p.Approved || p.ID == "" {
				t.Fatalf("%s: %+v %v", n, p, err)
			}
			return p
		}
		pay("books-1", false)
		c.fails(control.FailNext{Operation: "cryptogram", Network: n, Fault: token.Fault503, Times: 9})
		if p := pay("books-1", true); p.Decision.Use != requestor.ByToken || len(p.Decision.Factors) != 6 {
			t.Errorf("%s: after the first payment: %+v", n, p.Decision)
		}
		if p := pay("books-2", true); p.Decision.Key != requestor.CryptogramError {
			t.Errorf("%s: at another merchant: %+v", n, p.Decision)
		}
		if p := pay("books-1", false); p.Decision.Key != requestor.CryptogramError {
			t.Errorf("%s: with the cardholder: %+v", n, p.Decision)
		}
	}
}

// A purchase is captured at once, and what was only to be verified is voided.
func TestRequestor_AsksForWhatFollows(t *testing.T) {
	for ability, want := range map[requestor.Ability]token.Operation{
		requestor.AbilityAuthorize: "", requestor.AbilityPurchase: token.Capture, requestor.AbilityVerify: token.Void,
	} {
		c := openCounter(t, "")
		m := c.made(token.Visa)
		if p := c.pays(m, ability); !p.Approved {
			t.Errorf("%s: %+v", ability, p)
		}
		for _, op := range []token.Operation{token.Capture, token.Void} {
			list, err := c.admin.Requests(t.Context(), control.ExchangeQuery{Operation: string(op)})
			if err != nil || (list.Total == 1) != (op == want) {
				t.Errorf("%s: %d of %s, %v", ability, list.Total, op, err)
			}
		}
	}
}

// Why a payment is not approved is told in the acquirer's own word.
func TestRequestor_TellsWhyAPaymentFailed(t *testing.T) {
	c := openCounter(t, "")
	m := c.made(token.Visa)
	for _, row := range []struct {
		how     control.FailNext
		want    string
		allowed bool // by the issuer, before what failed
	}{
		{control.FailNext{Operation: "authorize", Error: "insufficient_funds"}, "insufficient_funds", false},
		{control.FailNext{Operation: "authorize", Error: "cryptogram_invalid"}, "cryptogram_invalid", false},
		{control.FailNext{Operation: "authorize", Fault: token.Fault503, Times: 3}, "unavailable", false},
		{control.FailNext{Operation: "authorize", Fault: token.FaultReset, Times: 3}, "no answer", false},
		{control.FailNext{Operation: "capture", Fault: token.Fault503, Times: 3}, "unavailable", true},
		{control.FailNext{Operation: "capture", Error: "suspected_fraud"}, "suspected_fraud", true},
	} {
		c.fails(row.how)
		if p := c.pays(m, requestor.AbilityPurchase); p.Approved || p.Reason != row.want || (p.ID != "") != row.allowed {
			t.Errorf("%+v: %+v, want %q", row.how, p, row.want)
		}
	}
}

// What is asked for is what the acquirer holds, also where it is nothing: so a card is
// verified. Less than nothing is no payment.
func TestRequestor_PaysWhatIsAskedFor(t *testing.T) {
	for _, n := range token.Networks() {
		c := openCounter(t, "")
		m := c.made(n)
		for _, attempt := range []bool{true, false} {
			for amount, want := range map[int64]string{0: "approved 0 USD", 1: "approved 1 USD", 999_999_999_999: "approved 999999999999 USD", 1_000_000_000_000: "invalid_request", -1: "invalid_request"} {
				p, err := c.shop.Pay(t.Context(), requestor.Payment{Method: m.Token, Ability: requestor.AbilityVerify, Attempt: attempt, Amount: amount, Currency: "USD"})
				if err != nil {
					t.Fatal(err)
				}
				got := p.Reason
				if held, ok := p.Answer.(*acquirer.AuthorizeResponse); ok && p.Approved {
					got = fmt.Sprintf("%s %d %s", held.Outcome, held.Amount.Value, held.Amount.Currency)
				}
				if got != want {
					t.Errorf("%s, %d: %q, want %q", n, amount, got, want)
				}
			}
		}
	}
}
