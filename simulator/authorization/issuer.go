package authorization

import "github.com/pantomime-dev/pantomime/token"

// Payment is what an issuer is asked about. It sees the card behind a token.
type Payment struct {
	Amount  Amount
	Means   Means
	Sent    token.Expiry // of the card, as the merchant sent it; zero for a token
	Printed token.Expiry // on the card; zero where it is unknown
	Closed  bool         // the account
	Says    token.Key    // what a rule has the issuer say, "" for nothing
	Chance  int          // from 0 to 99, drawn for this payment; of an issuer with rates
}

// Issuer is how a bank answers payments; the zero Issuer approves what it can.
type Issuer struct {
	Declines token.Key // the reason, "" for none
	Only     Means     // declines these payments alone; "" is all
	Funds    *int64    // amounts above it are declined; nil is no limit
	Approves Rates
	StandIn  *int64 // the network answers in its place, and approves amounts up to it; nil: it answers itself
}

// Rates are how many of a hundred payments by each means are approved; a means
// that is not there has no rate.
type Rates map[Means]int

// Answer is why the issuer declines, "" if it approves. A closed account is
// always declined.
func (i Issuer) Answer(p Payment) token.Key {
	switch {
	case p.Closed:
		return token.DeclineClosedAccount
	case p.Says != "":
		return p.Says
	case i.StandIn != nil:
		return StandIn(p.Amount, *i.StandIn)
	case !p.Sent.IsZero() && !p.Printed.IsZero() && p.Sent != p.Printed:
		return token.DeclineExpiredCard
	case i.Approves != nil:
		return i.byRate(p)
	case i.Declines != "" && (i.Only == "" || i.Only == p.Means):
		return i.Declines
	}
	return i.byFunds(p.Amount)
}

// byRate lets chance decline what is over the rate, for the reason that the issuer
// usually gives.
func (i Issuer) byRate(p Payment) token.Key {
	rate, limited := i.Approves[p.Means]
	if !limited || p.Chance < rate {
		return i.byFunds(p.Amount)
	}
	if i.Declines != "" {
		return i.Declines
	}
	return token.DeclineDoNotHonor
}

func (i Issuer) byFunds(a Amount) token.Key {
	if i.Funds != nil && a.Value > *i.Funds {
		return token.DeclineFunds
	}
	return ""
}

// StandIn is what a network answers in place of an issuer that cannot be asked: it
// approves amounts up to a limit (docs/wire/issuer.md "In its place").
func StandIn(a Amount, limit int64) token.Key {
	if a.Value > limit {
		return token.DeclineUnavailable
	}
	return ""
}

// Part is what the issuer approves of an amount that it declines for lack of funds,
// 0 for nothing.
func (i Issuer) Part() int64 {
	if i.Funds == nil {
		return 0
	}
	return *i.Funds
}
