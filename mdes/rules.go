package mdes

import (
	"encoding/base64"
	"net/netip"
	"strings"

	"github.com/pantomime-dev/pantomime/token"
)

// Makers of rules; see docs/wire/mdes.md "Operations" for the tables below.
func chars(name string, least, most int) rule { return rule{name: name, min: least, max: most} }

func must(r rule) rule { r.required = true; return r }

func oneOf(r rule, values ...string) rule { r.values = values; return r }

func formed(r rule, form func(string) bool, words string) rule {
	r.form, r.formText = form, words
	return r
}

func members(name string, fields ...rule) rule { return rule{name: name, kind: object, fields: fields} }

func digitsOnly(r rule) rule { return formed(r, token.Digits, "digits") }

func hexOnly(r rule) rule { return formed(r, isHex, "hex digits") }

// Fields that several operations share.
var (
	responseHostRule = rule{name: "responseHost", min: 11, max: 64, form: isHostAndRoot, formText: "host[:port][/contextRoot]", code: InvalidResponseHost}
	requestIDRule    = rule{name: "requestId", kind: textOrNumber, required: true, min: 1, max: 64}
	requestorRule    = digitsOnly(chars("tokenRequestorId", 11, 11))
	taskIDRule       = must(chars("taskId", 1, 64))
	tokenRefRule     = chars("tokenUniqueReference", 48, 64)
	appInstanceRule  = chars("paymentAppInstanceId", 0, 48)
	fundingRule      = must(members("fundingAccountInfo",
		encryptedPayloadRule,
		chars("panUniqueReference", 1, 64),
		tokenRefRule,
		chars("pushAccountReceipt", 1, 64),
	))
	encryptedPayloadRule = members("encryptedPayload",
		unlessJWE(chars("publicKeyFingerprint", 32, 64)),
		unlessJWE(chars("encryptedKey", 1, 512)),
		oneOf(chars("oaepHashingAlgorithm", 0, 0), "SHA256", "SHA512"),
		chars("iv", 32, 32),
		must(chars("encryptedData", 1, 0)),
	)
)

// unlessJWE requires a member that a compact JWE has inside.
func unlessJWE(r rule) rule {
	r.required = true
	r.waived = func(holder *node, l Leniency) bool {
		data := holder.get("encryptedData")
		return l.JWE && data != nil && data.kind == '"' && strings.Count(data.text, ".") == 4
	}
	return r
}

// requestRules are the field tables by operation, in the order problems are
// told.
var requestRules = map[token.Operation][]rule{
	token.MCTokenize: {
		responseHostRule,
		requestIDRule,
		must(oneOf(chars("tokenType", 1, 0), "CLOUD")),
		must(requestorRule),
		taskIDRule,
		fundingRule,
		formed(chars("consumerLanguage", 2, 2), isLetters, "letters"),
		formed(chars("tokenizationAuthenticationValue", 1, 2048), isBase64, "standard base64"),
		members("decisioningData", decisioningRules...),
		appInstanceRule,
	},
	token.MCTransact: {
		responseHostRule,
		requestIDRule,
		must(tokenRefRule),
		must(oneOf(chars("dsrpType", 1, 0), "UCAF")),
		hexOnly(chars("unpredictableNumber", 8, 8)),
		digitsOnly(chars("amount", 1, 13)),
		chars("currencyCode", 3, 3),
		appInstanceRule,
	},
	token.MCTaskStatus: {responseHostRule, requestIDRule, must(requestorRule), taskIDRule},
	token.MCGetToken: {
		responseHostRule,
		requestIDRule,
		must(tokenRefRule),
		oneOf(chars("includeTokenDetail", 0, 0), "true", "false"),
		appInstanceRule,
	},
	token.MCSearchTokens: {responseHostRule, requestIDRule, requestorRule, fundingRule},
	token.MCSuspend:      lifecycleRules("SUSPECTED_FRAUD", "OTHER"),
	token.MCUnsuspend:    lifecycleRules("DEVICE_FOUND", "NOT_FRAUD", "OTHER"),
	token.MCDelete:       lifecycleRules("SUSPECTED_FRAUD", "OTHER"),
	token.MCDigitalArt:   {must(responseHostRule), requestIDRule, must(encryptedPayloadRule)},
}

// digitalAssetsDataRules is the table of [DigitalAssetsData].
var digitalAssetsDataRules = []rule{must(digitsOnly(chars("accountNumber", 9, 19)))}

func lifecycleRules(reasonCodes ...string) []rule {
	return []rule{
		responseHostRule,
		requestIDRule,
		appInstanceRule,
		{name: "tokenUniqueReferences", kind: list, required: true, min: 1, max: 10, item: &tokenRefRule},
		must(oneOf(chars("causedBy", 1, 0), "CARDHOLDER", "TOKEN_REQUESTOR")),
		chars("reason", 0, 256),
		must(oneOf(chars("reasonCode", 1, 0), reasonCodes...)),
	}
}

var decisioningRules = []rule{
	oneOf(chars("recommendation", 1, 0), "APPROVED", "DECLINED"),
	oneOf(chars("recommendationAlgorithmVersion", 1, 0), "01"),
	oneOf(chars("deviceScore", 1, 0), "1", "2", "3", "4", "5"),
	oneOf(chars("accountScore", 1, 0), "1", "2", "3", "4", "5"),
	{name: "recommendationReasons", kind: list, item: &rule{min: 1, max: 100}},
	chars("deviceCurrentLocation", 1, 14),
	formed(chars("deviceIpAddress", 7, 15), isIPv4, "an IPv4 address"),
	chars("mobileNumberSuffix", 4, 32),
	hexOnly(chars("accountIdHash", 64, 64)),
}

// fundingCase is what the table of [FundingAccountData] depends on: the
// operation, and what stands beside the payload.
type fundingCase struct{ search, reference, token bool }

// fundingTables are made beforehand, for each case.
var fundingTables = func() map[fundingCase][]rule {
	tables := map[fundingCase][]rule{}
	for _, search := range [...]bool{false, true} {
		for _, c := range [...]fundingCase{{search, false, false}, {search, true, false}, {search, true, true}} {
			tables[c] = fundingTable(c)
		}
	}
	return tables
}()

func fundingDataRules(op token.Operation, outer FundingAccountInfo) []rule {
	return fundingTables[fundingCase{op == token.MCSearchTokens, outer.ByReference(), outer.TokenUniqueReference != ""}]
}

// fundingTable is one of them. With a reference outside, the card may be left
// out, and tokenize takes none.
func fundingTable(c fundingCase) []rule {
	number := digitsOnly(chars("accountNumber", 9, 19))
	number.required = !c.reference
	if c.search && c.token {
		number.min = 6
	}
	card := members("cardAccountData", number, monthRule, digitsOnly(chars("expiryYear", 2, 2)), digitsOnly(chars("securityCode", 3, 3)))
	card.required = !c.reference
	source := oneOf(chars("source", 1, 32), "ACCOUNT_ON_FILE", "ACCOUNT_ADDED_MANUALLY", "ACCOUNT_ADDED_VIA_APPLICATION", "EXISTING_TOKEN_CREDENTIAL")
	source.required = !c.search
	return []rule{card, accountHolderRule, source}
}

var monthRule = oneOf(digitsOnly(chars("expiryMonth", 2, 2)), "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12")

var accountHolderRule = members("accountHolderData",
	chars("accountHolderName", 1, 27),
	members("accountHolderAddress",
		chars("line1", 0, 64), chars("line2", 0, 64), chars("city", 0, 32),
		chars("countrySubdivision", 0, 12), chars("postalCode", 0, 16), chars("country", 3, 3),
	),
	chars("consumerIdentifier", 1, 88),
	chars("accountHolderEmailAddress", 6, 320),
	members("accountHolderMobilePhoneNumber",
		rule{name: "countryDialInCode", kind: textOrNumber, max: 4},
		rule{name: "phoneNumber", kind: textOrNumber, max: 20},
	),
)

func isHex(s string) bool {
	return strings.Trim(s, "0123456789abcdefABCDEF") == ""
}

func isLetters(s string) bool {
	for i := range len(s) {
		if c := s[i] | 0x20; c < 'a' || c > 'z' {
			return false
		}
	}
	return true
}

func isBase64(s string) bool {
	_, err := base64.StdEncoding.DecodeString(s)
	return err == nil
}

func isIPv4(s string) bool {
	addr, err := netip.ParseAddr(s)
	return err == nil && addr.Is4()
}
