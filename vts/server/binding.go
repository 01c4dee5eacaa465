package server

import (
	"encoding/base64"
	"errors"
	"net/url"
	"strconv"

	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// readDeviceBinding opens everything, as the network would, though nothing is
// bound (docs/wire/vts.md "Devices and passkeys").
func readDeviceBinding(r *request) *refusal {
	var body vts.DeviceBindingRequest
	if refused := r.body(&body); refused != nil {
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

// bindingReason reads the reason code, which stands in the query.
func (r *request) bindingReason() *refusal {
	query, _ := url.ParseQuery(r.x.RawQuery) // what cannot be read is left out
	code := vts.ReasonCodeProvisioning
	if query.Has(vts.ParamReasonCode) {
		code = query.Get(vts.ParamReasonCode)
	}
	if !vts.ValidReasonCode(code) {
		return r.fields(vts.BadFields{{Location: vts.ParamReasonCode, Why: "must be capital letters and underscores"}})
	}
	r.call.Reason = code
	return r.known(vts.ParamReasonCode, code, vts.ReasonCodeProvisioning, vts.ReasonCodeDeviceBinding)
}

// personal opens and judges a field that says who the consumer is. What it
// holds is kept out of the journal altogether.
func (r *request) personal(field, compact string, into vts.Request) *refusal {
	if compact == "" {
		return nil
	}
	plain, refused := r.decrypt(field, compact)
	if refused != nil {
		return refused
	}
	err := vts.DecodeRequest(plain, into)
	var bad vts.BadFields
	if err != nil && !errors.As(err, &bad) {
		return r.unreadable(field, "a JSON object", plain)
	}
	r.x.Sent(field, []byte(`"`+token.Secret+`"`))
	if len(bad) > 0 {
		return r.fields(bad.Under(field))
	}
	return nil
}

func readAttestation(r *request) *refusal {
	var body vts.AttestationRequest
	if refused := r.body(&body); refused != nil {
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
func answerDeviceBinding(r *request, res sandbox.Result) (answer, *token.Problem) {
	if !res.Token.StepUp {
		return answer{body: vts.DeviceBindingResponse{Status: vts.BindingApproved}}, nil
	}
	return answer{body: vts.DeviceBindingResponse{Status: vts.BindingChallenge, StepUpRequest: r.stepUpMethods(res)}}, nil
}

// What stands in an authentication context. The two forms are known from
// clients; the address is nobody's.
const (
	passkeyPage  = "https://passkey.visa.example/authenticate"
	responseMode = "com_visa_web_message"
	responseType = "code"
)

// answerAttestation makes up a context, another one at each call.
func answerAttestation(r *request, res sandbox.Result) (answer, *token.Problem) {
	id := r.account.ids.Hex(32, "attestation", string(res.Token.Ref), strconv.FormatUint(uint64(res.EntitySeq), 10))
	payload := `{"identifier":"` + id + `","vProvisionedTokenID":"` + string(res.Token.Ref) + `"}`
	return answer{body: vts.AttestationResponse{AuthenticationContext: vts.AuthenticationContext{
		Endpoint: passkeyPage, Identifier: id, Payload: base64.RawURLEncoding.EncodeToString([]byte(payload)),
		Action: r.action, PlatformType: vts.PlatformWeb,
		Preferences: vts.ResponseForm{ResponseMode: responseMode, ResponseType: responseType},
	}}}, nil
}
