package server

import (
	"slices"
	"strings"

	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

func readProvision(r *request) *refusal {
	var body vts.ProvisionRequest
	if refused := r.decode(&body); refused != nil {
		return refused
	}
	r.call.Enrolment = token.CardRef(r.id())
	return r.provision(body)
}

func readProvisionWithPAN(r *request) *refusal {
	var body vts.ProvisionWithPANRequest
	if refused := r.decode(&body); refused != nil {
		return refused
	}
	if refused := r.card(body.EncPaymentInstrument, body.PANSource); refused != nil {
		return refused
	}
	return r.provision(body.ProvisionRequest)
}

// provision reads what both ways of provisioning share.
func (r *request) provision(body vts.ProvisionRequest) *refusal {
	r.call.Wallet = body.ClientWalletAccountID
	r.call.Presentation = canonical(body.PresentationType)
	risk, refused := r.risk(fieldRisk, body.EncRiskDataInfo)
	if refused == nil && r.call.Card.Expiry.IsZero() {
		r.call.Card.Expiry, _ = risk.Expiry()
	}
	if refused == nil && r.call.Card.Code == "" {
		r.call.Card.Code = r.riskCode(risk)
	}
	return refused
}

// riskCode is the security code in the risk data, a JWE within the JWE; "" for
// none that opens, as nothing is known of the code's own form.
func (r *request) riskCode(risk vts.RiskData) token.SecurityCode {
	sealed, there := risk.Get(vts.RiskEncCVV2)
	if !there {
		return ""
	}
	opened, err := r.account.keys.Open(sealed)
	if err != nil {
		return ""
	}
	return token.SecurityCode(strings.Trim(string(opened.Plain), `"`))
}

// canonical makes one text of a list in which order and repeats mean nothing.
func canonical(types []string) string {
	if len(types) == 1 {
		return types[0]
	}
	sorted := slices.Sorted(slices.Values(types))
	return strings.Join(slices.Compact(sorted), ",")
}

func answerProvision(r *request) (face.Answer, *refusal) {
	return face.Answer{Body: r.provisioned()}, nil
}

// answerProvisionWithPAN also repeats what enrolling would have answered.
func answerProvisionWithPAN(r *request) (face.Answer, *refusal) {
	body := r.provisioned()
	body.PaymentInstrument = r.instrumentInfo(r.result.Card)
	body.CardMetaData = r.cardMetaData(r.result.Card)
	return face.Answer{Body: body}, nil
}

// provisioned describes a new token. Its number is withheld as long as the
// issuer has not identified the cardholder; what counts is the token as it is,
// since a repeated request may meet one that was activated meanwhile.
func (r *request) provisioned() vts.ProvisionResponse {
	info := r.tokenInfo(r.result.Token)
	if !r.result.Token.StepUp {
		info.EncTokenInfo = r.sealToken(r.result.Token.Number)
	}
	return vts.ProvisionResponse{
		VProvisionedTokenID: string(r.result.Token.Ref), VPanEnrollmentID: string(r.result.Enrolment.Ref),
		TokenInfo: info, StepUpRequest: r.stepUpMethods(),
	}
}
