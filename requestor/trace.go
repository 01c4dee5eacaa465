package requestor

import (
	"context"
	"net/http"
)

type traceKey struct{}

// Traced makes what is asked of networks and acquirer under a context part of a
// trace of somebody's, which is 32 hex digits; the journal links its legs by it.
func Traced(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, traceKey{}, id)
}

// traced is Traced unless the context is part of a trace.
func traced(ctx context.Context, id string) context.Context {
	if _, part := ctx.Value(traceKey{}).(string); part {
		return ctx
	}
	return Traced(ctx, id)
}

// Tracing is a transport that names the trace of a request, as W3C has it.
type Tracing struct{ http.RoundTripper }

// RoundTrip adds the header to a request that is part of a trace.
func (t Tracing) RoundTrip(r *http.Request) (*http.Response, error) {
	if id, part := r.Context().Value(traceKey{}).(string); part {
		r = r.Clone(r.Context())
		r.Header.Set("Traceparent", "00-"+id+"-"+id[:16]+"-01")
	}
	return t.RoundTripper.RoundTrip(r)
}
