package mdes

// Where card data comes from. With the last, the number is a token's
// (docs/wire/mdes.md "Payload encryption").
const (
	SourceOnFile         = "ACCOUNT_ON_FILE"
	SourceManual         = "ACCOUNT_ADDED_MANUALLY"
	SourceViaApplication = "ACCOUNT_ADDED_VIA_APPLICATION"
	SourceExistingToken  = "EXISTING_TOKEN_CREDENTIAL"
)

// TokenizeRequest asks for a token (docs/wire/mdes.md "Operations").
type TokenizeRequest struct {
	ResponseHost                    string             `json:"responseHost,omitempty"`
	RequestID                       LooseString        `json:"requestId"`
	TokenType                       string             `json:"tokenType"` // CLOUD
	TokenRequestorID                string             `json:"tokenRequestorId"`
	TaskID                          string             `json:"taskId"`
	FundingAccountInfo              FundingAccountInfo `json:"fundingAccountInfo"`
	ConsumerLanguage                string             `json:"consumerLanguage,omitempty"` // ISO 639-1
	TokenizationAuthenticationValue Sensitive          `json:"tokenizationAuthenticationValue,omitempty"`
	DecisioningData                 *DecisioningData   `json:"decisioningData,omitempty"`
	PaymentAppInstanceID            string             `json:"paymentAppInstanceId,omitempty"`
}

// FundingAccountInfo names the account: encrypted card data, or one reference
// or receipt, with which EncryptedPayload may still carry the other members of
// [FundingAccountData].
type FundingAccountInfo struct {
	EncryptedPayload     *EncryptedPayload `json:"encryptedPayload,omitempty"`
	PANUniqueReference   string            `json:"panUniqueReference,omitempty"`
	TokenUniqueReference string            `json:"tokenUniqueReference,omitempty"`
	PushAccountReceipt   string            `json:"pushAccountReceipt,omitempty"` // up to 1.2.10
}

// ByReference reports whether a reference or receipt represents the card data.
func (f FundingAccountInfo) ByReference() bool {
	return f.PANUniqueReference != "" || f.TokenUniqueReference != "" || f.PushAccountReceipt != ""
}

// DecisioningData is what the token requestor thinks of the cardholder.
type DecisioningData struct {
	Recommendation                 string   `json:"recommendation,omitempty"`
	RecommendationAlgorithmVersion string   `json:"recommendationAlgorithmVersion,omitempty"`
	DeviceScore                    string   `json:"deviceScore,omitempty"`
	AccountScore                   string   `json:"accountScore,omitempty"`
	RecommendationReasons          []string `json:"recommendationReasons,omitempty"`
	DeviceCurrentLocation          string   `json:"deviceCurrentLocation,omitempty"`
	DeviceIPAddress                string   `json:"deviceIpAddress,omitempty"`
	MobileNumberSuffix             string   `json:"mobileNumberSuffix,omitempty"`
	AccountIDHash                  string   `json:"accountIdHash,omitempty"`
}

// FundingAccountData is the clear text of fundingAccountInfo.encryptedPayload.
type FundingAccountData struct {
	CardAccountData   *CardAccountData   `json:"cardAccountData,omitempty"`
	AccountHolderData *AccountHolderData `json:"accountHolderData,omitempty"`
	Source            string             `json:"source,omitempty"` // ACCOUNT_ON_FILE, ...
}

// CardAccountData is the card. In searchTokens next to a tokenUniqueReference
// AccountNumber has six digits only.
type CardAccountData struct {
	AccountNumber Sensitive `json:"accountNumber,omitempty"`
	ExpiryMonth   string    `json:"expiryMonth,omitempty"` // MM
	ExpiryYear    string    `json:"expiryYear,omitempty"`  // YY
	SecurityCode  Sensitive `json:"securityCode,omitempty"`
}

// AccountHolderData is who holds the card.
type AccountHolderData struct {
	AccountHolderName              string       `json:"accountHolderName,omitempty"`
	AccountHolderAddress           *Address     `json:"accountHolderAddress,omitempty"`
	ConsumerIdentifier             string       `json:"consumerIdentifier,omitempty"`
	AccountHolderEmailAddress      string       `json:"accountHolderEmailAddress,omitempty"`
	AccountHolderMobilePhoneNumber *PhoneNumber `json:"accountHolderMobilePhoneNumber,omitempty"`
}

// Address is a postal address; Country has three letters.
type Address struct {
	Line1              string `json:"line1,omitempty"`
	Line2              string `json:"line2,omitempty"`
	City               string `json:"city,omitempty"`
	CountrySubdivision string `json:"countrySubdivision,omitempty"`
	PostalCode         string `json:"postalCode,omitempty"`
	Country            string `json:"country,omitempty"`
}

// PhoneNumber is numbers in the schema and texts on the wire; both are read.
type PhoneNumber struct {
	CountryDialInCode LooseString `json:"countryDialInCode,omitempty"`
	PhoneNumber       LooseString `json:"phoneNumber,omitempty"`
}

// TransactRequest asks for a cryptogram.
type TransactRequest struct {
	ResponseHost         string      `json:"responseHost,omitempty"`
	RequestID            LooseString `json:"requestId"`
	TokenUniqueReference string      `json:"tokenUniqueReference"`
	DSRPType             string      `json:"dsrpType"`                      // UCAF
	UnpredictableNumber  string      `json:"unpredictableNumber,omitempty"` // 8 hex digits
	Amount               string      `json:"amount,omitempty"`              // 1.2.9 only
	CurrencyCode         string      `json:"currencyCode,omitempty"`        // 1.2.9 only
	PaymentAppInstanceID string      `json:"paymentAppInstanceId,omitempty"`
}

// TaskStatusRequest asks what became of a tokenize.
type TaskStatusRequest struct {
	ResponseHost     string      `json:"responseHost,omitempty"`
	RequestID        LooseString `json:"requestId"`
	TokenRequestorID string      `json:"tokenRequestorId"`
	TaskID           string      `json:"taskId"`
}

// GetTokenRequest asks for a token's state.
type GetTokenRequest struct {
	ResponseHost         string      `json:"responseHost,omitempty"`
	RequestID            LooseString `json:"requestId"`
	PaymentAppInstanceID string      `json:"paymentAppInstanceId,omitempty"`
	TokenUniqueReference string      `json:"tokenUniqueReference"`
	IncludeTokenDetail   string      `json:"includeTokenDetail,omitempty"` // the texts "true" and "false"
}

// SearchTokensRequest asks for the caller's tokens of one account.
type SearchTokensRequest struct {
	ResponseHost       string             `json:"responseHost,omitempty"`
	RequestID          LooseString        `json:"requestId"`
	TokenRequestorID   string             `json:"tokenRequestorId,omitempty"`
	FundingAccountInfo FundingAccountInfo `json:"fundingAccountInfo"`
}

// LifecycleRequest is the body of suspend, unsuspend and delete.
type LifecycleRequest struct {
	ResponseHost          string      `json:"responseHost,omitempty"`
	RequestID             LooseString `json:"requestId"`
	PaymentAppInstanceID  string      `json:"paymentAppInstanceId,omitempty"`
	TokenUniqueReferences References  `json:"tokenUniqueReferences"` // at most ten
	CausedBy              string      `json:"causedBy"`              // CARDHOLDER, TOKEN_REQUESTOR
	Reason                string      `json:"reason,omitempty"`
	ReasonCode            string      `json:"reasonCode"`
}

// DigitalAssetsRequest asks for the product of a card that has no token; it
// left the specification after version 1.2.9.
type DigitalAssetsRequest struct {
	ResponseHost     string           `json:"responseHost"` // required here alone
	RequestID        LooseString      `json:"requestId"`
	EncryptedPayload EncryptedPayload `json:"encryptedPayload"`
}

// DigitalAssetsData is the clear text of its encryptedPayload.
type DigitalAssetsData struct {
	AccountNumber Sensitive `json:"accountNumber"`
}
