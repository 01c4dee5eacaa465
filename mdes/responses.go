package mdes

import "encoding/json"

// Decisions of tokenize. The last is approved, with authentication on offer.
const (
	DecisionApproved              = "APPROVED"
	DecisionDeclined              = "DECLINED"
	DecisionRequireAuthentication = "REQUIRE_ADDITIONAL_AUTHENTICATION"
)

// Statuses of a token; DEACTIVATED is final (docs/wire/mdes.md "Life cycle").
const (
	StatusInactive    = "INACTIVE"
	StatusActive      = "ACTIVE"
	StatusSuspended   = "SUSPENDED"
	StatusDeactivated = "DEACTIVATED"
)

// Statuses of a task.
const (
	TaskCompleted = "COMPLETED"
	TaskFailed    = "FAILED"
)

// TokenizeResponse answers tokenize. A decline, also HTTP 200, has only hosts,
// ids, decision and SupportsAuthentication.
type TokenizeResponse struct {
	ResponseHost           string                 `json:"responseHost,omitempty"`
	ResponseID             string                 `json:"responseId,omitempty"`
	Decision               string                 `json:"decision"`
	AuthenticationMethods  []AuthenticationMethod `json:"authenticationMethods,omitempty"`
	TokenUniqueReference   string                 `json:"tokenUniqueReference,omitempty"`
	PANUniqueReference     string                 `json:"panUniqueReference,omitempty"`
	ProductConfig          *ProductConfig         `json:"productConfig,omitempty"`
	TokenInfo              *TokenInfo             `json:"tokenInfo,omitempty"`
	TokenDetail            *TokenDetail           `json:"tokenDetail,omitempty"`
	SupportsAuthentication LooseBool              `json:"supportsAuthentication"`
}

// AuthenticationMethod is one way to step up.
type AuthenticationMethod struct {
	ID    MethodID `json:"id"`
	Type  string   `json:"type"` // TEXT_TO_CARDHOLDER_NUMBER, ...
	Value string   `json:"value,omitempty"`
}

// TokenDetail holds [TokenDetailData] encrypted, next to the reference in clear.
type TokenDetail struct {
	TokenUniqueReference string `json:"tokenUniqueReference,omitempty"`
	EncryptedPayload
}

// TokenDetailData is the clear text of tokenDetail.
type TokenDetailData struct {
	TokenNumber             Sensitive          `json:"tokenNumber,omitempty"`
	ExpiryMonth             string             `json:"expiryMonth,omitempty"` // MM
	ExpiryYear              string             `json:"expiryYear,omitempty"`  // YY
	PaymentAccountReference string             `json:"paymentAccountReference,omitempty"`
	DataValidUntilTimestamp Timestamp          `json:"dataValidUntilTimestamp,omitzero"`
	CardAccountData         *CardAccountData   `json:"cardAccountData,omitempty"`   // push receipts only
	AccountHolderData       *AccountHolderData `json:"accountHolderData,omitempty"` // push receipts only
}

// ProductConfig is the look of a card and its issuer's contacts.
type ProductConfig struct {
	BrandLogoAssetID              string           `json:"brandLogoAssetId,omitempty"`
	IssuerLogoAssetID             string           `json:"issuerLogoAssetId,omitempty"`
	IsCoBranded                   LooseBool        `json:"isCoBranded"`
	CoBrandName                   string           `json:"coBrandName,omitempty"`
	CoBrandLogoAssetID            string           `json:"coBrandLogoAssetId,omitempty"`
	CardBackgroundCombinedAssetID string           `json:"cardBackgroundCombinedAssetId,omitempty"`
	CardBackgroundAssetID         string           `json:"cardBackgroundAssetId,omitempty"`
	IconAssetID                   string           `json:"iconAssetId,omitempty"`
	ForegroundColor               string           `json:"foregroundColor,omitempty"` // hex RGB
	IssuerName                    string           `json:"issuerName,omitempty"`
	ShortDescription              string           `json:"shortDescription,omitempty"`
	LongDescription               string           `json:"longDescription,omitempty"`
	CustomerServiceURL            string           `json:"customerServiceUrl,omitempty"`
	CustomerServiceEmail          string           `json:"customerServiceEmail,omitempty"`
	CustomerServicePhoneNumber    string           `json:"customerServicePhoneNumber,omitempty"`
	OnlineBankingLoginURL         string           `json:"onlineBankingLoginUrl,omitempty"`
	TermsAndConditionsURL         string           `json:"termsAndConditionsUrl,omitempty"`
	PrivacyPolicyURL              string           `json:"privacyPolicyUrl,omitempty"`
	IssuerProductConfigCode       string           `json:"issuerProductConfigCode,omitempty"`
	IssuerMobileApp               *IssuerMobileApp `json:"issuerMobileApp,omitempty"`
}

// IssuerMobileApp is empty in the sandbox; the intent's shape is kept raw.
type IssuerMobileApp struct {
	OpenIssuerMobileAppAndroidIntent json.RawMessage `json:"openIssuerMobileAppAndroidIntent,omitempty"`
}

// TokenInfo is what may be shown of token and card.
type TokenInfo struct {
	TokenPANSuffix      string    `json:"tokenPanSuffix"`
	AccountPANPrefix    string    `json:"accountPanPrefix,omitempty"` // getToken and notices only
	AccountPANSuffix    string    `json:"accountPanSuffix,omitempty"`
	TokenExpiry         string    `json:"tokenExpiry"`                // MMYY
	AccountPANExpiry    string    `json:"accountPanExpiry,omitempty"` // MMYY
	DSRPCapable         LooseBool `json:"dsrpCapable"`
	TokenAssuranceLevel *LooseInt `json:"tokenAssuranceLevel,omitempty"`
	ProductCategory     string    `json:"productCategory,omitempty"` // CREDIT, DEBIT, PREPAID, UNKNOWN
	TokenNumber         Sensitive `json:"tokenNumber,omitempty"`     // notices only, when it changed
}

// TransactResponse answers transact.
type TransactResponse struct {
	ResponseHost     string           `json:"responseHost,omitempty"`
	ResponseID       string           `json:"responseId,omitempty"`
	EncryptedPayload EncryptedPayload `json:"encryptedPayload"`
}

// TransactEncryptedData is the clear text of a transact answer.
type TransactEncryptedData struct {
	AccountNumber         Sensitive `json:"accountNumber"`         // the token's
	ApplicationExpiryDate string    `json:"applicationExpiryDate"` // YYMMDD
	PANSequenceNumber     string    `json:"panSequenceNumber"`
	Track2Equivalent      Sensitive `json:"track2Equivalent"`
	DE48SE43Data          Sensitive `json:"de48se43Data"` // the cryptogram, see [UCAF]
	DE55Data              Sensitive `json:"de55Data,omitempty"`
}

// TaskStatusResponse answers getTaskStatus.
type TaskStatusResponse struct {
	ResponseID   string `json:"responseId,omitempty"`
	ResponseHost string `json:"responseHost,omitempty"`
	Status       string `json:"status"`
}

// GetTokenResponse answers getToken.
type GetTokenResponse struct {
	ResponseHost string       `json:"responseHost,omitempty"`
	ResponseID   string       `json:"responseId,omitempty"`
	Token        *Token       `json:"token,omitempty"`
	TokenDetail  *TokenDetail `json:"tokenDetail,omitempty"`
}

// Token is a token as getToken, searchTokens, the life-cycle operations and
// notices show it; each of them leaves out what it has no use for
// (docs/wire/mdes.md "Operations", "Notifications").
type Token struct {
	TokenUniqueReference string         `json:"tokenUniqueReference"`
	TokenRequestorID     string         `json:"tokenRequestorId,omitempty"`
	Status               string         `json:"status,omitempty"`
	EventReasonCode      string         `json:"eventReasonCode,omitempty"` // notices only
	SuspendedBy          []string       `json:"suspendedBy,omitempty"`     // only while SUSPENDED
	StatusTimestamp      Timestamp      `json:"statusTimestamp,omitzero"`
	ProductConfig        *ProductConfig `json:"productConfig,omitempty"`
	TokenInfo            *TokenInfo     `json:"tokenInfo,omitempty"`
	Errors               []ErrorItem    `json:"errors,omitempty"` // this token of a batch failed
}

// TokensResponse answers searchTokens, suspend, unsuspend and delete.
type TokensResponse struct {
	ResponseHost string  `json:"responseHost,omitempty"`
	ResponseID   string  `json:"responseId,omitempty"`
	Tokens       []Token `json:"tokens"`
}

// MarshalJSON writes no tokens as an empty array, not as null.
func (r TokensResponse) MarshalJSON() ([]byte, error) {
	type plain TokensResponse
	if r.Tokens == nil {
		r.Tokens = []Token{}
	}
	return marshal(plain(r))
}

// AssetResponse answers getAsset.
type AssetResponse struct {
	MediaContents []MediaContent `json:"mediaContents"`
}

// MediaContent is one rendering of an asset. Height and Width are digits, in
// pixels, for images only; some servers write numbers.
type MediaContent struct {
	Type   string      `json:"type"` // MIME
	Data   string      `json:"data"` // base64
	Height LooseString `json:"height,omitempty"`
	Width  LooseString `json:"width,omitempty"`
}

// DigitalAssetsResponse answers getDigitalAssets: the members of a
// productConfig, flat.
type DigitalAssetsResponse struct {
	ResponseHost string `json:"responseHost,omitempty"`
	ResponseID   string `json:"responseId,omitempty"`
	ProductConfig
}
