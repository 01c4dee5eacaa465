package harness

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/onsi/ginkgo/v2"

	"github.com/pantomime-dev/pantomime/token"
)

// recorder puts every exchange into the report of the check it belongs to,
// redacted. It sits below the clients, so that it misses none of theirs.
type recorder struct {
	next   http.RoundTripper
	within time.Duration // to the end of the answer
	mute   *silence
}

// RoundTrip reads the whole answer before it hands it on.
func (r recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	line := req.Method + " " + req.URL.Path // a query may hold an API key
	sent := sentBy(req)
	ctx, cancel := context.WithTimeout(req.Context(), r.within)
	resp, err := r.next.RoundTrip(req.WithContext(ctx))
	if err != nil {
		cancel()
		r.mute.hear(err)
		ginkgo.GinkgoWriter.Printf("%s → no answer: %s\n%s", line, withoutURL(err, req), sent)
		return nil, err
	}
	body, broke := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	r.mute.hear(broke)
	ginkgo.GinkgoWriter.Printf("%s → HTTP %d %s%s\n%s", line, resp.StatusCode, oddType(resp.Header), Redact(body), sent)
	rest := io.Reader(resp.Body)
	if broke != nil {
		rest = broken{broke}
	}
	resp.Body = handedOn{io.MultiReader(bytes.NewReader(body), rest), resp.Body, cancel}
	return resp, nil
}

// sentBy reports headers and body of a request, one line each; who signs, and how,
// is left out.
func sentBy(req *http.Request) string {
	lines := headersOf(req.Header)
	if req.GetBody == nil {
		return lines
	}
	if body, err := req.GetBody(); err == nil {
		if text, err := io.ReadAll(io.LimitReader(body, maxAnswer)); err == nil && len(text) > 0 {
			lines += fmt.Sprintf("    %s\n", Redact(text))
		}
	}
	return lines
}

// headersOf reports headers, one line each, without what signs.
func headersOf(h http.Header) string {
	var lines strings.Builder
	for _, name := range slices.Sorted(maps.Keys(h)) {
		value := cut(token.Scrub(strings.Join(h[name], " | ")))
		if slices.Contains([]string{"Authorization", "X-Pay-Token"}, http.CanonicalHeaderKey(name)) {
			value = token.Secret
		}
		fmt.Fprintf(&lines, "    %s: %s\n", name, value)
	}
	return lines.String()
}

// oddType reports the content type of an answer that is not marked as JSON.
func oddType(h http.Header) string {
	kind := h.Get("Content-Type")
	if media, _, err := mime.ParseMediaType(kind); err == nil && media == "application/json" {
		return ""
	}
	return "(" + orText(cut(token.Scrub(kind)), "no content type") + ") "
}

// handedOn is an answer's body of which a part has been read already.
type handedOn struct {
	io.Reader
	whole  io.Closer
	cancel context.CancelFunc
}

// Close gives up the connection.
func (h handedOn) Close() error {
	defer h.cancel()
	return h.whole.Close()
}

// broken is the end of an answer that broke off.
type broken struct{ err error }

// Read says why.
func (b broken) Read([]byte) (int, error) { return 0, b.err }
