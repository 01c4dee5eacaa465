package server

import (
	"log/slog"

	"github.com/pantomime-dev/pantomime/acquirer"
	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
)

// Name is by which credentials find this face.
const Name = "acquirer"

// Options say what the face works with.
type Options struct {
	Registry *sandbox.Registry
	Wall     clock.Wall
	Logger   *slog.Logger
	Guard    func(pan string) bool // whether a card number may enter; nil: the numbers of fixtures only
}

// Server is the face. It is safe for concurrent use.
type Server struct {
	*face.Skeleton[*sandbox.Sandbox, *request, *refusal]
	guard       func(pan string) bool
	correlation *face.Correlation
}

// New makes the face.
func New(o Options) *Server {
	if o.Guard == nil {
		o.Guard = fixtures.NewGuard().Allowed
	}
	s := &Server{guard: o.Guard, correlation: face.NewCorrelation()}
	s.Skeleton = face.New(face.Options[*sandbox.Sandbox, *request, *refusal]{
		Name: Name, Prefix: acquirer.Prefix, About: "the acquirer, like " + acquirer.RouteAuthorize.Path,
		Registry: o.Registry, Wall: o.Wall, Logger: o.Logger,
		Routes: s.routes(), New: func(x *door.Exchange) *request { return s.newRequest(x, row{}) },
	})
	return s
}

// routes are the paths of all operations.
func (s *Server) routes() []face.Route[*request] {
	var routes []face.Route[*request]
	for _, row := range operations {
		routes = append(routes, face.Route[*request]{
			Op: row.Route.Op, Method: row.Route.Method, Path: row.Route.Path,
			New: func(x *door.Exchange) *request { return s.newRequest(x, row) },
		})
	}
	return routes
}
