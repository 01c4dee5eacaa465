package mdes

import "strings"

// ReasonCode is an application error of MDES (docs/wire/mdes.md "Errors").
type ReasonCode string

// The codes a token requestor's operations may meet.
const (
	InvalidJSON                  ReasonCode = "INVALID_JSON"
	UnrecognizedField            ReasonCode = "UNRECOGNIZED_FIELD"
	MissingRequiredField         ReasonCode = "MISSING_REQUIRED_FIELD"
	InvalidFieldFormat           ReasonCode = "INVALID_FIELD_FORMAT"
	InvalidFieldLength           ReasonCode = "INVALID_FIELD_LENGTH"
	InvalidFieldValue            ReasonCode = "INVALID_FIELD_VALUE"
	InvalidResponseHost          ReasonCode = "INVALID_RESPONSE_HOST"
	InvalidMethod                ReasonCode = "INVALID_METHOD"
	AuthorizationFailed          ReasonCode = "AUTHORIZATION_FAILED"
	CryptographyFailed           ReasonCode = "CRYPTOGRAPHY_ERROR"
	InternalServiceFailure       ReasonCode = "INTERNAL_SERVICE_FAILURE"
	NoResponseFromIssuer         ReasonCode = "NO_RESPONSE_FROM_ISSUER"
	InvalidPAN                   ReasonCode = "INVALID_PAN"
	MissingExpiryDate            ReasonCode = "MISSING_EXPIRY_DATE"
	DuplicateRequest             ReasonCode = "DUPLICATE_REQUEST"
	ProvisionFailed              ReasonCode = "PROVISION_FAILED"
	PANIneligible                ReasonCode = "PAN_INELIGIBLE"
	PANProvisioningCountExceeded ReasonCode = "PAN_PROVISIONING_COUNT_EXCEEDED"
	InvalidTaskID                ReasonCode = "INVALID_TASK_ID"
	InvalidTokenUniqueReference  ReasonCode = "INVALID_TOKEN_UNIQUE_REFERENCE"
	InvalidPANUniqueReference    ReasonCode = "INVALID_PAN_UNIQUE_REFERENCE"
	InvalidTokenStatus           ReasonCode = "INVALID_TOKEN_STATUS"
	InvalidWorkflow              ReasonCode = "INVALID_WORKFLOW"
	NoActiveTokens               ReasonCode = "NO_ACTIVE_TOKENS"
	IncorrectTAV                 ReasonCode = "INCORRECT_TAV"
)

// Text is the description of a code, in the title case of the observed ones.
// The codes about a field append its name as the wire does: "Invalid Field
// Length - iv"; the others leave field out.
func (c ReasonCode) Text(field string) string {
	words := strings.Split(strings.ToLower(string(c)), "_")
	for i, word := range words {
		switch {
		case word == "pan" || word == "json" || word == "tav":
			words[i] = strings.ToUpper(word)
		case word != "":
			words[i] = strings.ToUpper(word[:1]) + word[1:]
		}
	}
	text := strings.Join(words, " ")
	if field != "" && c.aboutField() {
		text += " - " + field
	}
	return text
}

func (c ReasonCode) aboutField() bool {
	switch c {
	case UnrecognizedField, MissingRequiredField, InvalidFieldFormat, InvalidFieldLength, InvalidFieldValue:
		return true
	}
	return false
}

// Source is MDES for faults of the service and INPUT for everything else.
func (c ReasonCode) Source() string {
	if c == InternalServiceFailure {
		return "MDES"
	}
	return "INPUT"
}

// ErrorItem is one entry of errors[].
type ErrorItem struct {
	Source      string `json:"source,omitempty"`
	ErrorCode   string `json:"errorCode,omitempty"` // of the gateway; normally absent
	ReasonCode  string `json:"reasonCode,omitempty"`
	Description string `json:"description,omitempty"`
	Recoverable *bool  `json:"recoverable,omitempty"` // normally absent
}

// ErrorResponse is the body of an application error: lower-case keys, arriving
// with HTTP 200 (docs/wire/mdes.md "Errors").
type ErrorResponse struct {
	ErrorCode              string      `json:"errorCode"`
	ErrorDescription       string      `json:"errorDescription"`
	Errors                 []ErrorItem `json:"errors,omitempty"`
	ResponseID             string      `json:"responseId,omitempty"`
	ResponseHost           string      `json:"responseHost,omitempty"`
	Tokens                 []Token     `json:"tokens,omitempty"`                 // when a whole batch failed
	SupportsAuthentication *LooseBool  `json:"supportsAuthentication,omitempty"` // tokenize only
}
