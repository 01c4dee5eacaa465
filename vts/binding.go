package vts

import (
	"log/slog"
	"net/url"

	"github.com/pantomime-dev/pantomime/token"
)

// Values of device binding and attestation
// (docs/wire/vts.md "Devices and passkeys").
const (
	ReasonCodeProvisioning  = "PROVISIONING" // what Visa's client sends by default
	ReasonCodeDeviceBinding = "DEVICE_BINDING"
	ReasonCodePayment       = "PAYMENT"

	IntentFIDO = "FIDO"

	AttestRegister     = "REGISTER"     // with ReasonCodeDeviceBinding
	AttestAuthenticate = "AUTHENTICATE" // with ReasonCodePayment

	BindingChallenge = "CHALLENGE" // step-up first
	BindingApproved  = "APPROVED"  // nothing more to do; the spelling is our guess
)

// ParamReasonCode is the query parameter of device binding.
const ParamReasonCode = "reasonCode"

// DeviceBindingRequest binds a device to a token.
type DeviceBindingRequest struct {
	ReasonCode string `json:"-"` // goes into the query, after the API key; "" means PROVISIONING

	ClientReferenceID     string          `json:"clientReferenceID,omitempty,case:ignore"`
	ClientAppID           string          `json:"clientAppID,omitempty"`
	PlatformType          string          `json:"platformType"`
	Intent                string          `json:"intent"`
	BrowserData           *BrowserData    `json:"browserData,omitempty"`
	SessionContext        *SessionContext `json:"sessionContext,omitempty"`
	EmailAddressHash      string          `json:"clientWalletAccountEmailAddressHash,omitempty"`
	EncBillingInfo        string          `json:"encBillingInfo,omitempty"`        // JWE of a [BillingInfo]
	EncDeviceRiskDataInfo string          `json:"encDeviceRiskDataInfo,omitempty"` // JWE of [RiskData]
}

// query is what is after the API key, as Visa's client has it.
func (r DeviceBindingRequest) query() string {
	return "&" + ParamReasonCode + "=" + url.QueryEscape(firstOf(r.ReasonCode, ReasonCodeProvisioning))
}

// BrowserData describes the consumer's browser.
type BrowserData struct {
	JavaEnabled       *bool  `json:"browserJavaEnabled,omitempty"`
	JavascriptEnabled *bool  `json:"browserJavascriptEnabled,omitempty"`
	Language          Text   `json:"browserLanguage,omitempty"`
	ColorDepth        Text   `json:"browserColorDepth,omitempty"`
	ScreenHeight      Text   `json:"browserScreenHeight,omitempty"`
	ScreenWidth       Text   `json:"browserScreenWidth,omitempty"`
	TimeZone          Text   `json:"browserTimeZone,omitempty"`
	UserAgent         string `json:"userAgent,omitempty"`
	Header            string `json:"browserHeader,omitempty"`
	IPAddress         string `json:"ipAddress,omitempty"`
}

// SessionContext is what the network's page in the browser gave out. It prints
// without the token.
type SessionContext struct {
	SecureToken string `json:"secureToken,omitempty"`
}

// String hides the token.
func (SessionContext) String() string { return "secureToken " + token.Secret }

// GoString hides the token in %#v.
func (s SessionContext) GoString() string { return s.String() }

// LogValue hides the token in structured logs.
func (s SessionContext) LogValue() slog.Value { return slog.StringValue(s.String()) }

// BillingInfo is the clear text of encBillingInfo.
type BillingInfo struct {
	Email string `json:"email,omitempty"`
}

// DeviceBindingResponse answers device binding: a status and, with a challenge,
// the methods to choose from.
type DeviceBindingResponse struct {
	Status        string         `json:"status"`
	StepUpRequest []StepUpMethod `json:"stepUpRequest,omitempty"`
}

// AttestationRequest asks for what a browser needs to make or use a passkey.
type AttestationRequest struct {
	ClientAppID           string          `json:"clientAppID"`
	ClientReferenceID     string          `json:"clientReferenceID,omitempty,case:ignore"`
	Type                  string          `json:"type"`
	ReasonCode            string          `json:"reasonCode"`
	SessionContext        *SessionContext `json:"sessionContext,omitempty"`
	BrowserData           *BrowserData    `json:"browserData,omitempty"`
	DynamicData           *DynamicData    `json:"dynamicData,omitempty"`
	Preferences           *Preferences    `json:"authenticationPreferencesRequested,omitempty"`
	EncAuthenticationData string          `json:"encAuthenticationData,omitempty"` // JWE of [AuthenticationData]
}

// DynamicData says what the consumer authenticates for.
type DynamicData struct {
	AuthenticationAmount Text                `json:"authenticationAmount,omitempty"` // "0.00"
	CurrencyCode         Text                `json:"currencyCode,omitempty"`         // "840"
	MerchantIdentifier   *MerchantIdentifier `json:"merchantIdentifier,omitempty"`
}

// MerchantIdentifier names the merchant; all of it is base64url.
type MerchantIdentifier struct {
	ExternalClientID string `json:"externalClientId,omitempty"`
	ApplicationURL   string `json:"applicationUrl,omitempty"`
	MerchantName     string `json:"merchantName,omitempty"`
}

// Preferences says what the client can show.
type Preferences struct {
	PopupForAuthenticate *bool `json:"selectedPopupForAuthenticate,omitempty"`
}

// AuthenticationData is the clear text of encAuthenticationData.
type AuthenticationData struct {
	ConsumerInfo ConsumerInfo `json:"consumerInfo"`
}

// ConsumerInfo names the consumer.
type ConsumerInfo struct {
	EmailAddress string `json:"emailAddress,omitempty"`
}

// AttestationResponse answers attestation options.
type AttestationResponse struct {
	AuthenticationContext AuthenticationContext `json:"authenticationContext"`
}

// AuthenticationContext goes into the network's page in the browser.
type AuthenticationContext struct {
	Endpoint     string       `json:"endpoint"`
	Identifier   string       `json:"identifier"`
	Payload      string       `json:"payload"` // opaque
	Action       string       `json:"action"`  // the type asked for
	PlatformType string       `json:"platformType"`
	Preferences  ResponseForm `json:"authenticationPreferencesEnabled"`
}

// ResponseForm says how the page hands over its result.
type ResponseForm struct {
	ResponseMode string `json:"responseMode"` // "com_visa_web_message"
	ResponseType string `json:"responseType"` // "code"
}
