package server

import (
	"net/url"

	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/wire"
)

// Name is by which credentials and notices find this face.
const Name = string(token.PartyMastercard)

// prefix is the first segment of every path of this face
// (docs/wire/mdes.md "Hosts and paths").
const prefix = "/mdes"

// Server is the face. It is safe for concurrent use.
type Server struct {
	*face.Skeleton[*sandbox.Sandbox, *request, *refusal]
	public *url.URL // nil: requests arrive where clients send them
}

// New makes the face.
func New(on face.Base[*sandbox.Sandbox]) *Server {
	s := new(Server)
	if u, err := url.Parse(on.PublicURL); err == nil && u.Host != "" {
		s.public = u
	}
	s.Skeleton = face.New(face.Options[*sandbox.Sandbox, *request, *refusal]{
		Base: on, Name: Name, Network: token.Mastercard, Prefix: prefix,
		About:  "Digital Enablement, like " + in(mdes.Sandbox)(mdes.RouteTokenize).Path,
		Routes: s.routes(), New: func(x *door.Exchange) *request { return s.newRequest(x, row{}, "") },
	})
	return s
}

// routes are the paths of all operations in each environment: the segment is
// in the middle of the path (docs/wire/mdes.md "Hosts and paths").
func (s *Server) routes() (routes []face.Route[*request]) {
	for _, env := range mdes.Environments() {
		begin := func(x *door.Exchange, as row) *request { return s.newRequest(x, as, env) }
		routes = append(routes, face.Plays(operations, in(env), begin)...)
	}
	return routes
}

// in is where operations live in an environment.
func in(env mdes.Environment) func(mdes.Route) wire.Route {
	return func(r mdes.Route) wire.Route {
		place := r.In(env)
		place.Path = prefix + place.Path
		return place
	}
}
