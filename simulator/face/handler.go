// Package face is what all parties on the network door share: one handler that
// gives each its paths, and an answer for what nobody serves.
package face

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/token"
)

// Face is a network as the network door sees it: routes, an answer for what
// has no route, and notices.
type Face interface {
	callback.Renderer
	Network() token.Network
	// Prefix is the first path segment, "/vts" or "/mdes".
	Prefix() string
	// Routes registers every operation.
	Routes(r gin.IRoutes)
	// Miss answers a path or a method that no operation has, in the face's own
	// form; status is 404 or 405.
	Miss(x *door.Exchange, status int) door.Reply
}

// NewHandler builds the handler of the network door.
func NewHandler(f door.Face, faces []Face) http.Handler {
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	engine.HandleMethodNotAllowed = true
	engine.RedirectTrailingSlash = false
	engine.UseRawPath = true
	for _, n := range faces {
		n.Routes(engine)
	}
	engine.NoRoute(f.Handle(miss(faces, http.StatusNotFound)))
	engine.NoMethod(f.Handle(miss(faces, http.StatusMethodNotAllowed)))
	return door.Addressed(engine)
}

// miss lets the face that owns the path answer; a path of nobody's gets a
// hint, because a person is looking.
func miss(faces []Face, status int) func(*door.Exchange) door.Reply {
	return func(x *door.Exchange) door.Reply {
		for _, n := range faces {
			if x.Path == n.Prefix() || strings.HasPrefix(x.Path, n.Prefix()+"/") {
				return n.Miss(x, status)
			}
		}
		return door.Reply{Status: http.StatusNotFound, Body: []byte(
			`{"error":"nothing is served at this path","doors":["/vts/","/mdes/"],"hint":"the admin API has its own port"}` + "\n")}
	}
}
