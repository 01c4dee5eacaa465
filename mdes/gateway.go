package mdes

import "net/http"

// GatewayErrors is the body of an answer the gateway gives in front of the
// service: capitalised keys (docs/wire/mdes.md "Errors").
type GatewayErrors struct {
	Errors GatewayErrorList `json:"Errors"`
}

// GatewayErrorList is the inner level of [GatewayErrors].
type GatewayErrorList struct {
	Error []GatewayError `json:"Error"`
}

// GatewayError is one error of the gateway.
type GatewayError struct {
	Source      string `json:"Source"`
	ReasonCode  string `json:"ReasonCode"`
	Description string `json:"Description"`
	Recoverable bool   `json:"Recoverable"`
	Details     any    `json:"Details"` // null, or a text
}

// The gateway's reason codes. The first four were seen on the wire or in
// public clients; the others are ours (docs/wire/mdes.md "Errors").
const (
	GatewayAuthenticationFailed = "AUTHENTICATION_FAILED"
	GatewayInvalidBodyHash      = "INVALID_BODY_HASH"
	GatewayInvalidClientID      = "INVALID_CLIENT_ID"
	GatewayNotFound             = "NOT_FOUND"
	GatewayMissingParameter     = "MISSING_OAUTH_PARAMETER"
	GatewayInvalidParameter     = "INVALID_OAUTH_PARAMETER"
	GatewayInvalidKey           = "INVALID_KEY"
	GatewayMethodNotAllowed     = "METHOD_NOT_ALLOWED"
	GatewayLimitExceeded        = "LIMIT_EXCEEDED"
	GatewayTimeout              = "GATEWAY_TIMEOUT"
	GatewayServiceError         = "SERVICE_ERROR"
)

// NewGatewayErrors makes a body with one error.
func NewGatewayErrors(reason, description string, recoverable bool) GatewayErrors {
	return GatewayErrors{GatewayErrorList{[]GatewayError{{
		Source: "Gateway", ReasonCode: reason, Description: description, Recoverable: recoverable,
	}}}}
}

// Gateway gives the gateway's answer to a refused signature: HTTP status and
// body. Statuses are 401 for signature and key, 400 for body hash and
// parameters; only the first two reason codes below have public bodies
// (docs/wire/mdes.md "Errors"). With no failure it returns status 0.
func (v Verification) Gateway() (status int, body GatewayErrors) {
	one := func(status int, reason, description string) (int, GatewayErrors) {
		return status, NewGatewayErrors(reason, description, false)
	}
	switch v.Failure {
	case "":
		return 0, GatewayErrors{}
	case FailSignature:
		return one(http.StatusUnauthorized, GatewayAuthenticationFailed,
			"OAuth signatures did not match. Acceptable signature base string: "+v.BaseString)
	case FailBodyHash:
		return one(http.StatusBadRequest, GatewayInvalidBodyHash,
			"The provided oauth_body_hash does not match the SHA256 hash of the request payload. Calculated: "+
				v.CalculatedBodyHash+", Received: "+v.ReceivedBodyHash)
	case FailClient:
		return one(http.StatusUnauthorized, GatewayInvalidClientID, "The client id of the oauth_consumer_key is unknown")
	case FailKey:
		return one(http.StatusUnauthorized, GatewayInvalidKey, "The key id of the oauth_consumer_key is unknown")
	case FailHeaderMissing:
		return one(http.StatusUnauthorized, GatewayAuthenticationFailed, "The Authorization header is missing")
	case FailHeader:
		return one(http.StatusBadRequest, GatewayInvalidParameter, "The Authorization header is not a readable OAuth header")
	case FailParamMissing:
		return one(http.StatusBadRequest, GatewayMissingParameter, "Missing parameter: "+v.Param)
	}
	return one(http.StatusBadRequest, GatewayInvalidParameter, "Invalid parameter: "+v.Param)
}
