package face

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/token"
)

// Face is a party as the network door sees it: paths, an answer for what has
// none, and notices. A [Skeleton] is all of it but the notices.
type Face interface {
	callback.Renderer
	// Name is by which notices and credentials find the face.
	Name() string
	// Prefix is the first path segment, "/vts".
	Prefix() string
	// Routes registers every operation.
	Routes(r gin.IRoutes)
	// Serves reports whether a path is one of the face's, with any method.
	Serves(path string) bool
	// Miss answers a path or a method that no operation has, in the face's own
	// form; status is 404 or 405.
	Miss(x *door.Exchange, status int) door.Reply
	// Open finds the journal of a request that no face serves; led reports whether a
	// credential of this face led there.
	Open(x *door.Exchange) (led bool)
}

// NewHandler builds the handler of the network door.
func NewHandler(d door.Door, faces []Face) http.Handler {
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	engine.HandleMethodNotAllowed = true
	engine.RedirectTrailingSlash = false
	engine.UseRawPath = true
	for _, f := range faces {
		f.Routes(engine)
	}
	engine.NoRoute(d.Handle(miss(faces, http.StatusNotFound)))
	engine.NoMethod(d.Handle(miss(faces, http.StatusMethodNotAllowed)))
	return door.Addressed(engine)
}

// miss lets the face that owns the path answer. A path that none owns gets a
// hint, because a person is looking.
func miss(faces []Face, status int) func(*door.Exchange) door.Reply {
	var doors []string
	for _, f := range faces {
		doors = append(doors, f.Prefix()+"/")
	}
	body, _ := door.JSON(unserved{"nothing is served at this path", doors, "the admin API has its own port"}) // texts always encode
	body = append(body, '\n')
	return func(x *door.Exchange) door.Reply {
		for _, f := range faces {
			if below(x.Path, f.Prefix()) {
				return f.Miss(x, status)
			}
		}
		journaled(x, faces)
		x.Entry.Checks.Fail(token.Check{
			Name: CheckRoute, Expected: "a path below " + strings.Join(doors, " or "),
			Received: token.Scrub(x.Method + " " + x.Path), Hint: meant(x, faces),
		})
		return door.Reply{Status: http.StatusNotFound, Body: body}
	}
}

// unserved is the answer to a path that no face owns.
type unserved struct {
	Error string   `json:"error"`
	Doors []string `json:"doors"`
	Hint  string   `json:"hint"`
}

// journaled opens the journal of the world that the address or any face's
// credential leads to, else of the default one.
func journaled(x *door.Exchange, faces []Face) {
	for _, f := range faces {
		x.Restart()
		if f.Open(x) {
			return
		}
	}
}

func below(path, prefix string) bool {
	return path == prefix || strings.HasPrefix(path, prefix+"/")
}
