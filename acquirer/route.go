package acquirer

import (
	"net/http"

	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/wire"
)

// Prefix is the first segment of every path.
const Prefix = "/acquirer"

// HeaderCorrelationID is on every answer (docs/wire/acquirer.md "Errors").
const HeaderCorrelationID = "X-Correlation-Id"

// MaxBody is the largest body in bytes that the client reads; servers of ours
// use the same limit.
const MaxBody = 1 << 20

const (
	pathPayments = Prefix + "/v1/authorizations"
	pathPayment  = pathPayments + "/{authorizationId}"
)

// The routes.
var (
	RouteAuthorize  = newRoute(token.Authorize, http.MethodPost, pathPayments, authorizeTable)
	RouteCapture    = newRoute(token.Capture, http.MethodPost, pathPayment+"/captures", captureTable)
	RouteVoid       = newRoute(token.Void, http.MethodPost, pathPayment+"/voids", voidTable)
	RouteRefund     = newRoute(token.Refund, http.MethodPost, pathPayment+"/refunds", refundTable)
	RouteIncrement  = newRoute(token.Increment, http.MethodPost, pathPayment+"/increments", incrementTable)
	RouteReverse    = newRoute(token.Reverse, http.MethodPost, pathPayment+"/reversals", reverseTable)
	RouteGetPayment = newRoute(token.GetPayment, http.MethodGet, pathPayment, nil)
)

// routes are all routes that were declared, wherever in this package.
var routes wire.Routes[wire.Route]

// newRoute declares a route (docs/wire/acquirer.md "Operations"); it is in every
// list from then on.
func newRoute(op token.Operation, method, path string, body *wire.Table) wire.Route {
	return routes.Declare(wire.Route{Op: op, Method: method, Path: path, Body: body})
}

// Routes lists the routes in the order of the operations.
func Routes() []wire.Route { return routes.List() }

// RouteOf finds the route of an operation; ok is false for one that is no
// acquirer's.
func RouteOf(op token.Operation) (r wire.Route, ok bool) { return routes.Of(op) }
