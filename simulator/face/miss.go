package face

import (
	"net/http"
	"strings"

	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/token"
)

// Miss answers a path or a method that no operation has, as a gateway does
// before it looks at any signature; status is 404 or 405. The world is looked
// for all the same, because that is where the journal is.
func (s *Skeleton[W, R, F]) Miss(x *door.Exchange, status int) door.Reply {
	t := s.Missing(x, status)
	return s.nowhere(s.o.New(x), &t)
}

// Missing says that no operation has the path (status 404) or the method (405)
// of a request.
func (s *Skeleton[W, R, F]) Missing(x *door.Exchange, status int) Trouble {
	t := Trouble{Kind: Missing, Status: status, Detail: "no such path", Check: token.Check{
		Name: CheckRoute, Expected: "a path of " + s.o.About, Received: token.Scrub(x.Method + " " + x.Path),
	}}
	switch {
	case status == http.StatusMethodNotAllowed:
		t.Detail, t.Check.Expected = "the path has no such method", "a method that this path has: "+x.Allow
	case strings.HasSuffix(x.Path, "/"):
		t.Check.Hint = "no path ends in a slash"
	default:
		t.Check.Hint = s.slip(x.Path)
	}
	return t
}

// unplayed answers a path that the real service has and no face plays.
func (s *Skeleton[W, R, F]) unplayed(r R, check token.Check) door.Reply {
	t := s.Missing(r.Common().In, http.StatusNotFound)
	check.Received = t.Check.Received
	t.Check, t.Detail = check, check.Hint
	return s.nowhere(r, &t)
}

// nowhere refuses what is not routed. An address that leads nowhere takes precedence over
// it, since that is ours alone and usually the reason.
func (s *Skeleton[W, R, F]) nowhere(r R, t *Trouble) door.Reply {
	if place := s.place(r); place != nil && place.Kind == NoWorld {
		t = place
	} else if body := whole(r.Common().In); body != nil {
		t = body
	}
	return s.refuse(r, r.Trouble(*t))
}

// Open finds the journal of a request that no face serves, and reports whether a
// credential of this face led to it: else it is that of the world addressed, or
// of the default one.
func (s *Skeleton[W, R, F]) Open(x *door.Exchange) (led bool) {
	r := s.o.New(x)
	if t := s.place(r); t != nil {
		x.Entry.Checks.Fail(t.Check)
	}
	_, _, led = s.Registry.Owner(s.o.Name, r.Credential())
	x.Entry.Network = ""
	if !led {
		x.Entry.Requestor = ""
	}
	return led
}
