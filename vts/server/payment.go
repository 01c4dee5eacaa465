package server

import (
	"cmp"
	"strconv"

	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/vts"
	"github.com/pantomime-dev/pantomime/wire"
)

// Values of cryptogramType that are known by name only. The one is a code of
// three digits, behind a switch; the other is unpublished. To answer either with
// a TAVV would mislead (docs/wire/vts.md "Payment data").
const (
	typeDTVV  = "DTVV"
	typeCTAVV = "CTAVV"
)

func readPayment(r *request) *refusal {
	var body vts.PaymentDataRequest
	if refused := r.decode(&body); refused != nil {
		return refused
	}
	t := body.CryptogramType
	if r.dynamic = t == typeDTVV; t == typeCTAVV || r.dynamic && !r.switches().DynamicCVV {
		return r.fields(wire.BadFields{{Location: "cryptogramType", Why: t + " is not offered here; leave it out for a TAVV"}})
	}
	return readToken(r)
}

// eci is what a TAVV without further authentication carries, unless the card's
// scenario says otherwise
// (docs/wire/vts.md "Payment data").
const eci = "07"

func answerPayment(r *request) (face.Answer, *refusal) {
	t := r.result.Token
	cryptogram := vts.NewTAVV(r.account.tavv[:], t.Number, t.ATC, r.result.Payment.ID).Cryptogram().Reveal()
	if r.dynamic {
		cryptogram = r.account.ids.Digits(3, "dynamic code", r.result.Payment.ID)
	}
	indicator := cmp.Or(r.World.Declared(r.result.Card).ECI, eci)
	return face.Answer{Body: vts.PaymentDataResponse{
		VPaymentDataID: r.result.Payment.ID,
		PaymentInstrument: &vts.InstrumentInfo{
			Last4: r.result.Card.PAN.Last4(), PaymentType: &vts.PaymentType{CardBrand: "VISA"}, PaymentAccountReference: string(r.result.Card.PAR),
		},
		TokenInfo: vts.TokenInfo{EncTokenInfo: r.sealToken(t.Number), Last4: t.Number.Last4(), ExpirationDate: vts.DateOf(t.Expiry)},
		CryptogramInfo: vts.CryptogramInfo{
			Cryptogram: cryptogram, ECI: indicator, ATC: vts.Text(strconv.Itoa(int(t.ATC))),
		},
	}}, nil
}
