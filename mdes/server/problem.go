package server

import (
	"net/http"
	"strings"

	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/token"
)

// line is one line of the table from what the step found to the wire.
type line struct {
	code   mdes.ReasonCode // of MDES or, with gate, of the gateway
	gate   bool
	status int       // 0: what is set for application errors
	key    token.Key // the documented key a client will make of it; "" is the row's own
	field  string    // offending field, if the problem names none
	spoken bool      // the wire's own words are known, and are not the documented message
}

// problems is that table (docs/wire/mdes.md "Errors", where most statuses are
// assumed). Documented keys come first, then what the step finds without a
// documented key, then reasons of the wire under which a documented key goes.
// Other reasons of the wire stand for themselves.
var problems = map[token.Key]line{
	token.PANIneligible:        {code: mdes.PANIneligible},
	token.InvalidTokenRef:      {code: mdes.InvalidTokenUniqueReference},
	token.MissingRequiredField: {code: mdes.MissingRequiredField},
	token.InvalidPAN:           {code: mdes.InvalidPAN},
	token.InvalidTokenStatus:   {code: mdes.InvalidTokenStatus},
	token.NoResponseFromIssuer: {code: mdes.NoResponseFromIssuer},
	token.DuplicateRequest:     {code: mdes.DuplicateRequest},
	token.InternalServerError:  {code: mdes.InternalServiceFailure, status: http.StatusInternalServerError, spoken: true},
	token.LimitExceeded:        {code: mdes.GatewayLimitExceeded, gate: true, status: http.StatusTooManyRequests},
	token.GatewayTimeout:       {code: mdes.GatewayTimeout, gate: true, status: http.StatusGatewayTimeout},

	token.UnknownToken:  {code: mdes.InvalidTokenUniqueReference, key: token.InvalidTokenRef},
	token.ForeignToken:  {code: mdes.InvalidTokenUniqueReference, key: token.InvalidTokenRef},
	token.UnknownCard:   {code: mdes.InvalidPANUniqueReference, key: token.Key(mdes.InvalidPANUniqueReference)},
	token.UnknownTask:   {code: mdes.InvalidTaskID, key: token.Key(mdes.InvalidTaskID), field: "taskId"},
	token.ReusedTask:    {code: mdes.InvalidTaskID, key: token.Key(mdes.InvalidTaskID), field: "taskId"},
	token.UnknownAsset:  {code: mdes.InvalidFieldValue, key: token.Key(mdes.InvalidFieldValue), field: mdes.RouteGetAsset.Param()},
	token.WrongStatus:   {code: mdes.InvalidTokenStatus, key: token.InvalidTokenStatus},
	token.BadCheckDigit: {code: mdes.InvalidPAN, key: token.InvalidPAN},
	token.ExpiredCard:   {code: mdes.InvalidPAN, key: token.InvalidPAN},
	token.ForeignRange:  {code: mdes.PANIneligible, key: token.PANIneligible},
	token.GuardedPAN:    {code: mdes.PANIneligible, key: token.PANIneligible},
	token.HasToken:      {code: mdes.DuplicateRequest, key: token.DuplicateRequest},

	token.Key(mdes.NoResponseFromIssuer):   {code: mdes.NoResponseFromIssuer, key: token.NoResponseFromIssuer},
	token.Key(mdes.DuplicateRequest):       {code: mdes.DuplicateRequest, key: token.DuplicateRequest},
	token.Key(mdes.InternalServiceFailure): {code: mdes.InternalServiceFailure, key: token.InternalServerError},
	mdes.GatewayAuthenticationFailed:       {code: mdes.GatewayAuthenticationFailed, gate: true, status: http.StatusUnauthorized},
	mdes.GatewayInvalidClientID:            {code: mdes.GatewayInvalidClientID, gate: true, status: http.StatusUnauthorized},
	mdes.GatewayInvalidBodyHash:            {code: mdes.GatewayInvalidBodyHash, gate: true, status: http.StatusBadRequest},
}

// refusalOf turns a problem into its answer. A reason that the table does not
// know is sent as it is: so a scenario can try out any of the wire's.
func refusalOf(p *token.Problem) *refusal {
	if p.Key == token.JSONParseError {
		return &refusal{problem: p, status: http.StatusOK, page: true, key: p.Key, detail: p.Detail}
	}
	as, known := problems[p.Key]
	if !known {
		as = line{code: mdes.ReasonCode(p.Key)}
	}
	if as.key == "" {
		as.key = p.Key
	}
	if len(p.Fields) > 0 {
		as.field = p.Fields[0]
	}
	detail := p.Detail
	if as.key != p.Key {
		detail = strings.TrimSuffix(string(p.Key)+": "+detail, ": ")
	}
	f := &refusal{problem: p, status: as.status, code: as.code, text: as.text(p.Key), key: as.key, detail: detail}
	if as.gate {
		body := mdes.NewGatewayErrors(string(as.code), f.text, p.Key == token.LimitExceeded)
		f.gateway = &body
	}
	return f
}

// text is the description: of the field at fault if one is known, else the
// documented message of a documented key. Those messages are the words of a
// payment provider, so where the network's are known and others, these are said.
func (as line) text(key token.Key) string {
	if info, ok := token.KeyOf(token.Mastercard, key); ok && as.field == "" && !as.spoken {
		return info.Message
	}
	return as.code.Text(as.field)
}
