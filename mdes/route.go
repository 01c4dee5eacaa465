package mdes

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/wire"
)

// HeaderCorrelationID is on every answer, spelled as the wire spells it
// (docs/wire/mdes.md "Hosts and paths").
const HeaderCorrelationID = "correlation-id"

// Environment is the segment in the middle of a path
// (docs/wire/mdes.md "Hosts and paths").
type Environment string

// The environments.
const (
	Sandbox    Environment = "static"
	MTF        Environment = "mtf"
	Production Environment = "" // no segment
)

// Environments lists them.
func Environments() []Environment { return []Environment{Sandbox, MTF, Production} }

// ParseEnvironment reads a segment; "" is [Production].
func ParseEnvironment(s string) (Environment, error) {
	for _, e := range Environments() {
		if string(e) == s {
			return e, nil
		}
	}
	return "", fmt.Errorf("environment %q: accepted are static, mtf and the empty one", s)
}

// Route says where an operation lives below /mdes (docs/wire/mdes.md
// "Operations"). Its path has the environment besides its own parameter:
// "/digitization/{environment}/1/0/tokenize".
type Route struct{ wire.Route }

// environment is the parameter that every path has, with its slash: in
// [Production] neither is there.
const environment = "/{environment}"

const (
	pathDigitization = "/digitization" + environment + "/1/0/"
	pathPayment      = "/remotetransaction" + environment + "/1/0/"
	pathAssets       = "/assets" + environment + "/1/0/"
	pathNotice       = pathDigitization + "notifyTokenUpdated"
)

// The routes.
var (
	RouteTokenize         = newRoute(token.MCTokenize, http.MethodPost, pathDigitization+"tokenize", tokenizeTable)
	RouteTransact         = newRoute(token.MCTransact, http.MethodPost, pathPayment+"transact", transactTable)
	RouteGetTaskStatus    = newRoute(token.MCGetTaskStatus, http.MethodPost, pathDigitization+"getTaskStatus", taskStatusTable)
	RouteGetToken         = newRoute(token.MCGetToken, http.MethodPost, pathDigitization+"getToken", getTokenTable)
	RouteSearchTokens     = newRoute(token.MCSearchTokens, http.MethodPost, pathDigitization+"searchTokens", searchTokensTable)
	RouteSuspend          = newRoute(token.MCSuspend, http.MethodPost, pathDigitization+"suspend", suspendTable)
	RouteUnsuspend        = newRoute(token.MCUnsuspend, http.MethodPost, pathDigitization+"unsuspend", unsuspendTable)
	RouteDelete           = newRoute(token.MCDelete, http.MethodPost, pathDigitization+"delete", deleteTable)
	RouteGetAsset         = newRoute(token.MCGetAsset, http.MethodGet, pathAssets+"asset/{AssetId}", nil)
	RouteGetDigitalAssets = newRoute(token.MCGetDigitalAssets, http.MethodPost, pathDigitization+"getDigitalAssets", getDigitalAssetsTable) // until version 1.2.9
)

// routes are all routes that were declared, wherever in this package.
var routes wire.Routes[Route]

// newRoute declares a route; it is in every list from then on.
func newRoute(op token.Operation, method, path string, body *wire.Table) Route {
	return routes.Declare(Route{wire.Route{Op: op, Method: method, Path: path, Body: body}})
}

// Routes lists the routes in the order of the operations.
func Routes() []Route { return routes.List() }

// RouteOf finds the route of an operation; ok is false for one of another
// network.
func RouteOf(op token.Operation) (r Route, ok bool) { return routes.Of(op) }

// In is the route in an environment.
func (r Route) In(e Environment) wire.Route {
	place := r.Place()
	place.Path = e.in(r.Path)
	return place
}

// Param names the path's own parameter, "" when it has none.
func (r Route) Param() string { return r.In(Production).Param() }

// At fills the parameter of the path with id, escaped. A route without a
// parameter ignores id.
func (r Route) At(e Environment, id string) string { return r.In(e).At(id) }

// NoticePath is where notices go, below a token requestor's own base URL.
func (e Environment) NoticePath() string { return e.in(pathNotice) }

func (e Environment) in(path string) string {
	segment := ""
	if e != Production {
		segment = "/" + string(e)
	}
	return strings.Replace(path, environment, segment, 1)
}

// Target is what a path says.
type Target struct {
	Op      token.Operation
	Env     Environment
	AssetID string // getAsset only
}

// ParsePath reads an escaped path below /mdes; ok is false for one that no
// operation has. A slash at the end is not let pass.
func ParsePath(escaped string) (t Target, ok bool) {
	for _, env := range Environments() {
		for _, r := range Routes() {
			before, after, parameter := strings.Cut(r.In(env).Path, "{"+r.Param()+"}")
			if !parameter {
				if escaped == before {
					return Target{Op: r.Op, Env: env}, true
				}
				continue
			}
			id, found := strings.CutPrefix(escaped, before)
			if !found || after != "" || id == "" || strings.Contains(id, "/") {
				continue
			}
			if id, err := url.PathUnescape(id); err == nil && len(id) <= 64 {
				return Target{r.Op, env, id}, true
			}
		}
	}
	return Target{}, false
}
