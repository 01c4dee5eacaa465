package vts

import (
	"slices"
	"strings"

	"github.com/pantomime-dev/pantomime/wire"
)

// The field rules of step-up, device binding and attestation (docs/wire/vts.md
// "Step-up", "Devices and passkeys"). Of these calls little is public, so they
// demand only what the call would be without sense otherwise.

// stepUpRows follow what a step-up call is about.
var stepUpRows = []wire.Field{
	may("date", 0).As("Unix seconds", unixForm),
	may("clientReferenceId", 64),
	may("clientAppID", 36),
}

// The form of a one-time password is the issuer's.
var (
	stepUpMethodTable     = wire.Bind[StepUpMethodRequest](slices.Concat([]wire.Field{need("stepUpRequestID", 64)}, stepUpRows)...)
	validateOTPTable      = wire.Bind[ValidateOTPRequest](slices.Concat([]wire.Field{need("otpValue", 32)}, stepUpRows)...)
	validateAuthCodeTable = wire.Bind[ValidateAuthCodeRequest](slices.Concat([]wire.Field{need("authCode", 4096)}, stepUpRows)...)
)

var (
	browserRow = wire.Object("browserData",
		may("browserLanguage", 64),
		may("browserColorDepth", 64),
		may("browserScreenHeight", 64),
		may("browserScreenWidth", 64),
		may("browserTimeZone", 64),
		may("userAgent", 2048),
		may("browserHeader", 2048),
		may("ipAddress", 64),
	)
	sessionRow = wire.Object("sessionContext", may("secureToken", 8192))
)

// The reasonCode of device binding is judged by whoever reads the query.
var deviceBindingTable = wire.Bind[DeviceBindingRequest](
	may("clientReferenceID", 64),
	may("clientAppID", 36),
	need("platformType", 64),
	need("intent", 64),
	may("clientWalletAccountEmailAddressHash", 64),
	may("encBillingInfo", MaxJWE),
	may("encDeviceRiskDataInfo", MaxJWE),
	browserRow,
	sessionRow,
)

var reasonRow = need("reasonCode", 0).OneOf(ReasonCodeDeviceBinding, ReasonCodePayment)

// attestationTable is for a type that is none; attestationTables are for those
// there are, each of which has a reason of its own.
var (
	attestationTable  = attestation(reasonRow)
	attestationTables = map[string]*wire.Table{
		AttestRegister:     attestation(onlyReason(ReasonCodeDeviceBinding)),
		AttestAuthenticate: attestation(onlyReason(ReasonCodePayment)),
	}
)

func onlyReason(code string) wire.Field {
	return reasonRow.As(code+" for this type", func(s string) bool { return s == code })
}

func attestation(reason wire.Field) *wire.Table {
	return wire.Bind[AttestationRequest](
		need("clientAppID", 36),
		may("clientReferenceID", 64),
		need("type", 0).OneOf(AttestRegister, AttestAuthenticate),
		reason,
		may("encAuthenticationData", MaxJWE),
		sessionRow,
		browserRow,
		wire.Object("dynamicData",
			may("authenticationAmount", 24).As("an amount like 0.00", isAmount),
			may("currencyCode", 0).As("a currency of three digits", digitsOf(3, 3)),
			wire.Object("merchantIdentifier",
				may("externalClientId", 1024).As("base64url", isBase64URL),
				may("applicationUrl", 4096).As("base64url", isBase64URL),
				may("merchantName", 1024).As("base64url", isBase64URL),
			),
		),
	)
}

var (
	billingTable        = wire.Bind[BillingInfo](may("email", 256))
	authenticationTable = wire.Bind[AuthenticationData](wire.Object("consumerInfo", may("emailAddress", 256)))
)

// isAmount takes digits with at most one point among them.
func isAmount(s string) bool {
	whole, part, point := strings.Cut(s, ".")
	digits := digitsOf(1, 20)
	return digits(whole) && (!point || digits(part))
}

// isBase64URL takes padding too.
func isBase64URL(s string) bool {
	_, err := b64.DecodeString(strings.TrimRight(s, "="))
	return err == nil
}
