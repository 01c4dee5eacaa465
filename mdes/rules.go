package mdes

import (
	"encoding/base64"

	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/wire"
)

// The field tables, in the order problems are reported; see docs/wire/mdes.md
// "Operations".

func digitsOnly(f wire.Field) wire.Field { return f.As("digits", token.Digits) }

func hexOnly(f wire.Field) wire.Field {
	return f.As("hex digits", wire.Only("09", "af", "AF"))
}

// inJWE requires a member that a compact JWE has inside.
func inJWE(f wire.Field) wire.Field {
	f.Required, f.InJWE = true, "encryptedData"
	return f
}

// coded gives the wrong values of a field a code of their own.
func coded(f wire.Field, code ReasonCode) wire.Field {
	f.Code = string(code)
	return f
}

// Fields that several operations share.
var (
	responseHostRow = coded(wire.Chars("responseHost", 11, 64).Down(6).As("host[:port][/contextRoot]", isHostAndRoot), InvalidResponseHost)
	requestIDRow    = wire.Chars("requestId", 1, 64).OrNumber().Must()
	requestorRow    = digitsOnly(wire.Chars("tokenRequestorId", 11, 11))
	taskIDRow       = wire.Chars("taskId", 1, 64).Must()
	tokenRefRow     = wire.Chars("tokenUniqueReference", 48, 64)
	appInstanceRow  = wire.Chars("paymentAppInstanceId", 0, 48)
	fundingRow      = wire.Object("fundingAccountInfo",
		encryptedPayloadRow,
		wire.Chars("panUniqueReference", 1, 64),
		tokenRefRow,
		wire.Chars("pushAccountReceipt", 1, 64),
	).Must()
	encryptedPayloadRow = wire.Object("encryptedPayload",
		inJWE(wire.Chars("publicKeyFingerprint", 32, 64)),
		inJWE(wire.Chars("encryptedKey", 1, 512)),
		wire.Chars("oaepHashingAlgorithm", 0, 0).OneOf(string(SHA256), string(SHA512)),
		wire.Chars("iv", 32, 32),
		wire.Chars("encryptedData", 1, 0).Must(),
	)
)

// The field tables of the operations, which their routes name.
var (
	tokenizeTable = wire.Bind[TokenizeRequest](
		responseHostRow,
		requestIDRow,
		wire.Chars("tokenType", 1, 0).OneOf("CLOUD").Must(),
		requestorRow.Must(),
		taskIDRow,
		fundingRow,
		wire.Chars("consumerLanguage", 2, 2).As("letters", wire.Only("az", "AZ")),
		wire.Chars("tokenizationAuthenticationValue", 1, 2048).As("standard base64", isBase64),
		decisioningRow,
		appInstanceRow,
	)
	transactTable = wire.Bind[TransactRequest](
		responseHostRow,
		requestIDRow,
		tokenRefRow.Must(),
		wire.Chars("dsrpType", 1, 0).OneOf("UCAF").Must(),
		hexOnly(wire.Chars("unpredictableNumber", 8, 8)),
		digitsOnly(wire.Chars("amount", 1, 13)),
		wire.Chars("currencyCode", 3, 3),
		appInstanceRow,
	)
	taskStatusTable = wire.Bind[TaskStatusRequest](responseHostRow, requestIDRow, requestorRow.Must(), taskIDRow)
	getTokenTable   = wire.Bind[GetTokenRequest](
		responseHostRow,
		requestIDRow,
		tokenRefRow.Must(),
		wire.Chars("includeTokenDetail", 0, 0).OneOf("true", "false"),
		appInstanceRow,
	)
	searchTokensTable     = wire.Bind[SearchTokensRequest](responseHostRow, requestIDRow, requestorRow, fundingRow)
	suspendTable          = lifecycleTable("SUSPECTED_FRAUD", "OTHER")
	unsuspendTable        = lifecycleTable("DEVICE_FOUND", "NOT_FRAUD", "OTHER", "SUSPECTED_FRAUD")
	deleteTable           = lifecycleTable("SUSPECTED_FRAUD", "OTHER")
	getDigitalAssetsTable = wire.Bind[DigitalAssetsRequest](responseHostRow.Must(), requestIDRow, encryptedPayloadRow.Must())
)

var digitalAssetsTable = wire.Bind[DigitalAssetsData](digitsOnly(wire.Chars("accountNumber", 9, 19)).Must())

func lifecycleTable(reasonCodes ...string) *wire.Table {
	return wire.Bind[LifecycleRequest](
		responseHostRow,
		requestIDRow,
		appInstanceRow,
		wire.List("tokenUniqueReferences", 1, 10, tokenRefRow).Must(),
		wire.Chars("causedBy", 1, 0).OneOf("CARDHOLDER", "TOKEN_REQUESTOR").Must(),
		wire.Chars("reason", 0, 256),
		wire.Chars("reasonCode", 1, 0).OneOf(reasonCodes...).Must(),
	)
}

var decisioningRow = wire.Object("decisioningData",
	wire.Chars("recommendation", 1, 0).OneOf(DecisionApproved, DecisionDeclined),
	wire.Chars("recommendationAlgorithmVersion", 1, 0).OneOf("01"),
	wire.Chars("deviceScore", 1, 0).OneOf("1", "2", "3", "4", "5"),
	wire.Chars("accountScore", 1, 0).OneOf("1", "2", "3", "4", "5"),
	wire.List("recommendationReasons", 0, 0, wire.Chars("", 1, 100)),
	wire.Chars("deviceCurrentLocation", 1, 14),
	wire.Chars("deviceIpAddress", 7, 15).As("an IPv4 address", wire.IPv4),
	wire.Chars("mobileNumberSuffix", 4, 32),
	hexOnly(wire.Chars("accountIdHash", 64, 64)),
)

// fundingCase is what the table of [FundingAccountData] depends on: the
// operation, and what is next to the payload.
type fundingCase struct{ search, reference, token bool }

// fundingTables are made beforehand, for each case.
var fundingTables = func() map[fundingCase]*wire.Table {
	tables := map[fundingCase]*wire.Table{}
	for _, search := range [...]bool{false, true} {
		for _, c := range [...]fundingCase{{search, false, false}, {search, true, false}, {search, true, true}} {
			tables[c] = fundingTable(c)
		}
	}
	return tables
}()

// fundingTable is one of them. With a reference outside, the card may be left
// out, and tokenize takes none.
func fundingTable(c fundingCase) *wire.Table {
	number := digitsOnly(wire.Chars("accountNumber", 9, 19))
	number.Required = !c.reference
	if c.search && c.token {
		number.Least = 6
	}
	card := wire.Object("cardAccountData", number, monthRow, digitsOnly(wire.Chars("expiryYear", 2, 2)), digitsOnly(wire.Chars("securityCode", 3, 3)))
	card.Required = !c.reference
	source := wire.Chars("source", 1, 32).OneOf(SourceOnFile, SourceManual, SourceViaApplication, SourceExistingToken)
	source.Required = !c.search
	return wire.Bind[FundingAccountData](card, accountHolderRow, source)
}

var monthRow = digitsOnly(wire.Chars("expiryMonth", 2, 2)).OneOf("01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12")

var accountHolderRow = wire.Object("accountHolderData",
	wire.Chars("accountHolderName", 1, 27),
	wire.Object("accountHolderAddress",
		wire.Chars("line1", 0, 64), wire.Chars("line2", 0, 64), wire.Chars("city", 0, 32),
		wire.Chars("countrySubdivision", 0, 12), wire.Chars("postalCode", 0, 16), wire.Chars("country", 3, 3),
	),
	wire.Chars("consumerIdentifier", 1, 88),
	wire.Chars("accountHolderEmailAddress", 6, 320),
	wire.Object("accountHolderMobilePhoneNumber",
		wire.Chars("countryDialInCode", 0, 4).OrNumber(),
		wire.Chars("phoneNumber", 0, 20).OrNumber(),
	),
)

func isBase64(s string) bool {
	_, err := base64.StdEncoding.DecodeString(s)
	return err == nil
}
