package mdes

import (
	"net/url"
	"testing"
)

// foreignSignature is one request signed by Mastercard's own Node library.
type foreignSignature struct {
	Name, Method, URL, Body, Authorization string
	Form                                   BaseForm
}

func TestVerify_MastercardNodeSigner(t *testing.T) {
	var cases []foreignSignature
	readJSON(t, &cases, "interop", "oauth.json")
	if len(cases) < 9 {
		t.Fatalf("%d cases, want 9", len(cases))
	}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			r := SignedRequest{Method: c.Method, URLs: []*url.URL{mustURL(t, c.URL)}, Authorization: c.Authorization, Body: []byte(c.Body)}
			for _, forms := range []Forms{FormsAll, FormsMastercard, ""} {
				v := testVerifier(t)
				v.Forms = forms
				if got := v.Verify(r, signedAt); !got.OK() || got.Form != c.Form {
					t.Errorf("%s: failure %q, form %q, want %q", forms, got.Failure, got.Form, c.Form)
				}
			}
			v := testVerifier(t)
			v.Forms = FormsRFC
			got := v.Verify(r, signedAt)
			check, _ := got.Checks().Failed()
			if got.Failure != FailSignature || got.Form != "" || got.BaseString == "" {
				t.Errorf("RFC 5849 alone must refuse it: %+v", got)
			}
			if want := "the signature fits the form " + string(c.Form) + ", which is switched off"; check.Hint != want {
				t.Errorf("hint %q, want %q", check.Hint, want)
			}
		})
	}
}
