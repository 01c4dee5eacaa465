package issuer_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/issuer"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/wire"
)

var noon = time.Unix(1764590400, 0) // 2025-12-01T12:00:00Z

// vector was made with openssl: printf '1764590400.{"id":"1"}' | openssl dgst -sha256 -hmac secret
const vector = "t=1764590400,v1=d83a02e369bd5a2a553ef0678483530601005ab5aefe9f57c1d988269cd440dc"

func TestSignature_Vector(t *testing.T) {
	if got := issuer.Sign([]byte(`{"id":"1"}`), "secret", noon); got != vector {
		t.Errorf("%s, want %s", got, vector)
	}
}

func TestSignature_Judged(t *testing.T) {
	for name, row := range map[string]struct {
		header, body, secret string
		now                  time.Time
		why                  string // "" if it holds
	}{
		"at once":                   {vector, `{"id":"1"}`, "secret", noon, ""},
		"at the end of its time":    {vector, `{"id":"1"}`, "secret", noon.Add(5 * time.Minute), ""},
		"later":                     {vector, `{"id":"1"}`, "secret", noon.Add(5*time.Minute + time.Second), "another time"},
		"by a clock that is behind": {vector, `{"id":"1"}`, "secret", noon.Add(-5*time.Minute - time.Second), "another time"},
		"of another body":           {vector, `{"id":"2"}`, "secret", noon, "another secret or another body"},
		"by another secret":         {vector, `{"id":"1"}`, "Secret", noon, "another secret or another body"},
		"of another time":           {strings.Replace(vector, "400,", "401,", 1), `{"id":"1"}`, "secret", noon, "another secret or another body"},
		"cut":                       {vector[:len(vector)-2], `{"id":"1"}`, "secret", noon, "another secret or another body"},
		"none":                      {"", `{"id":"1"}`, "secret", noon, "must be t=seconds,v1=hex"},
		"without a time":            {"t=,v1=00", `{"id":"1"}`, "secret", noon, "must be t=seconds,v1=hex"},
		"not in hex":                {"t=1,v1=zz", `{"id":"1"}`, "secret", noon, "must be t=seconds,v1=hex"},
	} {
		err := issuer.Verify(http.Header{issuer.SignatureHeader: {row.header}}, []byte(row.body), row.secret, row.now)
		if (err == nil) != (row.why == "") || err != nil && (!errors.Is(err, issuer.ErrSignature) || !strings.Contains(err.Error(), row.why)) {
			t.Errorf("%s: %v, want %q", name, err, row.why)
		}
	}
}

func someInquiry(kind token.InquiryKind) token.Inquiry {
	return token.Inquiry{
		ID: "00112233445566778899aabbccddeeff", Kind: kind, Sandbox: "default", Issuer: "mine", Network: token.Visa, Requestor: "wallet", At: noon,
		PAN: "4622943120000600", Expiry: token.Expiry{Year: 2029, Month: 3}, Presentation: "ECOM",
		Amount: 1000, Currency: "EUR", Merchant: "m-1", Category: "5411", Country: "DE", Shown: "SHOP", ByToken: true, ECI: "05",
	}
}

// An inquiry has the members of its kind alone, and no number when it is printed.
func TestCodec_WordsInquiries(t *testing.T) {
	codec := issuer.Codec{Wall: clock.NewFixed(noon)}
	const card = `"sandbox":"default","issuer":"mine","network":"visa","requestor":"wallet","at":"2025-12-01T12:00:00Z",` +
		`"card":{"number":"4622943120000600","expiryMonth":"03","expiryYear":"2029"},`
	for kind, want := range map[token.InquiryKind]string{
		token.InquiryProvisioning: `{"id":"00112233445566778899aabbccddeeff","kind":"provisioning",` + card + `"provisioning":{"presentation":"ECOM"}}`,
		token.InquiryPayment: `{"id":"00112233445566778899aabbccddeeff","kind":"payment",` + card + `"payment":{"amount":{"value":1000,"currency":"EUR"},` +
			`"merchant":{"id":"m-1","category":"5411","country":"DE","descriptor":"SHOP"},"means":"token","eci":"05"}}`,
	} {
		header, body, err := codec.Word(someInquiry(kind), "secret")
		if err != nil || string(body) != want {
			t.Errorf("%v\n%s, want\n%s", err, body, want)
		}
		if err := issuer.Verify(header, body, "secret", noon); err != nil || header.Get("Content-Type") != "application/json" {
			t.Errorf("%v %v", err, header)
		}
		back, err := issuer.DecodeInquiry(body)
		if err != nil || back.Card.Number != "4622943120000600" || strings.Contains(fmt.Sprintf("%v %+v %#v", back, back, back.Card), "4622943120000600") {
			t.Errorf("%v %+v", err, back)
		}
	}
	if _, err := issuer.DecodeInquiry([]byte("no")); !errors.Is(err, wire.ErrBody) {
		t.Errorf("no JSON: %v", err)
	}
}

func TestCodec_ReadsVerdicts(t *testing.T) {
	for body, want := range map[string]token.Verdict{
		`{"decision":"approve"}`:                           {Decision: token.Approve},
		` {"decision":"decline"} `:                         {Decision: token.Decline, Reason: "do_not_honor"},
		`{"reason":"lost_card","decision":"decline"}`:      {Decision: token.Decline, Reason: "lost_card"},
		`{"decision":"decline","reason":"closed_account"}`: {Decision: token.Decline, Reason: "closed_account"},
	} {
		for _, kind := range []token.InquiryKind{token.InquiryProvisioning, token.InquiryPayment} {
			got, err := issuer.Codec{}.Read(kind, []byte(body))
			if err != nil || !cmp.Equal(got, want) {
				t.Errorf("%s of a %s: %+v %v", body, kind, got, err)
			}
		}
	}
	if got, err := (issuer.Codec{}).Read(token.InquiryProvisioning, []byte(`{"decision":"step-up"}`)); err != nil || got.Decision != token.StepUp {
		t.Errorf("a step-up: %+v %v", got, err)
	}
}

// Whatever a stranger's endpoint sends, what is read of it is one of the verdicts
// there are.
func FuzzCodec_Read(f *testing.F) {
	for _, body := range []string{`{"decision":"approve"}`, `{"decision":"decline","reason":"lost_card"}`, `{"decision":"step-up"}`, `[]`, `{"decision":1}`} {
		f.Add(true, []byte(body))
	}
	f.Fuzz(func(t *testing.T, pays bool, body []byte) {
		kind := map[bool]token.InquiryKind{true: token.InquiryPayment, false: token.InquiryProvisioning}[pays]
		got, err := issuer.Codec{}.Read(kind, body)
		reason, known := token.DeclineReasonOf(got.Reason)
		switch {
		case err != nil && got != token.Verdict{}:
			t.Errorf("%v, and %+v", err, got)
		case err == nil && got.Decision == token.Decline && (!known || reason.By != token.IssuerDeclines):
			t.Errorf("declined for %q", got.Reason)
		case err == nil && got.Decision == token.StepUp && pays:
			t.Error("a step-up of a payment")
		}
	})
}
