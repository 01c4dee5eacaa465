package requestor

import (
	"slices"

	"github.com/pantomime-dev/pantomime/token"
)

// Means is what a payment is made with.
type Means string

// The means.
const (
	ByToken Means = "token"
	ByCard  Means = "card"
)

// Situation is all that the decision between token and card looks at.
type Situation struct {
	Account    Account
	Method     Method
	Gateway    Gateway
	Ability    Ability
	Asked      bool // the merchant wants an attempt with the token
	Cryptogram bool // one is there, or an earlier network transaction id replaces it
}

// Factor is one question of the decision. All must be answered with yes for the
// token to be used.
type Factor struct {
	N        int // in the documented order
	Question string
	no       func(Situation) (key token.Key, no bool)
}

// factors are asked from the top: that an attempt is wanted comes first, since
// without it nothing about tokens is reported. The numbers are those of the documented
// order.
var factors = []Factor{
	{2, "Does the merchant want an attempt with the network token?", func(s Situation) (token.Key, bool) { return "", !s.Asked }},
	{1, "Is the payment method enrolled for network tokens?", func(s Situation) (token.Key, bool) {
		p := forbids(s.Account, s.Method.Network)
		if p == nil {
			return "", false
		}
		return p.Key, true
	}},
	{3, "Does the payment method have an active network token?", func(s Situation) (token.Key, bool) {
		if s.Method.Holds == nil {
			return TokenNotProvisioned, true
		}
		return TokenNotActive, !s.Method.Holds.Usable()
	}},
	{4, "Does the gateway support payments with network tokens?", func(s Situation) (token.Key, bool) {
		if !s.Gateway.Tokens {
			return NoGatewaySupport, true
		}
		return NoGatewaySupportForAbility, !slices.Contains(s.Gateway.For, s.Ability)
	}},
	{5, "Was the gateway enabled for network tokens, where it has to be?", func(s Situation) (token.Key, bool) {
		return NoGatewaySupport, s.Gateway.OptIn && !s.Gateway.Enabled
	}},
	{6, "Is there a cryptogram, or an earlier network transaction id in its place?", func(s Situation) (token.Key, bool) {
		return CryptogramError, !s.Cryptogram
	}},
}

// Considered is a factor with its answer.
type Considered struct {
	Factor
	Yes    bool
	Reason token.Key // of a no; "" where the merchant wants no attempt
}

// Decision is what a payment is made with, and why.
type Decision struct {
	Use     Means
	Factors []Considered // those that were asked, in the order in which they were
	Key     token.Key    // of the first no; "" for none, and where the merchant wants no attempt
}

// Decide asks one factor after the other up to the first no.
func Decide(s Situation) Decision { return decide(s, len(factors)) }

// decide asks the first so many factors.
func decide(s Situation, most int) Decision {
	d := Decision{Use: ByToken}
	for _, f := range factors[:most] {
		key, no := f.no(s)
		if !no {
			d.Factors = append(d.Factors, Considered{Factor: f, Yes: true})
			continue
		}
		d.Factors = append(d.Factors, Considered{Factor: f, Reason: key})
		d.Use, d.Key = ByCard, key
		break
	}
	return d
}
