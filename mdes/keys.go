package mdes

import "github.com/pantomime-dev/pantomime/token"

// codes are how the wire writes documented keys (docs/wire/mdes.md "Errors"). The
// gateway has codes of its own for limits and time-outs.
var codes = map[token.Key]ReasonCode{
	token.PANIneligible:        PANIneligible,
	token.InvalidTokenRef:      InvalidTokenUniqueReference,
	token.MissingRequiredField: MissingRequiredField,
	token.InvalidPAN:           InvalidPAN,
	token.InvalidTokenStatus:   InvalidTokenStatus,
	token.NoResponseFromIssuer: NoResponseFromIssuer,
	token.DuplicateRequest:     DuplicateRequest,
	token.InternalServerError:  InternalServiceFailure,
	token.LimitExceeded:        GatewayLimitExceeded,
	token.GatewayTimeout:       GatewayTimeout,
}

// CodeOf is how the wire writes a key: a documented one as Mastercard spells it,
// any other as it is.
func CodeOf(key token.Key) ReasonCode {
	if code, documented := codes[key]; documented {
		return code
	}
	return ReasonCode(key)
}
