package vts_test

import (
	"testing"

	"github.com/pantomime-dev/pantomime/vts"
)

func TestDecodeRequest_StepUp(t *testing.T) {
	judgeEdits(t, "step_up_method_request", func() vts.Request { return new(vts.StepUpMethodRequest) }, []edit{
		{"no identifier", "stepUpRequestID", nil, "stepUpRequestID"},
		{"a long identifier", "stepUpRequestID", words(65), "stepUpRequestID"},
		{"an identifier in another case", "stepuprequestid", "x", ""},
		{"no date", "date", nil, ""},
		{"a date as a number", "date", 1700000000, ""},
		{"a date in words", "date", "today", "date"},
		{"a date with a sign", "date", "-1700000000", "date"},
		{"a date with a fraction", "date", 1700000000.5, "date"},
		{"a date as an object", "date", map[string]any{}, "date"},
		{"an app too long", "clientAppID", words(37), "clientAppID"},
		{"a reference too long", "clientReferenceId", words(65), "clientReferenceId"},
	})
	judgeEdits(t, "validate_otp_request", func() vts.Request { return new(vts.ValidateOTPRequest) }, []edit{
		{"no code", "otpValue", nil, "otpValue"},
		{"an empty code", "otpValue", "", "otpValue"},
		{"a code as a number", "otpValue", 456789, ""},
		{"a code with letters", "otpValue", "A7-9", ""},
		{"a long code", "otpValue", words(33), "otpValue"},
		{"a code as a list", "otpValue", []any{4, 5}, "otpValue"},
		{"no date or app", "clientAppID", nil, ""},
	})
	judgeEdits(t, "validate_auth_code_request", func() vts.Request { return new(vts.ValidateAuthCodeRequest) }, []edit{
		{"no app's code", "authCode", nil, "authCode"},
		{"a long app's code", "authCode", words(4097), "authCode"},
		{"an app's code under another name", "otpValue", "456789", ""},
	})
}

func TestDecodeRequest_DeviceBinding(t *testing.T) {
	judgeEdits(t, "device_binding_request", func() vts.Request { return new(vts.DeviceBindingRequest) }, []edit{
		{"no intent", "intent", nil, "intent"},
		{"another intent", "intent", "CLOUD", ""},
		{"no platform", "platformType", nil, "platformType"},
		{"no app", "clientAppID", nil, ""},
		{"no session", "sessionContext", nil, ""},
		{"a session as a text", "sessionContext", "secret-session", "sessionContext"},
		{"a long session", "sessionContext.secureToken", words(8193), "sessionContext.secureToken"},
		{"a yes for a flag", "browserData.browserJavaEnabled", "yes", "browserData.browserJavaEnabled"},
		{"a height as a number", "browserData.browserScreenHeight", 900, ""},
		{"a long language", "browserData.browserLanguage", words(65), "browserData.browserLanguage"},
		{"a long browser", "browserData.userAgent", words(2049), "browserData.userAgent"},
		{"a browser as a text", "browserData", "firefox", "browserData"},
		{"a long hash", "clientWalletAccountEmailAddressHash", words(65), "clientWalletAccountEmailAddressHash"},
		{"billing in the clear", "encBillingInfo", map[string]any{"email": "x"}, "encBillingInfo"},
		{"long risk data", "encDeviceRiskDataInfo", words(vts.MaxJWE + 1), "encDeviceRiskDataInfo"},
	})
}

func TestDecodeRequest_Attestation(t *testing.T) {
	const merchant = "dynamicData.merchantIdentifier."
	judgeEdits(t, "attestation_request", func() vts.Request { return new(vts.AttestationRequest) }, []edit{
		{"no app", "clientAppID", nil, "clientAppID"},
		{"no type", "type", nil, "type"},
		{"an unknown type", "type", "FORGET", "type"},
		{"a type that the reason does not fit", "type", "REGISTER", "reasonCode"},
		{"no reason", "reasonCode", nil, "reasonCode"},
		{"an unknown reason", "reasonCode", "FUN", "reasonCode"},
		{"a reason that does not fit", "reasonCode", "DEVICE_BINDING", "reasonCode"},
		{"no reference", "clientReferenceID", nil, ""},
		{"an amount without a fraction", "dynamicData.authenticationAmount", "0", ""},
		{"an amount as a number", "dynamicData.authenticationAmount", 12.5, ""},
		{"an amount in words", "dynamicData.authenticationAmount", "nothing", "dynamicData.authenticationAmount"},
		{"an amount with two points", "dynamicData.authenticationAmount", "1.2.3", "dynamicData.authenticationAmount"},
		{"an amount below zero", "dynamicData.authenticationAmount", "-1.00", "dynamicData.authenticationAmount"},
		{"a currency of letters", "dynamicData.currencyCode", "USD", "dynamicData.currencyCode"},
		{"a currency of two digits", "dynamicData.currencyCode", "84", "dynamicData.currencyCode"},
		{"a merchant in the clear", merchant + "merchantName", "Sample Shop", merchant + "merchantName"},
		{"an address in the clear", merchant + "applicationUrl", "https://shop.example/", merchant + "applicationUrl"},
		{"an id with padding", merchant + "externalClientId", "c2FtcGxlLXNob3A=", ""},
		{"no dynamic data", "dynamicData", nil, ""},
		{"no consumer", "encAuthenticationData", nil, ""},
		{"a preference in words", "authenticationPreferencesRequested.selectedPopupForAuthenticate", "no", "authenticationPreferencesRequested.selectedPopupForAuthenticate"},
	})
}

// TestStepUp_ReferenceUnderEitherName: the calls spell it in two ways, and
// clients mix them up.
func TestStepUp_ReferenceUnderEitherName(t *testing.T) {
	for _, name := range []string{"clientReferenceId", "clientReferenceID"} {
		body := []byte(`{"` + name + `":"r"}`)
		var chosen vts.StepUpMethodRequest
		var bound vts.DeviceBindingRequest
		if err := vts.Decode(body, &chosen); err != nil || chosen.ClientReferenceID != "r" {
			t.Errorf("%s in step-up: %+v, %v", name, chosen, err)
		}
		if err := vts.Decode(body, &bound); err != nil || bound.ClientReferenceID != "r" {
			t.Errorf("%s in device binding: %+v, %v", name, bound, err)
		}
	}
}
