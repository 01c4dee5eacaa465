package vts

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/wire"
)

// Header names (docs/wire/vts.md "Transport").
const (
	HeaderPayToken      = "X-Pay-Token"
	HeaderRequestID     = "X-Request-Id"
	HeaderCorrelationID = "X-Correlation-Id"
)

// MaxBody is the largest body in bytes that the client reads; servers of ours
// use the same limit.
const MaxBody = 1 << 20

// Route says where an operation lives (docs/wire/vts.md "Operations").
type Route struct {
	wire.Route
	Created bool // a success is 201, not 200; clients take either
}

const (
	pathEnrollments = "/vts/panEnrollments"
	pathEnrollment  = pathEnrollments + "/{vPanEnrollmentID}"
	pathTokens      = "/vts/provisionedTokens"
	pathToken       = pathTokens + "/{vProvisionedTokenID}"
	pathStepUp      = pathToken + "/stepUpOptions"
)

// The routes. Attestation has further tables by its type.
var (
	RouteEnroll                = newRoute(token.VisaEnroll, http.MethodPost, pathEnrollments, true, enrollTable)
	RouteGetCardMetadata       = newRoute(token.VisaGetCardMetadata, http.MethodGet, pathEnrollment, false, nil)
	RouteProvision             = newRoute(token.VisaProvision, http.MethodPost, pathEnrollment+"/provisionedTokens", true, provisionTable)
	RouteProvisionWithPAN      = newRoute(token.VisaProvisionWithPAN, http.MethodPost, pathTokens, true, provisionWithPANTable)
	RouteGetToken              = newRoute(token.VisaGetToken, http.MethodGet, pathToken, false, nil)
	RouteGetPaymentData        = newRoute(token.VisaGetPaymentData, http.MethodPost, pathToken+"/paymentData", false, paymentDataTable)
	RouteSuspend               = newRoute(token.VisaSuspend, http.MethodPut, pathToken+"/suspend", false, lifecycleTable)
	RouteResume                = newRoute(token.VisaResume, http.MethodPut, pathToken+"/resume", false, lifecycleTable)
	RouteDelete                = newRoute(token.VisaDelete, http.MethodPut, pathToken+"/delete", false, lifecycleTable)
	RouteGetContent            = newRoute(token.VisaGetContent, http.MethodGet, "/vts/cps/getContent/{guid}", false, nil)
	RouteGetStepUpOptions      = newRoute(token.VisaGetStepUpOptions, http.MethodGet, pathStepUp, false, nil)
	RouteSelectStepUpMethod    = newRoute(token.VisaSelectStepUpMethod, http.MethodPut, pathStepUp+"/method", false, stepUpMethodTable)
	RouteValidateOTP           = newRoute(token.VisaValidateOTP, http.MethodPost, pathStepUp+"/validateOTP", false, validateOTPTable)
	RouteValidateAuthCode      = newRoute(token.VisaValidateAuthCode, http.MethodPost, pathStepUp+"/validateAuthCode", false, validateAuthCodeTable)
	RouteDeviceBinding         = newRoute(token.VisaDeviceBinding, http.MethodPost, pathToken+"/deviceBinding", false, deviceBindingTable)
	RouteGetAttestationOptions = newRoute(token.VisaGetAttestationOptions, http.MethodPost, pathToken+"/attestation/options", false, attestationTable)
)

// routes are all routes that were declared, wherever in this package.
var routes wire.Routes[Route]

// newRoute declares a route; it is in every list from then on.
func newRoute(op token.Operation, method, path string, created bool, body *wire.Table) Route {
	return routes.Declare(Route{wire.Route{Op: op, Method: method, Path: path, Body: body}, created})
}

// Routes lists the routes in the order of the operations.
func Routes() []Route { return routes.List() }

// RouteOf finds the route of an operation; ok is false for one of another
// network.
func RouteOf(op token.Operation) (r Route, ok bool) { return routes.Of(op) }

// APIKey finds the API key in a raw query. Clients spell the parameter apiKey
// or apikey, so the name is matched without regard to case; the first one
// counts (docs/wire/vts.md "Authentication").
func APIKey(rawQuery string) (key string, ok bool) {
	for pair := range strings.SplitSeq(rawQuery, "&") {
		name, value, _ := strings.Cut(pair, "=")
		if !strings.EqualFold(name, "apiKey") {
			continue
		}
		if plain, err := url.QueryUnescape(value); err == nil {
			value = plain
		}
		return value, value != ""
	}
	return "", false
}

// Target splits a received request into the raw path without its leading slash
// and the raw query, both exactly as they were on the request line: what a
// signature was made over must not be decoded first.
func Target(r *http.Request) (path, query string) {
	target := r.RequestURI
	if target == "" { // built by hand, not received
		return strings.TrimPrefix(r.URL.EscapedPath(), "/"), r.URL.RawQuery
	}
	if _, rest, absolute := strings.Cut(target, "://"); absolute && !strings.HasPrefix(target, "/") {
		_, target, _ = strings.Cut(rest, "/") // a proxy's absolute form
	}
	path, query, _ = strings.Cut(target, "?")
	return strings.TrimPrefix(path, "/"), query
}
