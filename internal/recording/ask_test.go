package recording

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/token"
)

// most is more than any play leaves behind.
const most = "limit=1000"

// ask reads all sections from the control door.
func (st stage) ask(t *testing.T) sections {
	t.Helper()
	return sections{
		"env":       blank(st.get(t, "/env", "")),
		"journal":   blank(st.get(t, "/journal", "")),
		"explain":   blank(st.explain(t)),
		"verify":    blank(st.get(t, "/verify", "")),
		"callbacks": blank(st.get(t, "/callbacks", most)),
		"tokens":    blank(st.get(t, "/tokens", most)),
	}
}

// explain asks why, for every exchange that was refused, that a fault struck or that
// got no answer.
func (st stage) explain(t *testing.T) string {
	t.Helper()
	var list struct {
		Items []struct {
			ID       string
			Response struct{ Status int }
			Problem  token.Key
			Fault    token.Fault
			Checks   token.Checks
		}
		Total int
	}
	if err := json.Unmarshal([]byte(st.get(t, "/requests", most)), &list); err != nil {
		t.Fatal(err)
	}
	if list.Total != len(list.Items) {
		t.Fatalf("%d of %d exchanges are listed", len(list.Items), list.Total)
	}
	var all strings.Builder
	for _, e := range list.Items {
		if _, failed := e.Checks.Failed(); failed || e.Response.Status >= http.StatusBadRequest || e.Response.Status == 0 || e.Problem != "" || e.Fault != "" {
			all.WriteString(st.get(t, "/requests/"+e.ID+"/explain", ""))
		}
	}
	return all.String()
}

// get asks about the sandbox and indents the answer.
func (st stage) get(t *testing.T, path, query string) string {
	t.Helper()
	target := st.sim.AdminURL() + "/__admin/v1" + path + "?sandbox=" + url.QueryEscape(st.box.ID())
	if query != "" {
		target += "&" + query
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, target, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	a := do(t, req)
	if a.status != http.StatusOK {
		t.Fatalf("%s: %d %s", path, a.status, a.body)
	}
	var text bytes.Buffer
	if err := json.Indent(&text, a.body, "", " "); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(text.String()) + "\n"
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// alone makes a connection for each request, so that none is left when a
// simulator stops.
var alone = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}

func do(t *testing.T, req *http.Request) answer {
	t.Helper()
	resp, err := alone.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, body}
}
