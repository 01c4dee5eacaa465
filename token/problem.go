package token

import (
	"slices"
	"strings"
)

// Key is a documented error of a network as merchants know it, or a raw
// reason of the network's wire that has no documented key.
type Key string

// Visa's documented keys.
const (
	InvalidParameter       Key = "invalid_parameter"
	CardVerificationFailed Key = "card_verification_failed"
	CardNotEligible        Key = "card_not_eligible"
	NotAllowed             Key = "not_allowed"
	Declined               Key = "declined"
	TRConfigIssue          Key = "tr_config_issue"
	CardNotAllowed         Key = "card_not_allowed"
	ServiceError           Key = "service_error"
)

// JSONParseError is documented for both networks.
const JSONParseError Key = "json_parse_error"

// Mastercard's documented keys.
const (
	PANIneligible          Key = "PAN_INELIGIBLE"
	InvalidTokenRef        Key = "INVALID_TOKEN_UNIQUE_REFERENCE"
	MissingRequiredField   Key = "MISSING_REQUIRED_FIELD"
	InvalidPAN             Key = "INVALID_PAN"
	InvalidTokenStatus     Key = "INVALID_TOKEN_STATUS"
	NoResponseFromIssuer   Key = "no_response_from_issuer"
	DuplicateRequest       Key = "duplicate_request"
	InternalServerError    Key = "internal_server_err"
	LimitExceeded          Key = "limit_exceeded"
	GatewayTimeout         Key = "gateway_timeout"
	missingFieldMessage        = "Missing Required Field - ex: tokenUniqueReference"
	invalidAnswerMessage       = "Invalid response received from the NT API."
	cardNotEligibleMessage     = "This card cannot be used at this moment. Please try again later, or choose another Visa card."
	verificationMessage        = "Your request does not have valid set of parameters required to process the business function"
)

// Findings of the step that have no documented key of their own. Each face's
// table gives them the documented answer that fits.
const (
	UnknownToken       Key = "unknown-token" // no such token
	ForeignToken       Key = "foreign-token" // another requestor's token
	UnknownCard        Key = "unknown-card"  // no such enrolment
	OtherWallet        Key = "other-wallet"  // the enrolment is another wallet account's
	UnknownTask        Key = "unknown-task"  // no such task
	ReusedTask         Key = "reused-task"   // the task id was used before
	UnknownAsset       Key = "unknown-asset" // no such card art or terms
	WrongStatus        Key = "wrong-status"  // the token's status forbids it
	BadCheckDigit      Key = "bad-check-digit"
	ExpiredCard        Key = "expired-card"
	OtherDetails       Key = "other-details"        // the issuer knows the card with another expiry or security code
	ForeignRange       Key = "foreign-range"        // a number of another network
	UnknownPayment     Key = "unknown-payment"      // no such payment
	WrongPaymentStatus Key = "wrong-payment-status" // what became of the payment forbids it
	AmountTooHigh      Key = "amount-too-high"      // more than there is to capture, to give back or to hold
	OtherCurrency      Key = "other-currency"       // than the payment's
	PendingRequest     Key = "pending-request"      // the first one with its idempotency key waits for the issuer
	OtherRequest       Key = "other-request"        // another one had the same idempotency key
	GuardedPAN         Key = "pan-guard"            // might be a real card
	NoStepUp           Key = "no-step-up"           // the token waits for no identification
	NotChosen          Key = "not-chosen"           // a step-up method that this call confirms
	UnknownMethod      Key = "unknown-method"
	WrongCode          Key = "wrong-code"
	ExpiredCode        Key = "expired-code"
	Exhausted          Key = "exhausted" // too many step-up attempts
	HasToken           Key = "has-token" // the card is provisioned already
)

// KeyInfo is one row of the table of documented keys.
type KeyInfo struct {
	Network Network `json:"network"`
	Key     Key     `json:"key"`
	Message string  `json:"message"` // the exact documented text
}

// keys is contract data: keys and messages as the client's documents print
// them. Do not reword.
var keys = []KeyInfo{
	{Visa, InvalidParameter, "The token state does not allow the operation"},
	{Visa, CardVerificationFailed, verificationMessage},
	{Visa, CardNotEligible, cardNotEligibleMessage},
	{Visa, NotAllowed, "Further operations for this card are no longer allowed"},
	{Visa, Declined, "Conflicts with existing token, violates business rules"},
	{Visa, TRConfigIssue, "Input to tokenRequestorId is invalid"},
	{Visa, CardNotAllowed, "The requested action is not allowed for the given PAN"},
	{Visa, ServiceError, "Unknown failure reason in processing the request"},
	{Visa, JSONParseError, invalidAnswerMessage},
	{Mastercard, PANIneligible, "PAN Ineligible"},
	{Mastercard, InvalidTokenRef, "Invalid Token Unique Reference"},
	{Mastercard, MissingRequiredField, missingFieldMessage},
	{Mastercard, InvalidPAN, "Invalid PAN"},
	{Mastercard, InvalidTokenStatus, "Invalid Token Status"},
	{Mastercard, NoResponseFromIssuer, "Issuer did not respond in time. Retry the request"},
	{Mastercard, DuplicateRequest, "Duplicate Request"},
	{Mastercard, InternalServerError, "Internal Server Error"},
	{Mastercard, JSONParseError, invalidAnswerMessage},
	{Mastercard, LimitExceeded, "Too Many Requests"},
	{Mastercard, GatewayTimeout, "Gateway Timeout"},
}

// Keys returns a copy of the documented keys of both networks, Visa's first.
func Keys() []KeyInfo { return slices.Clone(keys) }

// KeyOf finds a documented key; ok is false for a raw wire reason.
func KeyOf(network Network, key Key) (info KeyInfo, ok bool) {
	for _, row := range keys {
		if row.Network == network && row.Key == key {
			return row, true
		}
	}
	return KeyInfo{}, false
}

// KeyNames lists the documented keys of one network, or of both.
func KeyNames(network Network) []string {
	var names []string
	for _, row := range keys {
		if (network == "" || row.Network == network) && !slices.Contains(names, string(row.Key)) {
			names = append(names, string(row.Key))
		}
	}
	return names
}

// Problem is the one error type of the domain: why a network refuses.
// Each face owns a table that turns it into its wire form.
type Problem struct {
	Key    Key      // documented key or raw wire reason
	Fields []string // offending fields, dotted, as the wire spells them
	Detail string   // for explain; never sent, never a secret
}

// Refuse makes a problem.
func Refuse(key Key, detail string, fields ...string) *Problem {
	return &Problem{Key: key, Fields: fields, Detail: detail}
}

// DetailAs is the detail for a client that makes another key of the problem: the
// problem's own then is in front.
func (p *Problem) DetailAs(key Key) string {
	if key == p.Key {
		return p.Detail
	}
	return strings.TrimSuffix(string(p.Key)+": "+p.Detail, ": ")
}

// Error makes a Problem an error: key, fields, detail.
func (p *Problem) Error() string {
	text := string(p.Key)
	if len(p.Fields) > 0 {
		text += " (" + strings.Join(p.Fields, ", ") + ")"
	}
	if p.Detail != "" {
		text += ": " + p.Detail
	}
	return text
}
