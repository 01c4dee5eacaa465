package vts

import (
	"log/slog"

	"github.com/pantomime-dev/pantomime/token"
)

// StepUpOptionsResponse answers get step-up options (docs/wire/vts.md "Step-up").
type StepUpOptionsResponse struct {
	StepUpRequest []StepUpMethod `json:"stepUpRequest"`
}

// StepUpMethodRequest chooses a method. The reference id ends in Id here and in
// ID in device binding; either spelling is read in both places.
type StepUpMethodRequest struct {
	StepUpRequestID string `json:"stepUpRequestID"` // the identifier of a [StepUpMethod]
	Date            Text   `json:"date,omitempty"`  // Unix seconds
	// The step-up calls write Id and device binding ID at its end, and clients mix them up.
	ClientReferenceID string `json:"clientReferenceId,omitempty,case:ignore"`
	ClientAppID       string `json:"clientAppID,omitempty"`
}

// StepUpMethodResponse says how often and how long a code may be tried.
type StepUpMethodResponse struct {
	MaxOTPRequestsAllowed     int     `json:"maxOTPRequestsAllowed"`
	MaxOTPVerificationAllowed int     `json:"maxOTPVerificationAllowed"`
	CodeExpiration            Seconds `json:"codeExpiration"` // absolute, not a span
}

// ValidateOTPRequest carries the code that the cardholder received. It prints
// without it.
type ValidateOTPRequest struct {
	OTPValue          Text   `json:"otpValue"`
	Date              Text   `json:"date,omitempty"` // Unix seconds
	ClientReferenceID string `json:"clientReferenceId,omitempty,case:ignore"`
	ClientAppID       string `json:"clientAppID,omitempty"`
}

// String hides the code.
func (ValidateOTPRequest) String() string { return "otpValue " + token.Secret }

// GoString hides the code in %#v.
func (r ValidateOTPRequest) GoString() string { return r.String() }

// LogValue hides the code in structured logs.
func (r ValidateOTPRequest) LogValue() slog.Value { return slog.StringValue(r.String()) }

// ValidateAuthCodeRequest carries the code that the issuer's app gave out. It
// prints without it. The name of its field is our guess.
type ValidateAuthCodeRequest struct {
	AuthCode          Text   `json:"authCode"`
	Date              Text   `json:"date,omitempty"` // Unix seconds
	ClientReferenceID string `json:"clientReferenceId,omitempty,case:ignore"`
	ClientAppID       string `json:"clientAppID,omitempty"`
}

// String hides the code.
func (ValidateAuthCodeRequest) String() string { return "authCode " + token.Secret }

// GoString hides the code in %#v.
func (r ValidateAuthCodeRequest) GoString() string { return r.String() }

// LogValue hides the code in structured logs.
func (r ValidateAuthCodeRequest) LogValue() slog.Value { return slog.StringValue(r.String()) }

// ValidationResponse answers both validations: an empty object.
type ValidationResponse struct{}
