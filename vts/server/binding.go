package server

import (
	"encoding/base64"
	"net/url"
	"strconv"

	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/vts"
	"github.com/pantomime-dev/pantomime/wire"
)

// readDeviceBinding opens everything, as the network would, though nothing is
// bound (docs/wire/vts.md "Devices and passkeys").
func readDeviceBinding(r *request) *refusal {
	var body vts.DeviceBindingRequest
	if refused := r.decode(&body); refused != nil {
		return refused
	}
	if refused := r.bindingReason(); refused != nil {
		return refused
	}
	var billing vts.BillingInfo
	if refused := r.personal(fieldBilling, body.EncBillingInfo, &billing); refused != nil {
		return refused
	}
	if _, refused := r.risk(fieldDeviceRisk, body.EncDeviceRiskDataInfo); refused != nil {
		return refused
	}
	return readToken(r)
}

// bindingReason reads the reason code, which is in the query.
func (r *request) bindingReason() *refusal {
	query, _ := url.ParseQuery(r.In.RawQuery) // what cannot be read is left out
	code := vts.ReasonCodeProvisioning
	if query.Has(vts.ParamReasonCode) {
		code = query.Get(vts.ParamReasonCode)
	}
	if !vts.ValidReasonCode(code) {
		return r.fields(wire.BadFields{{Location: vts.ParamReasonCode, Why: "must be capital letters and underscores"}})
	}
	r.call.Reason = code
	return r.known(vts.ParamReasonCode, code, vts.ReasonCodeProvisioning, vts.ReasonCodeDeviceBinding)
}

func readAttestation(r *request) *refusal {
	var body vts.AttestationRequest
	if refused := r.decode(&body); refused != nil {
		return refused
	}
	var consumer vts.AuthenticationData
	if refused := r.personal(fieldAuthentication, body.EncAuthenticationData, &consumer); refused != nil {
		return refused
	}
	r.action = body.Type
	return readToken(r)
}

// answerDeviceBinding sends a token that waits for its cardholder to step-up and
// approves any other.
func answerDeviceBinding(r *request) (face.Answer, *refusal) {
	if !r.result.Token.StepUp {
		return face.Answer{Body: vts.DeviceBindingResponse{Status: vts.BindingApproved}}, nil
	}
	return face.Answer{Body: vts.DeviceBindingResponse{Status: vts.BindingChallenge, StepUpRequest: r.stepUpMethods()}}, nil
}

// What is in an authentication context. The two forms are known from
// clients; the address belongs to no one.
const (
	passkeyPage  = "https://passkey.visa.example/authenticate"
	responseMode = "com_visa_web_message"
	responseType = "code"
)

// answerAttestation makes up a context, another one at each call.
func answerAttestation(r *request) (face.Answer, *refusal) {
	id := r.account.ids.Hex(32, "attestation", string(r.result.Token.Ref), strconv.FormatUint(uint64(r.result.EntitySeq), 10))
	payload := `{"identifier":"` + id + `","vProvisionedTokenID":"` + string(r.result.Token.Ref) + `"}`
	return face.Answer{Body: vts.AttestationResponse{AuthenticationContext: vts.AuthenticationContext{
		Endpoint: passkeyPage, Identifier: id, Payload: base64.RawURLEncoding.EncodeToString([]byte(payload)),
		Action: r.action, PlatformType: vts.PlatformWeb,
		Preferences: vts.ResponseForm{ResponseMode: responseMode, ResponseType: responseType},
	}}}, nil
}
