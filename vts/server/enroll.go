package server

import (
	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

func readEnroll(r *request) *refusal {
	var body vts.EnrollRequest
	if refused := r.decode(&body); refused != nil {
		return refused
	}
	r.call.Wallet = body.ClientWalletAccountID
	return r.card(body.EncPaymentInstrument, body.PANSource)
}

func readEnrolment(r *request) *refusal {
	r.call.Enrolment = token.CardRef(r.id())
	return nil
}

func answerEnroll(r *request) (face.Answer, *refusal) {
	return face.Answer{Body: vts.EnrollResponse{
		VPanEnrollmentID: string(r.result.Enrolment.Ref), PaymentInstrument: r.instrumentInfo(r.result.Card),
		CardMetaData: r.cardMetaData(r.result.Card),
	}}, nil
}

func answerCardMetadata(r *request) (face.Answer, *refusal) {
	return face.Answer{Body: vts.CardMetadataResponse{
		VPanEnrollmentID: string(r.result.Enrolment.Ref), PaymentInstrument: r.instrumentInfo(r.result.Card),
		CardMetaData: r.cardMetaData(r.result.Card),
	}}, nil
}
