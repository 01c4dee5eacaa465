package door_test

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/simulator/journal"
	"github.com/pantomime-dev/pantomime/token"
)

// serve runs one handler behind the door on a real socket.
func serve(t *testing.T, answer func(x *door.Exchange) door.Reply) *httptest.Server {
	t.Helper()
	return serveLogging(t, io.Discard, answer)
}

func serveLogging(t *testing.T, log io.Writer, answer func(x *door.Exchange) door.Reply) *httptest.Server {
	t.Helper()
	gin.SetMode(gin.ReleaseMode)
	d := door.Door{
		Wall: clock.Real(), Logger: slog.New(slog.NewTextHandler(log, nil)),
		Internal: func(*door.Exchange) door.Reply { return door.Reply{Status: 500, Body: []byte(`{"own":"fault"}`)} },
	}
	engine := gin.New()
	engine.UseRawPath = true
	engine.Any("/vts/*rest", d.Handle(answer))
	srv := httptest.NewServer(door.Addressed(engine))
	t.Cleanup(srv.Close)
	return srv
}

func get(t *testing.T, url string, change func(*http.Request)) (int, http.Header, string, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(`{"a":1}`))
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(req)
	}
	resp, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 5 * time.Second}).Do(req)
	if err != nil {
		return 0, nil, "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return resp.StatusCode, resp.Header, string(body), err
}

func TestAddressed_HeaderThenPathThenHost(t *testing.T) {
	for name, c := range map[string]struct {
		path, header, host, want, rest string
	}{
		"nothing names one": {"/vts/x", "", "", "", "/vts/x"},
		"the header":        {"/vts/x", "qa", "", "qa", "/vts/x"},
		"the path":          {"/s/qa/vts/x", "", "", "qa", "/vts/x"},
		"the host":          {"/vts/x", "", "qa.localhost:8480", "qa", "/vts/x"},
		"the header takes precedence over the path": {"/s/other/vts/x", "qa", "", "qa", "/vts/x"},
		"the path takes precedence over the host":   {"/s/qa/vts/x", "", "other.localhost", "qa", "/vts/x"},
		"a deeper host names no sandbox":            {"/vts/x", "", "a.b.localhost", "", "/vts/x"},
		"escapes in the path stay":                  {"/s/qa/vts/a%2Fb", "", "", "qa", "/vts/a%2Fb"},
	} {
		t.Run(name, func(t *testing.T) {
			var seen door.Exchange
			srv := serve(t, func(x *door.Exchange) door.Reply { seen = *x; return door.Reply{Status: 200} })
			_, _, _, err := get(t, srv.URL+c.path+"?apiKey=K&b=%20", func(r *http.Request) {
				if c.header != "" {
					r.Header.Set(door.SandboxHeader, c.header)
				}
				if c.host != "" {
					r.Host = c.host
				}
			})
			if err != nil {
				t.Fatal(err)
			}
			if seen.Sandbox != c.want || seen.Path != c.rest || seen.RawPath != c.path || seen.RawQuery != "apiKey=K&b=%20" {
				t.Errorf("sandbox %q, path %q, raw path %q, query %q", seen.Sandbox, seen.Path, seen.RawPath, seen.RawQuery)
			}
		})
	}
}

func TestHandle_ABodyOverTheLimitIsCutAndSaysSo(t *testing.T) {
	var seen door.Exchange
	srv := serve(t, func(x *door.Exchange) door.Reply { seen = *x; return door.Reply{Status: 413} })
	_, _, _, err := get(t, srv.URL+"/vts/x", func(r *http.Request) {
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(make([]byte, 2<<20))), 2<<20
	})
	if err != nil || !seen.TooLarge || len(seen.Body) != door.MaxBody {
		t.Errorf("%v, too large %t, %d bytes", err, seen.TooLarge, len(seen.Body))
	}
}

func TestHandle_APanicIsTheFacesInternalError(t *testing.T) {
	var log bytes.Buffer
	srv := serveLogging(t, &log, func(*door.Exchange) door.Reply { panic("mistake") })
	status, _, body, err := get(t, srv.URL+"/vts/4622943120000600", nil)
	if err != nil || status != 500 || body != `{"own":"fault"}` {
		t.Errorf("%d %s %v", status, body, err)
	}
	srv.Close() // waits for the handler, which writes the log
	if said := log.String(); !strings.Contains(said, "/vts/462294******0600") || strings.Contains(said, "4622943120000600") {
		t.Errorf("logged: %s", said)
	}
}

// A trace id is 32 hex digits in small letters (W3C Trace Context); what is none
// is left out.
func TestHandle_KeepsATraceIDThatIsOne(t *testing.T) {
	const id = "0af7651916cd43dd8448eb211c80319c"
	for header, want := range map[string]string{
		"00-" + id + "-b7ad6b7169203331-01":                  id,
		"00-" + strings.ToUpper(id) + "-b7ad6b7169203331-01": "",
		"00-" + id[1:] + "-b7ad6b7169203331-01":              "",
		"00-" + id + "-b7ad6b7169203331":                     "",
	} {
		var got string
		srv := serve(t, func(x *door.Exchange) door.Reply { got = x.Entry.Trace; return door.Reply{Status: 200} })
		if _, _, _, err := get(t, srv.URL+"/vts/x", func(r *http.Request) { r.Header.Set("Traceparent", header) }); err != nil || got != want {
			t.Errorf("%s: %q, %v", header, got, err)
		}
	}
}

func TestFaults_EachFeelsAsDescribed(t *testing.T) {
	const body = `{"tokenInfo":{"tokenStatus":"ACTIVE"}}`
	for fault, check := range map[token.Fault]func(status int, h http.Header, got string, err error) bool{
		token.FaultReset: func(_ int, _ http.Header, _ string, err error) bool {
			var op *net.OpError
			return errors.As(err, &op) || errors.Is(err, io.EOF)
		},
		token.FaultDropResponse: func(_ int, _ http.Header, _ string, err error) bool { return errors.Is(err, io.EOF) },
		token.FaultTruncate: func(status int, _ http.Header, got string, err error) bool {
			return status == 200 && errors.Is(err, io.ErrUnexpectedEOF) && len(got) == len(body)/2
		},
		token.FaultHTML: func(status int, h http.Header, got string, err error) bool {
			return err == nil && status == 200 && strings.HasPrefix(h.Get("Content-Type"), "text/html") && got == door.Page
		},
		token.FaultEmpty: func(status int, _ http.Header, got string, err error) bool {
			return err == nil && status == 200 && got == ""
		},
		token.FaultMalformedJSON: func(status int, _ http.Header, got string, err error) bool {
			return err == nil && status == 200 && got == body[:len(body)-1]+`,"`
		},
		token.FaultWrongContentType: func(status int, h http.Header, got string, err error) bool {
			return err == nil && status == 200 && got == body && strings.HasPrefix(h.Get("Content-Type"), "text/html")
		},
		token.FaultSlow: func(status int, _ http.Header, got string, err error) bool {
			return err == nil && status == 200 && got == body
		},
	} {
		t.Run(string(fault), func(t *testing.T) {
			srv := serve(t, func(*door.Exchange) door.Reply { return door.Reply{Status: 200, Body: []byte(body), Fault: fault} })
			if status, h, got, err := get(t, srv.URL+"/vts/x", nil); !check(status, h, got, err) {
				t.Errorf("status %d, header %v, body %q, error %v", status, h, got, err)
			}
		})
	}
}

func TestFaults_HangAnswersNothingUntilTheClientGivesUp(t *testing.T) {
	srv := serve(t, func(*door.Exchange) door.Reply { return door.Reply{Status: 200, Fault: token.FaultHang} })
	client := &http.Client{Timeout: 50 * time.Millisecond}
	resp, err := client.Get(srv.URL + "/vts/x")
	if err == nil {
		resp.Body.Close()
		t.Fatalf("it answered %d", resp.StatusCode)
	}
	var late net.Error
	if !errors.As(err, &late) || !late.Timeout() {
		t.Errorf("%v", err)
	}
}

func TestHandle_JournalsBeforeTheAnswerAndMasked(t *testing.T) {
	j := journal.New(1<<20, journal.NewMasks(journal.Secrets{Headers: []string{"X-Pay-Token"}}))
	srv := serve(t, func(x *door.Exchange) door.Reply {
		x.Journal = j
		x.Sent("encPaymentInstrument", []byte(`{"accountNumber":"4622943120000600"}`))
		return door.Reply{Status: 201, Body: []byte(`{"token":"4895370012003478"}`), RetryAfter: 1500 * time.Millisecond}
	})
	_, h, _, err := get(t, srv.URL+"/vts/4622943120000600?apiKey=K", func(r *http.Request) {
		r.Header.Set("X-Pay-Token", "xv2:1:abc")
		r.Header.Set("Traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
	})
	if err != nil || h.Get("Retry-After") != "2" {
		t.Fatalf("%v, Retry-After %q", err, h.Get("Retry-After"))
	}
	list := j.List(journal.Query{})
	if len(list) != 1 {
		t.Fatalf("%d entries", len(list))
	}
	e := list[0]
	if e.Request.Path != "/vts/462294******0600" || e.Request.Header["X-Pay-Token"] != token.Secret || e.Response.Status != 201 || e.Response.Size != 28 || e.Request.Size != 7 ||
		e.Response.Body != `{"token":"489537******3478"}` || e.Request.Clear[0].Body != `{"accountNumber":"462294******0600"}` ||
		e.Trace != "0af7651916cd43dd8448eb211c80319c" {
		t.Errorf("%+v", e)
	}
}

// Facts hold what was asked for, in that order, and no more of it than rules see.
func TestFacts_AreReadAndCut(t *testing.T) {
	asks := []token.Ask{{Part: token.PartBody, Name: "a"}, {Part: token.PartHeader, Name: "X-Long"}, {Part: token.PartQuery, Name: "none"}, {Part: token.PartHeader, Name: "X-Full"}}
	var got []token.Fact
	srv := serve(t, func(x *door.Exchange) door.Reply {
		if none := x.Facts(nil); none != nil {
			t.Errorf("%v was not asked for", none)
		}
		got = x.Facts(asks)
		return door.Reply{Status: 200}
	})
	full := strings.Repeat("y", token.MaxFactValue)
	_, _, _, err := get(t, srv.URL+"/vts/x", func(r *http.Request) {
		r.Header.Set("X-Long", full+"z")
		r.Header.Set("X-Full", full)
		r.Body, r.ContentLength = io.NopCloser(strings.NewReader(`{"a":1}`)), 7
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []token.Fact{
		{Ask: asks[0], Value: "1", Present: true}, {Ask: asks[1], Value: full, Present: true, Cut: true}, {Ask: asks[2]}, {Ask: asks[3], Value: full, Present: true},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
}

func TestLookup_FindsWhatARuleAsksFor(t *testing.T) {
	type found struct {
		value   string
		present bool
	}
	got := map[string]found{}
	srv := serve(t, func(x *door.Exchange) door.Reply {
		x.Sent("info.payload", []byte(`{"card":{"month":"12"},"list":[{"a":true}]}`))
		for name, ask := range map[string][2]string{
			"a header": {"header", "x-request-id"}, "no such header": {"header", "X-None"}, "a parameter": {"query", "apiKey"}, "no such parameter": {"query", "x"},
			"a member": {"body", "a"}, "a number as text": {"body", "n"}, "no such member": {"body", "a.b"},
			"inside ciphertext": {"body", "info.payload.card.month"}, "in a list": {"body", "info.payload.list.0.a"}, "past a list": {"body", "info.payload.list.1"},
		} {
			value, present := x.Lookup(token.RequestPart(ask[0]), ask[1])
			got[name] = found{value, present}
		}
		return door.Reply{Status: 200}
	})
	_, _, _, err := get(t, srv.URL+"/vts/x?apiKey=K", func(r *http.Request) {
		r.Header.Set("X-Request-Id", "r1")
		body := `{"a":"b","n":7,"info":{"payload":"eyJ"}}`
		r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]found{
		"a header": {"r1", true}, "no such header": {"", false}, "a parameter": {"K", true}, "no such parameter": {"", false},
		"a member": {"b", true}, "a number as text": {"7", true}, "no such member": {"", false},
		"inside ciphertext": {"12", true}, "in a list": {"true", true}, "past a list": {"", false},
	} {
		if got[name] != want {
			t.Errorf("%s: %v, want %v", name, got[name], want)
		}
	}
}

func TestReply_AScenarioMayChangeTheBody(t *testing.T) {
	raw := "out of order"
	for name, c := range map[string]struct {
		reply door.Reply
		want  string
	}{
		"a patch adds, changes and removes": {door.Reply{Body: []byte(`{"a":{"b":1,"c":2}}`), Patch: []byte(`{"a":{"b":null,"c":3},"d":"e"}`)}, `{"a":{"c":3},"d":"e"}`},
		"a raw body replaces":               {door.Reply{Body: []byte(`{}`), Raw: &raw}, raw},
		"a patch over no JSON":              {door.Reply{Body: []byte("x"), Patch: []byte(`{"a":1}`)}, "x"},
	} {
		c.reply.Status = 200
		srv := serve(t, func(*door.Exchange) door.Reply { return c.reply })
		if _, _, body, err := get(t, srv.URL+"/vts/x", nil); err != nil || body != c.want {
			t.Errorf("%s: %q %v", name, body, err)
		}
	}
}
