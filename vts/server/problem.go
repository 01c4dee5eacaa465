package server

import (
	"net/http"
	"strings"

	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// line is one line of the table from what the step found to the wire.
type line struct {
	status  int
	reason  vts.Reason
	key     token.Key // the documented key a client will make of it
	message string    // "" is the documented text of key
	field   string    // offending field, if the problem names none
}

// problems is that table (docs/wire/vts.md "Errors", where the status of most
// reasons is assumed). Documented keys come first, then what the step finds
// without a documented key, then reasons of the wire that a scenario may name.
var problems = map[token.Key]line{
	token.InvalidParameter:       {400, vts.ReasonInvalidParameter, token.InvalidParameter, "", ""},
	token.CardVerificationFailed: {403, vts.ReasonCardVerificationFailed, token.CardVerificationFailed, "", ""},
	token.CardNotEligible:        {403, vts.ReasonCardNotEligible, token.CardNotEligible, "", ""},
	token.NotAllowed:             {403, vts.ReasonNotAllowed, token.NotAllowed, "", ""},
	token.Declined:               {403, vts.ReasonDeclined, token.Declined, "", ""},
	token.TRConfigIssue:          {403, vts.ReasonTRConfigIssue, token.TRConfigIssue, "", ""},
	token.CardNotAllowed:         {403, vts.ReasonCardNotAllowed, token.CardNotAllowed, "", ""},
	token.ServiceError:           {500, vts.ReasonServiceError, token.ServiceError, "", ""},

	token.UnknownToken:  {404, vts.ReasonInvalidParameter, token.InvalidParameter, "No token has this id.", "vProvisionedTokenID"},
	token.UnknownCard:   {404, vts.ReasonInvalidParameter, token.InvalidParameter, "No enrolled card has this id.", "vPanEnrollmentID"},
	token.OtherWallet:   {400, vts.ReasonInvalidParameter, token.InvalidParameter, unusable(walletAccount), walletAccount},
	token.UnknownAsset:  {404, vts.ReasonInvalidParameter, token.InvalidParameter, "No content has this id.", "guid"},
	token.ForeignToken:  {403, vts.ReasonAuthError, "", "The token belongs to another token requestor.", ""},
	token.WrongStatus:   {403, vts.ReasonNotAllowed, token.NotAllowed, "", ""},
	token.ExpiredCard:   {403, vts.ReasonCardVerificationFailed, token.CardVerificationFailed, "", ""},
	token.ForeignRange:  {403, vts.ReasonCardNotAllowed, token.CardNotAllowed, "", ""},
	token.GuardedPAN:    {403, vts.ReasonCardNotAllowed, token.CardNotAllowed, "", ""},
	token.NoStepUp:      {403, vts.ReasonNotAllowed, token.NotAllowed, "", ""},
	token.NotChosen:     {403, vts.ReasonNotAllowed, token.NotAllowed, "", ""},
	token.UnknownMethod: {400, vts.ReasonInvalidParameter, token.InvalidParameter, "No step-up method has this id.", "stepUpRequestID"},
	token.WrongCode:     {400, vts.ReasonInvalidParameters, token.InvalidParameter, "The code is wrong.", ""},
	token.ExpiredCode:   {400, vts.ReasonInvalidParameters, token.InvalidParameter, "The code is too old.", ""},
	token.Exhausted:     {403, vts.ReasonNotAllowed, token.NotAllowed, "", ""},
	token.HasToken:      {403, vts.ReasonDeclined, token.Declined, "", ""},
	token.BadCheckDigit: {400, vts.ReasonInvalidParameter, token.InvalidParameter, unusable(accountNumber), accountNumber},

	"invalidParameter":     {400, vts.ReasonInvalidParameter, "", unusable(), ""},
	"invalidParameters":    {400, vts.ReasonInvalidParameters, "", unusable(), ""},
	"invalidRequest":       {400, vts.ReasonInvalidRequest, "", "The request was not understood.", ""},
	"incompleteRequest":    {400, vts.ReasonIncompleteRequest, "", "A needed field is missing.", ""},
	"inputValidationError": {400, vts.ReasonInputValidationError, "", "The input did not pass a check.", ""},
	"AuthError":            {403, vts.ReasonAuthError, "", "The token belongs to another token requestor.", ""},
	"tokenUsageViolation":  {403, vts.ReasonTokenUsageViolation, "", "The token is not meant for this use.", ""},
	"provisionDataExpired": {403, vts.ReasonProvisionDataExpired, "", "The card data is too old.", ""},
	"notReady":             {503, vts.ReasonNotReady, "", "The service is busy. Try again later.", ""},
	"serviceError":         {500, vts.ReasonServiceError, "", "The service failed.", ""},
	"systemError":          {500, vts.ReasonSystemError, "", "The system failed.", ""},
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
		as = line{http.StatusForbidden, vts.Reason(p.Key), p.Key, "The request was refused.", ""}
	}
	if as.message == "" {
		info, _ := token.KeyOf(token.Visa, as.key)
		as.message = info.Message
	}
	if as.key == "" {
		as.key = p.Key
	}
	fields := p.Fields
	switch {
	case len(fields) == 0 && as.field != "":
		fields = []string{as.field}
	case len(fields) > 0 && p.Key == token.InvalidParameter:
		as.message = unusable(fields...) // the documented text speaks of the token's state
	}
	detail := p.Detail
	if as.key != p.Key {
		detail = strings.TrimSuffix(string(p.Key)+": "+detail, ": ")
	}
	return &refusal{
		status: as.status, body: vts.ServiceError(as.status, as.reason, as.message, fields...),
		key: as.key, detail: detail,
	}
}
