package vts_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/vts"
)

const stepUpID = "c0ffee00c0ffee00c0ffee00c0ffee01"

// queryOf is the query that goes with a path: device binding has a parameter of
// its own, after the API key.
func queryOf(path string) string {
	if strings.HasSuffix(path, "/deviceBinding") {
		return testQuery + "&reasonCode=DEVICE_BINDING"
	}
	return testQuery
}

func binding() vts.DeviceBindingRequest {
	return vts.DeviceBindingRequest{
		ReasonCode: vts.ReasonCodeDeviceBinding, ClientReferenceID: "ref-000042", PlatformType: vts.PlatformWeb, Intent: vts.IntentFIDO,
	}
}

func attestation() vts.AttestationRequest {
	return vts.AttestationRequest{Type: vts.AttestRegister, ReasonCode: vts.ReasonCodeDeviceBinding}
}

// stepUpCalls are the calls that identify a cardholder.
var stepUpCalls = []operationCall{
	{
		"step-up options", "GET", "vts/provisionedTokens/" + tokenID + "/stepUpOptions", "step_up_options_response",
		func(ctx context.Context, c *vts.Client) (any, error) { return c.StepUpOptions(ctx, tokenID) },
		func() any { return new(vts.StepUpOptionsResponse) }, nil,
	},
	{
		"step-up method", "PUT", "vts/provisionedTokens/" + tokenID + "/stepUpOptions/method", "step_up_method_response",
		func(ctx context.Context, c *vts.Client) (any, error) {
			return c.SelectStepUpMethod(ctx, tokenID, vts.StepUpMethodRequest{StepUpRequestID: stepUpID})
		},
		func() any { return new(vts.StepUpMethodResponse) }, func() vts.Request { return new(vts.StepUpMethodRequest) },
	},
	{
		"validate a password", "POST", "vts/provisionedTokens/" + tokenID + "/stepUpOptions/validateOTP", "validation_response",
		func(ctx context.Context, c *vts.Client) (any, error) {
			return nil, c.ValidateOTP(ctx, tokenID, vts.ValidateOTPRequest{OTPValue: "456789"})
		},
		nil, func() vts.Request { return new(vts.ValidateOTPRequest) },
	},
	{
		"validate an app's code", "POST", "vts/provisionedTokens/" + tokenID + "/stepUpOptions/validateAuthCode", "validation_response",
		func(ctx context.Context, c *vts.Client) (any, error) {
			return nil, c.ValidateAuthCode(ctx, tokenID, vts.ValidateAuthCodeRequest{AuthCode: "code"})
		},
		nil, func() vts.Request { return new(vts.ValidateAuthCodeRequest) },
	},
	{
		"device binding", "POST", "vts/provisionedTokens/" + tokenID + "/deviceBinding", "device_binding_response",
		func(ctx context.Context, c *vts.Client) (any, error) {
			return c.BindDevice(ctx, tokenID, binding(), &vts.BillingInfo{Email: "alex@example.com"}, nil)
		},
		func() any { return new(vts.DeviceBindingResponse) }, func() vts.Request { return new(vts.DeviceBindingRequest) },
	},
	{
		"attestation options", "POST", "vts/provisionedTokens/" + tokenID + "/attestation/options", "attestation_response",
		func(ctx context.Context, c *vts.Client) (any, error) {
			return c.AttestationOptions(ctx, tokenID, attestation(), nil)
		},
		func() any { return new(vts.AttestationResponse) }, func() vts.Request { return new(vts.AttestationRequest) },
	},
}

// TestClient_StepUpFillsInDateAndApp has the two spellings of the reference id,
// which differ between the calls, and the date as text.
func TestClient_StepUpFillsInDateAndApp(t *testing.T) {
	server, got := answering(t, http.StatusOK, "{}")
	client := newClient(t, server.URL)
	if err := client.ValidateOTP(t.Context(), tokenID, vts.ValidateOTPRequest{OTPValue: "456789", ClientReferenceID: "r"}); err != nil {
		t.Fatal(err)
	}
	if want := `{"otpValue":"456789","date":"1700000000","clientReferenceId":"r","clientAppID":"sandbox-app"}`; string(got.body) != want {
		t.Errorf("sent %s, want %s", got.body, want)
	}
	if _, err := client.BindDevice(t.Context(), tokenID, binding(), nil, nil); err != nil {
		t.Fatal(err)
	}
	if want := `{"clientReferenceID":"ref-000042","clientAppID":"sandbox-app","platformType":"WEB","intent":"FIDO"}`; string(got.body) != want {
		t.Errorf("sent %s, want %s", got.body, want)
	}
	if _, err := client.BindDevice(t.Context(), tokenID, vts.DeviceBindingRequest{}, nil, nil); err != nil {
		t.Fatal(err)
	}
	if want := testQuery + "&reasonCode=PROVISIONING"; got.query != want {
		t.Errorf("query %s, want %s", got.query, want)
	}
}

func TestClient_SealsWhatNamesTheConsumer(t *testing.T) {
	server, got := answering(t, http.StatusOK, "{}")
	client, keys := newClient(t, server.URL), vts.Keys{sharedKey(t, encKey, encSecret)}
	risk := vts.RiskData{{Name: "x", Value: "y"}}
	if _, err := client.BindDevice(t.Context(), tokenID, binding(), &vts.BillingInfo{Email: "alex@example.com"}, risk); err != nil {
		t.Fatal(err)
	}
	var sent vts.DeviceBindingRequest
	if err := (vts.Leniency{}).DecodeRequest(got.body, &sent); err != nil {
		t.Fatal(err)
	}
	for field, want := range map[string]string{
		sent.EncBillingInfo: `{"email":"alex@example.com"}`, sent.EncDeviceRiskDataInfo: `[{"name":"x","value":"y"}]`,
	} {
		if opened, err := keys.Open(field); err != nil || string(opened.Plain) != want {
			t.Errorf("got %s, %v, want %s", opened.Plain, err, want)
		}
	}
	consumer := vts.AuthenticationData{ConsumerInfo: vts.ConsumerInfo{EmailAddress: "alex@example.com"}}
	if _, err := client.AttestationOptions(t.Context(), tokenID, attestation(), &consumer); err != nil {
		t.Fatal(err)
	}
	var asked vts.AttestationRequest
	if err := (vts.Leniency{}).DecodeRequest(got.body, &asked); err != nil {
		t.Fatal(err)
	}
	opened, err := keys.Open(asked.EncAuthenticationData)
	if err != nil || string(opened.Plain) != `{"consumerInfo":{"emailAddress":"alex@example.com"}}` {
		t.Errorf("got %s, %v", opened.Plain, err)
	}
}

// TestClient_TwoRSAKeys seals to the network's key and opens with its own.
func TestClient_TwoRSAKeys(t *testing.T) {
	network, own := rsaKey(t), rsaKey(t)
	out, err := vts.NewRSAKey("network-1", &network.PublicKey, nil)
	if err != nil {
		t.Fatal(err)
	}
	back, err := vts.NewRSAKey("own-1", &own.PublicKey, own)
	if err != nil {
		t.Fatal(err)
	}
	client, err := vts.NewClient(vts.Config{
		BaseURL: "http://127.0.0.1:1", Signing: vts.Credential{APIKey: testKey, Secret: testSecret}, FieldKey: out, AnswerKey: back,
	})
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := client.Seal(testCard)
	if err != nil {
		t.Fatal(err)
	}
	var card vts.PaymentInstrument
	if err := client.Open(sealed, &card); err == nil {
		t.Error("a request opens without the network's private half")
	}
	answer, err := back.SealJSON(vts.TokenNumber{Token: "4895370012003478"}, testTime, nil)
	if err != nil {
		t.Fatal(err)
	}
	if number, err := client.TokenNumber(vts.TokenInfo{EncTokenInfo: answer}); err != nil || number.Digits() != "4895370012003478" {
		t.Errorf("got %v, %v", number, err)
	}
}

func TestStepUp_CodesDoNotPrint(t *testing.T) {
	for _, v := range []any{
		vts.ValidateOTPRequest{OTPValue: "456789"}, vts.ValidateAuthCodeRequest{AuthCode: "456789"}, vts.SessionContext{SecureToken: "456789"},
	} {
		if text := fmt.Sprintf("%v %+v %#v", v, v, v); strings.Contains(text, "456789") {
			t.Errorf("prints as %s", text)
		}
	}
}
