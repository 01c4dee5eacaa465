package control

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/token"
)

// guarded lets in who may come: a host name that cannot be somebody else's, no
// other web page, and the bearer token where one is asked for.
func (s *server) guarded(next http.Handler) http.Handler {
	origins := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := s.checkHost(r)
		if err == nil && origins.Check(r) != nil {
			err = problem(http.StatusForbidden, control.CodeCrossOrigin, "the request comes from a page of another origin")
		}
		if err == nil {
			err = s.checkToken(r)
		}
		if err != nil {
			s.refuse(w, r, err)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// checkHost refuses names by which a web page could reach the door: DNS lets
// anybody point a name of theirs at 127.0.0.1, or at wherever the door listens.
// The address that the door listens on is no such name.
func (s *server) checkHost(r *http.Request) error {
	host := strings.ToLower(r.Host)
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.Trim(host, "[]")
	public, err := url.Parse(s.NetworkURL)
	switch {
	case loopbackHost(host):
		return nil
	case s.bound.IsValid() && s.bound.String() == host:
		return nil
	case err == nil && host != "" && host == strings.ToLower(public.Hostname()):
		return nil
	}
	p := problem(http.StatusForbidden, control.CodeHost, fmt.Sprintf("host %q is not served here", token.Scrub(r.Host)))
	p.Field, p.Accepted = "Host", []string{"localhost", "*.localhost", "a loopback address", "the address of --admin", "the host of --public-url"}
	return p
}

func (s *server) checkToken(r *http.Request) error {
	if s.closed {
		return problem(http.StatusUnauthorized, control.CodeUnauthorized, "the control door is reachable from elsewhere and has no token, so it serves nothing")
	}
	if s.Token == "" {
		return nil
	}
	if !s.guesses.mayTry(r.RemoteAddr) {
		return problem(http.StatusTooManyRequests, control.CodeTooManyTokens, "many wrong bearer tokens came from this address; ask again in a second")
	}
	shown, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	got, want := sha256.Sum256([]byte(shown)), sha256.Sum256([]byte(s.Token))
	if !ok || subtle.ConstantTimeCompare(got[:], want[:]) != 1 {
		if r.Header.Get("Authorization") != "" {
			s.guesses.wrong(r.RemoteAddr)
		}
		p := problem(http.StatusUnauthorized, control.CodeUnauthorized, "the bearer token is missing or wrong")
		p.Field = "Authorization"
		return p
	}
	return nil
}

// recovered turns a panic, which would be our own mistake, into an answer.
func (s *server) recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if p := recover(); p != nil {
				s.Logger.Error("control handler panicked", "path", token.Scrub(r.URL.Path), "panic", token.Scrub(fmt.Sprint(p)), "stack", string(debug.Stack()))
				s.refuse(w, r, problem(http.StatusInternalServerError, control.CodeInternal, "a fault of our own; the log has more"))
			}
		}()
		next.ServeHTTP(w, r)
	})
}
