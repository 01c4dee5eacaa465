package vts_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/vts"
	"github.com/pantomime-dev/pantomime/wire"
)

// edit is a change of one field of a good message; a nil value removes it.
type edit struct {
	name  string
	field string // dotted
	value any
	want  string // the bad location; "" when the message stays good
}

func words(n int) string { return strings.Repeat("a", n) }

func TestDecodeRequest_Enroll(t *testing.T) {
	judgeEdits(t, "enroll_request", func() vts.Request { return new(vts.EnrollRequest) }, []edit{
		{"no app", "clientAppID", nil, "clientAppID"},
		{"an empty app", "clientAppID", "", "clientAppID"},
		{"a long app", "clientAppID", words(37), "clientAppID"},
		{"an app as a number", "clientAppID", 5, "clientAppID"},
		{"no wallet account", "clientWalletAccountID", nil, "clientWalletAccountID"},
		{"a wallet account that is a TRID", "clientWalletAccountID", "40010000001", ""},
		{"a wallet account of 64", "clientWalletAccountID", words(64), ""},
		{"a long wallet account", "clientWalletAccountID", words(65), "clientWalletAccountID"},
		{"no locale", "locale", nil, "locale"},
		{"a locale with a dash", "locale", "de-DE", ""},
		{"a language alone", "locale", "en", "locale"},
		{"a locale of words", "locale", "english_US", "locale"},
		{"a locale in capitals", "locale", "EN_US", "locale"},
		{"a small country", "locale", "en_us", "locale"},
		{"no source", "panSource", nil, "panSource"},
		{"keyed in", "panSource", "MANUALLYENTERED", ""},
		{"pushed by the issuer", "panSource", "ISSUER_PUSH_PROVISION", ""},
		{"from a token", "panSource", "TOKEN", ""},
		{"an unknown source", "panSource", "FLOPPY", "panSource"},
		{"a source in small letters", "panSource", "onfile", "panSource"},
		{"no card", "encPaymentInstrument", nil, "encPaymentInstrument"},
		{"a card in the clear", "encPaymentInstrument", map[string]any{"accountNumber": "x"}, "encPaymentInstrument"},
		{"a card too long", "encPaymentInstrument", words(vts.MaxJWE + 1), "encPaymentInstrument"},
		{"another entry mode", "consumerEntryMode", "CAMERACAPTURED", ""},
		{"another platform", "platformType", "ANDROID", ""},
		{"a long device", "clientDeviceID", words(49), "clientDeviceID"},
		{"an unknown field", "surprise", []any{1}, ""},
		{"phone key material", "channelSecurityContext", map[string]any{"deviceCerts": []any{}}, ""},
		{"a name in another case", "clientappid", "x", ""},
	})
}

func TestDecodeRequest_Provision(t *testing.T) {
	judgeEdits(t, "provision_request", func() vts.Request { return new(vts.ProvisionRequest) }, []edit{
		{"no app", "clientAppID", nil, "clientAppID"},
		{"no wallet account", "clientWalletAccountID", nil, ""},
		{"a long wallet account", "clientWalletAccountID", words(65), "clientWalletAccountID"},
		{"no presentation", "presentationType", nil, "presentationType"},
		{"an empty list", "presentationType", []any{}, "presentationType"},
		{"a list with an empty text", "presentationType", []any{""}, "presentationType"},
		{"a text instead of a list", "presentationType", "ECOM", "presentationType"},
		{"an unknown presentation", "presentationType", []any{"ECOM", "FAX", "TELEX"}, "presentationType"},
		{"automated purchases", "presentationType", []any{"ECOM", "AI_AGENT"}, ""},
		{"no protection", "protectionType", nil, "protectionType"},
		{"another protection", "protectionType", "SOFTWARE", ""},
		{"an IPv6 address", "ip4address", "2001:db8::1", "ip4address"},
		{"an address with a fifth part", "ip4address", "192.0.2.10.1", "ip4address"},
		{"a place without longitude", "location", "37.77", "location"},
		{"a place off the map", "location", "91/0", "location"},
		{"a place in words", "location", "NaN/NaN", "location"},
		{"a place with signs", "location", "-37.77/+122.41", ""},
		{"a hash of 64", "clientWalletAccountEmailAddressHash", words(64), ""},
		{"a long hash", "clientWalletAccountEmailAddressHash", words(65), "clientWalletAccountEmailAddressHash"},
		{"a long short-named hash", "emailHash", words(65), "emailHash"},
		{"terms without id", "termsAndConditions.id", nil, "termsAndConditions.id"},
		{"terms with a number as date", "termsAndConditions.date", 1700000000, ""},
		{"terms without a date", "termsAndConditions.date", nil, ""},
		{"terms with a date in words", "termsAndConditions.date", "today", "termsAndConditions.date"},
		{"terms with an object as date", "termsAndConditions.date", map[string]any{}, "termsAndConditions.date"},
		{"terms as a text", "termsAndConditions", "yes", "termsAndConditions"},
		{"no risk data", "encRiskDataInfo", nil, ""},
	})
}

func TestDecodeRequest_ProvisionWithPAN(t *testing.T) {
	fresh := func() vts.Request { return new(vts.ProvisionWithPANRequest) }
	judgeEdits(t, "provision_with_pan_request", fresh, []edit{
		{"no wallet account", "clientWalletAccountID", nil, "clientWalletAccountID"},
		{"no locale", "locale", nil, "locale"},
		{"no source", "panSource", nil, "panSource"},
		{"no presentation", "presentationType", nil, "presentationType"},
		{"no protection", "protectionType", nil, "protectionType"},
		{"no card", "encPaymentInstrument", nil, "encPaymentInstrument"},
		{"an issuer's code", "issuerAuthCode", "aXNzdWVy", ""},
		{"a long issuer's code", "issuerAuthCode", words(8193), "issuerAuthCode"},
	})
	var smallest map[string]any
	if err := json.Unmarshal(example(t, "provision_with_pan_smallest"), &smallest); err != nil {
		t.Fatal(err)
	}
	// The published client sends ten fields; these are demanded, the others not.
	required := []string{"locale", "panSource", "presentationType", "protectionType", "clientAppID", "clientWalletAccountID", "encPaymentInstrument"}
	for field := range smallest {
		want := ""
		if slices.Contains(required, field) {
			want = field
		}
		judgeEdits(t, "provision_with_pan_smallest", fresh, []edit{{"smallest request without " + field, field, nil, want}})
	}
}

func TestDecodeRequest_PaymentData(t *testing.T) {
	judgeEdits(t, "payment_data_request", func() vts.Request { return new(vts.PaymentDataRequest) }, []edit{
		{"no id", "clientPaymentDataID", nil, "clientPaymentDataID"},
		{"an id of 36", "clientPaymentDataID", words(36), ""},
		{"a long id", "clientPaymentDataID", words(37), "clientPaymentDataID"},
		{"no request", "paymentRequest", nil, "paymentRequest.transactionType"},
		{"a null request", "paymentRequest", json.RawMessage("null"), "paymentRequest.transactionType"},
		{"a request as a text", "paymentRequest", "ECOM", "paymentRequest"},
		{"no type", "paymentRequest.transactionType", nil, "paymentRequest.transactionType"},
		{"a type as a number", "paymentRequest.transactionType", 1, "paymentRequest.transactionType"},
		{"account funding", "paymentRequest.transactionType", "AFT", ""},
		{"an unknown type", "paymentRequest.transactionType", "ecom", "paymentRequest.transactionType"},
		{"a counter as a number", "atc", 31402, ""},
		{"a counter as a text", "atc", "65535", ""},
		{"a counter too large", "atc", 65536, "atc"},
		{"a negative counter", "atc", -1, "atc"},
		{"a cryptogram type", "cryptogramType", "TAVV", ""},
		{"three-D Secure data", "threeDsData", map[string]any{"a": 1}, ""},
	})
}

func TestDecodeRequest_Lifecycle(t *testing.T) {
	judgeEdits(t, "lifecycle_request", func() vts.Request { return new(vts.LifecycleRequest) }, []edit{
		{"no reason", "updateReason", nil, "updateReason.reasonCode"},
		{"no code", "updateReason.reasonCode", nil, "updateReason.reasonCode"},
		{"fraud", "updateReason.reasonCode", "FRAUD", ""},
		{"another code", "updateReason.reasonCode", "SOME_OTHER", ""},
		{"a code in small letters", "updateReason.reasonCode", "fraud", "updateReason.reasonCode"},
		{"a code with a digit", "updateReason.reasonCode", "CODE_1", "updateReason.reasonCode"},
		{"a code of 40", "updateReason.reasonCode", strings.Repeat("A", 40), ""},
		{"a long code", "updateReason.reasonCode", strings.Repeat("A", 41), "updateReason.reasonCode"},
		{"no description", "updateReason.reasonDesc", nil, ""},
		{"256 letters that are two bytes each", "updateReason.reasonDesc", strings.Repeat("ä", 256), ""},
		{"a long description", "updateReason.reasonDesc", words(257), "updateReason.reasonDesc"},
	})
}

func TestDecodeRequest_PaymentInstrument(t *testing.T) {
	judgeEdits(t, "payment_instrument", func() vts.Request { return new(vts.PaymentInstrument) }, []edit{
		{"no number", "accountNumber", nil, "accountNumber"},
		{"a number of 12", "accountNumber", strings.Repeat("4", 12), "accountNumber"},
		{"a number of 20", "accountNumber", strings.Repeat("4", 20), "accountNumber"},
		{"a number of 13", "accountNumber", strings.Repeat("4", 13), ""},
		{"a number with spaces", "accountNumber", "4622 9431 2000 0600", "accountNumber"},
		{"a number as a JSON number", "accountNumber", 4622943120000600, "accountNumber"},
		{"no code", "cvv2", nil, ""},
		{"a code of two", "cvv2", "12", "cvv2"},
		{"a code of four", "cvv2", "1234", ""},
		{"a code of letters", "cvv2", "abc", "cvv2"},
		{"a long name", "name", words(257), "name"},
		{"no expiry", "expirationDate", nil, ""},
		{"half an expiry", "expirationDate.year", nil, "expirationDate.year"},
		{"month 13", "expirationDate.month", "13", "expirationDate.month"},
		{"a month as a number", "expirationDate.month", 7, ""},
		{"a year as a number", "expirationDate.year", 2029, ""},
		{"a short year", "expirationDate.year", "29", "expirationDate.year"},
		{"a country of two", "billingAddress.country", "DE", ""},
		{"a country of three", "billingAddress.country", "DEU", ""},
		{"a country in full", "billingAddress.country", "Germany", "billingAddress.country"},
		{"a zip", "billingAddress.zip", "62701", ""},
		{"a provider", "provider", map[string]any{"clientWalletProvider": "wallet_1-a", "isIDnV": true}, ""},
		{"a provider with a space", "provider", map[string]any{"clientWalletProvider": "a b"}, "provider.clientWalletProvider"},
		{"a long provider", "provider", map[string]any{"clientWalletProvider": words(51)}, "provider.clientWalletProvider"},
	})
}

func TestPaymentInstrument_PushNeedsAProvider(t *testing.T) {
	card := vts.PaymentInstrument{AccountNumber: "4622943120000600"}
	if bad := card.ValidateFor(vts.SourceOnFile); bad != nil {
		t.Errorf("on file: %v", bad)
	}
	bad := card.ValidateFor(vts.SourceIssuerPush)
	if got := bad.Under("encPaymentInstrument").Locations(); !slices.Equal(got, []string{"encPaymentInstrument.provider"}) {
		t.Errorf("pushed: %v", got)
	}
	if bad.Locations()[0] != "provider" {
		t.Error("Under changes its receiver")
	}
	card.Provider = &vts.Provider{Intent: "PUSH_PROV_MOBILE"}
	if bad := card.ValidateFor(vts.SourceIssuerPush); bad != nil {
		t.Errorf("pushed with a provider: %v", bad)
	}
}

func TestDecodeRequest_AllBadFieldsAtOnce(t *testing.T) {
	err := vts.Leniency{}.DecodeRequest([]byte(`{"presentationType":["FAX"],"panSource":7,"locale":"x"}`), new(vts.ProvisionWithPANRequest))
	var bad wire.BadFields
	if !errors.As(err, &bad) {
		t.Fatal(err)
	}
	want := []string{
		"clientAppID", "clientWalletAccountID", "encPaymentInstrument", "locale",
		"panSource", "presentationType", "protectionType",
	}
	if got := slices.Sorted(slices.Values(bad.Locations())); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if text := bad.Error(); !strings.Contains(text, "panSource has the wrong JSON type") || !strings.Contains(text, "locale must be") {
		t.Errorf("text %q", text)
	}
}

func judgeEdits(t *testing.T, base string, fresh func() vts.Request, edits []edit) {
	t.Helper()
	for _, e := range edits {
		t.Run(e.name, func(t *testing.T) {
			body := edited(t, base, e)
			err := vts.Leniency{}.DecodeRequest(body, fresh())
			if e.want == "" {
				if err != nil {
					t.Errorf("%s: %v", body, err)
				}
				return
			}
			var bad wire.BadFields
			if !errors.As(err, &bad) {
				t.Fatalf("error %v, want bad field %s", err, e.want)
			}
			if got := bad.Locations()[0]; got != e.want {
				t.Errorf("got %v, want %s", bad, e.want)
			}
			if text, ok := e.value.(string); ok && len(text) > 3 && strings.Contains(bad.Error(), text) {
				t.Errorf("the value is in %q", bad.Error())
			}
		})
	}
}

func edited(t *testing.T, base string, e edit) []byte {
	t.Helper()
	var message map[string]any
	if err := json.Unmarshal(example(t, base), &message); err != nil {
		t.Fatal(err)
	}
	at, path := message, strings.Split(e.field, ".")
	for _, name := range path[:len(path)-1] {
		at = at[name].(map[string]any)
	}
	if last := path[len(path)-1]; e.value == nil {
		delete(at, last)
	} else {
		at[last] = e.value
	}
	body, err := json.Marshal(message)
	if err != nil {
		t.Fatal(err)
	}
	return body
}
