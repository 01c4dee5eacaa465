package vts_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/vts"
	"github.com/pantomime-dev/pantomime/wire"
)

func TestDecode_RefusesWhatIsNotOneObject(t *testing.T) {
	good := string(example(t, "payment_data_request"))
	cases := map[string]string{
		"nothing":               "",
		"spaces":                " \r\n\t",
		"null":                  "null",
		"a text":                `"x"`,
		"a number":              "4622943120000600",
		"an array":              "[" + good + "]",
		"half an object":        good[:len(good)/2],
		"two objects":           good + good,
		"text after the object": good + "x",
		"a trailing comma":      `{"clientPaymentDataID":"a",}`,
		"single quotes":         `{'clientPaymentDataID':'a'}`,
		"a comment":             `{/* a */}`,
		"a name without quotes": `{clientPaymentDataID:"a"}`,
		"a line break in text":  "{\"clientPaymentDataID\":\"a\nb\"}",
		"a byte order mark":     "\ufeff" + good,
		"form data":             "clientPaymentDataID=a",
		"XML":                   "<clientPaymentDataID/>",
		"very deep nesting":     `{"a":` + strings.Repeat("[", 20000) + strings.Repeat("]", 20000) + "}",
	}
	for name, body := range cases {
		t.Run(name, func(t *testing.T) {
			err := vts.Leniency{}.DecodeRequest([]byte(body), new(vts.PaymentDataRequest))
			if !errors.Is(err, wire.ErrBody) {
				t.Errorf("error %v, want ErrBody", err)
			}
			if strings.Contains(fmt.Sprint(err), "4622943120000600") {
				t.Errorf("the value is in %v", err)
			}
		})
	}
}

func TestDecode_NamesMustMatchToTheLetter(t *testing.T) {
	cases := []struct {
		name, body, want string
	}{
		{"exact", `{"clientAppID":"right"}`, "right"},
		{"another case", `{"clientAppId":"wrong"}`, ""},
		{"both, wrong last", `{"clientAppID":"right","clientappid":"wrong"}`, "right"},
		{"both, wrong first", `{"CLIENTAPPID" : "wrong", "clientAppID" : "right"}`, "right"},
		{"a value that looks like a name", `{"x":"clientAppId","clientAppID":"clientAppId"}`, "clientAppId"},
		{"quotes inside a value", `{"x":"\"clientAppId\":\"a\"","clientAppID":"b\\\""}`, `b\"`},
		{"a backslash before the closing quote", `{"x":"\\","clientAppId":"wrong"}`, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			body := []byte(c.body)
			var got vts.EnrollRequest
			if err := vts.Decode(body, &got); err != nil {
				t.Fatal(err)
			}
			if got.ClientAppID != c.want {
				t.Errorf("got %q, want %q", got.ClientAppID, c.want)
			}
			if string(body) != c.body {
				t.Errorf("the caller's bytes became %s", body)
			}
		})
	}
}

func TestDecode_MisspeltRequiredFieldIsMissing(t *testing.T) {
	body := strings.Replace(string(example(t, "lifecycle_request")), "reasonCode", "ReasonCode", 1)
	err := vts.Leniency{}.DecodeRequest([]byte(body), new(vts.LifecycleRequest))
	if err == nil || err.Error() != "updateReason.reasonCode is missing" {
		t.Errorf("error %v", err)
	}
}

func TestProvisionRequest_EmailUnderEitherName(t *testing.T) {
	for _, body := range []string{
		`{"email":"a@b.example","emailHash":"h"}`,
		`{"clientWalletAccountEmailAddress":"a@b.example","clientWalletAccountEmailAddressHash":"h"}`,
		`{"clientWalletAccountEmailAddress":"a@b.example","clientWalletAccountEmailAddressHash":"h","email":"z","emailHash":"z"}`,
	} {
		var r vts.ProvisionWithPANRequest
		if err := vts.Decode([]byte(body), &r); err != nil {
			t.Fatal(err)
		}
		if r.Email() != "a@b.example" || r.EmailHash() != "h" {
			t.Errorf("%s: got %q %q", body, r.Email(), r.EmailHash())
		}
	}
}

func TestErrorBody_Builders(t *testing.T) {
	refusal := vts.ServiceError(400, vts.ReasonInvalidParameter, "bad", "a", "b.c").ErrorResponse
	if refusal.Status != 400 || len(refusal.Details) != 2 || refusal.Details[1].Location != "b.c" {
		t.Errorf("%+v", refusal)
	}
	gateway := vts.GatewayError(401, vts.CodeTokenValidation, vts.MessageTokenValidation).ResponseStatus
	want := vts.ResponseStatus{Status: 401, Code: "9159", Severity: "ERROR", Message: "Token Validation Failed"}
	if *gateway != want {
		t.Errorf("%+v", gateway)
	}
}

func TestDecode_ANameTwiceIsRefused(t *testing.T) {
	for body, says := range map[string]string{
		`{"clientAppID":"a","clientAppID":"b"}`:                                     "the member clientAppID occurs twice",
		`{"x":{"y":1,"y":2}}`:                                                       "the member y occurs twice",
		`{"4622943120000600":1,"4622943120000600":2}`:                               "the member 462294******0600 occurs twice",
		`{"` + strings.Repeat("n", 99) + `":1,"` + strings.Repeat("n", 99) + `":2}`: "nnn... occurs twice",
	} {
		err := vts.Decode([]byte(body), new(vts.EnrollRequest))
		if !errors.Is(err, wire.ErrBody) || !strings.HasSuffix(err.Error(), says) {
			t.Errorf("%s: %v", body, err)
		}
	}
}

func TestDecode_EveryFieldOfAWrongTypeIsNamed(t *testing.T) {
	for name, c := range map[string]struct {
		body, want string
		into       vts.Request
	}{
		"three of them": {
			`{"clientAppID":1,"locale":{"a":1},"panSource":"ONFILE","clientWalletAccountID":[],"encPaymentInstrument":"x"}`,
			"clientAppID has the wrong JSON type; locale has the wrong JSON type; clientWalletAccountID has the wrong JSON type",
			new(vts.EnrollRequest),
		},
		"a nested one and one that is missing": {
			`{"paymentRequest":{"transactionType":7}}`,
			"paymentRequest.transactionType has the wrong JSON type; clientPaymentDataID is missing",
			new(vts.PaymentDataRequest),
		},
		"an object that is none": {
			`{"clientPaymentDataID":"a","paymentRequest":"ECOM"}`, "paymentRequest has the wrong JSON type", new(vts.PaymentDataRequest),
		},
		"an item of a list": {
			`{"clientAppID":"a","protectionType":"CLOUD","presentationType":["ECOM",7]}`, "presentationType has the wrong JSON type", new(vts.ProvisionRequest),
		},
	} {
		t.Run(name, func(t *testing.T) {
			var bad wire.BadFields
			if err := (vts.Leniency{}).DecodeRequest([]byte(c.body), c.into); !errors.As(err, &bad) || bad.Error() != c.want {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}
