package mdes

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/wire"
)

const (
	appError         = `{"errorCode":"PAN_INELIGIBLE","errorDescription":"PAN Ineligible","errors":[{"source":"INPUT","reasonCode":"PAN_INELIGIBLE","description":"PAN Ineligible"}]}`
	gatewayError     = `{"Errors":{"Error":[{"Source":"Gateway","ReasonCode":"LIMIT_EXCEEDED","Description":"x","Recoverable":true,"Details":null}]}}`
	gatewayErrorSeen = `{"Errors":{"Error":[{"Recoverable":false,"Source":"Gateway","ReasonCode":"NOT_FOUND","Description":"Not Found"}]}}`
)

// failedAnswer is what a network may answer, and the error it becomes.
type failedAnswer struct {
	name        string
	status      int
	contentType string
	body        string
	code        string // of Application or Gateway
	gateway     bool
	err         error
}

// toldAnswers are JSON objects: they say what was wrong, or only that something was.
var toldAnswers = []failedAnswer{
	{"an application error with 200", 200, "application/json", appError, "PAN_INELIGIBLE", false, nil},
	{"an application error with 500", 500, "application/json", appError, "PAN_INELIGIBLE", false, nil},
	{"an application error without a list", 200, "application/json", `{"errorCode":"INVALID_TOKEN_UNIQUE_REFERENCE","errorDescription":"x"}`, "INVALID_TOKEN_UNIQUE_REFERENCE", false, nil},
	{"a list alone", 400, "application/json", `{"errors":[{"reasonCode":"INVALID_JSON"}]}`, "INVALID_JSON", false, nil},
	{"a list of another shape", 200, "application/json", `{"errorCode":"INVALID_PAN","errors":["x"]}`, "INVALID_PAN", false, nil},
	{"an error next to a good answer", 200, "application/json", `{"decision":"APPROVED","errorCode":"INVALID_PAN","supportsAuthentication":false,"tokenDetail":{}}`, "INVALID_PAN", false, nil},
	{"a gateway error", 429, "application/json", gatewayError, "LIMIT_EXCEEDED", true, nil},
	{"a gateway error with 200", 200, "application/json", gatewayError, "LIMIT_EXCEEDED", true, nil},
	{"a gateway error as seen", 404, "application/json;charset=UTF-8", gatewayErrorSeen, "NOT_FOUND", true, nil},
	{"a status that says nothing", 503, "application/json", `{}`, "", false, nil},
	{"an empty list of errors is none", 200, "", `{"errors":[],"decision":"DECLINED"}`, "ok", false, nil},
}

// unreadAnswers are no JSON object of the wanted shape.
var unreadAnswers = []failedAnswer{
	{"an HTML page", 200, "text/html", "<html></html>", "", false, wire.ErrNotJSON},
	{"an HTML page with 502", 502, "text/html", "<html></html>", "", false, wire.ErrNotJSON},
	{"JSON that says it is HTML", 200, "text/html", `{"decision":"APPROVED"}`, "", false, wire.ErrNotJSON},
	{"nothing", 200, "application/json", "", "", false, wire.ErrNotJSON},
	{"half an object", 200, "application/json", `{"decision":"APP`, "", false, wire.ErrNotJSON},
	{"a list", 200, "application/json", `[]`, "", false, wire.ErrNotJSON},
	{"null", 200, "application/json", `null`, "", false, wire.ErrNotJSON},
	{"an object of another shape", 200, "application/json", `{"decision":5}`, "", false, wire.ErrNotJSON},
	{"a content type that cannot be read", 200, ";;", `{}`, "", false, wire.ErrNotJSON},
}

func TestClient_Errors(t *testing.T) {
	n := startNetwork(t)
	for _, tt := range slices.Concat(toldAnswers, unreadAnswers) {
		t.Run(tt.name, func(t *testing.T) {
			n.answer = func(w http.ResponseWriter, _ Target) {
				w.Header()["Content-Type"] = []string{tt.contentType}
				w.Header().Set("correlation-id", "c-1")
				w.WriteHeader(tt.status)
				_, _ = io.WriteString(w, tt.body)
			}
			_, err := n.client().Tokenize(t.Context(), TokenizeRequest{TaskID: "t"}, &exampleFunding)
			if tt.code == "ok" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			var failed *Error
			if !errors.As(err, &failed) {
				t.Fatalf("%v is no Error", err)
			}
			if failed.Call != string(token.MCTokenize) || failed.Status != tt.status || failed.CorrelationID != "c-1" || failed.Code() != tt.code {
				t.Errorf("%+v, code %q", failed, failed.Code())
			}
			if (failed.Gateway != nil) != tt.gateway || (failed.Application != nil) != (tt.code != "" && !tt.gateway) || !errors.Is(failed.Err, tt.err) {
				t.Errorf("application %v, gateway %v, cause %v", failed.Application, failed.Gateway, failed.Err)
			}
			if !strings.Contains(err.Error(), tt.code) || !strings.Contains(err.Error(), "c-1") {
				t.Errorf("%q does not name code and correlation id", err)
			}
		})
	}
}

// Answers that are good but for their encryption.
func TestClient_UnreadableAnswers(t *testing.T) {
	n := startNetwork(t)
	foreign := func(r Target) any {
		p, err := testSealer(t, CertificateSHA256).Seal([]byte(`{}`))
		if err != nil {
			t.Fatal(err)
		}
		detail := &TokenDetail{EncryptedPayload: p}
		switch r.Op {
		case token.MCTransact:
			return TransactResponse{EncryptedPayload: p}
		case token.MCGetToken:
			return GetTokenResponse{Token: &Token{}, TokenDetail: detail}
		}
		return TokenizeResponse{Decision: DecisionApproved, TokenDetail: detail}
	}
	n.answer = func(w http.ResponseWriter, r Target) { n.write(w, 200, foreign(r)) }
	for op, call := range calls(n.client()) {
		if op != token.MCTokenize && op != token.MCTransact && op != token.MCGetToken {
			continue
		}
		err := call(t.Context())
		var failed *Error
		if !errors.As(err, &failed) || failed.Call != string(op) || failed.Status != 200 {
			t.Errorf("%s: %v", op, err)
		}
		expectCause(t, err, CauseFingerprint)
	}
}

func TestClient_NoAnswer(t *testing.T) {
	n := startNetwork(t)
	n.answers(func(http.ResponseWriter, Target) { panic(http.ErrAbortHandler) })
	for op, call := range calls(n.client()) {
		err := call(t.Context())
		var failed *Error
		if !errors.As(err, &failed) || failed.Call != string(op) || failed.Status != 0 || failed.Err == nil {
			t.Errorf("%s: %v", op, err)
		}
	}
	n.answers(func(w http.ResponseWriter, _ Target) {
		w.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(w, `{"responseId":`)
	})
	_, err := n.client().GetTaskStatus(t.Context(), "t")
	var failed *Error
	if !errors.As(err, &failed) || failed.Status != 200 || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a cut answer: %v", err)
	}
	n.answers(func(w http.ResponseWriter, _ Target) { _, _ = w.Write(bytes.Repeat([]byte(" "), maxAnswer+1)) })
	if _, err := n.client().GetTaskStatus(t.Context(), "t"); err == nil || !strings.Contains(err.Error(), "more than 8388608 bytes") {
		t.Errorf("an endless answer: %v", err)
	}
}

func TestClient_DoSendsAnything(t *testing.T) {
	n := startNetwork(t)
	n.answer = func(w http.ResponseWriter, _ Target) { n.write(w, 418, ErrorResponse{ErrorCode: string(InvalidPAN)}) }
	req, err := n.client().NewRequest(t.Context(), token.MCTransact, "", readFile(t, "examples", "transact-request.json"))
	if err != nil {
		t.Fatal(err)
	}
	var failed *Error
	err = n.client().Do(token.MCTransact, req, nil)
	if !errors.As(err, &failed) || failed.Status != 418 || failed.CorrelationID != "0123456789abcdef-0123456" || failed.Application == nil {
		t.Errorf("%+v, %v", failed, err)
	}
}

func TestClient_NewRequestRefuses(t *testing.T) {
	client := startNetwork(t).client()
	if _, err := client.NewRequest(t.Context(), token.VisaEnroll, "", nil); err == nil {
		t.Error("another network's operation is taken")
	}
	if _, err := client.NewRequest(t.Context(), token.MCTransact, "", func() {}); err == nil {
		t.Error("a body that is no JSON is taken")
	}
	req, err := client.NewRequest(t.Context(), token.MCGetAsset, "a/b?c", nil)
	if err != nil || !strings.HasSuffix(req.URL.RequestURI(), "/assets/static/1/0/asset/a%2Fb%3Fc") || req.Body != http.NoBody {
		t.Errorf("%v, %v", req, err)
	}
}

func TestNewClient_Refuses(t *testing.T) {
	n := startNetwork(t)
	good := n.client().cfg
	tests := []struct {
		name string
		edit func(*Config)
		says string
	}{
		{"no base URL", func(c *Config) { c.BaseURL = "" }, "base URL"},
		{"a base URL without a scheme", func(c *Config) { c.BaseURL = "api.mastercard.com/mdes" }, "http:// or https://"},
		{"another scheme", func(c *Config) { c.BaseURL = "ftp://h/mdes" }, "base URL"},
		{"no signing key", func(c *Config) { c.Signer.Key = nil }, "private key"},
		{"no consumer key", func(c *Config) { c.Signer.ConsumerKey = "" }, "consumer key"},
		{"no clock", func(c *Config) { c.Signer.Wall = nil }, "clock"},
		{"no network key", func(c *Config) { c.Network.Key = nil }, "network's public key"},
		{"no own key", func(c *Config) { c.Own = nil }, "own private key"},
		{"a short requestor id", func(c *Config) { c.TRID = "123" }, "11 digits"},
		{"another environment", func(c *Config) { c.Env = "prod" }, "accepted are static"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cfg := good
			tt.edit(&cfg)
			if _, err := NewClient(cfg); !errors.Is(err, wire.ErrConfig) || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("%v", err)
			}
		})
	}
	good.HTTP, good.BaseURL = nil, n.URL+"/mdes/"
	c, err := NewClient(good)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.GetTaskStatus(t.Context(), "t"); err != nil {
		t.Errorf("the default HTTP client and a slash at the end: %v", err)
	}
	good.Rand = strings.NewReader("")
	if c, err = NewClient(good); err != nil {
		t.Fatal(err)
	}
	for op, call := range calls(c) {
		if err := call(t.Context()); op != token.MCGetAsset && (err == nil || !strings.Contains(err.Error(), "request id")) {
			t.Errorf("%s without randomness: %v", op, err)
		}
	}
}
