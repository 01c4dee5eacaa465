package vts

// Values of request fields that public material shows
// (docs/wire/vts.md "Provisioning", "Payment data", "Life cycle").
const (
	SourceManual     = "MANUALLYENTERED"
	SourceOnFile     = "ONFILE"
	SourceIssuerPush = "ISSUER_PUSH_PROVISION"
	SourceToken      = "TOKEN"

	PresentationECOM    = "ECOM"
	PresentationAIAgent = "AI_AGENT"
	PresentationHCE     = "NFC-HCE"
	ProtectionCloud     = "CLOUD"
	AccountWallet       = "WALLET"
	EntryKeyed          = "KEYENTERED"
	PlatformWeb         = "WEB"

	TransactionECOM = "ECOM"
	TransactionAFT  = "AFT"

	ReasonCodeCustomerConfirmed = "CUSTOMER_CONFIRMED"
	ReasonCodeFraud             = "FRAUD"
)

// EnrollRequest is the body of enrol PAN. Fields that only phone wallets send
// (channelSecurityContext, passcode) are ignored like any unknown field.
type EnrollRequest struct {
	ClientAppID           string `json:"clientAppID"`
	ClientWalletAccountID string `json:"clientWalletAccountID"`
	Locale                string `json:"locale"` // "en_US"
	PANSource             string `json:"panSource"`
	ConsumerEntryMode     string `json:"consumerEntryMode,omitempty"`
	ClientDeviceID        string `json:"clientDeviceID,omitempty"`
	PlatformType          string `json:"platformType,omitempty"`
	EncPaymentInstrument  string `json:"encPaymentInstrument"` // JWE of a [PaymentInstrument]
}

// ProvisionRequest is the body of provision for an enrolment, and the part
// that provision with PAN data shares with it. Older clients spell the two
// e-mail fields short; read them with Email and EmailHash.
type ProvisionRequest struct {
	ClientAppID           string              `json:"clientAppID"`
	ClientWalletAccountID string              `json:"clientWalletAccountID,omitempty"`
	PresentationType      []string            `json:"presentationType"`
	ProtectionType        string              `json:"protectionType"`
	AccountType           string              `json:"accountType,omitempty"`
	EmailAddress          string              `json:"clientWalletAccountEmailAddress,omitempty"`
	EmailAddressHash      string              `json:"clientWalletAccountEmailAddressHash,omitempty"`
	ShortEmail            string              `json:"email,omitempty"`
	ShortEmailHash        string              `json:"emailHash,omitempty"`
	ClientDeviceID        string              `json:"clientDeviceID,omitempty"`
	IP4Address            string              `json:"ip4address,omitempty"`
	Location              string              `json:"location,omitempty"` // "37.77/-122.41"
	LocationSource        string              `json:"locationSource,omitempty"`
	TermsAndConditions    *TermsAndConditions `json:"termsAndConditions,omitempty"`
	EncRiskDataInfo       string              `json:"encRiskDataInfo,omitempty"` // JWE of [RiskData]
	PlatformType          string              `json:"platformType,omitempty"`
}

// Email is the consumer's plain e-mail address under either name.
func (r *ProvisionRequest) Email() string { return firstOf(r.EmailAddress, r.ShortEmail) }

// EmailHash is the opaque hash of it under either name. Clients compute it in
// at least four ways, so it cannot be checked.
func (r *ProvisionRequest) EmailHash() string { return firstOf(r.EmailAddressHash, r.ShortEmailHash) }

// TermsAndConditions says which terms the consumer accepted, and when.
type TermsAndConditions struct {
	ID   string `json:"id"`   // the termsAndConditionsID of the card's metadata
	Date Text   `json:"date"` // Unix seconds
}

// ProvisionWithPANRequest is the body of provision with PAN data: enrolment
// and provisioning in one call.
type ProvisionWithPANRequest struct {
	ProvisionRequest
	Locale               string `json:"locale"`
	PANSource            string `json:"panSource"`
	ConsumerEntryMode    string `json:"consumerEntryMode,omitempty"`
	EncPaymentInstrument string `json:"encPaymentInstrument"`     // JWE of a [PaymentInstrument]
	IssuerAuthCode       string `json:"issuerAuthCode,omitempty"` // base64, from the issuer
}

// PaymentDataRequest asks for a cryptogram. threeDsData, riskData and
// encryptionMetaData are ignored like any unknown field.
type PaymentDataRequest struct {
	ClientPaymentDataID string         `json:"clientPaymentDataID"`
	PaymentRequest      PaymentRequest `json:"paymentRequest"`
	ClientAppID         string         `json:"clientAppID,omitempty"`
	ATC                 Text           `json:"atc,omitempty"`
	CryptogramType      string         `json:"cryptogramType,omitempty"`
}

// PaymentRequest says what the cryptogram is for.
type PaymentRequest struct {
	TransactionType string `json:"transactionType"`
}

// LifecycleRequest is the body of suspend, resume and delete.
type LifecycleRequest struct {
	UpdateReason UpdateReason `json:"updateReason"`
}

// UpdateReason says why a token changes.
type UpdateReason struct {
	ReasonCode string `json:"reasonCode"`
	ReasonDesc string `json:"reasonDesc,omitempty"`
}

func firstOf(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
