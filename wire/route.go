package wire

import (
	"slices"

	"github.com/pantomime-dev/pantomime/token"
)

// Routes are those of a network, as its codec declares them; R says where one
// operation lives.
type Routes[R any] struct {
	op  func(R) token.Operation
	all []R
}

// NewRoutes makes an empty list; op tells whose route one is.
func NewRoutes[R any](op func(R) token.Operation) *Routes[R] { return &Routes[R]{op: op} }

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

// Of finds the route of an operation; ok is false for one of another network.
func (rs *Routes[R]) Of(op token.Operation) (r R, ok bool) {
	i := slices.IndexFunc(rs.all, func(r R) bool { return rs.op(r) == op })
	if i < 0 {
		return r, false
	}
	return rs.all[i], true
}
