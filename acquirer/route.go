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

// Route says where an operation lives (docs/wire/acquirer.md "Operations").
type Route struct {
	Op     token.Operation
	Method string
	Path   string      // with the prefix
	Body   *wire.Table // the fields of a request's body, nil where it has none
}

// RouteAuthorize asks for a payment.
var RouteAuthorize = newRoute(Route{token.Authorize, http.MethodPost, Prefix + "/v1/authorizations", authorizeTable})

// routes are all routes that were declared, wherever in this package.
var routes = wire.NewRoutes(func(r Route) token.Operation { return r.Op })

// newRoute declares a route; it is in every list from then on.
func newRoute(r Route) Route { return routes.Declare(r) }

// Routes lists the routes in the order of the operations.
func Routes() []Route { return routes.List() }

// RouteOf finds the route of an operation; ok is false for one that is no
// acquirer's.
func RouteOf(op token.Operation) (r Route, ok bool) { return routes.Of(op) }
