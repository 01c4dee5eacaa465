package pantomime_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/simulator/journal"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

// [B2] TestDoor_JournalsWhatNobodyServes: in the journal of the sandbox that the
// address or the credential names, else in the default one's, with what was
// probably meant.
func TestDoor_JournalsWhatNobodyServes(t *testing.T) {
	sim, admin := begin(t, pantomime.Options{})
	qa := stage.Must(sim.Factory().Create(sandbox.Request{ID: "qa"}))(t)
	keys := stage.Must(admin.In("qa").Env(t.Context()))(t).Requestors[0]
	for name, c := range map[string]struct {
		path, authorization string
		in                  *sandbox.Sandbox
		check, hint         string
	}{
		"without the face's prefix":   {"/digitization/static/1/0/tokenize", "", sim.Sandbox(), "route", "did you mean /mdes/digitization/static/1/0/tokenize?"},
		"in capitals":                 {"/VTS/panEnrollments", "", sim.Sandbox(), "route", "did you mean /vts/panEnrollments?"},
		"with a host's path before":   {"/api/vts/panEnrollments", "", sim.Sandbox(), "route", "did you mean /vts/panEnrollments?"},
		"on the wrong port":           {"/__admin/v1/clock", "", sim.Sandbox(), "route", "the admin API has its own port"},
		"of another sandbox":          {"/s/qa/digitization/1/0/getToken", "", qa, "route", "did you mean /mdes/digitization/1/0/getToken?"},
		"with an API key":             {"/panEnrollments?apiKey=" + keys.Visa.Signing.APIKey, "", qa, "route", "did you mean /vts/panEnrollments?"},
		"with a consumer key":         {"/tokenize", `OAuth oauth_consumer_key="` + strings.ReplaceAll(keys.Mastercard.ConsumerKey, "!", "%21") + `"`, qa, "route", ""},
		"a slip at one network":       {"/vts/provisonedTokens", "", sim.Sandbox(), "route", "did you mean /vts/provisionedTokens?"},
		"a slip at the other":         {"/mdes/digitization/static/1/0/tokenise", "", sim.Sandbox(), "route", "did you mean /mdes/digitization/static/1/0/tokenize?"},
		"a slip at the acquirer":      {"/acquirer/v1/authorisations/a-1/captures", "", sim.Sandbox(), "route", "did you mean /acquirer/v1/authorizations/a-1/captures?"},
		"of an unknown sandbox":       {"/s/qb/nothing", "", sim.Sandbox(), "sandbox", "X-Pantomime-Sandbox"},
		"served, of an unknown one":   {"/s/qb/mdes/digitization/1/0/getToken", "", sim.Sandbox(), "sandbox", "X-Pantomime-Sandbox"},
		"the same with an API key":    {"/s/qb/vts/panEnrollments?apiKey=" + keys.Visa.Signing.APIKey, "", qa, "sandbox", "X-Pantomime-Sandbox"},
		"an unknown path, with a key": {"/s/qb/panEnrollments?apiKey=" + keys.Visa.Signing.APIKey, "", qa, "sandbox", "X-Pantomime-Sandbox"},
	} {
		t.Run(name, func(t *testing.T) {
			req := stage.Must(http.NewRequestWithContext(t.Context(), http.MethodPost, sim.NetworkURL()+c.path, strings.NewReader("{}")))(t)
			if c.authorization != "" {
				req.Header.Set("Authorization", c.authorization)
			}
			before := len(c.in.Journal().List(journal.Query{}))
			got := stage.Ask(t, c.in, req)
			check, _ := got.Entry.Checks.Failed()
			path, _, _ := strings.Cut(c.path, "?")
			if got.Status != http.StatusNotFound || got.Entry.Request.Path != path || got.Entry.Response.Status != got.Status ||
				check.Name != c.check || !strings.Contains(check.Hint, c.hint) {
				t.Errorf("%d %s, journaled as %+v", got.Status, got.Body, got.Entry)
			}
			if after := len(c.in.Journal().List(journal.Query{})); after != before+1 {
				t.Errorf("%d more entries", after-before)
			}
		})
	}
}

// [B2] TestDoor_JournalsWhatAProxyIsAskedFor: a client that takes the door for a
// proxy names a host in place of a path.
func TestDoor_JournalsWhatAProxyIsAskedFor(t *testing.T) {
	sim, _ := begin(t, pantomime.Options{})
	status, _ := raw(t, sim, "CONNECT api.mastercard.com:443 HTTP/1.1\r\nHost: api.mastercard.com:443\r\n\r\n")
	entry := stage.Last(sim.Sandbox())
	check, _ := entry.Checks.Failed()
	if status != http.StatusNotFound || entry.Request.Path != "api.mastercard.com:443" || check.Hint != "this door is no proxy; make it the base URL of your client" {
		t.Errorf("%d, journaled %+v", status, entry)
	}
}

// [B1] TestDoor_ABodyThatEndsTooEarly is answered in the form of its face, and
// journaled.
func TestDoor_ABodyThatEndsTooEarly(t *testing.T) {
	sim, admin := begin(t, pantomime.Options{})
	keys := stage.Must(admin.Env(t.Context()))(t).Requestors[0]
	bodies := map[string]string{
		"a chunk of size -1": "Transfer-Encoding: chunked\r\n\r\n-1\r\n{}\r\n0\r\n\r\n",
		"a cut chunk":        "Transfer-Encoding: chunked\r\n\r\n8\r\n{}",
		"too little":         "Content-Length: 10\r\n\r\n{}",
	}
	for path, form := range map[string]string{
		"/vts/panEnrollments?apiKey=" + keys.Visa.Signing.APIKey: `"responseStatus":{"status":400,`,
		"/mdes/digitization/1/0/getToken":                        `"ReasonCode":"REQUEST_UNREADABLE"`,
		"/nothing":                                               "",
	} {
		for name, rest := range bodies {
			status, body := raw(t, sim, "POST "+path+" HTTP/1.1\r\nHost: x\r\n"+rest)
			entry := stage.Last(sim.Sandbox())
			shown, _, _ := strings.Cut(path, "?")
			if form == "" {
				if status != http.StatusNotFound || entry.Response.Status != status || entry.Request.Path != shown {
					t.Errorf("%s, %s: %d, journaled %+v", path, name, status, entry)
				}
				continue
			}
			check, _ := entry.Checks.Failed()
			if status != http.StatusBadRequest || !strings.Contains(body, form) || check.Name != "body framing" ||
				entry.Request.Path != shown || entry.Response.Status != status || entry.Response.Body != body {
				t.Errorf("%s, %s: %d %s, journaled %+v", path, name, status, body, entry)
			}
		}
	}
}

// raw sends bytes on a connection of their own, says that no more follow, and
// reads the answer.
func raw(t *testing.T, sim *pantomime.Simulator, text string) (status int, body string) {
	t.Helper()
	conn := stage.Must(net.Dial("tcp", strings.TrimPrefix(sim.NetworkURL(), "http://")))(t)
	defer conn.Close()
	stage.Must(io.WriteString(conn, text))(t)
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	resp := stage.Must(http.ReadResponse(bufio.NewReader(conn), nil))(t)
	defer resp.Body.Close()
	return resp.StatusCode, string(stage.Must(io.ReadAll(resp.Body))(t))
}

// TestDoor_TheJournalTellsWhatTheClientGot: no status where no answer came, and
// the body as a fault left it.
func TestDoor_TheJournalTellsWhatTheClientGot(t *testing.T) {
	sim, admin := begin(t, pantomime.Options{})
	env := stage.Must(admin.Env(t.Context()))(t)
	client := visaOf(t, sim.NetworkURL(), env)
	for fault, status := range map[string]int{
		"reset": 0, "drop-response": 0, "html": 200, "empty": 200, "truncate": 201, "malformed-json": 201, "wrong-content-type": 201, "503": 503, "": 201,
	} {
		if fault != "" {
			stage.Must(admin.FailNext(t.Context(), control.FailNext{Operation: "provision", Network: "visa", Fault: token.Fault(fault)}))(t)
		}
		_, _ = provision(t.Context(), client) // what comes of it is the journal's to tell
		e := stage.Last(sim.Sandbox())
		whole := strings.HasSuffix(e.Response.Body, "}") && strings.Contains(e.Response.Body, "vProvisionedTokenID")
		if want := fault == "wrong-content-type" || fault == ""; e.Response.Status != status || whole != want || status == 0 && (e.Response.Size != 0 || e.Response.Clear != nil) {
			t.Errorf("%q: journaled %+v", fault, e.Response)
		}
	}
}

// [B3] A client that leaves during a delay got nothing, and no fault struck.
func TestDoor_TheJournalTellsThatTheClientLeft(t *testing.T) {
	sim, admin := begin(t, pantomime.Options{})
	client := visaOf(t, sim.NetworkURL(), stage.Must(admin.Env(t.Context()))(t))
	stage.Must(admin.FailNext(t.Context(), control.FailNext{Operation: "provision", Network: "visa", Delay: control.Duration(10 * time.Minute)}))(t)
	ctx, leave := context.WithCancel(t.Context())
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		_, _ = provision(ctx, client)
	}()
	for stage.Must(admin.Faults(t.Context(), control.Page{}))(t).Total > 0 {
		runtime.Gosched() // until the request waits
	}
	leave()
	<-gone
	stage.Must(admin.Requests(t.Context(), control.ExchangeQuery{Wait: control.Duration(30 * time.Second)}))(t)
	got := stage.Must(admin.Explain(t.Context(), "last"))(t)
	if got.Status != 0 || got.Fault != "" || got.Verdict != control.VerdictFault || got.Summary != "the client left before its answer did; no answer left; the work was done" {
		t.Errorf("%+v", got)
	}
}

// [B5] What was done to a body on the way is named at both networks.
func TestDoor_SaysWhatWasDoneToABody(t *testing.T) {
	w := newWorld(t, "")
	var packed bytes.Buffer
	gz := gzip.NewWriter(&packed)
	_, _ = io.WriteString(gz, `{"requestId":"1"}`)
	if err := gz.Close(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ body, coding, hint string }{
		"gzip, declared":     {packed.String(), "gzip", "declared as compressed (Content-Encoding: gzip)"},
		"gzip in silence":    {packed.String(), "", "compressed with gzip"},
		"a mark of UTF-8":    {"\ufeff{}", "", "begins with a byte order mark"},
		"a mark of UTF-16":   {"\xff\xfe{\x00}\x00", "", "byte order mark of UTF-16"},
		"nothing but a slip": {"{", "", ""},
	} {
		for network, made := range map[token.Network]func() (*http.Request, error){
			token.Visa: func() (*http.Request, error) {
				return w.visa.NewRequest(t.Context(), token.VisaEnroll, "", []byte(c.body))
			},
			token.Mastercard: func() (*http.Request, error) {
				return w.mc.NewRequest(t.Context(), token.MCTokenize, "", []byte(c.body))
			},
		} {
			req := stage.Must(made())(t)
			if c.coding != "" {
				req.Header.Set("Content-Encoding", c.coding)
			}
			stage.Ask(t, w.sim.Sandbox(), req)
			e := stage.Must(w.admin.Explain(t.Context(), "last"))(t)
			failed, _ := e.Checks.Failed()
			if failed.Name != "JSON body" || (c.hint == "") != (failed.Hint == "") || !strings.Contains(failed.Hint, c.hint) {
				t.Errorf("%s at %s: %+v", name, network, failed)
			}
			if failed = w.signedBefore(t, network, c.body, c.coding); !strings.Contains(failed.Name, "hash") || !strings.HasPrefix(failed.Hint, "the body ") != (c.hint == "") || !strings.Contains(failed.Hint, c.hint) {
				t.Errorf("%s after signing at %s: %+v", name, network, failed)
			}
		}
	}
}

// signedBefore sends a body in place of the one that was signed, as what compresses
// requests on their way does, and says which check refused it.
func (w *world) signedBefore(t *testing.T, network token.Network, body, coding string) token.Check {
	t.Helper()
	made := func() (*http.Request, error) {
		return w.visa.NewRequest(t.Context(), token.VisaEnroll, "", []byte(`{"requestId":"1"}`))
	}
	if network == token.Mastercard {
		made = func() (*http.Request, error) {
			return w.mc.NewRequest(t.Context(), token.MCTokenize, "", []byte(`{"requestId":"1"}`))
		}
	}
	req := stage.Must(made())(t)
	req.Body, req.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
	if coding != "" {
		req.Header.Set("Content-Encoding", coding)
	}
	stage.Ask(t, w.sim.Sandbox(), req)
	e := stage.Must(w.admin.Explain(t.Context(), "last"))(t)
	failed, _ := e.Checks.Failed()
	return failed
}
