package face_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/simulator/journal"
	"github.com/pantomime-dev/pantomime/token"
)

func TestSkeleton_AGoodRequest(t *testing.T) {
	s := newRig(t)
	for range 3 {
		got := s.send(s.home, "/post/12", "X-Wish: wind")
		e := got.entry
		if got.status != 201 || got.body != `{"asked":"wind","box":"12"}` || got.header.Get("X-Stamp") != "1" {
			t.Errorf("%d %s %v", got.status, got.body, got.header)
		}
		if e.Op != "drop" || e.Network != "" || e.Requestor != "robin" || e.Sandbox != "home" || e.Entity != "box 12" || e.EntitySeq != 7 ||
			!e.At.Equal(noon.Add(time.Hour)) || e.Response.Status != 201 || e.Response.Body != got.body {
			t.Errorf("journaled as %+v", e)
		}
	}
	if s.made != 1 {
		t.Errorf("the account was made %d times", s.made)
	}
}

func TestSkeleton_Places(t *testing.T) {
	s := newRig(t)
	far := s.sea.islands["far"]
	for name, c := range map[string]struct {
		path    string
		headers []string
		in      *island
		status  int
		caller  string
		check   string
	}{
		"by the credential":                       {"/post/1", []string{"X-Caller: friday"}, far, 201, "friday", ""},
		"by the address":                          {"/s/far/post/1", []string{"X-Caller: friday"}, far, 201, "friday", ""},
		"by default":                              {"/post/1", []string{"X-Caller: nobody"}, s.home, 401, "", "signature"},
		"address and credential differ":           {"/s/far/post/1", nil, far, 403, "", face.CheckSandbox},
		"no such address, a known credential":     {"/s/near/post/1", []string{"X-Caller: friday"}, far, 404, "", face.CheckSandbox},
		"no such address, no credential":          {"/s/near/post/1", []string{"X-Caller: "}, s.home, 404, "", face.CheckSandbox},
		"an unknown path below the prefix":        {"/post/1/2", []string{"X-Caller: friday"}, far, 404, "friday", face.CheckRoute},
		"such a path, differing":                  {"/s/far/post/1/2", nil, far, 404, "", face.CheckRoute},
		"such a path, no such address":            {"/s/near/post/1/2", nil, s.home, 404, "", face.CheckSandbox},
		"a path that is not played":               {"/post/by/air", nil, s.home, 404, "robin", "air"},
		"a path of no face":                       {"/letters/1", []string{"X-Caller: friday"}, far, 404, "friday", face.CheckRoute},
		"a path of no face, addressed":            {"/s/far/letters/1", []string{"X-Caller: "}, far, 404, "", face.CheckRoute},
		"a path of no face, no such address":      {"/s/near/letters", []string{"X-Caller: "}, s.home, 404, "", face.CheckSandbox},
		"a path of no face by a caller elsewhere": {"/s/near/letters", []string{"X-Caller: friday"}, far, 404, "", face.CheckSandbox},
	} {
		t.Run(name, func(t *testing.T) {
			before := len(c.in.journal.List(journal.Query{}))
			got := s.send(c.in, c.path, c.headers...)
			if got.status != c.status || got.entry.Requestor != c.caller || got.failed().Name != c.check || got.entry.Response.Status != c.status {
				t.Errorf("%d %s: %+v", got.status, got.body, got.entry.About)
			}
			if after := len(c.in.journal.List(journal.Query{})); after != before+1 {
				t.Errorf("%d entries more", after-before)
			}
		})
	}
}

func TestSkeleton_SaysWhatWasMeant(t *testing.T) {
	s := newRig(t)
	for path, want := range map[string]string{
		"/by/air":          "did you mean /post/by/air? Every path of postal begins with /post",
		"/12":              "did you mean /post/12? Every path of postal begins with /post",
		"/api/post/12":     "did you mean /post/12? Every path of postal begins with /post",
		"/Post/12":         "did you mean /post/12? Every path of postal begins with /post",
		"/__admin/v1/what": "the admin API has its own port",
		"/a/b/c":           "",
	} {
		if got := s.send(s.home, path).failed(); got.Hint != want || got.Expected != "a path below /radio/ or /post/" || got.Received != "POST "+path {
			t.Errorf("%s: %+v", path, got)
		}
	}
}

func TestSkeleton_Refuses(t *testing.T) {
	s := newRig(t)
	for name, c := range map[string]struct {
		headers []string
		status  int
		why     string
	}{
		"a bad signature":      {[]string{"X-Signed: no"}, 401, "signature"},
		"what the step does":   {[]string{"X-Problem: full"}, 409, "full"},
		"a mistake of its own": {[]string{"X-Panic: yes"}, 500, "a fault of the simulator: the handler panicked"},
	} {
		got := s.send(s.home, "/post/1", c.headers...)
		if got.status != c.status || got.no(t) != c.why || string(got.entry.Problem) != c.why || got.entry.Detail != "the face says "+c.why {
			t.Errorf("%s: %d %s, journaled %+v", name, got.status, got.body, got.entry.About)
		}
	}
	if !strings.Contains(s.log.String(), "cannot answer") {
		t.Errorf("the log says %s", s.log)
	}
}

func TestSkeleton_Modes(t *testing.T) {
	for _, c := range []struct {
		auth     token.Auth
		trusting bool
		caller   string
		status   int
		check    string
	}{
		{token.AuthVerify, false, "robin", 401, "signature"},
		{token.AuthWarn, false, "robin", 201, "signature"},
		{token.AuthOff, false, "robin", 201, ""},
		{token.AuthOff, true, "", 201, ""},
		{token.AuthOff, false, "", 401, "signature"},
	} {
		s := newRig(t)
		s.home.auth, s.home.trusting = c.auth, c.trusting
		if got := s.send(s.home, "/post/1", "X-Signed: no", "X-Caller: "+c.caller); got.status != c.status || got.failed().Name != c.check {
			t.Errorf("%+v: %d %+v", c, got.status, got.entry.Checks)
		}
	}
}

func TestSkeleton_Outages(t *testing.T) {
	for fault, status := range map[token.Fault]int{token.Fault429: 429, token.Fault500: 500, token.Fault502: 502, token.Fault503: 503, token.Fault504: 504} {
		s := newRig(t)
		s.home.plan = token.Plan{Fault: fault, NoticesFirst: true}
		got := s.send(s.home, "/post/1", "X-Problem: full")
		if got.status != status || got.entry.Problem != "" || got.entry.Fault != fault || s.home.quiet != 1 {
			t.Errorf("%s: %d %s, journaled %+v, quiet %d", fault, got.status, got.body, got.entry.About, s.home.quiet)
		}
		if retry := got.header.Get("Retry-After"); (retry == "1") != (fault == token.Fault429) {
			t.Errorf("%s: Retry-After %q", fault, retry)
		}
	}
}

// TestSkeleton_AnEndedWorld: the request goes to the world that took its place,
// is told that there is none, or is given up when each ends under it.
func TestSkeleton_AnEndedWorld(t *testing.T) {
	s := newRig(t)
	next := newIsland("home", "robin")
	for name, c := range map[string]struct {
		after  *island // what is there once the world has sunk
		path   string
		status int
	}{
		"another took its place": {next, "/post/1", 201},
		"nothing did":            {nil, "/s/home/post/1", 404},
		"it stays as it is":      {s.home, "/post/1", 500},
	} {
		s.sea.islands["home"], s.home.ended = s.home, true
		s.home.sinks = func() {
			if s.sea.islands["home"] = c.after; c.after == nil {
				delete(s.sea.islands, "home")
			}
		}
		if got := s.send(next, c.path); got.status != c.status {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
	if n := len(next.journal.List(journal.Query{})); n != 1 {
		t.Errorf("%d requests are journaled in the next world", n)
	}
}

// TestSkeleton_ABodyThatEndsTooEarly: the client gets an answer in the face's
// form, and the journal has the request.
func TestSkeleton_ABodyThatEndsTooEarly(t *testing.T) {
	s := newRig(t)
	const head = "POST /post/1 HTTP/1.1\r\nHost: x\r\nX-Caller: robin\r\nX-Signed: yes\r\n"
	for name, rest := range map[string]string{
		"a chunk of size -1": "Transfer-Encoding: chunked\r\n\r\n-1\r\n{}\r\n0\r\n\r\n",
		"a cut chunk":        "Transfer-Encoding: chunked\r\n\r\n8\r\n{}",
		"too little":         "Content-Length: 10\r\n\r\n{}",
	} {
		status, body := raw(t, s.url, head+rest)
		entry := s.home.journal.List(journal.Query{Limit: 1})
		if status != 400 || body != `{"no":"the body cannot be read to its end"}` || len(entry) != 1 {
			t.Errorf("%s: %d %s, %d entries", name, status, body, len(entry))
			continue
		}
		if check, _ := entry[0].Checks.Failed(); check.Name != face.CheckFraming || entry[0].Response.Status != 400 || entry[0].Response.Body != body {
			t.Errorf("%s: journaled %+v", name, entry[0])
		}
	}
	if n := len(s.home.journal.List(journal.Query{})); n != 3 {
		t.Errorf("%d entries", n)
	}
	if status, body := raw(t, s.url, head+"Content-Length: 2000000\r\n\r\n"+strings.Repeat(" ", 2000000)); status != 413 || body != `{"no":"the body is too long"}` {
		t.Errorf("%d %s", status, body)
	}
}

// raw sends bytes, says that no more follow, and reads the answer.
func raw(t *testing.T, url, text string) (status int, body string) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	go func() {
		_, _ = io.WriteString(conn, text)
		_ = conn.(*net.TCPConn).CloseWrite()
	}()
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	all, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(all)
}
