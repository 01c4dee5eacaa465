package vts_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pantomime-dev/pantomime/vts"
)

// The files in testdata/examples are the example bodies of docs/wire/vts.md's
// sources, written down by hand; the code never writes them.
var examples = map[string]func() any{
	"gateway_401":                 func() any { return new(vts.ErrorBody) },
	"error_400":                   func() any { return new(vts.ErrorBody) },
	"error_403":                   func() any { return new(vts.ErrorBody) },
	"payment_instrument":          func() any { return new(vts.PaymentInstrument) },
	"risk_data":                   func() any { return new(vts.RiskData) },
	"enroll_request":              func() any { return new(vts.EnrollRequest) },
	"enroll_response":             func() any { return new(vts.EnrollResponse) },
	"card_metadata_response":      func() any { return new(vts.CardMetadataResponse) },
	"provision_request":           func() any { return new(vts.ProvisionRequest) },
	"provision_with_pan_request":  func() any { return new(vts.ProvisionWithPANRequest) },
	"provision_with_pan_smallest": func() any { return new(vts.ProvisionWithPANRequest) },
	"provision_response":          func() any { return new(vts.ProvisionResponse) },
	"provision_response_step_up":  func() any { return new(vts.ProvisionResponse) },
	"token_response":              func() any { return new(vts.TokenResponse) },
	"payment_data_request":        func() any { return new(vts.PaymentDataRequest) },
	"payment_data_response":       func() any { return new(vts.PaymentDataResponse) },
	"lifecycle_request":           func() any { return new(vts.LifecycleRequest) },
	"lifecycle_response":          func() any { return new(vts.LifecycleResponse) },
	"content_response":            func() any { return new(vts.ContentResponse) },
	"step_up_options_response":    func() any { return new(vts.StepUpOptionsResponse) },
	"step_up_method_request":      func() any { return new(vts.StepUpMethodRequest) },
	"step_up_method_response":     func() any { return new(vts.StepUpMethodResponse) },
	"validate_otp_request":        func() any { return new(vts.ValidateOTPRequest) },
	"validate_auth_code_request":  func() any { return new(vts.ValidateAuthCodeRequest) },
	"validation_response":         func() any { return new(vts.ValidationResponse) },
	"device_binding_request":      func() any { return new(vts.DeviceBindingRequest) },
	"device_binding_response":     func() any { return new(vts.DeviceBindingResponse) },
	"billing_info":                func() any { return new(vts.BillingInfo) },
	"attestation_request":         func() any { return new(vts.AttestationRequest) },
	"attestation_response":        func() any { return new(vts.AttestationResponse) },
	"authentication_data":         func() any { return new(vts.AuthenticationData) },
}

// notices are read by ParseNotice; see notice_test.go.
var notices = map[string]bool{"notice_token": true, "notice_pan": true}

func example(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", "examples", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestExamples_DecodeAndEncodeWithoutLoss(t *testing.T) {
	for name, fresh := range examples {
		t.Run(name, func(t *testing.T) {
			raw, into := example(t, name), fresh()
			if err := json.Unmarshal(raw, into); err != nil {
				t.Fatal(err)
			}
			again, err := json.Marshal(into)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(asAny(t, raw), asAny(t, again)); diff != "" {
				t.Errorf("something of the example is lost or added (-example +ours):\n%s", diff)
			}
			// The package's own decoder must see the same.
			if _, list := into.(*vts.RiskData); list {
				return
			}
			own := fresh()
			if err := vts.Decode(raw, own); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(into, own); diff != "" {
				t.Errorf("Decode differs from encoding/json (-json +ours):\n%s", diff)
			}
		})
	}
}

func TestExamples_PassTheFieldRules(t *testing.T) {
	for name, fresh := range examples {
		request, ok := fresh().(vts.Request)
		if !ok {
			continue
		}
		t.Run(name, func(t *testing.T) {
			if err := (vts.Leniency{}).DecodeRequest(example(t, name), request); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestExamples_NoFileIsUnused(t *testing.T) {
	files, err := filepath.Glob("testdata/examples/*.json")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != len(examples)+len(notices) {
		t.Errorf("%d files for %d examples", len(files), len(examples)+len(notices))
	}
}

func asAny(t testing.TB, raw []byte) (v any) {
	t.Helper()
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	return v
}
