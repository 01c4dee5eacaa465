package door

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// SandboxHeader names a sandbox explicitly.
const SandboxHeader = "X-Pantomime-Sandbox"

// AddressHint helps whoever named one sandbox and brought the credentials of
// another.
const AddressHint = "the header " + SandboxHeader + ", a path under /s/ and a host under localhost name a sandbox; " +
	"leave them out, or use its own credentials"

type addressKey struct{}

type address struct {
	sandbox string
	raw     string // path as received
}

// Addressed takes a /s/{id}/ prefix off the path of a request and keeps what
// it named. The explicit address of a request is its header's, then its path's,
// then its {id}.localhost host's. A credential that names a sandbox is the
// face's business.
func Addressed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if inPath, rest := splitPrefix(r.URL.Path); inPath != "" {
			at := address{sandbox: r.Header.Get(SandboxHeader), raw: rawPath(r)}
			if at.sandbox == "" {
				at.sandbox = inPath
			}
			r = r.WithContext(context.WithValue(r.Context(), addressKey{}, at))
			u := *r.URL
			u.Path = rest
			_, u.RawPath = splitPrefix(u.RawPath)
			r.URL = &u
		}
		next.ServeHTTP(w, r)
	})
}

// addressOf finds the address that [Addressed] kept. Most requests have no
// prefix; theirs is read when it is asked for, which saves them a copy.
func addressOf(r *http.Request) address {
	if at, ok := r.Context().Value(addressKey{}).(address); ok {
		return at
	}
	at := address{sandbox: r.Header.Get(SandboxHeader), raw: rawPath(r)}
	if at.sandbox == "" {
		at.sandbox = inHost(r.Host)
	}
	return at
}

// rawPath is the path exactly as it was in the request line.
func rawPath(r *http.Request) string {
	path, _, _ := strings.Cut(r.RequestURI, "?")
	if strings.HasPrefix(path, "/") {
		return path
	}
	if u, err := url.Parse(path); err == nil && path != "" {
		return u.EscapedPath()
	}
	return r.URL.EscapedPath()
}

// splitPrefix cuts "/s/{id}" off a path.
func splitPrefix(path string) (id, rest string) {
	tail, ok := strings.CutPrefix(path, "/s/")
	if !ok {
		return "", path
	}
	id, rest, _ = strings.Cut(tail, "/")
	return id, "/" + rest
}

// inHost reads the sandbox out of "{id}.localhost[:port]".
func inHost(host string) string {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	id, ok := strings.CutSuffix(strings.ToLower(host), ".localhost")
	if !ok || strings.Contains(id, ".") {
		return ""
	}
	return id
}
