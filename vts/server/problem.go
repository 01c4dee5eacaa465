package server

import (
	"cmp"
	"net/http"
	"strings"

	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// line is one line of the table from what the step found to the wire.
type line struct {
	status  int
	reason  vts.Reason // "" is how the wire writes key
	key     token.Key  // the documented key a client will make of it; "" is the row's own
	message string     // "" is the documented text of key
	field   string     // offending field, if the problem names none
}

// problems is that table (docs/wire/vts.md "Errors", where the status of most
// reasons is assumed). Documented keys come first, then what the step finds
// without a documented key, then reasons of the wire that a scenario may name.
var problems = map[token.Key]line{
	token.InvalidParameter:       {status: 400},
	token.CardVerificationFailed: {status: 403},
	token.CardNotEligible:        {status: 403},
	token.NotAllowed:             {status: 403},
	token.Declined:               {status: 403},
	token.TRConfigIssue:          {status: 403},
	token.CardNotAllowed:         {status: 403},
	token.ServiceError:           {status: 500},

	token.UnknownToken:  {status: 404, key: token.InvalidParameter, message: "No token has this id.", field: "vProvisionedTokenID"},
	token.UnknownCard:   {status: 404, key: token.InvalidParameter, message: "No enrolled card has this id.", field: "vPanEnrollmentID"},
	token.OtherWallet:   {status: 400, key: token.InvalidParameter, message: unusable(walletAccount), field: walletAccount},
	token.UnknownAsset:  {status: 404, key: token.InvalidParameter, message: "No content has this id.", field: "guid"},
	token.ForeignToken:  {status: 403, reason: vts.ReasonAuthError, message: "The token belongs to another token requestor."},
	token.WrongStatus:   {status: 403, key: token.NotAllowed},
	token.ExpiredCard:   {status: 403, key: token.CardVerificationFailed},
	token.OtherDetails:  {status: 403, key: token.CardVerificationFailed},
	token.ForeignRange:  {status: 403, key: token.CardNotAllowed},
	token.GuardedPAN:    {status: 403, key: token.CardNotAllowed},
	token.NoStepUp:      {status: 403, key: token.NotAllowed},
	token.NotChosen:     {status: 403, key: token.NotAllowed},
	token.UnknownMethod: {status: 400, key: token.InvalidParameter, message: "No step-up method has this id.", field: "stepUpRequestID"},
	token.WrongCode:     {status: 400, reason: vts.ReasonInvalidParameters, key: token.InvalidParameter, message: "The code is wrong."},
	token.ExpiredCode:   {status: 400, reason: vts.ReasonInvalidParameters, key: token.InvalidParameter, message: "The code is too old."},
	token.Exhausted:     {status: 403, key: token.NotAllowed},
	token.HasToken:      {status: 403, key: token.Declined},
	token.BadCheckDigit: {status: 400, key: token.InvalidParameter, message: unusable(accountNumber), field: accountNumber},

	"invalidParameter":     {status: 400, message: unusable()},
	"invalidParameters":    {status: 400, message: unusable()},
	"invalidRequest":       {status: 400, message: "The request was not understood."},
	"incompleteRequest":    {status: 400, message: "A needed field is missing."},
	"inputValidationError": {status: 400, message: "The input did not pass a check."},
	"AuthError":            {status: 403, message: "The token belongs to another token requestor."},
	"tokenUsageViolation":  {status: 403, message: "The token is not meant for this use."},
	"provisionDataExpired": {status: 403, message: "The card data is too old."},
	"notReady":             {status: 503, message: "The service is busy. Try again later."},
	"serviceError":         {status: 500, message: "The service failed."},
	"systemError":          {status: 500, message: "The system failed."},
}

// Where requests name what the step refuses.
const (
	accountNumber = fieldInstrument + ".accountNumber"
	walletAccount = "clientWalletAccountID"
)

// unusable words the refusal of fields. Clients must not match on it.
func unusable(fields ...string) string {
	switch len(fields) {
	case 0:
		return "A value of the request could not be used."
	case 1:
		return "The value given for " + fields[0] + " could not be used."
	}
	return "The values given for " + strings.Join(fields, ", ") + " could not be used."
}

// refusalOf turns a problem into its answer. A reason that the table does not
// know is sent as it is, with 403: so a scenario can try out a reason that is
// not public.
func refusalOf(p *token.Problem) *refusal {
	if p.Key == token.JSONParseError {
		return &refusal{status: http.StatusOK, page: true, key: p.Key, detail: p.Detail}
	}
	as, known := problems[p.Key]
	if !known {
		as = line{status: http.StatusForbidden, message: "The request was refused."}
	}
	as.key = cmp.Or(as.key, p.Key)
	as.reason = cmp.Or(as.reason, vts.ReasonOf(as.key))
	if as.message == "" {
		info, _ := token.KeyOf(token.Visa, as.key)
		as.message = info.Message
	}
	fields := p.Fields
	if len(fields) == 0 && as.field != "" {
		fields = []string{as.field}
	}
	return &refusal{
		status: as.status, body: vts.ServiceError(as.status, as.reason, as.message, fields...),
		key: as.key, detail: p.DetailAs(as.key),
	}
}
