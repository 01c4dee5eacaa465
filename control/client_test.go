package control

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/wire"
)

func TestNew_BadURL(t *testing.T) {
	for _, bad := range []string{
		"", "127.0.0.1:8481", "localhost", "ftp://127.0.0.1", "http://", "http:///path", "http://127.0.0.1:8481?x=1",
		"http://127.0.0.1#x", "http://user:planted@127.0.0.1", "http://127.0.0.1:%zz",
	} {
		_, err := New(bad, nil, "")
		if !errors.Is(err, wire.ErrConfig) {
			t.Errorf("%q is taken: %v", bad, err)
		}
		if err != nil && strings.Contains(err.Error(), "planted") && strings.Contains(bad, "planted") {
			t.Errorf("the error repeats a password: %v", err)
		}
	}
}

func TestClient_StrangeAnswers(t *testing.T) {
	tests := []struct {
		name, kind, body string
		status           int
	}{
		{"a page", "text/html", "<html>", 200},
		{"no content type", "", `{"mode":"manual"}`, 200},
		{"JSON of another shape", "application/json", `[1]`, 200},
		{"half an answer", "application/json", `{"mode":`, 200},
		{"nothing", "application/json", ``, 200},
		{"a problem that cannot be read", ProblemType, `<`, 500},
		{"a problem of somebody else", ProblemType, `{"title":"no"}`, 404},
		{"a page of a proxy", "text/html", "<html>", 502},
		{"a redirect", "text/html", "", 302},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header()["Content-Type"] = []string{tt.kind}
				w.Header().Set("Location", "/elsewhere")
				w.WriteHeader(tt.status)
				_, _ = w.Write([]byte(tt.body))
			}))
			defer server.Close()
			c, err := New(server.URL, nil, "")
			if err != nil {
				t.Fatal(err)
			}
			if _, err := c.Clock(t.Context()); !errors.Is(err, ErrNotControl) {
				t.Errorf("the error is %v", err)
			}
		})
	}
}

func TestClient_Unreachable(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	c, err := New(server.URL, nil, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Health(t.Context()); !errors.Is(err, ErrUnreachable) || !strings.Contains(err.Error(), server.URL) {
		t.Errorf("the error is %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Health(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("a call given up is %v", err)
	}
}

// The client says who it is and which sandbox it means in every call but the
// one that belongs to none.
func TestClient_Addressing(t *testing.T) {
	var got []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = append(got, r.Method+" "+r.RequestURI+" "+r.Header.Get("Authorization")+" "+r.Header.Get("Content-Type"))
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{}`))
	}))
	defer server.Close()
	c, err := New(server.URL+"/", nil, "open")
	if err != nil {
		t.Fatal(err)
	}
	box := c.In("box")
	_, _ = box.Health(t.Context())
	_, _ = box.Sandboxes(t.Context(), Page{})
	_, _ = box.Callback(t.Context(), "a/b?c")
	_, _ = box.Advance(t.Context(), Advance{})
	_, _ = c.CloseCard(t.Context(), "test/visa/1", CardChange{})
	_, _ = c.PostRules(t.Context(), []byte("then: {}"))
	_, _ = c.Resend(t.Context(), "7")
	want := []string{
		"GET /healthz Bearer open ",
		"GET /__admin/v1/sandboxes Bearer open ",
		"GET /__admin/v1/callbacks/a%2Fb%3Fc?sandbox=box Bearer open ",
		"POST /__admin/v1/clock/advance?sandbox=box Bearer open application/json",
		"POST /__admin/v1/cards/test%2Fvisa%2F1/close Bearer open application/json",
		"POST /__admin/v1/rules Bearer open application/yaml",
		"POST /__admin/v1/callbacks/7/resend Bearer open ",
	}
	for i, w := range want {
		if i >= len(got) || got[i] != w {
			t.Errorf("call %d is %q, want %q", i, at(got, i), w)
		}
	}
}

func at(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return "missing"
}
