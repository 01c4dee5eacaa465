package mdes

import (
	"slices"

	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/token"
)

// Forms of values (docs/wire/mdes.md "Conventions").
var (
	refRule    = harness.Matching("[0-9A-Za-z]{48,64}", "a reference of 48 to 64 characters")
	panRefRule = harness.Matching("[0-9A-Za-z]{1,64}", "a reference of at most 64 characters")
	numberRule = harness.Matching("[0-9]{9,19}", "9 to 19 digits")
	// Of these scalars sources show two forms (docs/wire/mdes.md "Conventions").
	flagRule  = harness.Either(harness.Bool, harness.OneOf("true", "false"))
	levelRule = harness.Either(harness.WholeNumber, harness.Matching("[0-9]+", "a text of digits"))

	suffixRule  = harness.Matching("[0-9]{4,8}", "4 to 8 digits")
	mmyy        = harness.Matching("(0[1-9]|1[0-2])[0-9]{2}", "a month and a year as MMYY")
	instant     = harness.Matching(`\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?(Z|[+-]\d{2}:\d{2})`, "an ISO 8601 timestamp")
	assetRule   = harness.Matching("[0-9A-Za-z-]{1,64}", "an asset id")
	hexRule     = harness.Matching("[0-9A-Fa-f]+", "hex digits")
	idRule      = harness.Matching(".{1,64}", "1 to 64 characters")
	webRule     = harness.Matching("https?://.{1,120}", "a web address")
	colourRule  = harness.Matching("[0-9A-Fa-f]{3,6}", "3 to 6 hex digits of colour")
	digestRule  = harness.OneOf("SHA256", "SHA512")
	fingerprint = harness.Matching("[0-9A-Fa-f]{32,64}", "32 to 64 hex digits")

	cryptogramRule = harness.Matching("[A-Za-z0-9+/]{26}==", "base64 of 19 bytes")
)

// sealedShape is a holder of ciphertext under a prefix.
func sealedShape(prefix string) harness.Shape {
	return harness.Shape{
		{Path: prefix + ".publicKeyFingerprint", Is: fingerprint},
		{Path: prefix + ".encryptedKey", Is: harness.Matching("[0-9A-Fa-f]{1,512}", "at most 512 hex digits")},
		{Path: prefix + ".oaepHashingAlgorithm", Is: digestRule},
		{Path: prefix + ".iv", Is: harness.Matching("[0-9A-Fa-f]{32}", "32 hex digits")},
		{Path: prefix + ".encryptedData", Is: hexRule},
	}
}

// productShape is productConfig under a prefix.
func productShape(prefix string) harness.Shape {
	return harness.Shape{
		{Path: prefix + ".brandLogoAssetId", Is: assetRule},
		{Path: prefix + ".issuerLogoAssetId?", Is: assetRule},
		{Path: prefix + ".isCoBranded?", Is: flagRule},
		{Path: prefix + ".cardBackgroundCombinedAssetId?", Is: assetRule},
		{Path: prefix + ".iconAssetId?", Is: assetRule},
		{Path: prefix + ".foregroundColor", Is: colourRule},
		{Path: prefix + ".issuerName", Is: harness.Matching(".{1,64}", "1 to 64 characters")},
		{Path: prefix + ".shortDescription", Is: harness.Matching(".{1,128}", "1 to 128 characters")},
		{Path: prefix + ".longDescription?", Is: harness.Matching(".{1,256}", "1 to 256 characters")},
		{Path: prefix + ".customerServiceUrl?", Is: webRule},
		{Path: prefix + ".termsAndConditionsUrl?", Is: webRule},
		{Path: prefix + ".privacyPolicyUrl?", Is: webRule},
		{Path: prefix + ".issuerMobileApp?", Is: harness.Object},
	}
}

// infoShape is tokenInfo under a prefix. The card's prefix is for getToken and
// notices.
func infoShape(prefix string, card harness.Card, withPrefix bool) harness.Shape {
	shape := harness.Shape{
		{Path: prefix + ".tokenPanSuffix", Is: suffixRule},
		{Path: prefix + ".accountPanSuffix", Is: harness.Exactly(card.Last4())},
		{Path: prefix + ".tokenExpiry", Is: mmyy},
		{Path: prefix + ".accountPanExpiry?", Is: harness.Exactly(card.Expiry.MMYY())},
		{Path: prefix + ".dsrpCapable", Is: flagRule},
		{Path: prefix + ".tokenAssuranceLevel?", Is: levelRule},
		{Path: prefix + ".productCategory?", Is: harness.OneOf("CREDIT", "DEBIT", "PREPAID", "UNKNOWN")},
	}
	if withPrefix {
		return append(shape, harness.Field{Path: prefix + ".accountPanPrefix", Is: harness.Exactly(token.PAN(card.Number).First6())})
	}
	return shape
}

// tokenizeShape is an approval.
func tokenizeShape(card harness.Card) harness.Shape {
	return slices.Concat(harness.Shape{
		{Path: "responseHost", Is: harness.Text},
		{Path: "responseId", Is: idRule},
		{Path: "decision", Is: harness.Exactly("APPROVED")},
		{Path: "tokenUniqueReference", Is: refRule},
		{Path: "panUniqueReference", Is: panRefRule},
		{Path: "tokenDetail.tokenUniqueReference", Is: refRule},
		{Path: "supportsAuthentication", Is: flagRule},
		{Path: "errorCode", Is: harness.Missing},
	}, productShape("productConfig"), infoShape("tokenInfo", card, false), sealedShape("tokenDetail"))
}

// tokenShape is the token of getToken.
func tokenShape(t tokenized, trid, status string) harness.Shape {
	return slices.Concat(harness.Shape{
		{Path: "responseId", Is: idRule},
		{Path: "token.tokenUniqueReference", Is: harness.Exactly(string(t.ref))},
		{Path: "token.tokenRequestorId", Is: harness.Exactly(trid)},
		{Path: "token.status", Is: harness.Exactly(status)},
		{Path: "token.statusTimestamp", Is: instant},
	}, productShape("token.productConfig"), infoShape("token.tokenInfo", t.card, true))
}
