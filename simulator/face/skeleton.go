package face

import (
	"errors"
	"log/slog"

	"github.com/gin-gonic/gin"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/wire"
)

// Base is what every face is built on. Whoever joins the parts hands it in.
type Base[W World] struct {
	Registry Registry[W]
	Wall     clock.Wall
	Logger   *slog.Logger
	Guard    func(pan string) bool // whether a card number may enter
	// PublicURL is the base URL by which clients know the network door, if it is
	// not the one their requests arrive at: signatures may cover it. Its form was
	// checked.
	PublicURL string
}

// Options say what a face is made of; R is its own request, F its refusal.
type Options[W World, R Asked[W, F], F Refusal] struct {
	Base    Base[W]
	Name    string        // by which credentials and notices find it: "visa"
	Network token.Network // "" for a face that is no network
	Prefix  string        // first segment of every path: "/vts"
	About   string        // what has the paths, for a person: "the token service"
	Routes  []Route[R]
	// New begins a request that no route has.
	New func(x *door.Exchange) R
}

// Row is what is particular to one operation: where it lives, how its request
// becomes a call of the step, what the step does, and how its result becomes an
// answer. Everything between is the same for all. A face has one table of them;
// L is its word for a place, R its request, E its engine's word for an effect, F
// its refusal.
type Row[L, R, E, F any] struct {
	Route  L
	Read   func(R) F
	Effect E
	Answer func(R) (Answer, F)
}

// Route is one path of a face with one method.
type Route[R any] struct {
	Op     token.Operation
	Method string // "" is any
	Path   string // "/vts/provisionedTokens/{vProvisionedTokenID}"
	New    func(x *door.Exchange) R
	// Unplayed is what the caller of a path is told that the real service has and
	// is not played here. Without a name it is; with one, the request is
	// answered like that of a path that does not exist.
	Unplayed token.Check
}

// Plays makes the routes of a face's table; at says where a row's operation
// lives, and begin begins a request of it.
func Plays[L, R, E, F any](rows []Row[L, R, E, F], at func(L) wire.Route, begin func(*door.Exchange, Row[L, R, E, F]) R) []Route[R] {
	routes := make([]Route[R], len(rows))
	for i, row := range rows {
		place := at(row.Route)
		routes[i] = Route[R]{Op: place.Op, Method: place.Method, Path: place.Path, New: func(x *door.Exchange) R { return begin(x, row) }}
	}
	return routes
}

// Skeleton is one face on the door. It is safe for concurrent use.
type Skeleton[W World, R Asked[W, F], F Refusal] struct {
	Base[W]
	Correlation *Correlation // numbers its answers

	o    Options[W, R, F]
	door door.Door
	fine F // no refusal
}

// New makes a face.
func New[W World, R Asked[W, F], F Refusal](o Options[W, R, F]) *Skeleton[W, R, F] {
	s := &Skeleton[W, R, F]{Base: o.Base, Correlation: NewCorrelation(), o: o}
	s.door = door.Door{Wall: s.Wall, Logger: s.Logger, Internal: func(x *door.Exchange) door.Reply {
		return s.broken(x, errors.New("the handler panicked"))
	}}
	return s
}

// Name is the face's name.
func (s *Skeleton[W, R, F]) Name() string { return s.o.Name }

// Prefix is the first segment of every path of the face, "/vts".
func (s *Skeleton[W, R, F]) Prefix() string { return s.o.Prefix }

// Routes registers every path.
func (s *Skeleton[W, R, F]) Routes(r gin.IRoutes) {
	for _, route := range s.o.Routes {
		handler := s.door.Handle(s.handler(route))
		if route.Method == "" {
			r.Any(pattern(route.Path), handler)
			continue
		}
		r.Handle(route.Method, pattern(route.Path), handler)
	}
}

// handler is the way of the requests of one route.
func (s *Skeleton[W, R, F]) handler(route Route[R]) func(*door.Exchange) door.Reply {
	return func(x *door.Exchange) door.Reply {
		for range maxPlacings {
			r := route.New(x)
			x.Entry.Op = route.Op
			if route.Unplayed.Name != "" {
				return s.unplayed(r, route.Unplayed)
			}
			reply, done := s.serve(r, route.Op)
			r.End()
			if done {
				return reply
			}
			x.Restart()
		}
		return s.broken(x, errors.New("one sandbox after the other ended while the request was in progress"))
	}
}

// maxPlacings is how often a request is placed while worlds end under it.
const maxPlacings = 100

// serve takes one request through; done is false when its world ended on the
// way.
func (s *Skeleton[W, R, F]) serve(r R, op token.Operation) (reply door.Reply, done bool) {
	q := r.Common()
	if refused := s.enter(r); refused != s.fine {
		if q.In.Authenticated { // so its form was refused
			r.Misread()
		}
		return s.refuse(r, refused), true
	}
	q.Facts = q.In.Facts(q.World.Asks(op))
	out, err := r.Step()
	if err != nil {
		return door.Reply{}, false
	}
	if q.Plan = out.Plan; q.Plan.NoticesFirst {
		_ = q.World.Quiet(q.In.Context()) // ends early only when the client has left
	}
	note(q.In, out.Note, q.Facts)
	return s.conclude(r, out), true
}

// note puts what the step says of itself into the journal entry.
func note(x *door.Exchange, n token.Note, facts []token.Fact) {
	e := &x.Entry
	e.At, e.Rule, e.RuleID, e.Decision = n.At, n.Rule, n.RuleID, n.Decision
	e.Entity, e.EntitySeq, e.Tokens = n.Entity, n.EntitySeq, n.Tokens
	e.Attempt, e.Change, e.Work, e.Legs = n.Attempt, n.Change, n.Work, n.Legs
	e.Facts = facts
}
