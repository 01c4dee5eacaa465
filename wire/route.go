package wire

import (
	"net/url"
	"slices"
	"strings"

	"github.com/pantomime-dev/pantomime/token"
)

// Route says where an operation lives.
type Route struct {
	Op     token.Operation
	Method string
	Path   string // "/vts/provisionedTokens/{vProvisionedTokenID}", at most one parameter
	Body   *Table // the fields of a request's body, nil where it has none
}

// Place is the route itself, of whatever embeds it.
func (r Route) Place() Route { return r }

// Param names the parameter of the path, "" when it has none.
func (r Route) Param() string {
	_, rest, _ := strings.Cut(r.Path, "{")
	name, _, _ := strings.Cut(rest, "}")
	return name
}

// At fills the parameter of the path with id, escaped. A route without a
// parameter ignores id.
func (r Route) At(id string) string {
	if name := r.Param(); name != "" {
		return strings.Replace(r.Path, "{"+name+"}", url.PathEscape(id), 1)
	}
	return r.Path
}

// Routes are those of a face, as its codec declares them; R is a [Route], or
// embeds one. The zero value is an empty list.
type Routes[R interface{ Place() Route }] struct{ all []R }

// Declare puts a route into the list and returns it.
func (rs *Routes[R]) Declare(r R) R {
	rs.all = append(rs.all, r)
	return r
}

// List has the routes in the order of the operations.
func (rs *Routes[R]) List() []R {
	var all []R
	for _, info := range token.Operations() {
		if r, ok := rs.Of(info.Op); ok {
			all = append(all, r)
		}
	}
	return all
}

// Of finds the route of an operation; ok is false for one of another face.
func (rs *Routes[R]) Of(op token.Operation) (r R, ok bool) {
	i := slices.IndexFunc(rs.all, func(r R) bool { return r.Place().Op == op })
	if i < 0 {
		return r, false
	}
	return rs.all[i], true
}
