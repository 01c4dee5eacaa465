package server_test

import (
	"context"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
	"github.com/pantomime-dev/pantomime/vts/server"
)

func binding() vts.DeviceBindingRequest {
	return vts.DeviceBindingRequest{
		ReasonCode: vts.ReasonCodeDeviceBinding, ClientReferenceID: "ref-1", PlatformType: vts.PlatformWeb, Intent: vts.IntentFIDO,
		BrowserData: &vts.BrowserData{Language: "en-US"}, SessionContext: &vts.SessionContext{SecureToken: "session"},
	}
}

// TestBinding_ChallengeLeadsToStepUp binds while the token waits and after.
func TestBinding_ChallengeLeadsToStepUp(t *testing.T) {
	w, made := waiting(t)
	ctx, id := context.Background(), made.VProvisionedTokenID
	billing := &vts.BillingInfo{Email: "alex@example.com"}
	risk := vts.RiskData{{Name: "device", Value: "9173"}}
	first := stage.Must(w.client.BindDevice(ctx, id, binding(), billing, risk))(t)
	if first.Status != "CHALLENGE" || len(first.StepUpRequest) != 3 {
		t.Fatalf("bound while waiting: %+v", first)
	}
	stage.Must(w.client.SelectStepUpMethod(ctx, id, vts.StepUpMethodRequest{StepUpRequestID: first.StepUpRequest[0].Identifier}))(t)
	if err := w.client.ValidateOTP(ctx, id, vts.ValidateOTPRequest{OTPValue: otp}); err != nil {
		t.Fatal(err)
	}
	if then := stage.Must(w.client.BindDevice(ctx, id, binding(), billing, nil))(t); then.Status != "APPROVED" || then.StepUpRequest != nil {
		t.Errorf("bound afterwards: %+v", then)
	}
}

// TestBinding_ReasonStandsInTheQuery follows Visa's client: the API key first,
// the reason after it, both signed.
func TestBinding_ReasonStandsInTheQuery(t *testing.T) {
	w, strict := newWorld(t), switched(t, func(v *scenarios.VisaSwitches) { v.AnyReasonCode = false })
	const body = `{"platformType":"WEB","intent":"FIDO","clientReferenceId":"r"}`
	for _, c := range []struct {
		more             string
		status, strictly int
	}{
		{"&reasonCode=DEVICE_BINDING", 200, 200},
		{"&reasonCode=PROVISIONING", 200, 200},
		{"", 200, 200},
		{"&reasonCode=SOMETHING_ELSE", 200, 400},
		{"&reasonCode=", 400, 400},
		{"&reasonCode=device_binding", 400, 400},
		{"&reasonCode=" + strings.Repeat("A", 41), 400, 400},
	} {
		for _, in := range []struct {
			w      *world
			status int
		}{{w, c.status}, {strict, c.strictly}} {
			id := provision(context.Background(), t, in.w.client).VProvisionedTokenID
			s := in.w.request("POST", "/vts/provisionedTokens/"+id+"/deviceBinding", []byte(body))
			s.query += c.more
			got := in.w.send(s)
			if got.Status != in.status {
				t.Errorf("%q: %d %s, want %d", c.more, got.Status, got.Body, in.status)
			}
			if got.Status == 400 {
				in.w.judge(t, got, 400, "invalidParameter", []string{"reasonCode"})
			}
		}
	}
}

func TestBinding_GoldenAnswers(t *testing.T) {
	w, made := waiting(t)
	id := "/vts/provisionedTokens/" + made.VProvisionedTokenID
	for name, call := range map[string]struct{ tail, body string }{
		"device_binding":       {"/deviceBinding", `{"platformType":"WEB","intent":"FIDO"}`},
		"attestation_options":  {"/attestation/options", `{"clientAppID":"sandbox-app","type":"REGISTER","reasonCode":"DEVICE_BINDING"}`},
		"attestation_for_sale": {"/attestation/options", `{"clientAppID":"sandbox-app","type":"AUTHENTICATE","reasonCode":"PAYMENT"}`},
	} {
		got := w.send(w.request("POST", id+call.tail, []byte(call.body)))
		if got.Status != http.StatusOK {
			t.Fatalf("%s: %d %s", name, got.Status, got.Body)
		}
		golden(t, name, got.Body)
	}
}

func TestAttestation_NewContextAtEachCall(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	id := provision(ctx, t, w.client).VProvisionedTokenID
	consumer := &vts.AuthenticationData{ConsumerInfo: vts.ConsumerInfo{EmailAddress: "alex@example.com"}}
	seen := map[string]bool{}
	for kind, reason := range map[string]string{vts.AttestRegister: vts.ReasonCodeDeviceBinding, vts.AttestAuthenticate: vts.ReasonCodePayment} {
		for range 2 {
			made := stage.Must(w.client.AttestationOptions(ctx, id, vts.AttestationRequest{Type: kind, ReasonCode: reason}, consumer))(t)
			c := made.AuthenticationContext
			payload, err := base64.RawURLEncoding.DecodeString(c.Payload)
			if err != nil || !strings.Contains(string(payload), c.Identifier) || c.Action != kind || seen[c.Identifier] {
				t.Errorf("%s: %+v", kind, c)
			}
			seen[c.Identifier] = true
		}
	}
}

func TestBinding_Refused(t *testing.T) {
	w := newWorld(t, "version: 1\nname: two\nrequestors:\n  one: {}\n  two: {}\n")
	ctx := context.Background()
	w.who = requestor(t, w.box, "one")
	one := w.clientOf(w.keys().Signing, w.keys().Encryption)
	two := w.clientOf(server.KeysOf(requestor(t, w.box, "two")).Signing, server.KeysOf(requestor(t, w.box, "two")).Encryption)
	id := provision(ctx, t, one).VProvisionedTokenID
	calls := map[string]func(c *vts.Client, id string) error{
		"device binding": func(c *vts.Client, id string) error {
			_, err := c.BindDevice(ctx, id, binding(), nil, nil)
			return err
		},
		"attestation": func(c *vts.Client, id string) error {
			_, err := c.AttestationOptions(ctx, id, vts.AttestationRequest{Type: vts.AttestRegister, ReasonCode: vts.ReasonCodeDeviceBinding}, nil)
			return err
		},
	}
	for name, call := range calls {
		t.Run(name, func(t *testing.T) {
			if err := call(one, id); err != nil {
				t.Error(err)
			}
			refusedAs(t, call(one, strings.Repeat("0", 32)), 404, "invalidParameter")
			refusedAs(t, call(two, id), 403, "AuthError")
		})
	}
	if err := w.box.Act(scenarios.Action{Do: "delete"}, sandbox.Target{Token: token.Ref(id)}); err != nil {
		t.Fatal(err)
	}
	for name, call := range calls {
		t.Run(name+" of a deleted token", func(t *testing.T) { refusedAs(t, call(one, id), 403, "notAllowed") })
	}
}

// sealedFailures are encrypted fields that do not hold what they should.
var sealedFailures = []struct {
	name, tail, field, clear string // clear "" leaves the field unsealed
	at                       string // location, "" for the field itself
	check                    string
}{
	{"billing in the clear", "deviceBinding", "encBillingInfo", "", "", vts.CheckField("encBillingInfo")},
	{"billing that is no JSON", "deviceBinding", "encBillingInfo", "alex@example.com", "", server.CheckClear("encBillingInfo")},
	{"billing that is a list", "deviceBinding", "encBillingInfo", "[]", "", server.CheckClear("encBillingInfo")},
	{"an e-mail that is an object", "deviceBinding", "encBillingInfo", `{"email":{"a":9173}}`, "encBillingInfo.email", face.CheckField("encBillingInfo.email")},
	{"an e-mail too long", "deviceBinding", "encBillingInfo", `{"email":"` + strings.Repeat("9173", 65) + `"}`, "encBillingInfo.email", face.CheckField("encBillingInfo.email")},
	{"device risk in the clear", "deviceBinding", "encDeviceRiskDataInfo", "", "", vts.CheckField("encDeviceRiskDataInfo")},
	{"device risk that is a text", "deviceBinding", "encDeviceRiskDataInfo", `"9173"`, "", server.CheckClear("encDeviceRiskDataInfo")},
	{"a consumer in the clear", "attestation/options", "encAuthenticationData", "", "", vts.CheckField("encAuthenticationData")},
	{"a consumer that is no JSON", "attestation/options", "encAuthenticationData", "9173", "", server.CheckClear("encAuthenticationData")},
	{"a consumer that is a text", "attestation/options", "encAuthenticationData", `{"consumerInfo":"9173"}`, "encAuthenticationData.consumerInfo", face.CheckField("encAuthenticationData.consumerInfo")},
	{"a consumer's e-mail as a list", "attestation/options", "encAuthenticationData", `{"consumerInfo":{"emailAddress":["9173"]}}`, "encAuthenticationData.consumerInfo.emailAddress", face.CheckField("encAuthenticationData.consumerInfo.emailAddress")},
}

func TestBinding_SealedFields(t *testing.T) {
	w := newWorld(t)
	id := provision(context.Background(), t, w.client).VProvisionedTokenID
	for _, c := range sealedFailures {
		t.Run(c.name, func(t *testing.T) {
			members := map[string]any{
				"platformType": "WEB", "intent": "FIDO", "clientAppID": "a", "type": "REGISTER", "reasonCode": "DEVICE_BINDING",
				c.field: "not sealed 9173",
			}
			if c.clear != "" {
				members[c.field] = seal(t, w.keys().Encryption, []byte(c.clear))
			}
			got := w.send(w.request("POST", "/vts/provisionedTokens/"+id+"/"+c.tail, stage.Marshal(t, members)))
			at := c.at
			if at == "" {
				at = c.field
			}
			w.judge(t, got, 400, "invalidParameter", []string{at})
			if got.Failed() != c.check {
				t.Errorf("explain names %q, want %q", got.Failed(), c.check)
			}
			if c.clear != "" && strings.Contains(string(stage.Marshal(t, got.Entry)), "9173") {
				t.Errorf("the clear text is in the journal: %+v", got.Entry)
			}
		})
	}
}

// TestBinding_ConsumerIsNotJournaled opens the fields and keeps them out.
func TestBinding_ConsumerIsNotJournaled(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	id := provision(ctx, t, w.client).VProvisionedTokenID
	stage.Must(w.client.BindDevice(ctx, id, binding(), &vts.BillingInfo{Email: "robin@person.example"}, vts.RiskData{{Name: "x", Value: "robin@person.example"}}))(t)
	bound := stage.Last(w.box)
	stage.Must(w.client.AttestationOptions(ctx, id, vts.AttestationRequest{Type: vts.AttestRegister, ReasonCode: vts.ReasonCodeDeviceBinding},
		&vts.AuthenticationData{ConsumerInfo: vts.ConsumerInfo{EmailAddress: "robin@person.example"}}))(t)
	attested := stage.Last(w.box)
	if len(bound.Request.Clear) != 2 || len(attested.Request.Clear) != 1 {
		t.Errorf("fields opened: %+v, %+v", bound.Request.Clear, attested.Request.Clear)
	}
	if text := string(stage.Marshal(t, bound)) + string(stage.Marshal(t, attested)); strings.Contains(text, "robin") {
		t.Errorf("journaled: %s", text)
	}
}
