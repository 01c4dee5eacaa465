package pantomime_test

import (
	"strconv"

	"github.com/pantomime-dev/pantomime/simulator/authorization"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

// paymentTrials are those of what a sandbox keeps of payments.
var paymentTrials = map[string]trial{
	"captures and refunds of a payment": {to: func(l *limited, n int) (said string) {
		id := l.pay("").Paid.Authorization.ID
		for range n {
			r := l.step(sandbox.Call{
				Op: token.Capture, Effect: sandbox.EffectCapture, Subject: sandbox.Subject{Payment: id},
				Paying: &sandbox.Paying{Acquirer: "first", Asking: authorization.Asking{Amount: 1}},
			})
			if r.Problem != nil {
				said = r.Problem.Detail
			}
		}
		return said
	}},
	"payments of a sandbox": {to: func(l *limited, n int) string {
		first := l.pay("").Paid.Authorization.ID
		for range n - 1 {
			l.pay("")
		}
		r := l.step(sandbox.Call{
			Op: token.GetPayment, Effect: sandbox.EffectReadPayment, Subject: sandbox.Subject{Payment: first}, Paying: &sandbox.Paying{Acquirer: "first"},
		})
		if r.Problem == nil {
			return ""
		}
		return r.Problem.Detail
	}},
	"idempotency keys of a sandbox": {to: func(l *limited, n int) string {
		for i := range n {
			l.pay(strconv.Itoa(i))
		}
		if l.pay("0").Repeat {
			return ""
		}
		return "new"
	}},
}

// pay authorizes a payment of 1000 by card; key names the request.
func (l *limited) pay(key string) sandbox.Result {
	l.Helper()
	paying := &sandbox.Paying{Acquirer: "first", Once: sandbox.Once{Key: key}}
	paying.Charge.Amount = authorization.Amount{Value: 1000, Currency: "EUR"}
	r := l.step(sandbox.Call{
		Op: token.Authorize, Effect: sandbox.EffectAuthorize, Network: token.Visa, Paying: paying,
		Subject: sandbox.Subject{Card: sandbox.CardInput{PAN: "4622943120000600", Expiry: token.Expiry{Year: 2039, Month: 12}}},
	})
	if r.Problem != nil {
		l.Fatal(r.Problem)
	}
	return r
}

func (l *limited) step(c sandbox.Call) sandbox.Result {
	l.Helper()
	c.Requestor = "wallet"
	r, _, err := l.Sandbox().Do(c)
	if err != nil {
		l.Fatal(err)
	}
	return r
}
