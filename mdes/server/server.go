package server

import (
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

// prefix is the first segment of every path of this face
// (docs/wire/mdes.md "Hosts and paths").
const prefix = "/mdes"

// Options say what the face works with.
type Options struct {
	Registry *sandbox.Registry
	Wall     clock.Wall
	Logger   *slog.Logger
	Guard    func(pan string) bool // whether a card number may enter; nil: the numbers of fixtures only

	// PublicURL is the base URL by which clients know the network door, if it
	// is not the one their requests arrive at: signatures cover it. Whoever
	// starts the simulator has checked its form.
	PublicURL string
}

// Server is the face. It is safe for concurrent use.
type Server struct {
	registry    *sandbox.Registry
	wall        clock.Wall
	logger      *slog.Logger
	guard       func(pan string) bool
	public      *url.URL // nil: requests arrive where clients send them
	correlation *door.Correlation
	nonces      *nonces
	accounts    *accounts
}

// New makes the face.
func New(o Options) *Server {
	if o.Guard == nil {
		o.Guard = fixtures.NewGuard().Allowed
	}
	s := &Server{registry: o.Registry, wall: o.Wall, logger: o.Logger, guard: o.Guard, correlation: door.NewCorrelation(), nonces: newNonces(), accounts: newAccounts()}
	if u, err := url.Parse(o.PublicURL); err == nil && u.Host != "" {
		s.public = u
	}
	return s
}

// Network is the network this face plays.
func (*Server) Network() token.Network { return token.Mastercard }

// Prefix is the first segment of every path of this face.
func (*Server) Prefix() string { return prefix }

// Routes registers the operations in each environment: the segment stands in
// the middle of the path (docs/wire/mdes.md "Hosts and paths").
func (s *Server) Routes(r gin.IRoutes) {
	face := door.Face{Wall: s.wall, Logger: s.logger, Internal: s.broken}
	for _, env := range mdes.Environments() {
		for _, op := range mdes.Operations() {
			path := prefix + env.Path(op)
			if op == token.MCGetAsset {
				path += "/:" + assetParam
			}
			r.Handle(mdes.Method(op), path, face.Handle(s.handler(op, env)))
		}
	}
}

// handler is the way of one operation's requests.
func (s *Server) handler(op token.Operation, env mdes.Environment) func(*door.Exchange) door.Reply {
	prepare := operations[op]
	return func(x *door.Exchange) door.Reply {
		r := &request{server: s, x: x, op: op, env: env}
		r.checks = r.room[:0]
		if refused := s.admit(r); refused != nil {
			return r.refuse(refused)
		}
		answer, refused := prepare.read(r)
		if refused != nil {
			return r.refuse(refused)
		}
		r.call.Op, r.call.Effect, r.call.Requestor, r.call.Env = op, prepare.effect, r.requestor.Name, string(env)
		r.call.Facts = x.Facts(r.box.Asks(op))
		result, plan, err := r.box.Do(r.call)
		if err != nil {
			return r.refuse(internal(err.Error()))
		}
		r.note(result, plan)
		if plan.NoticesFirst {
			_ = r.box.Quiet(x.Context()) // ends early only when nobody waits for the answer any more
		}
		return r.conclude(result, answer)
	}
}

// Miss answers a path or a method that no operation has, as the gateway does
// before it looks at any signature; status is 404 or 405
// (docs/wire/mdes.md "Errors").
func (s *Server) Miss(x *door.Exchange, status int) door.Reply {
	r := &request{server: s, x: x}
	if refused := s.place(r); refused != nil {
		return r.refuse(refused)
	}
	if x.TooLarge {
		return r.refuse(r.tooLarge())
	}
	route, _ := mdes.ParsePath(strings.TrimPrefix(x.Path, prefix))
	if r.op = route.Op; !r.played() {
		status = http.StatusNotFound
	}
	return r.refuse(r.nowhere(status))
}

// played reports whether the sandbox has the operation at all.
func (r *request) played() bool { return r.op != token.MCDigitalArt || r.settings().DigitalAssets }

// nowhere refuses a path or a method that no operation has.
func (r *request) nowhere(status int) *refusal {
	check := token.Check{
		Name: CheckRoute, Expected: "a path of Digital Enablement, like " + prefix + mdes.Sandbox.Path(token.MCTokenize),
		Received: token.Scrub(r.x.Method + " " + r.x.Path),
	}
	reason := mdes.GatewayNotFound
	switch {
	case !r.played():
		check.Hint = "version 1.2.9 had it; the switch digital-assets is off"
	case status == http.StatusMethodNotAllowed:
		check.Expected, reason = "a method that this path has: "+r.x.Allow, mdes.GatewayMethodNotAllowed
	case strings.HasSuffix(r.x.Path, "/"):
		check.Hint = "no path ends in a slash"
	}
	r.checks.Fail(check)
	return gateway(status, reason, http.StatusText(status))
}

// broken answers a fault of our own.
func (s *Server) broken(x *door.Exchange) door.Reply {
	r := &request{server: s, x: x, op: x.Entry.Op}
	return r.refuse(internal("the handler panicked"))
}
