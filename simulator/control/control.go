// Package control serves the admin API: it shows what a sandbox holds and did,
// and acts on it as an issuer, a network or an operator would
// (docs/control.md).
//
// It asks the sandbox for everything and must not know a network's wire format,
// show a card or token number in full, or give a secret away outside of `env`.
package control

import (
	"cmp"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

// Root is where the API begins.
const Root = "/__admin/v1"

// Options say what the control door serves.
type Options struct {
	Registry   *sandbox.Registry
	Factory    *sandbox.Factory // makes, resets and ends sandboxes
	Faces      []Face           // whose credentials and base URLs are shown, in this order
	Logger     *slog.Logger     // nil: discards
	Version    string
	NetworkURL string     // base URL of the network door, as clients know it
	AdminURL   string     // where the control door listens; "" counts as loopback
	Wall       clock.Wall // nil: the machine's clock

	// Token is the bearer token that callers must show; "" asks for none. A
	// door off loopback that has none refuses everything but /healthz.
	Token string
	// Targets say where notices may go.
	Targets token.Targets
	// Guard reports whether a card number may enter; nil is fixtures.NewGuard.
	Guard func(pan string) bool
	// Report says how an account of a merchant is doing; nil where nobody plays the
	// requestors.
	Report func(box *sandbox.Sandbox, account string) (any, error)
}

// server is what all handlers share. Nothing in it changes but who showed wrong
// tokens, and who waits.
type server struct {
	guesses guesses
	waiting chan struct{} // one for each listing that waits
	Options
	closed       bool       // off loopback without a token
	bound        netip.Addr // where the door listens, if on one address off loopback
	descriptions descriptions
}

// New makes the handler of the control door.
func New(o Options) http.Handler {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Wall == nil {
		o.Wall = clock.Real()
	}
	if o.Guard == nil {
		o.Guard = fixtures.NewGuard().Allowed
	}
	o.Version = cmp.Or(o.Version, "development")
	s := &server{Options: o, closed: o.Token == "" && !onLoopback(o.AdminURL), descriptions: newDescriptions(o.NetworkURL, o.AdminURL)}
	s.waiting = make(chan struct{}, maxWaiting)
	s.guesses = guesses{wall: o.Wall, by: map[netip.Prefix]*guesser{}}
	if u, err := url.Parse(o.AdminURL); err == nil {
		if ip, err := netip.ParseAddr(u.Hostname()); err == nil && !ip.IsUnspecified() {
			s.bound = ip
		}
	}

	engine := gin.New()
	engine.HandleMethodNotAllowed = true
	engine.RedirectTrailingSlash = false
	engine.UseRawPath = true // a card's listed name holds slashes
	for _, r := range routes() {
		engine.Handle(r.method, r.path, s.handle(r))
	}
	engine.NoRoute(s.noRoute)
	engine.NoMethod(s.noMethod)

	return s.recovered(s.healthz(s.guarded(engine)))
}

// onLoopback reports whether a URL's host is reachable from this machine only.
func onLoopback(raw string) bool {
	u, err := url.Parse(raw)
	return err == nil && (raw == "" || loopbackHost(u.Hostname()))
}

func loopbackHost(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

// healthz answers the one path without authentication. It is no pattern
// of a ServeMux, which would redirect a path with an empty id to another call.
func (s *server) healthz(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/healthz" || r.Method != http.MethodGet && r.Method != http.MethodHead {
			next.ServeHTTP(w, r)
			return
		}
		write(w, http.StatusOK, control.Health{Status: "ok", Version: s.Version})
	})
}
