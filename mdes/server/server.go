package server

import (
	"log/slog"
	"net/url"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

// Name is by which credentials and notices find this face.
const Name = "mastercard"

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
	*face.Skeleton[*sandbox.Sandbox, *request, *refusal]
	registry    *sandbox.Registry
	guard       func(pan string) bool
	public      *url.URL // nil: requests arrive where clients send them
	correlation *face.Correlation
}

// New makes the face.
func New(o Options) *Server {
	if o.Guard == nil {
		o.Guard = fixtures.NewGuard().Allowed
	}
	s := &Server{registry: o.Registry, guard: o.Guard, correlation: face.NewCorrelation()}
	if u, err := url.Parse(o.PublicURL); err == nil && u.Host != "" {
		s.public = u
	}
	s.Skeleton = face.New(face.Options[*sandbox.Sandbox, *request, *refusal]{
		Name: Name, Network: token.Mastercard, Prefix: prefix,
		About:    "Digital Enablement, like " + prefix + mdes.RouteTokenize.In(mdes.Sandbox),
		Registry: o.Registry, Wall: o.Wall, Logger: o.Logger,
		Routes: s.routes(), New: func(x *door.Exchange) *request { return s.newRequest(x, row{}, "") },
	})
	return s
}

// routes are the paths of all operations in each environment: the segment stands
// in the middle of the path (docs/wire/mdes.md "Hosts and paths").
func (s *Server) routes() []face.Route[*request] {
	var routes []face.Route[*request]
	for _, env := range mdes.Environments() {
		for _, row := range operations {
			routes = append(routes, face.Route[*request]{
				Op: row.Route.Op, Method: row.Route.Method, Path: prefix + row.Route.In(env),
				New: func(x *door.Exchange) *request { return s.newRequest(x, row, env) },
			})
		}
	}
	return routes
}
