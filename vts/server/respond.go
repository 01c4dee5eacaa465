package server

import (
	"encoding/base64"
	"strconv"

	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/simulator/vault"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

func answerEnroll(r *request, res sandbox.Result) (answer, *token.Problem) {
	return answer{
		body: vts.EnrollResponse{VPanEnrollmentID: string(res.Enrolment.Ref), PaymentInstrument: instrumentInfo(res.Card)},
		card: r.cardMetaData(res.Card),
	}, nil
}

func answerCardMetadata(r *request, res sandbox.Result) (answer, *token.Problem) {
	return answer{
		body: vts.CardMetadataResponse{VPanEnrollmentID: string(res.Enrolment.Ref), PaymentInstrument: instrumentInfo(res.Card)},
		card: r.cardMetaData(res.Card),
	}, nil
}

func answerProvision(r *request, res sandbox.Result) (answer, *token.Problem) {
	return answer{body: r.provisioned(res)}, nil
}

// answerProvisionWithPAN also repeats what enrolling would have answered.
func answerProvisionWithPAN(r *request, res sandbox.Result) (answer, *token.Problem) {
	body := r.provisioned(res)
	body.PaymentInstrument = instrumentInfo(res.Card)
	return answer{body: body, card: r.cardMetaData(res.Card)}, nil
}

// provisioned describes a new token. Its number is withheld as long as the
// issuer has not identified the cardholder; what counts is the token as it is,
// since a repeated request may meet one that was activated meanwhile.
func (r *request) provisioned(res sandbox.Result) vts.ProvisionResponse {
	info := r.tokenInfo(res.Token)
	if !res.Token.StepUp {
		info.EncTokenInfo = r.sealToken(res.Token.Number)
	}
	return vts.ProvisionResponse{
		VProvisionedTokenID: string(res.Token.Ref), VPanEnrollmentID: string(res.Enrolment.Ref),
		TokenInfo: info, StepUpRequest: r.stepUpMethods(res),
	}
}

func answerToken(r *request, res sandbox.Result) (answer, *token.Problem) {
	return answer{body: vts.TokenResponse{
		VProvisionedTokenID: string(res.Token.Ref), VPanEnrollmentID: string(res.Token.Enrolment), TokenInfo: r.tokenInfo(res.Token),
	}}, nil
}

func answerLifecycle(*request, sandbox.Result) (answer, *token.Problem) {
	return answer{body: vts.LifecycleResponse{}}, nil
}

// eci is what a TAVV without further authentication carries
// (docs/wire/vts.md "Payment data").
const eci = "07"

func answerPaymentData(r *request, res sandbox.Result) (answer, *token.Problem) {
	t := res.Token
	cryptogram := vts.NewTAVV(r.account.tavv[:], t.Number, t.ATC, res.Payment.ID).Cryptogram().Reveal()
	if r.dynamic {
		cryptogram = r.account.ids.Digits(3, "dynamic code", res.Payment.ID)
	}
	return answer{body: vts.PaymentDataResponse{
		VPaymentDataID: res.Payment.ID,
		PaymentInstrument: &vts.InstrumentInfo{
			Last4: res.Card.PAN.Last4(), PaymentType: &vts.PaymentType{CardBrand: "VISA"}, PaymentAccountReference: string(res.Card.PAR),
		},
		TokenInfo: vts.TokenInfo{EncTokenInfo: r.sealToken(t.Number), Last4: t.Number.Last4(), ExpirationDate: vts.DateOf(t.Expiry)},
		CryptogramInfo: vts.CryptogramInfo{
			Cryptogram: cryptogram, ECI: eci, ATC: vts.Text(strconv.Itoa(int(t.ATC))),
		},
	}}, nil
}

// answerContent gives out art and terms. Mastercard's assets have ids of
// another form.
func answerContent(r *request, _ sandbox.Result) (answer, *token.Problem) {
	asset, ok := r.account.box.Asset(r.asset)
	if !ok || !vts.ValidID(r.asset) {
		return answer{}, token.Refuse(token.UnknownAsset, "no content has this id")
	}
	content := contentOf(asset.AssetInfo)
	content.EncodedData = base64.StdEncoding.EncodeToString(asset.Data)
	return answer{body: vts.ContentResponse{
		AltText: asset.AltText, ContentType: string(asset.Kind), Content: []vts.Content{content},
	}}, nil
}

// instrumentInfo shows a card as far as it may be shown.
func instrumentInfo(c vault.Card) *vts.InstrumentInfo {
	tokenizable := "Y"
	if c.Closed {
		tokenizable = "N"
	}
	return &vts.InstrumentInfo{
		Last4: c.PAN.Last4(), AccountStatus: "N", IsTokenizable: tokenizable, ExpirationDate: vts.DateOf(c.Expiry),
		ExpDatePrintedInd: "Y", CVV2PrintedInd: "Y", PaymentAccountReference: string(c.PAR),
	}
}

// tokenInfo describes a token without its number.
func (r *request) tokenInfo(t vault.Token) vts.TokenInfo {
	return vts.TokenInfo{
		TokenStatus: vts.StatusOf(t.Status), TokenRequestorID: vts.Text(t.TRID), TokenReferenceID: r.account.referenceOf(t.Ref),
		Last4: t.Number.Last4(), ExpirationDate: vts.DateOf(t.Expiry),
	}
}

// referenceOf derives a tokenReferenceID: DNITHE and 18 digits
// (docs/wire/vts.md "Identifiers").
func (a *account) referenceOf(ref token.Ref) string {
	return "DNITHE" + a.ids.Digits(18, "token reference", string(ref))
}
