package vts_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pantomime-dev/pantomime/vts"
	"github.com/pantomime-dev/pantomime/wire"
)

func TestClient_Refusals(t *testing.T) {
	const page = "<html><body>Bad Gateway</body></html>"
	cases := []struct {
		name   string
		status int
		body   string
		want   vts.Error
	}{
		{"the gateway's envelope", 401, string(example(t, "gateway_401")), vts.Error{Gateway: &vts.ResponseStatus{
			Status: 401, Code: "9159", Severity: "ERROR", Message: "Token Validation Failed",
		}}},
		{"the service's envelope", 400, string(example(t, "error_400")), vts.Error{Refusal: &vts.ErrorResponse{
			Status: 400, Reason: "invalidParameter", Message: "The value given for encPaymentInstrument could not be used.",
			Details: []vts.Detail{{Location: "encPaymentInstrument"}},
		}}},
		{"a null ref", 403, `{"errorResponse":{"status":403,"message":"m","reason":"declined","ref":null}}`, vts.Error{Refusal: &vts.ErrorResponse{
			Status: 403, Reason: "declined", Message: "m",
		}}},
		{"another JSON object", 503, `{"fault":"x"}`, vts.Error{}},
		{"a page", 502, page, vts.Error{Failure: wire.Failure{Err: wire.ErrNotJSON}}},
		{"nothing", 500, "", vts.Error{Failure: wire.Failure{Err: wire.ErrNotJSON}}},
		{"a page with status 200", 200, page, vts.Error{Failure: wire.Failure{Err: wire.ErrNotJSON}}},
		{"nothing with status 200", 200, "", vts.Error{Failure: wire.Failure{Err: wire.ErrNotJSON}}},
		{"half an object with status 200", 200, `{"vProvisionedTokenID":"0`, vts.Error{Failure: wire.Failure{Err: wire.ErrNotJSON}}},
		{"an object of another shape", 200, `{"tokenInfo":[]}`, vts.Error{Failure: wire.Failure{Err: wire.ErrNotJSON}}},
		{"a redirect", 302, "", vts.Error{Failure: wire.Failure{Err: wire.ErrNotJSON}}},
		{"more than a MiB", 200, `{"x":"` + strings.Repeat("a", vts.MaxBody) + `"}`, vts.Error{Failure: wire.Failure{Err: wire.ErrTooLong}}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			server, got := answering(t, c.status, c.body)
			_, err := newClient(t, server.URL).GetToken(t.Context(), tokenID)
			var refused *vts.Error
			if !errors.As(err, &refused) {
				t.Fatalf("error %v", err)
			}
			if refused.Status != c.status || refused.CorrelationID != "corr-1" || refused.RequestID != got.header.Get("x-request-id") {
				t.Errorf("got %+v", refused)
			}
			if !cmp.Equal(refused.Gateway, c.want.Gateway) || !cmp.Equal(refused.Refusal, c.want.Refusal) {
				t.Errorf("envelopes %+v %+v", refused.Gateway, refused.Refusal)
			}
			if (c.want.Err == nil) != (refused.Err == nil) || c.want.Err != nil && !errors.Is(err, c.want.Err) {
				t.Errorf("cause %v, want %v", refused.Err, c.want.Err)
			}
			if text := err.Error(); !strings.Contains(text, fmt.Sprint("HTTP ", c.status)) || !strings.Contains(text, "corr-1") || strings.Contains(text, "Bad Gateway") {
				t.Errorf("text %q", text)
			}
		})
	}
}

func TestError_Text(t *testing.T) {
	server, _ := answering(t, 400, string(example(t, "error_400")))
	err := newClient(t, server.URL).Suspend(t.Context(), tokenID, testWhy)
	want := "PUT /vts/provisionedTokens/" + tokenID + "/suspend: HTTP 400 invalidParameter: " +
		"The value given for encPaymentInstrument could not be used. [encPaymentInstrument] (correlation id corr-1)"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	var refused *vts.Error
	if !errors.As(err, &refused) || refused.Reason() != vts.ReasonInvalidParameter || (&vts.Error{}).Reason() != "" {
		t.Errorf("reason %v", refused)
	}
}

func TestClient_TransportErrorsHideTheKey(t *testing.T) {
	server, _ := answering(t, 200, "{}")
	base := server.URL
	server.Close()
	_, err := newClient(t, base).GetToken(t.Context(), tokenID)
	var refused *vts.Error
	if !errors.As(err, &refused) || refused.Status != 0 || strings.Contains(err.Error(), testKey) {
		t.Errorf("error %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := newClient(t, base).GetToken(ctx, tokenID); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestClient_FollowsNoRedirect(t *testing.T) {
	var hits int
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hits++
		http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
	}))
	defer server.Close()
	_, err := newClient(t, server.URL).GetToken(t.Context(), tokenID)
	var refused *vts.Error
	if !errors.As(err, &refused) || refused.Status != http.StatusTemporaryRedirect || hits != 1 {
		t.Errorf("error %v after %d requests", err, hits)
	}
}

func TestClient_AnswerThatStopsHalfWay(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		_, _ = io.WriteString(w, `{"vProvisionedTokenID":`)
	}))
	defer server.Close()
	_, err := newClient(t, server.URL).GetToken(t.Context(), tokenID)
	var refused *vts.Error
	if !errors.Is(err, io.ErrUnexpectedEOF) || !errors.As(err, &refused) || refused.Status != http.StatusOK {
		t.Errorf("error %v", err)
	}
}

func TestClient_FailsWithoutRandomness(t *testing.T) {
	client, err := vts.NewClient(vts.Config{
		BaseURL: "http://127.0.0.1:1", Signing: vts.Credential{APIKey: testKey, Secret: testSecret}, Random: strings.NewReader(""),
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range slices.Concat(calls, stepUpCalls) {
		if _, err := c.call(t.Context(), client); !errors.Is(err, io.EOF) {
			t.Errorf("%s: error %v", c.name, err)
		}
	}
}
