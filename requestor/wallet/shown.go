package wallet

import (
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// Shown is what an answer shows of a token and of its card, both networks in the
// same words. What it does not show is empty.
type Shown struct {
	Ref        token.Ref
	Status     token.Status
	Reason     string // of a suspension
	Last4      string
	Expiry     token.Expiry
	Card       token.CardRef // the handle of its enrolment
	CardLast4  string
	CardExpiry token.Expiry
}

// shown reads a token as Visa shows it. What cannot be read is left out: an
// answer is good without it.
func (v *visa) shown(ref token.Ref, enrolment string, info vts.TokenInfo, card *vts.InstrumentInfo) []Shown {
	s := Shown{Ref: ref, Reason: info.StatusReason, Last4: info.Last4, Card: token.CardRef(enrolment)}
	s.Status, _ = info.TokenStatus.Status()
	s.Expiry = expiryAt(info.ExpirationDate)
	if card != nil {
		s.CardLast4, s.CardExpiry = card.Last4, expiryAt(card.ExpirationDate)
	}
	return []Shown{s}
}

func expiryAt(date *vts.ExpirationDate) token.Expiry {
	if date == nil {
		return token.Expiry{}
	}
	e, _ := token.ExpiryOf(string(date.Month), string(date.Year))
	return e
}

// shown reads a token as Mastercard shows it.
func shown(t mdes.Token) Shown {
	s := Shown{Ref: token.Ref(t.TokenUniqueReference), Reason: t.EventReasonCode}
	s.Status, _ = Status(token.Mastercard, t.Status)
	s.describe(t.TokenInfo)
	return s
}

func (s *Shown) describe(info *mdes.TokenInfo) {
	if info == nil {
		return
	}
	s.Last4, s.CardLast4 = info.TokenPANSuffix, info.AccountPANSuffix
	s.Expiry, s.CardExpiry = expiryFrom(info.TokenExpiry), expiryFrom(info.AccountPANExpiry)
}

// expiryFrom reads MMYY.
func expiryFrom(text string) token.Expiry {
	if len(text) != len("MMYY") {
		return token.Expiry{}
	}
	e, _ := token.ExpiryOf(text[:2], text[2:])
	return e
}
