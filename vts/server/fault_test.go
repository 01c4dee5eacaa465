package server_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// The faults that replace the service: nothing happens behind them.
func TestFault_Replaces(t *testing.T) {
	for _, c := range []struct {
		then        string
		status      int
		contentType string
		body        string // exact, or with * a beginning
		retryAfter  string
	}{
		{`fault: "429"`, 429, "application/json", `{"responseStatus":{"status":429,"code":"429","severity":"ERROR","message":"Too Many Requests","info":""}}`, "1"},
		{`fault: "429", retry-after: 30s`, 429, "application/json", `{"responseStatus":*`, "30"},
		{`fault: "500"`, 500, "application/json", `{"errorResponse":{"status":500,"message":"Unknown failure reason in processing the request","reason":"serviceError"}}`, ""},
		{`fault: "502"`, 502, "text/html; charset=utf-8", `<!DOCTYPE html>*`, ""},
		{`fault: "503"`, 503, "application/json", `{"errorResponse":{"status":503,"message":"The service is busy. Try again later.","reason":"notReady"}}`, ""},
		{`fault: "503", retry-after: 5s`, 503, "application/json", `{"errorResponse":*`, "5"},
		{`fault: "504"`, 504, "application/json", ``, ""},
		{`fault: html`, 200, "text/html; charset=utf-8", `<!DOCTYPE html>*`, ""},
		{`fault: empty`, 200, "application/json", ``, ""},
	} {
		t.Run(c.then, func(t *testing.T) {
			w := newWorld(t, failing(c.then))
			got := w.transmit(w.good())
			begin, open := strings.CutSuffix(c.body, "*")
			if got.Status != c.status || got.Header.Get("Content-Type") != c.contentType || got.Header.Get("Retry-After") != c.retryAfter {
				t.Errorf("%d %v", got.Status, got.Header)
			}
			if !strings.HasPrefix(string(got.Body), begin) || !open && len(got.Body) != len(begin) {
				t.Errorf("body %q", got.Body)
			}
			if got.Entry.Fault == "" || got.Entry.Rule != "fail" || got.Entry.Problem != "" {
				t.Errorf("journaled as %+v", got.Entry)
			}
			if len(stage.Tokens(w.box)) != 0 {
				t.Error("a token was made")
			}
		})
	}
}

// The faults that damage the answer: the token is made and committed.
func TestFault_Damages(t *testing.T) {
	for fault, looks := range map[string]func(t *testing.T, w *world, got reply){
		"malformed-json": func(t *testing.T, _ *world, got reply) {
			t.Helper()
			if vts.Decode(got.Body, new(vts.ProvisionResponse)) == nil {
				t.Errorf("body %s", got.Body)
			}
		},
		"wrong-content-type": func(t *testing.T, _ *world, got reply) {
			t.Helper()
			if !strings.HasPrefix(got.Header.Get("Content-Type"), "text/html") || parse(t, got.Body)["vProvisionedTokenID"] == "" {
				t.Errorf("%v %s", got.Header, got.Body)
			}
		},
		"slow": func(t *testing.T, _ *world, got reply) {
			t.Helper()
			parse(t, got.Body)
		},
		"bad-ciphertext": func(t *testing.T, w *world, got reply) {
			t.Helper()
			unopened(t, w, got, vts.ErrJWEContent)
		},
		"wrong-key": func(t *testing.T, w *world, got reply) {
			t.Helper()
			unopened(t, w, got, vts.ErrJWEKeyWrap)
		},
	} {
		t.Run(fault, func(t *testing.T) {
			w := newWorld(t, failing("fault: "+fault))
			got := w.send(w.good())
			if got.Status != http.StatusCreated || string(got.Entry.Fault) != fault {
				t.Errorf("%d %s", got.Status, got.Entry.Fault)
			}
			looks(t, w, got)
			if len(stage.Tokens(w.box)) != 1 {
				t.Error("no token was made")
			}
		})
	}
}

// unopened checks that the token number is sealed in good form, under the right
// id, and does not open.
func unopened(t *testing.T, w *world, got reply, want error) {
	t.Helper()
	var answer vts.ProvisionResponse
	if err := vts.Decode(got.Body, &answer); err != nil {
		t.Fatal(err)
	}
	_, err := w.client.TokenNumber(answer.TokenInfo)
	var refused *vts.JWEError
	if !errors.Is(err, want) || !errors.As(err, &refused) || refused.KeyID != w.keys().Encryption.APIKey {
		t.Errorf("opening gives %v, want %v", err, want)
	}
}

func TestFault_LostAnswers(t *testing.T) {
	for fault, made := range map[string]int{"reset": 0, "hang": 0, "drop-response": 1, "truncate": 1} {
		t.Run(fault, func(t *testing.T) {
			w := newWorld(t, failing("fault: "+fault))
			c, err := http.NewRequest("POST", w.url+"/vts/provisionedTokens", nil)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := w.client.ProvisionWithPAN(c.Context(), vts.ProvisionWithPANRequest{
				ProvisionRequest: vts.ProvisionRequest{PresentationType: []string{"ECOM"}, ProtectionType: "CLOUD"},
				Locale:           "en_US", PANSource: vts.SourceOnFile,
			}, card(goodPAN), nil); err == nil {
				t.Error("the client got its answer")
			}
			if n := len(stage.Tokens(w.box)); n != made {
				t.Errorf("%d tokens were made, want %d", n, made)
			}
			if e := stage.Last(w.box); string(e.Fault) != fault || e.Op != token.VisaProvisionWithPAN {
				t.Errorf("journaled as %+v", e)
			}
		})
	}
}

func TestFault_CommittedAllTheSame(t *testing.T) {
	w := newWorld(t, failing(`fault: "503", commit: true`))
	got := w.transmit(w.good())
	if got.Status != 503 || len(stage.Tokens(w.box)) != 1 {
		t.Errorf("%d %s, %d tokens", got.Status, got.Body, len(stage.Tokens(w.box)))
	}
}
