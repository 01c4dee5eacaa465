// Package request holds requests before they are sent and what makes them bad,
// as the suites of both networks need it. It knows no network: addresses, bodies
// and signatures are the suites'.
package request

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/onsi/ginkgo/v2"

	"github.com/pantomime-dev/pantomime/harness"
)

// Draft is a request before it is sent, to be made wrong on purpose. A suite embeds it
// in a draft of its own, which knows its network's addresses and signatures.
type Draft struct {
	Method string
	Header http.Header
	Body   []byte
}

// New begins a request. A body of bytes is sent as it is, any other as
// JSON, nil not at all.
func New(method string, body any) Draft {
	ginkgo.GinkgoHelper()
	d := Draft{Method: method, Header: http.Header{}}
	d.Header.Set("Accept", "application/json")
	switch b := body.(type) {
	case nil:
	case []byte:
		d.Body = b
	default:
		d.Body = JSON(b)
	}
	return d
}

// Rewrite changes the body. It may be shared, so the change gets a copy.
func (d *Draft) Rewrite(change func([]byte) []byte) { d.Body = change(slices.Clone(d.Body)) }

// SendTo sends the draft as it is.
func (d *Draft) SendTo(ctx context.Context, via *http.Client, url string) harness.Answer {
	ginkgo.GinkgoHelper()
	req := harness.Request(ctx, d.Method, url, d.Body)
	req.Header = d.Header
	return harness.Send(via, req)
}

// Signable is a suite's own draft.
type Signable interface {
	Rewrite(change func([]byte) []byte)
	Sign() // for the draft as it is
	Send(ctx context.Context) harness.Answer
}

// Altered is a row of a table of bad requests: what is wrong before the request
// is signed, or after. One with nothing wrong is a good request.
type Altered[D Signable] struct {
	ID     string
	Basis  harness.Basis
	Says   string
	Before func(D)
	Body   func([]byte) []byte // changes the body before it is signed
	After  func(D)
}

// Call sends a draft with a row's changes.
func (row Altered[D]) Call(ctx context.Context, d D) harness.Answer {
	ginkgo.GinkgoHelper()
	if row.Before != nil {
		row.Before(d)
	}
	if row.Body != nil {
		d.Rewrite(row.Body)
	}
	d.Sign()
	if row.After != nil {
		row.After(d)
	}
	return d.Send(ctx)
}

// MustCorrelate sends drafts, signed or not, and fails the check unless each
// answer names an id in the header that no other has.
func MustCorrelate[D Signable](ctx context.Context, header string, drafts ...D) {
	ginkgo.GinkgoHelper()
	seen := map[string]bool{}
	for _, d := range drafts {
		answer := d.Send(ctx)
		id := answer.Header.Get(header)
		if id == "" {
			ginkgo.Fail(fmt.Sprintf("HTTP %d came without %s", answer.Status, header))
		}
		if seen[id] {
			ginkgo.Fail("the same correlation id came twice")
		}
		seen[id] = true
	}
}
