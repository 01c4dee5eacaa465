package vts

import "github.com/pantomime-dev/pantomime/token"

// reasons are how the wire writes documented keys (docs/wire/vts.md "Errors"). The
// key json_parse_error is no reason: what is answered then is no JSON.
var reasons = map[token.Key]Reason{
	token.InvalidParameter:       ReasonInvalidParameter,
	token.CardVerificationFailed: ReasonCardVerificationFailed,
	token.CardNotEligible:        ReasonCardNotEligible,
	token.NotAllowed:             ReasonNotAllowed,
	token.Declined:               ReasonDeclined,
	token.TRConfigIssue:          ReasonTRConfigIssue,
	token.CardNotAllowed:         ReasonCardNotAllowed,
	token.ServiceError:           ReasonServiceError,
}

// ReasonOf is how the wire writes a key: a documented one as Visa spells it, any
// other as it is.
func ReasonOf(key token.Key) Reason {
	if reason, documented := reasons[key]; documented {
		return reason
	}
	return Reason(key)
}
