package harness

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"time"

	"github.com/onsi/ginkgo/v2"
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
	ctx, cancel := context.WithTimeout(req.Context(), r.within)
	resp, err := r.next.RoundTrip(req.WithContext(ctx))
	if err != nil {
		cancel()
		r.mute.hear(err)
		ginkgo.GinkgoWriter.Printf("%s → no answer: %s\n", line, withoutURL(err, req))
		return nil, err
	}
	body, broke := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	r.mute.hear(broke)
	ginkgo.GinkgoWriter.Printf("%s → HTTP %d %s\n", line, resp.StatusCode, Redact(body))
	rest := io.Reader(resp.Body)
	if broke != nil {
		rest = broken{broke}
	}
	resp.Body = handedOn{io.MultiReader(bytes.NewReader(body), rest), resp.Body, cancel}
	return resp, nil
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

// Read tells why.
func (b broken) Read([]byte) (int, error) { return 0, b.err }
