package vts

import (
	"slices"
	"strconv"
	"strings"

	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/wire"
)

// The tables of field rules (docs/wire/vts.md "Provisioning", "Payment data",
// "Life cycle"). They demand no more than Visa's published client sends, and
// close a list of values only where public material shows the list.

// need and may shorten the tables; most is in characters, 0 for no limit.
func need(name string, most int) wire.Field { return wire.Chars(name, 0, most).Must() }
func may(name string, most int) wire.Field  { return wire.Chars(name, 0, most) }

// Rows that several messages share.
var (
	localeRow = need("locale", 0).As("a language and a country like en_US", isLocale)
	sourceRow = need("panSource", 0).OneOf(SourceManual, SourceOnFile, SourceIssuerPush, SourceToken)
	unixForm  = digitsOf(1, 15)
)

var enrollTable = wire.Bind[EnrollRequest](
	need("clientAppID", 36),
	need("clientWalletAccountID", 64),
	localeRow,
	sourceRow,
	may("consumerEntryMode", 64),
	may("clientDeviceID", 48),
	may("platformType", 64),
	need("encPaymentInstrument", MaxJWE),
)

// provisionRows follow the two ids in both ways of provisioning. The list of
// presentation types includes those of phone wallets: whether such a token is
// offered is the server's decision, not a matter of form.
var provisionRows = []wire.Field{
	need("protectionType", 64),
	may("accountType", 64),
	may("clientWalletAccountEmailAddress", 256),
	may("clientWalletAccountEmailAddressHash", 64),
	may("email", 256),
	may("emailHash", 64),
	may("clientDeviceID", 48),
	may("ip4address", 0).As("a dotted IPv4 address", wire.IPv4),
	may("location", 32).As("latitude/longitude in degrees", isLocation),
	may("locationSource", 64),
	may("encRiskDataInfo", MaxJWE),
	may("platformType", 64),
	wire.List("presentationType", 0, 0, need("", 0).OneOf(PresentationECOM, PresentationAIAgent, PresentationHCE, "MST", "INAPP")).Must(),
	wire.Object("termsAndConditions", need("id", 64), may("date", 0).As("Unix seconds", unixForm)),
}

var provisionTable = wire.Bind[ProvisionRequest](slices.Concat([]wire.Field{
	need("clientAppID", 36),
	may("clientWalletAccountID", 64),
}, provisionRows)...)

// Enrol and provision in one, the wallet account now required.
var provisionWithPANTable = wire.Bind[ProvisionWithPANRequest](slices.Concat([]wire.Field{
	need("clientAppID", 36),
	need("clientWalletAccountID", 64),
	localeRow,
	sourceRow,
	may("consumerEntryMode", 64),
	need("encPaymentInstrument", MaxJWE),
	may("issuerAuthCode", 8192),
}, provisionRows)...)

// cryptogramType is free: its values are not public.
var paymentDataTable = wire.Bind[PaymentDataRequest](
	need("clientPaymentDataID", 36),
	wire.Object("paymentRequest", need("transactionType", 0).OneOf(TransactionECOM, TransactionAFT)).Must(),
	may("clientAppID", 36),
	may("atc", 0).As("a number from 0 to 65535", isATC),
	may("cryptogramType", 32),
)

// maxReasonCode is in characters.
const maxReasonCode = 40

// Two reason codes are public and others exist, so any of their form is taken.
var lifecycleTable = wire.Bind[LifecycleRequest](
	wire.Object("updateReason",
		need("reasonCode", maxReasonCode).As("capital letters and underscores", isReasonCode),
		may("reasonDesc", 256),
	).Must(),
)

// instrumentTable demands no provider; ValidateFor does. Whether the number's
// check digit holds is for the network to say.
var instrumentTable = wire.Bind[PaymentInstrument](
	need("accountNumber", 0).As("13 to 19 digits", digitsOf(13, 19)),
	may("cvv2", 0).As("3 or 4 digits", digitsOf(3, 4)),
	may("name", 256),
	wire.Object("expirationDate",
		need("month", 0).As("01 to 12", isMonth),
		need("year", 0).As("four digits", digitsOf(4, 4)),
	),
	wire.Object("billingAddress",
		may("line1", 256), may("line2", 256), may("city", 128), may("state", 64),
		may("country", 0).As("a country code of two or three capital letters", isCountry),
		may("zip", 32), may("postalCode", 32),
	),
	wire.Object("provider",
		may("intent", 64),
		may("clientWalletProvider", 50).As("letters, digits, - and _", wire.Only("az", "AZ", "09", "-", "_")),
		may("clientWalletAccountID", 64),
		may("clientDeviceID", 48),
		may("clientAppID", 36),
	),
)

// spellings are values that a payment provider's guide prints, and what the
// service calls them.
var spellings = map[string]string{"ON_FILE": SourceOnFile, "CLOUD_HCE": PresentationHCE}

func respelt(s string) string {
	if own, other := spellings[s]; other {
		return own
	}
	return s
}

func (r *EnrollRequest) respell() { r.PANSource = respelt(r.PANSource) }

func (r *ProvisionRequest) respell() {
	for i, t := range r.PresentationType {
		r.PresentationType[i] = respelt(t)
	}
}

func (r *ProvisionWithPANRequest) respell() {
	r.PANSource = respelt(r.PANSource)
	r.ProvisionRequest.respell()
}

var (
	capitals = wire.Only("AZ")
	small    = wire.Only("az")
)

// isLocale takes "en_US", and "en-US" because nothing public forbids it.
func isLocale(s string) bool {
	language, country, ok := strings.Cut(strings.Replace(s, "-", "_", 1), "_")
	return ok && (len(language) == 2 || len(language) == 3) && len(country) == 2 && small(language) && capitals(country)
}

func isCountry(s string) bool { return (len(s) == 2 || len(s) == 3) && capitals(s) }

// isMonth takes one digit too: a client that sends numbers cannot send 07.
func isMonth(s string) bool {
	n, err := strconv.Atoi(s)
	return err == nil && token.Digits(s) && len(s) <= 2 && n >= 1 && n <= 12
}

// isLocation takes decimal degrees of latitude and longitude, "37.77/-122.41".
func isLocation(s string) bool {
	lat, long, ok := strings.Cut(s, "/")
	return ok && degrees(lat, 90) && degrees(long, 180)
}

var decimal = wire.Only("09", ".", "-", "+")

func degrees(s string, most float64) bool {
	d, err := strconv.ParseFloat(s, 64)
	return err == nil && decimal(s) && d >= -most && d <= most
}

var isReasonCode = wire.Only("AZ", "_")

func isATC(s string) bool {
	n, err := strconv.ParseUint(s, 10, 64)
	return err == nil && n <= 65535 && token.Digits(s)
}

func digitsOf(low, high int) func(string) bool {
	return func(s string) bool { return token.Digits(s) && len(s) >= low && len(s) <= high }
}
