package vts

import (
	"log/slog"

	"github.com/pantomime-dev/pantomime/token"
)

// EnrollResponse answers enrol PAN (docs/wire/vts.md "Provisioning").
type EnrollResponse struct {
	VPanEnrollmentID   string          `json:"vPanEnrollmentID"`
	EncryptionMetaData string          `json:"encryptionMetaData,omitempty"`
	PaymentInstrument  *InstrumentInfo `json:"paymentInstrument,omitempty"`
	CardMetaData       *CardMetaData   `json:"cardMetaData,omitempty"`
}

// InstrumentInfo is the paymentInstrument object of answers: the card in the
// clear, as far as it may be shown.
type InstrumentInfo struct {
	Last4                   string          `json:"last4,omitempty"`
	AccountStatus           string          `json:"accountStatus,omitempty"`  // "N"
	IsTokenizable           string          `json:"isTokenizable,omitempty"`  // "Y" or "N"
	ExpirationDate          *ExpirationDate `json:"expirationDate,omitempty"` // the card's, not the token's
	Indicators              []string        `json:"indicators,omitempty"`
	ExpDatePrintedInd       string          `json:"expDatePrintedInd,omitempty"`
	CVV2PrintedInd          string          `json:"cvv2PrintedInd,omitempty"`
	PaymentType             *PaymentType    `json:"paymentType,omitempty"` // payment data only
	PaymentAccountReference string          `json:"paymentAccountReference,omitempty"`
}

// PaymentType names the brand.
type PaymentType struct {
	CardBrand string `json:"cardBrand"` // "VISA"
}

// CardMetaData is what a wallet may show of a card: issuer, texts and art.
type CardMetaData struct {
	BackgroundColor       string       `json:"backgroundColor,omitempty"` // "0x1a1f71"
	ForegroundColor       string       `json:"foregroundColor,omitempty"`
	LabelColor            string       `json:"labelColor,omitempty"`
	ContactName           string       `json:"contactName,omitempty"`
	ContactNumber         string       `json:"contactNumber,omitempty"`
	ContactEmail          string       `json:"contactEmail,omitempty"`
	ContactWebsite        string       `json:"contactWebsite,omitempty"`
	PrivacyPolicyURL      string       `json:"privacyPolicyURL,omitempty"`
	BankAppName           string       `json:"bankAppName,omitempty"`
	BankAppAddress        string       `json:"bankAppAddress,omitempty"`
	TermsAndConditionsURL string       `json:"termsAndConditionsURL,omitempty"`
	TermsAndConditionsID  string       `json:"termsAndConditionsID,omitempty"`
	ShortDescription      string       `json:"shortDescription,omitempty"`
	LongDescription       string       `json:"longDescription,omitempty"`
	CardData              []CardData   `json:"cardData,omitempty"`
	IssuerFlags           *IssuerFlags `json:"issuerFlags,omitempty"`
}

// IssuerFlags say what the issuer offers for the card.
type IssuerFlags struct {
	DeviceBinding                    bool `json:"deviceBinding"`
	CardholderVerification           bool `json:"cardholderVerification"`
	TrustedBeneficiaryEnrollment     bool `json:"trustedBeneficiaryEnrollment"`
	DelegatedAuthenticationSupported bool `json:"delegatedAuthenticationSupported"`
	OBODeviceBinding                 bool `json:"oboDeviceBinding"`
}

// Content types of card data.
const (
	ContentCardArt = "digitalCardArt"
)

// CardData points to one piece of content; its guid goes into get content and
// stays while the content does.
type CardData struct {
	GUID        string    `json:"guid"`
	ContentType string    `json:"contentType"`
	Content     []Content `json:"content"`
}

// Content describes one rendition; EncodedData is there in get content only.
type Content struct {
	MimeType    string `json:"mimeType"`
	Width       Text   `json:"width,omitempty"`
	Height      Text   `json:"height,omitempty"`
	EncodedData string `json:"encodedData,omitempty"` // standard base64
}

// CardMetadataResponse answers get card metadata.
type CardMetadataResponse struct {
	VPanEnrollmentID  string          `json:"vPanEnrollmentID,omitempty"`
	PaymentInstrument *InstrumentInfo `json:"paymentInstrument,omitempty"`
	CardMetaData      *CardMetaData   `json:"cardMetaData,omitempty"`
}

// ProvisionResponse answers both ways of provisioning. StepUpRequest is there
// when the issuer wants the cardholder checked and the token is INACTIVE.
type ProvisionResponse struct {
	VProvisionedTokenID string          `json:"vProvisionedTokenID"`
	VPanEnrollmentID    string          `json:"vPanEnrollmentID,omitempty"`
	PaymentInstrument   *InstrumentInfo `json:"paymentInstrument,omitempty"`
	TokenInfo           TokenInfo       `json:"tokenInfo"`
	StepUpRequest       []StepUpMethod  `json:"stepUpRequest,omitempty"`
	CardMetaData        *CardMetaData   `json:"cardMetaData,omitempty"`
}

// TokenInfo describes a token without its number; EncTokenInfo carries that
// for requestors who may see it.
type TokenInfo struct {
	TokenStatus      TokenStatus     `json:"tokenStatus,omitempty"`
	StatusReason     string          `json:"statusReason,omitempty"` // why it is suspended, if somebody else did and said
	TokenRequestorID Text            `json:"tokenRequestorID,omitempty"`
	TokenReferenceID string          `json:"tokenReferenceID,omitempty"`
	EncTokenInfo     string          `json:"encTokenInfo,omitempty"` // JWE of a [TokenNumber]
	Last4            string          `json:"last4,omitempty"`
	ExpirationDate   *ExpirationDate `json:"expirationDate,omitempty"` // the token's, not the card's
}

// Step-up methods; the list is closed in Visa's published client.
const (
	MethodSMS             = "OTPSMS"
	MethodEmail           = "OTPEMAIL"
	MethodOnlineBanking   = "OTPONLINEBANKING"
	MethodCustomerService = "CUSTOMERSERVICE"
	MethodAppToApp        = "APP-TO-APP"
	MethodOutboundCall    = "OUTBOUNDCALL"
)

// StepUpMethod is one way to check the cardholder.
type StepUpMethod struct {
	Method     string `json:"method"`
	Value      string `json:"value,omitempty"` // masked phone or e-mail, call-centre number, app address
	Identifier string `json:"identifier"`      // sent back as stepUpRequestID
}

// TokenResponse answers get token. A deleted token still answers.
type TokenResponse struct {
	VProvisionedTokenID string    `json:"vProvisionedTokenID,omitempty"`
	VPanEnrollmentID    string    `json:"vPanEnrollmentID,omitempty"`
	TokenInfo           TokenInfo `json:"tokenInfo"`
}

// PaymentDataResponse answers get payment data.
type PaymentDataResponse struct {
	VPaymentDataID    string          `json:"vPaymentDataID"`
	PaymentInstrument *InstrumentInfo `json:"paymentInstrument,omitempty"`
	TokenInfo         TokenInfo       `json:"tokenInfo"`
	CryptogramInfo    CryptogramInfo  `json:"cryptogramInfo"`
}

// CryptogramInfo carries the one-use proof. It prints without it.
type CryptogramInfo struct {
	Cryptogram string `json:"cryptogram"` // base64 of a [TAVV]
	ECI        string `json:"eci"`        // "07", "05"
	ATC        Text   `json:"atc,omitempty"`
}

// String shows the indicator and the counter only.
func (c CryptogramInfo) String() string {
	return "cryptogram " + token.Secret + " eci " + c.ECI + " atc " + string(c.ATC)
}

// GoString hides the cryptogram in %#v.
func (c CryptogramInfo) GoString() string { return c.String() }

// LogValue hides the cryptogram in structured logs.
func (c CryptogramInfo) LogValue() slog.Value { return slog.StringValue(c.String()) }

// LifecycleResponse answers suspend, resume and delete: an empty object, never
// an empty body, because Visa's published client parses every answer.
type LifecycleResponse struct{}

// ContentResponse answers get content.
type ContentResponse struct {
	AltText     string    `json:"altText,omitempty"`
	ContentType string    `json:"contentType,omitempty"`
	Content     []Content `json:"content"`
}
