package server

import (
	"slices"
	"strconv"
	"strings"

	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// operation is what is particular to one call: how its request becomes a call
// of the step, what the step does, and how its result becomes an answer. Everything between
// is the same for all.
type operation struct {
	read   func(*request) *refusal
	effect sandbox.Effect
	answer func(*request, sandbox.Result) (answer, *token.Problem)
}

// operations has a row for each route of the codec's table.
var operations = map[token.Operation]operation{
	token.VisaEnroll:           {readEnroll, sandbox.EffectEnroll, answerEnroll},
	token.VisaCardMetadata:     {readEnrolment, sandbox.EffectReadEnrolment, answerCardMetadata},
	token.VisaProvision:        {readProvision, sandbox.EffectProvision, answerProvision},
	token.VisaProvisionWithPAN: {readProvisionWithPAN, sandbox.EffectProvision, answerProvisionWithPAN},
	token.VisaGetToken:         {readToken, sandbox.EffectReadToken, answerToken},
	token.VisaPaymentData:      {readPaymentData, sandbox.EffectPay, answerPaymentData},
	token.VisaSuspend:          {readLifecycle, sandbox.EffectMove, answerLifecycle},
	token.VisaResume:           {readLifecycle, sandbox.EffectMove, answerLifecycle},
	token.VisaDelete:           {readLifecycle, sandbox.EffectMove, answerLifecycle},
	token.VisaContent:          {readContent, sandbox.EffectNothing, answerContent},
	token.VisaStepUpOptions:    {readToken, sandbox.EffectStepUpOptions, answerStepUpOptions},
	token.VisaStepUpMethod:     {readStepUpMethod, sandbox.EffectStepUpSelect, answerStepUpMethod},
	token.VisaValidateOTP:      {readOTP, sandbox.EffectStepUpConfirm, answerValidation},
	token.VisaValidateAuthCode: {readAuthCode, sandbox.EffectStepUpConfirm, answerValidation},
	token.VisaDeviceBinding:    {readDeviceBinding, sandbox.EffectBind, answerDeviceBinding},
	token.VisaAttestation:      {readAttestation, sandbox.EffectBind, answerAttestation},
}

func readEnroll(r *request) *refusal {
	var body vts.EnrollRequest
	if refused := r.body(&body); refused != nil {
		return refused
	}
	r.call.Wallet = body.ClientWalletAccountID
	return r.instrument(body.EncPaymentInstrument, body.PANSource)
}

func readEnrolment(r *request) *refusal {
	r.call.Enrolment = token.CardRef(r.id())
	return nil
}

func readToken(r *request) *refusal {
	r.call.Token = token.Ref(r.id())
	return nil
}

func readContent(r *request) *refusal {
	r.asset = r.id()
	return nil
}

// id is the parameter of the path.
func (r *request) id() string { return r.x.Param(r.route.Param()) }

func readProvision(r *request) *refusal {
	var body vts.ProvisionRequest
	if refused := r.body(&body); refused != nil {
		return refused
	}
	r.call.Enrolment = token.CardRef(r.id())
	return r.provision(body)
}

func readProvisionWithPAN(r *request) *refusal {
	var body vts.ProvisionWithPANRequest
	if refused := r.body(&body); refused != nil {
		return refused
	}
	if refused := r.instrument(body.EncPaymentInstrument, body.PANSource); refused != nil {
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
	return refused
}

// canonical makes one text of a list in which order and repeats mean nothing.
func canonical(types []string) string {
	if len(types) == 1 {
		return types[0]
	}
	sorted := slices.Sorted(slices.Values(types))
	return strings.Join(slices.Compact(sorted), ",")
}

// Values of cryptogramType that are known by name only. The one is a code of
// three digits, behind a switch; the other is unpublished. To answer either with
// a TAVV would mislead (docs/wire/vts.md "Payment data").
const (
	typeDTVV  = "DTVV"
	typeCTAVV = "CTAVV"
)

func readPaymentData(r *request) *refusal {
	var body vts.PaymentDataRequest
	if refused := r.body(&body); refused != nil {
		return refused
	}
	t := body.CryptogramType
	if r.dynamic = t == typeDTVV; t == typeCTAVV || r.dynamic && !r.account.switches().DynamicCVV {
		return r.fields(vts.BadFields{{Location: "cryptogramType", Why: t + " is not offered here; leave it out for a TAVV"}})
	}
	return readToken(r)
}

func readLifecycle(r *request) *refusal {
	var body vts.LifecycleRequest
	if refused := r.body(&body); refused != nil {
		return refused
	}
	code := body.UpdateReason.ReasonCode
	if refused := r.known("updateReason.reasonCode", code, vts.ReasonCodeCustomerConfirmed, vts.ReasonCodeFraud); refused != nil {
		return refused
	}
	r.call.By, r.call.Reason = token.ByRequestor, code
	return readToken(r)
}

// known refuses a reason code that public material does not show, where a
// sandbox is that strict.
func (r *request) known(field, code string, shown ...string) *refusal {
	if r.account.switches().AnyReasonCode || slices.Contains(shown, code) {
		return nil
	}
	return r.fields(vts.BadFields{{Location: field, Why: "must be one of " + strings.Join(shown, ", ")}})
}

// size words a number of bytes.
func size(n int) string {
	if n == 1 {
		return "1 byte"
	}
	return strconv.Itoa(n) + " bytes"
}
