package server

import (
	"github.com/pantomime-dev/pantomime/acquirer"
	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/wire"
)

// Name is by which credentials find this face.
const Name = string(token.PartyAcquirer)

// Server is the face. It is safe for concurrent use.
type Server struct {
	*face.Skeleton[*sandbox.Sandbox, *request, *refusal]
}

// New makes the face.
func New(on face.Base[*sandbox.Sandbox]) *Server {
	s := new(Server)
	s.Skeleton = face.New(face.Options[*sandbox.Sandbox, *request, *refusal]{
		Base: on, Name: Name, Prefix: acquirer.Prefix, About: "the acquirer, like " + acquirer.RouteAuthorize.Path,
		Routes: face.Plays(operations, wire.Route.Place, s.newRequest),
		New:    func(x *door.Exchange) *request { return s.newRequest(x, row{}) },
	})
	return s
}
