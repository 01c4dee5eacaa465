package server

import (
	"cmp"

	"github.com/pantomime-dev/pantomime/simulator/vault"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// instrumentInfo shows a card as far as it may be shown.
func (r *request) instrumentInfo(c vault.Card) *vts.InstrumentInfo {
	tokenizable := "Y"
	if c.Closed {
		tokenizable = "N"
	}
	return &vts.InstrumentInfo{
		Last4: c.PAN.Last4(), AccountStatus: cmp.Or(r.World.Declared(c).Status, "N"), IsTokenizable: tokenizable, ExpirationDate: vts.DateOf(c.Expiry),
		ExpDatePrintedInd: "Y", CVV2PrintedInd: "Y", PaymentAccountReference: string(c.PAR),
	}
}

// tokenInfo describes a token without its number.
func (r *request) tokenInfo(t vault.Token) vts.TokenInfo {
	return vts.TokenInfo{
		TokenStatus: vts.StatusOf(t.Status), StatusReason: t.Reason, TokenRequestorID: vts.Text(t.TRID), TokenReferenceID: r.account.referenceOf(t.Ref),
		Last4: t.Number.Last4(), ExpirationDate: vts.DateOf(t.Expiry),
	}
}

// referenceOf derives a tokenReferenceID: DNITHE and 18 digits
// (docs/wire/vts.md "Identifiers").
func (a *account) referenceOf(ref token.Ref) string {
	return "DNITHE" + a.ids.Digits(18, "token reference", string(ref))
}
