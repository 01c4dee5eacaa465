package vts

// Reason is the machine-readable cause in an errorResponse
// (docs/wire/vts.md "Errors").
type Reason string

// Reasons known from public material, and trConfigIssue, which is our guess at
// an unpublished spelling.
const (
	ReasonInvalidParameter       Reason = "invalidParameter"
	ReasonInvalidParameters      Reason = "invalidParameters" // step-up: the code is wrong or too old
	ReasonInvalidRequest         Reason = "invalidRequest"
	ReasonIncompleteRequest      Reason = "incompleteRequest"
	ReasonInputValidationError   Reason = "inputValidationError"
	ReasonAuthError              Reason = "AuthError"
	ReasonTokenUsageViolation    Reason = "tokenUsageViolation"
	ReasonCardVerificationFailed Reason = "cardVerificationFailed"
	ReasonCardNotEligible        Reason = "cardNotEligible"
	ReasonCardNotAllowed         Reason = "cardNotAllowed"
	ReasonDeclined               Reason = "declined"
	ReasonNotAllowed             Reason = "notAllowed"
	ReasonProvisionDataExpired   Reason = "provisionDataExpired"
	ReasonNotReady               Reason = "notReady"
	ReasonServiceError           Reason = "serviceError"
	ReasonSystemError            Reason = "systemError"
	ReasonTRConfigIssue          Reason = "trConfigIssue"
)

// Codes of the gateway's responseStatus.
const (
	CodeTokenValidation = "9159" // the x-pay-token does not hold
	CodeAPIKey          = "9201" // the API key is unknown or not for inbound calls
	CodeTokenReused     = "9121" // the same x-pay-token came twice
)

// What the gateway says with these codes: the one text with the first two, and
// of a token that came before that it did.
const (
	MessageTokenValidation = "Token Validation Failed"
	MessageTokenReused     = "Token Already Used"
)

// SeverityError is the only severity seen.
const SeverityError = "ERROR"

// ResponseStatus is the gateway's envelope: authentication and platform.
type ResponseStatus struct {
	Status   int    `json:"status"` // repeats the HTTP status
	Code     string `json:"code"`
	Severity string `json:"severity"`
	Message  string `json:"message"`
	Info     string `json:"info"`
}

// ErrorResponse is the envelope of the token service itself.
type ErrorResponse struct {
	Status  int      `json:"status"` // repeats the HTTP status
	Message string   `json:"message"`
	Reason  Reason   `json:"reason"`
	Details []Detail `json:"details,omitempty"`
	Ref     string   `json:"ref,omitempty"`
}

// Detail names one offending field, dotted when nested.
type Detail struct {
	Location string `json:"location"`
}

// ErrorBody is a refusal as it is on the wire: one of the two envelopes.
type ErrorBody struct {
	ResponseStatus *ResponseStatus `json:"responseStatus,omitempty"`
	ErrorResponse  *ErrorResponse  `json:"errorResponse,omitempty"`
}

// GatewayError builds a refusal of the gateway.
func GatewayError(status int, code, message string) ErrorBody {
	return ErrorBody{ResponseStatus: &ResponseStatus{
		Status: status, Code: code, Severity: SeverityError, Message: message,
	}}
}

// ServiceError builds a refusal of the token service; locations name the
// offending fields.
func ServiceError(status int, reason Reason, message string, locations ...string) ErrorBody {
	body := &ErrorResponse{Status: status, Message: message, Reason: reason}
	for _, location := range locations {
		body.Details = append(body.Details, Detail{location})
	}
	return ErrorBody{ErrorResponse: body}
}
