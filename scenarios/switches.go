package scenarios

import (
	"time"

	"github.com/pantomime-dev/pantomime/token"
)

// Profile is a named setting of all switches; single ones override it.
type Profile string

// The profiles. Default follows the evidence; Strict refuses what a careful
// network might refuse; Lenient takes what any known client sends.
const (
	ProfileDefault Profile = "default"
	ProfileStrict  Profile = "strict"
	ProfileLenient Profile = "lenient"
)

// Switches decide what neither network publishes, or what differs between
// versions (docs/wire/vts.md "Not public", docs/wire/mdes.md "Not public").
type Switches struct {
	Profile    Profile
	Visa       VisaSwitches
	Mastercard MastercardSwitches
}

// Repeat says what provisioning a card again gives.
type Repeat string

// The answers to a repeated provisioning.
const (
	RepeatSame      Repeat = "same"      // the live token again
	RepeatNew       Repeat = "new"       // another token
	RepeatDuplicate Repeat = "duplicate" // an error: the card is provisioned already
)

// Redundant says which moves that change nothing succeed all the same.
type Redundant string

// The answers to a move that changes nothing.
const (
	RedundantRefuse  Redundant = "refuse"  // none succeeds
	RedundantSuspend Redundant = "suspend" // suspending what the same party suspended already
	RedundantAccept  Redundant = "accept"  // that, resuming what is active and deleting what is deleted
)

// Made says which new tokens a network reports; the zero value is none.
type Made string

// The new tokens that are reported.
const (
	MadeNone      Made = "none"
	MadeElsewhere Made = "elsewhere" // of a card that its issuer pushed, or of another requestor's token
	MadeAll       Made = "all"
)

// Includes reports whether a new token is reported; elsewhere says where it came from.
func (m Made) Includes(elsewhere bool) bool { return m == MadeAll || m == MadeElsewhere && elsewhere }

// VisaSwitches are the Visa face's.
type VisaSwitches struct {
	CreateStatus    int    // HTTP status of enrolling and provisioning: 201 or 200
	OldPayToken     bool   // take the older x: form of x-pay-token too
	ReplayCache     bool   // refuse an x-pay-token that was used before, except on GET
	Repeat          Repeat // same or new
	ResumeIssuers   bool   // a requestor may lift an issuer's suspension
	SignNotices     bool   // notices carry an x-pay-token
	DynamicCVV      bool   // cryptogramType DTVV is served
	KeyUse          bool   // hold each key to what it is for
	AnyReasonCode   bool   // take any reason code of the right form, not just the known ones
	ExactFields     bool   // a text in requests is a text, and no number or boolean
	CheckDetails    bool   // issuers refuse another expiry or security code than the card's
	CreatedNotices  Made   // new tokens of which notices tell
	Scalars         string // width, height and tokenRequestorID of answers: text or native
	OtherSpellings  bool   // take panSource and presentationType as payment providers spell them
	StepUpOTP       string // the one-time password that succeeds
	StepUpAttempts  int    // wrong codes before a method is exhausted
	StepUpSelection int    // times a method may be chosen

	WrongCode string    // reason for a wrong or late one-time password: invalidParameters (400) or notAllowed (409)
	Redundant Redundant // requestors' moves that change nothing
}

// MastercardSwitches are the Mastercard face's.
type MastercardSwitches struct {
	ErrorStatus       int               // HTTP status of application errors: 200, or 400 to 599
	ErrorStatuses     map[token.Key]int // the same for single codes, by their wire name
	SignatureStatus   int               // HTTP status when the signature does not verify: 401 or 403
	OAuthForms        string            // base strings taken: all, mastercard, rfc
	ForwardedURLs     bool              // believe what forwarders tell of the URL that was signed
	ExactHeader       bool              // the Authorization header as Mastercard's libraries write it, and no other way
	Repeat            Repeat            // new, same or duplicate
	EmptySearch       string            // searchTokens without a match: list or NO_ACTIVE_TOKENS
	CausedBySuspends  bool              // causedBy names the suspender; else it is always TOKEN_REQUESTOR
	SingleReference   bool              // take one string where an array of references belongs
	ExactFields       bool              // a text in requests is a text, and a responseHost as long as specified
	CheckDetails      bool              // issuers refuse another expiry or security code than the card's
	Scalars           string            // scalars of which sources show two forms: mixed, text or native
	UnknownMembers    bool              // ignore members that the operation does not have
	ActivationNotices bool              // tell of activations
	ClearNotices      bool              // notices carry tokens in the clear
	NoticeTokenNumber bool              // tokenInfo of a notice carries a changed token number (2025)
	Digest            string            // OAEP digest of what we seal: SHA512, SHA256, or that of the request
	Fingerprint       string            // how we name the requestor's key: cert-sha1, cert-sha256, key-sha256
	JWE               bool              // answer in JWE what was asked in JWE
	DigitalAssets     bool              // serve getDigitalAssets of version 1.2.9
	ParameterStatus   int               // HTTP status when the body hash or an OAuth parameter is wrong: 400 or 401
	TimestampWindow   time.Duration     // how far oauth_timestamp may differ from wall time, both ways; 0: any distance
	NonceMemory       bool              // refuse an oauth_nonce that the same key used with the same timestamp before
	Redundant         Redundant         // requestors' moves that change nothing
}

// DefaultSwitches are those of a profile.
func DefaultSwitches(p Profile) Switches {
	s := Switches{
		Profile: p,
		Visa: VisaSwitches{
			CreateStatus: 201, Repeat: RepeatSame, SignNotices: true, AnyReasonCode: true, CheckDetails: true, CreatedNotices: MadeElsewhere, Scalars: "text",
			StepUpOTP: "456789", StepUpAttempts: 3, StepUpSelection: 3,
			WrongCode: "invalidParameters", Redundant: RedundantRefuse,
		},
		Mastercard: MastercardSwitches{
			ErrorStatus: 200, SignatureStatus: 401, OAuthForms: "all", ForwardedURLs: true, Repeat: RepeatNew, EmptySearch: "list",
			CausedBySuspends: true, SingleReference: true, ActivationNotices: true, NoticeTokenNumber: true, CheckDetails: true,
			Scalars: "mixed", Digest: "request", Fingerprint: "cert-sha256", JWE: true, DigitalAssets: true,
			ParameterStatus: 400, TimestampWindow: 10 * time.Minute, Redundant: RedundantSuspend,
		},
	}
	switch p {
	case ProfileStrict:
		s.Visa.ReplayCache, s.Visa.KeyUse, s.Visa.AnyReasonCode, s.Visa.ExactFields = true, true, false, true
		s.Mastercard.ExactFields = true
		s.Mastercard.OAuthForms, s.Mastercard.SingleReference = "mastercard", false
		s.Mastercard.ForwardedURLs, s.Mastercard.ExactHeader = false, true
		s.Mastercard.JWE, s.Mastercard.DigitalAssets = false, false
		s.Mastercard.TimestampWindow, s.Mastercard.NonceMemory = 5*time.Minute, true
		s.Mastercard.Redundant = RedundantRefuse
	case ProfileLenient:
		s.Visa.OldPayToken, s.Visa.ResumeIssuers, s.Visa.DynamicCVV, s.Visa.OtherSpellings = true, true, true, true
		s.Mastercard.UnknownMembers, s.Mastercard.TimestampWindow = true, 0
		s.Visa.Redundant, s.Mastercard.Redundant = RedundantAccept, RedundantAccept
	}
	return s
}
