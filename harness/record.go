package harness

import (
	"bytes"
	"io"
	"net/http"

	"github.com/onsi/ginkgo/v2"
)

// recorder puts every exchange into the report of the check it belongs to,
// redacted. It sits below the clients, so that it misses none of theirs.
type recorder struct{ next http.RoundTripper }

// RoundTrip reads the whole answer before it hands it on.
func (r recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	line := req.Method + " " + req.URL.Path // a query may hold an API key
	resp, err := r.next.RoundTrip(req)
	if err != nil {
		ginkgo.GinkgoWriter.Printf("%s → no answer: %s\n", line, withoutURL(err, req))
		return nil, err
	}
	body, broke := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	ginkgo.GinkgoWriter.Printf("%s → HTTP %d %s\n", line, resp.StatusCode, Redact(body))
	rest := io.Reader(resp.Body)
	if broke != nil {
		rest = broken{broke}
	}
	resp.Body = handedOn{io.MultiReader(bytes.NewReader(body), rest), resp.Body}
	return resp, nil
}

// handedOn is an answer's body of which a part has been read already.
type handedOn struct {
	io.Reader
	io.Closer
}

// broken is the end of an answer that broke off.
type broken struct{ err error }

// Read tells why.
func (b broken) Read([]byte) (int, error) { return 0, b.err }
