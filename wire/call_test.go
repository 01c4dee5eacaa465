package wire_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/wire"
)

func TestNewCaller_Refuses(t *testing.T) {
	for _, bad := range []string{
		"", "127.0.0.1:8480", "localhost", "ftp://127.0.0.1", "http://", "http:///path", "http://127.0.0.1:%zz",
		"http://127.0.0.1?x=1", "http://127.0.0.1#x", "http://user:planted@127.0.0.1",
		"ftp://user:planted@127.0.0.1", "http://user:planted@127.0.0.1:%zz",
	} {
		if _, err := wire.NewCaller(bad, nil, 1); !errors.Is(err, wire.ErrConfig) || strings.Contains(err.Error(), "planted") {
			t.Errorf("%q: %v", bad, err)
		}
	}
	calls, err := wire.NewCaller("http://127.0.0.1:1/a%2Fb/", nil, 1)
	if err != nil || calls.Base() != "http://127.0.0.1:1/a%2Fb" {
		t.Errorf("base %q, %v", calls.Base(), err)
	}
}

// What every client does alike with what comes back, and with what does not.
func TestCaller_Do(t *testing.T) {
	cases := map[string]struct {
		serve  http.HandlerFunc
		status int
		err    error
	}{
		"all that is read":       {func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "12345") }, 200, nil},
		"one byte more":          {func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "123456") }, 200, wire.ErrTooLong},
		"a redirect":             {func(w http.ResponseWriter, r *http.Request) { w.Header().Set("Location", "/else"); w.WriteHeader(302) }, 302, nil},
		"half an answer":         {func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Length", "9") }, 200, io.ErrUnexpectedEOF},
		"a cut connection":       {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, 0, io.EOF},
		"an answer with nothing": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }, 204, nil},
	}
	for name, c := range cases {
		server := httptest.NewServer(c.serve)
		t.Cleanup(server.Close)
		calls, err := wire.NewCaller(server.URL, nil, 5)
		if err != nil {
			t.Fatal(err)
		}
		req, err := calls.Request(t.Context(), http.MethodPost, "/here?apiKey=planted", nil)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := calls.Do(req)
		if answer.Status != c.status || answer.OK() != (c.status/100 == 2) || !errors.Is(err, c.err) {
			t.Errorf("%s: HTTP %d, %v", name, answer.Status, err)
		}
		if err != nil && strings.Contains(err.Error(), "planted") {
			t.Errorf("%s: the error reports the URL: %v", name, err)
		}
	}
}

func TestFailure_Tell(t *testing.T) {
	whole := wire.Failure{Call: "GET /x", Status: 500, CorrelationID: "c-1", Err: wire.ErrNotJSON}
	for want, reported := range map[string]string{
		"GET /x: HTTP 500 no: answer is not the JSON object expected (correlation id c-1)": whole.Tell("no"),
		"GET /x: EOF": (&wire.Failure{Call: "GET /x", Err: io.EOF}).Tell(""),
	} {
		if reported != want {
			t.Errorf("%q, want %q", reported, want)
		}
	}
}
