package server

import (
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// Options say what the face works with.
type Options struct {
	Registry *sandbox.Registry
	Wall     clock.Wall
	Logger   *slog.Logger
	Guard    func(pan string) bool // whether a card number may enter; nil: the numbers of fixtures only
}

// Server is the face. It is safe for concurrent use.
type Server struct {
	registry    *sandbox.Registry
	wall        clock.Wall
	logger      *slog.Logger
	guard       func(pan string) bool
	accounts    accounts
	correlation *door.Correlation
}

// New makes the face.
func New(o Options) *Server {
	if o.Guard == nil {
		o.Guard = fixtures.NewGuard().Allowed
	}
	return &Server{
		registry: o.Registry, wall: o.Wall, logger: o.Logger, guard: o.Guard,
		accounts: newAccounts(), correlation: door.NewCorrelation(),
	}
}

// Network is the network this face plays.
func (*Server) Network() token.Network { return token.Visa }

// Prefix is the first segment of every path of this face.
func (*Server) Prefix() string { return "/vts" }

// Routes registers the operations (docs/wire/vts.md "Operations").
func (s *Server) Routes(r gin.IRoutes) {
	face := door.Face{Wall: s.wall, Logger: s.logger, Internal: func(x *door.Exchange) door.Reply {
		return s.broken(x, errors.New("handler panicked"))
	}}
	for _, route := range vts.Routes() {
		path := strings.NewReplacer("{", ":", "}", "").Replace(route.Path)
		r.Handle(route.Method, path, face.Handle(s.handler(route)))
	}
	for _, route := range phoneRoutes {
		answer := face.Handle(s.phone(route))
		if route.method == "" {
			r.Any(route.path, answer)
			continue
		}
		r.Handle(route.method, route.path, answer)
	}
}

// Miss answers a path or a method that no operation has, as the gateway does
// before it looks at any credential; status is 404 or 405
// (docs/wire/vts.md "Errors").
func (s *Server) Miss(x *door.Exchange, status int) door.Reply {
	check, detail := token.Check{Name: CheckRoute, Expected: "a path of the token service"}, "no such path"
	if status == http.StatusMethodNotAllowed {
		detail = "the path has no such method"
		check.Expected = "a method that this path has: " + x.Allow
	} else if strings.HasSuffix(x.Path, "/") {
		check.Hint = "no path ends in a slash"
	}
	return s.nowhere(x, status, check, detail)
}

// nowhere refuses what the gateway does not route. The sandbox is looked for
// all the same, because that is where the journal is; detail is its word on what
// is wrong.
func (s *Server) nowhere(x *door.Exchange, status int, check token.Check, detail string) door.Reply {
	r := &request{x: x}
	_, _ = s.place(r)
	r.checks = nil
	if x.TooLarge {
		return s.refuse(r, tooLarge(r))
	}
	check.Received = token.Scrub(x.Method + " " + x.Path)
	r.checks.Fail(check)
	return s.refuse(r, platform(status, detail))
}

// handler is the way of one operation's requests.
func (s *Server) handler(route vts.Route) func(*door.Exchange) door.Reply {
	op := operations[route.Op]
	return func(x *door.Exchange) door.Reply {
		r := &request{server: s, x: x, route: route}
		x.Entry.Op = route.Op
		if refused := s.admit(r); refused != nil {
			return s.refuse(r, refused)
		}
		r.call.Op, r.call.Effect, r.call.Requestor = route.Op, op.effect, r.account.requestor.Name
		if refused := op.read(r); refused != nil {
			return s.refuse(r, refused)
		}
		r.call.Facts = x.Facts(r.account.box.Asks(route.Op))
		result, plan, err := r.account.box.Do(r.call)
		if err != nil {
			return s.refuse(r, internal(err))
		}
		if plan.NoticesFirst {
			_ = r.account.box.Quiet(x.Context()) // ends early only when nobody waits for the answer any more
		}
		r.note(result)
		return s.answer(r, op, result, plan)
	}
}
