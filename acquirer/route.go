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

// RouteAuthorize asks for a payment.
var RouteAuthorize = newRoute(token.Authorize, http.MethodPost, Prefix+"/v1/authorizations", authorizeTable)

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
