package server

import (
	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// Name is by which credentials and notices find this face.
const Name = string(token.PartyVisa)

// prefix is the first segment of every path of this face
// (docs/wire/vts.md "Operations").
const prefix = "/vts"

// Server is the face. It is safe for concurrent use.
type Server struct {
	*face.Skeleton[*sandbox.Sandbox, *request, *refusal]
}

// New makes the face.
func New(on face.Base[*sandbox.Sandbox]) *Server {
	s := new(Server)
	s.Skeleton = face.New(face.Options[*sandbox.Sandbox, *request, *refusal]{
		Base: on, Name: Name, Network: token.Visa, Prefix: prefix, About: "the token service",
		Routes: s.routes(), New: func(x *door.Exchange) *request { return s.newRequest(x, row{}) },
	})
	return s
}

// routes are the paths of all operations, and of those that only phones use.
func (s *Server) routes() []face.Route[*request] {
	routes := face.Plays(operations, vts.Route.Place, s.newRequest)
	for _, phone := range phoneRoutes {
		routes = append(routes, face.Route[*request]{
			Method: phone.method, Path: phone.path, Unplayed: phone.check(),
			New: func(x *door.Exchange) *request { return s.newRequest(x, row{}) },
		})
	}
	return routes
}
