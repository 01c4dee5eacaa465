package pantomime_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/acquirer"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/vts"
)

func newAdmin(sim *pantomime.Simulator) (*control.Client, error) {
	return control.New(sim.AdminURL(), nil, sim.AdminToken())
}

// operation is a path that something is served at.
type operation struct{ method, path string }

var networkPaths = sync.OnceValue(func() (all []operation) {
	for _, r := range vts.Routes() {
		all = append(all, operation{r.Method, r.Path})
	}
	for _, r := range mdes.Routes() {
		all = append(all, operation{r.Method, "/mdes" + strings.Replace(r.Path, "{environment}", "mtf", 1)})
	}
	for _, r := range acquirer.Routes() {
		all = append(all, operation{r.Method, r.Path})
	}
	return all
})

// controlPaths are those that change nothing for the other requests: no sandbox is
// reset or ended.
var controlPaths = sync.OnceValue(func() (all []operation) {
	for _, path := range []string{
		"GET /", "GET /__admin/v1", "GET /healthz", "GET /openapi.json", "GET /openapi/vts.json", "GET /__admin/v1/sandboxes",
		"GET /__admin/v1/sandboxes/{id}", "POST /__admin/v1/sandboxes", "PUT /__admin/v1/scenarios", "GET /__admin/v1/verify", "GET /__admin/v1/coverage",
		"GET /__admin/v1/env", "GET /__admin/v1/requests", "GET /__admin/v1/requests/{id}", "GET /__admin/v1/requests/{id}/explain",
		"GET /__admin/v1/journal", "GET /__admin/v1/callbacks", "GET /__admin/v1/callbacks/{id}", "POST /__admin/v1/callbacks/{id}/resend",
		"POST /__admin/v1/events", "GET /__admin/v1/clock", "POST /__admin/v1/clock/advance", "GET /__admin/v1/faults", "GET /__admin/v1/rules",
		"DELETE /__admin/v1/rules/{id}", "GET /__admin/v1/tokens", "GET /__admin/v1/tokens/{ref}", "POST /__admin/v1/tokens/{ref}/transitions",
		"GET /__admin/v1/cards", "POST /__admin/v1/cards/{card}/reissue", "POST /__admin/v1/cards/{card}/close",
	} {
		method, path, _ := strings.Cut(path, " ")
		all = append(all, operation{method, path})
	}
	return all
})

// goldenBodies are the examples of all requests.
func goldenBodies(t *testing.T) (all []string) {
	t.Helper()
	for _, file := range stage.Must(filepath.Glob("fixtures/golden/*/*.json"))(t) {
		all = append(all, string(stage.Must(os.ReadFile(file))(t)))
	}
	if len(all) == 0 {
		t.Fatal("no examples are there")
	}
	return all
}

// value is something to put in the place of an id.
func (g *badRequests) value() string {
	return pick(g, "x", "0", "-1", "r-1", "last", "default", "null", "%00", "%2F", "%2e%2e", "..", "%C3%28", "a%20b", "4622943120000600",
		strings.Repeat("a", 1+g.IntN(3000)), "DWSPMC000000000132d72d4fcb2f4136a0532d3093ff1a45", strconv.Itoa(g.IntN(1<<30)), "é", "{id}", "'--", "$(id)")
}

func (g *badRequests) path(usual string) string {
	for strings.Contains(usual, "{") {
		begin, end := strings.IndexByte(usual, '{'), strings.IndexByte(usual, '}')
		usual = usual[:begin] + strings.NewReplacer("{", "", "}", "").Replace(g.value()) + usual[end+1:]
	}
	switch g.IntN(14) {
	case 0:
		return usual[:1+g.IntN(len(usual))]
	case 1:
		return usual + "/"
	case 2:
		return "/" + usual
	case 3:
		return strings.ToUpper(usual)
	case 4:
		return usual + "/" + g.value()
	case 5:
		return "/s/" + pick(g, "open", "nobody", "", "OPEN", "open%2Fx") + usual
	case 6:
		return "http://" + pick(g, "localhost", "127.0.0.1", "a.b") + usual
	case 7:
		return strings.Replace(usual, "/", "/./", 1)
	case 8, 9, 10:
		return "/s/open" + usual
	}
	return usual
}

func (g *badRequests) query() string {
	parts := []string{}
	for range 1 + g.IntN(4) {
		parts = append(parts, mostly(g, "apiKey", "sandbox", "limit", "wait", "after", "operation", "network", "", "a%zz", "state", "layer", "apikey")+"="+
			mostly(g, pick(g, g.keys...), g.value(), "1", "1s", "", "%zz", "a=b", "open", "4622943120000600"))
	}
	return strings.Join(parts, pick(g, "&", "&", "&", ";", "&&"))
}

func (g *badRequests) headers() []string {
	list := []string{
		"Host: " + mostly(g, "localhost", "", "127.0.0.1:1", "open.localhost", "evil.example", "[::1]"),
		"Content-Type: " + mostly(g, "application/json", "", "text/plain", "application/json; charset=latin1", "application/x-www-form-urlencoded", "application/yaml", "multipart/form-data", "*/*", ";"),
	}
	if g.IntN(3) == 0 {
		list = append(list, "Authorization: Basic "+g.merchant)
	}
	for _, h := range []string{
		"x-pay-token: xv2:1420070400:" + strings.Repeat("0", 64), "x-pay-token: " + g.value(), "x-request-id: " + g.value(), "Accept: text/html",
		`Authorization: OAuth oauth_consumer_key="` + strings.ReplaceAll(pick(g, g.keys...), "!", "%21") + `",oauth_nonce="n",oauth_timestamp="1",oauth_signature="x"`,
		"Authorization: " + pick(g, "OAuth", "Bearer x", "Basic eDp5", "OAuth a", `OAuth a="%zz"`, "OAuth "+strings.Repeat(`a="b",`, 100)),
		"Content-Encoding: " + pick(g, "gzip", "br", "identity", "x"), "X-Pantomime-Sandbox: " + pick(g, "open", "nobody", "", "4622943120000600"),
		"X-Forwarded-Proto: " + pick(g, "https", "https, http", "x"), "X-Forwarded-Host: " + pick(g, "a", "a, b", ":"), "Origin: http://evil.example",
		"Cookie: " + g.value(), "X-Long: " + strings.Repeat("y", g.IntN(60_000)), "traceparent: " + g.value(), "Sec-Fetch-Site: cross-site",
		"no colon", " folded: x", "X-Nul: a\x00b", "X-Latin: \xe9", ": empty", "Upgrade: websocket", "TE: trailers", "Trailer: x",
	} {
		if g.IntN(12) == 0 {
			list = append(list, h)
		}
	}
	return list
}

func (g *badRequests) body() string {
	whole := pick(g, g.bodies...)
	switch g.IntN(12) {
	case 0:
		return ""
	case 1:
		return pick(g, "{}", "[]", "null", "1", `"x"`, "{", "}", "{}{}", "\xef\xbb\xbf{}", "\xff\xfe{\x00}\x00", "\x1f\x8b\x08", " ", "{\"a\":1e999}", `{"a":"\ud800"}`, "NaN", "true")
	case 2:
		n := 1 + g.IntN(20_000)
		return strings.Repeat(pick(g, "[", `{"a":`, `[{"a":`), n)
	case 3:
		return `{"` + strings.Repeat("a", g.IntN(2<<20)) + `":1}`
	case 4:
		return whole[:g.IntN(len(whole)+1)]
	case 5:
		return whole + pick(g, "x", "{}", "\x00", ",")
	case 6, 7, 8: // something else in the place of a value
		if at := strings.LastIndex(whole[:1+g.IntN(len(whole))], `: `); at >= 0 {
			end := at + strings.IndexAny(whole[at:]+"\n", ",\n")
			return whole[:at] + ": " + pick(g, "null", "1", "-1e400", "[]", "{}", "true", `""`, `"`+g.value()+`"`, `"\u0000"`, strings.Repeat("9", 400)) + whole[min(end, len(whole)):]
		}
	case 9:
		at := g.IntN(len(whole) + 1)
		return whole[:at] + pick(g, "\x00", "\xff", "\\", `"`, "é", "\n", ",", "{", "'") + whole[min(at+1, len(whole)):]
	}
	return whole
}

// frame is how a request says how long its body is, and what it sends. Where more
// would be waited for, the client's half of the connection ends.
type frame struct {
	head       []string
	sent       string
	cut, stray bool
}

// frame says how long a body is, rightly or not.
func (g *badRequests) frame(body string) frame {
	length := func(n int) []string { return []string{"Content-Length: " + strconv.Itoa(n)} }
	chunked := []string{"Transfer-Encoding: chunked"}
	chunk := fmt.Sprintf("%x\r\n%s\r\n", len(body), body)
	if body == "" {
		chunk = ""
	}
	switch g.IntN(16) {
	case 0:
		return frame{length(len(body) + 1 + g.IntN(100)), body, true, false}
	case 1:
		return frame{length(g.IntN(len(body) + 1)), body, false, true}
	case 2:
		return frame{chunked, chunk + "0\r\n\r\n", false, false}
	case 3:
		return frame{chunked, chunk, true, false}
	case 4:
		return frame{chunked, pick(g, "-1\r\nx\r\n", "zz\r\n", "5\r\nx", "fffffffffffffffff\r\n", "1;"+strings.Repeat("e", 9000)+"\r\nx\r\n0\r\n\r\n"), true, false}
	case 5:
		return frame{append(chunked, length(len(body))...), chunk + "0\r\n\r\n", true, false}
	case 6:
		return frame{[]string{"Content-Length: " + pick(g, "-1", "+5", "5x", "", "99999999999999999999", "1, 1", "0x10")}, body, true, false}
	case 7:
		return frame{[]string{"Transfer-Encoding: " + pick(g, "gzip", "identity", "gzip, chunked", "Chunked", "x")}, body, true, false}
	case 8:
		return frame{nil, body, true, true}
	case 9:
		return frame{append(length(len(body)), length(len(body)+1)...), body, true, false}
	case 10:
		return frame{append(length(len(body)), "Expect: "+pick(g, "100-continue", "200-ok")), body, true, false}
	}
	return frame{length(len(body)), body, false, false}
}
