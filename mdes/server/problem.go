package server

import (
	"cmp"
	"net/http"

	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/token"
)

// line is one line of the table from what the step found to the wire.
type line struct {
	status int       // 0: what is set for application errors
	key    token.Key // the documented key a client will make of it, or the wire's code; "" is the row's own
	field  string    // offending field, if the problem names none
	gate   bool      // the gateway says it
	spoken bool      // the wire's own words are known, and are not the documented message
}

// problems is that table (docs/wire/mdes.md "Errors", where most statuses are
// assumed). Documented keys come first, then what the step finds without a
// documented key, then reasons of the wire under which a documented key goes.
// What is not listed has nothing of its own: any of the wire's codes can be tried
// out.
var problems = map[token.Key]line{
	token.InternalServerError: {status: http.StatusInternalServerError, spoken: true},
	token.LimitExceeded:       {gate: true, status: http.StatusTooManyRequests},
	token.GatewayTimeout:      {gate: true, status: http.StatusGatewayTimeout},

	token.UnknownToken:  {key: token.InvalidTokenRef},
	token.ForeignToken:  {key: token.InvalidTokenRef},
	token.UnknownCard:   {key: token.Key(mdes.InvalidPANUniqueReference)},
	token.UnknownTask:   {key: token.Key(mdes.InvalidTaskID), field: "taskId"},
	token.ReusedTask:    {key: token.Key(mdes.InvalidTaskID), field: "taskId"},
	token.UnknownAsset:  {key: token.Key(mdes.InvalidFieldValue), field: mdes.RouteGetAsset.Param()},
	token.WrongStatus:   {key: token.InvalidTokenStatus},
	token.BadCheckDigit: {key: token.InvalidPAN},
	token.ExpiredCard:   {key: token.InvalidPAN},
	token.OtherDetails:  {key: token.InvalidPAN},
	token.ForeignRange:  {key: token.PANIneligible},
	token.GuardedPAN:    {key: token.PANIneligible},
	token.HasToken:      {key: token.DuplicateRequest},

	token.Key(mdes.NoResponseFromIssuer):   {key: token.NoResponseFromIssuer},
	token.Key(mdes.DuplicateRequest):       {key: token.DuplicateRequest},
	token.Key(mdes.InternalServiceFailure): {key: token.InternalServerError},
	mdes.GatewayAuthenticationFailed:       {gate: true, status: http.StatusUnauthorized},
	mdes.GatewayInvalidClientID:            {gate: true, status: http.StatusUnauthorized},
	mdes.GatewayInvalidBodyHash:            {gate: true, status: http.StatusBadRequest},
}

// refusalOf turns a problem into its answer.
func refusalOf(p *token.Problem) *refusal {
	if p.Key == token.JSONParseError {
		return &refusal{problem: p, status: http.StatusOK, page: true, key: p.Key, detail: p.Detail}
	}
	as := problems[p.Key]
	as.key = cmp.Or(as.key, p.Key)
	code := mdes.CodeOf(as.key)
	if len(p.Fields) > 0 {
		as.field = p.Fields[0]
	}
	f := &refusal{problem: p, status: as.status, code: code, text: as.text(p.Key, code), key: as.key, detail: p.DetailAs(as.key)}
	if as.gate {
		body := mdes.NewGatewayErrors(string(code), f.text, p.Key == token.LimitExceeded)
		f.gateway = &body
	}
	return f
}

// text is the description: of the field at fault if one is known, else the
// documented message of a documented key. Those messages are the words of a
// payment provider, so where the network's are known and others, these are said.
func (as line) text(key token.Key, code mdes.ReasonCode) string {
	if info, ok := token.KeyOf(token.Mastercard, key); ok && as.field == "" && !as.spoken {
		return info.Message
	}
	return code.Text(as.field)
}
