package acquirer

// The outcomes of a payment.
const (
	Approved = "approved"
	Declined = "declined"
)

// AuthorizeResponse is the answer to a payment, approved or declined. Of a
// declined one, only outcome, reason, response code, message and reference are
// there.
type AuthorizeResponse struct {
	Outcome              string          `json:"outcome"`
	ResponseCode         string          `json:"responseCode"`     // of ISO 8583, "00" for approved
	Reason               string          `json:"reason,omitempty"` // why it was declined
	Message              string          `json:"message,omitempty"`
	Reference            string          `json:"reference,omitempty"`
	ID                   string          `json:"id,omitempty"`
	AuthorizationCode    string          `json:"authorizationCode,omitempty"`
	NetworkTransactionID string          `json:"networkTransactionId,omitempty"`
	Network              string          `json:"network,omitempty"`
	Amount               *AmountInfo     `json:"amount,omitempty"`    // that the issuer holds
	Requested            *AmountInfo     `json:"requested,omitempty"` // where it holds less than was asked for
	Instrument           *InstrumentInfo `json:"instrument,omitempty"`
	CreatedAt            string          `json:"createdAt,omitempty"` // sandbox time, RFC 3339
	ExpiresAt            string          `json:"expiresAt,omitempty"` // likewise; nothing is captured after it
}

// AmountInfo is an amount as answers write it.
type AmountInfo struct {
	Value    int64  `json:"value"`
	Currency string `json:"currency"`
}

// InstrumentInfo is what may be shown of an instrument: of a token its own last
// four digits, for its card is not the acquirer's to know.
type InstrumentInfo struct {
	Type  string `json:"type"`
	Last4 string `json:"last4"`
}

// ErrorBody is a refusal of the acquirer itself: no issuer was asked to pay.
type ErrorBody struct {
	Error ErrorInfo `json:"error"`
}

// ErrorInfo says what is wrong.
type ErrorInfo struct {
	Code    string   `json:"code"`
	Message string   `json:"message"`
	Fields  []string `json:"fields,omitempty"` // dotted
}

// The codes of refusals (docs/wire/acquirer.md "Errors").
const (
	CodeInvalid         = "invalid_request"
	CodeUnauthenticated = "unauthenticated"
	CodeCardRefused     = "card_refused" // it might be a real card
	CodeNotFound        = "not_found"
	CodeMethod          = "method_not_allowed"
	CodeStatus          = "payment_status"         // what became of the payment forbids it
	CodeAmount          = "amount_too_high"        // more than there is
	CodeCurrency        = "currency_differs"       // from the payment's
	CodeInProgress      = "request_in_progress"    // the first one with the key
	CodeKeyReused       = "idempotency_key_reused" // by another request
	CodeTooLarge        = "too_large"
	CodeMediaType       = "unsupported_media_type"
	CodeBusy            = "too_many_requests"
	CodeUnavailable     = "unavailable"
	CodeInternal        = "internal_error"
)
