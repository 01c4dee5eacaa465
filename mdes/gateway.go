package mdes

import (
	"cmp"
	"net/http"
)

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

// GatewayStatuses are HTTP statuses that differ between reports, or are not
// public (docs/wire/mdes.md "Not public"); 0 is the first of each.
type GatewayStatuses struct {
	Signature int // the signature does not hold: 401, or 403 with a newer text
	Parameter int // header, parameter or body hash is wrong: 400 or 401
}

// Gateway is [Verification.GatewayAs] with the statuses 401 and 400.
func (v Verification) Gateway() (status int, body GatewayErrors) {
	return v.GatewayAs(GatewayStatuses{})
}

// GatewayAs gives the gateway's answer to a refused signature: HTTP status and
// body. Unknown clients and keys are 401 whatever s says; only the first three
// texts below are public (docs/wire/mdes.md "Errors"). With no failure it
// returns status 0.
func (v Verification) GatewayAs(s GatewayStatuses) (status int, body GatewayErrors) {
	one := func(status int, reason, description string) (int, GatewayErrors) {
		return status, NewGatewayErrors(reason, description, false)
	}
	parameter := cmp.Or(s.Parameter, http.StatusBadRequest)
	switch v.Failure {
	case "":
		return 0, GatewayErrors{}
	case FailSignature:
		text := "OAuth signatures did not match. Acceptable signature base string: "
		if s.Signature == http.StatusForbidden {
			text = "OAuth Signature parameter failed verification. Acceptable signature base string: "
		}
		return one(cmp.Or(s.Signature, http.StatusUnauthorized), GatewayAuthenticationFailed, text+v.BaseString)
	case FailBodyHash:
		return one(parameter, GatewayInvalidBodyHash,
			"The provided oauth_body_hash does not match the SHA256 hash of the request payload. Calculated: "+
				v.CalculatedBodyHash+", Received: "+v.ReceivedBodyHash)
	case FailClient:
		return one(http.StatusUnauthorized, GatewayInvalidClientID, "The client id of the oauth_consumer_key is unknown")
	case FailKey:
		return one(http.StatusUnauthorized, GatewayInvalidKey, "The key id of the oauth_consumer_key is unknown")
	case FailHeaderMissing:
		return one(http.StatusUnauthorized, GatewayAuthenticationFailed, "The Authorization header is missing")
	case FailHeader:
		return one(parameter, GatewayInvalidParameter, "The Authorization header is not a readable OAuth header")
	case FailParamMissing:
		return one(parameter, GatewayMissingParameter, "Missing parameter: "+v.Param)
	}
	return one(parameter, GatewayInvalidParameter, "Invalid parameter: "+v.Param)
}
