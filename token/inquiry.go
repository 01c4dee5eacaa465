package token

import "time"

// InquiryKind says what an issuer is asked about.
type InquiryKind string

// The kinds.
const (
	InquiryProvisioning InquiryKind = "provisioning" // may a token be made of the card
	InquiryPayment      InquiryKind = "payment"      // is it paid
)

// Inquiry is what the endpoint of an issuer is asked. It holds the card's number,
// which an issuer sees, and prints without it.
type Inquiry struct {
	ID        string // 32 hex digits
	Kind      InquiryKind
	Sandbox   string
	Issuer    string // by its name in the scenario
	Network   Network
	Requestor string
	At        time.Time // sandbox time
	PAN       PAN
	Expiry    Expiry

	Presentation string // of the token that is asked for

	// Of a payment.
	Amount   int64 // in the smallest unit of the currency
	Currency string
	Merchant string
	Category string
	Country  string
	Shown    string // on the cardholder's statement
	ByToken  bool   // instead of the card's number
	ECI      ECI
}

// Verdict is what an issuer says to an inquiry.
type Verdict struct {
	Decision Decision
	Reason   Key // why it declines: one of the issuer's [DeclineReasons]
}

// provisioningKeys are what networks tell the requestor of a provisioning that the
// issuer declined for a reason; for every other reason it just declined
// (docs/wire/issuer.md "Reasons").
var provisioningKeys = map[Key]map[Network]Key{
	DeclineExpiredCard:   {Visa: CardVerificationFailed, Mastercard: InvalidPAN},
	"lost_card":          {Visa: NotAllowed, Mastercard: PANIneligible},
	"stolen_card":        {Visa: NotAllowed, Mastercard: PANIneligible},
	DeclineNotPermitted:  {Visa: CardNotAllowed, Mastercard: PANIneligible},
	DeclineTooLate:       {Visa: ServiceError, Mastercard: NoResponseFromIssuer},
	DeclineUnavailable:   {Visa: ServiceError, Mastercard: NoResponseFromIssuer},
	"system_malfunction": {Visa: ServiceError, Mastercard: InternalServerError},
}

// ProvisioningKey is what a network answers to a provisioning that the issuer
// declined for a reason; ok is false where it says no more than that it declined.
func ProvisioningKey(n Network, reason Key) (key Key, ok bool) {
	key, ok = provisioningKeys[reason][n]
	return key, ok
}

// InquiryState is where an inquiry stands.
type InquiryState string

// The states.
const (
	InquiryPending   InquiryState = "pending"
	InquiryResponded InquiryState = "responded" // in time, and of use
	InquiryTimedOut  InquiryState = "timed out"
	InquiryFailed    InquiryState = "failed" // no connection, or an answer that is of no use
)

// Heard is what came of an inquiry.
type Heard struct {
	State   InquiryState
	Status  int     // of the answer; 0 without one
	Why     string  // it is of no use, "" if it is
	Verdict Verdict // of one that responded
}
