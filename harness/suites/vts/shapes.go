package vts

import (
	"strconv"

	"github.com/pantomime-dev/pantomime/harness"
)

// Forms of values (docs/wire/vts.md "Identifiers").
var (
	idRule    = harness.Matching("[0-9a-f]{32}", "32 lower-case hex digits")
	parRule   = harness.Matching("V001[A-Z0-9]{25}", "29 characters that begin with V001")
	monthRule = harness.Matching("0[1-9]|1[0-2]", "a month from 01 to 12 as a text")
	yearRule  = harness.Digits(4)
	colour    = harness.Matching("0x[0-9A-Fa-f]{6}", "a colour as 0xRRGGBB")
	flag      = harness.OneOf("Y", "N")

	cryptogramRule = harness.Matching("[A-Za-z0-9+/]{27}=", "base64 of 20 bytes")
)

// instrumentShape is the card of an answer.
func instrumentShape(card harness.Card) harness.Shape {
	return harness.Shape{
		{Path: "paymentInstrument.last4", Is: harness.Exactly(card.Last4())},
		{Path: "paymentInstrument.accountStatus", Is: harness.Text},
		{Path: "paymentInstrument.isTokenizable", Is: flag},
		{Path: "paymentInstrument.expirationDate.month", Is: harness.Exactly(card.Expiry.MM())},
		{Path: "paymentInstrument.expirationDate.year", Is: harness.Exactly(card.Expiry.YYYY())},
		{Path: "paymentInstrument.expDatePrintedInd", Is: flag},
		{Path: "paymentInstrument.cvv2PrintedInd", Is: flag},
		{Path: "paymentInstrument.paymentAccountReference", Is: parRule},
		{Path: "paymentInstrument.accountNumber", Is: harness.Missing},
	}
}

// metadataShape is what a wallet may show of a card.
func metadataShape() harness.Shape {
	return harness.Shape{
		{Path: "cardMetaData.backgroundColor", Is: colour},
		{Path: "cardMetaData.foregroundColor", Is: colour},
		{Path: "cardMetaData.labelColor", Is: colour},
		{Path: "cardMetaData.contactName", Is: harness.Text},
		{Path: "cardMetaData.contactNumber", Is: harness.Text},
		{Path: "cardMetaData.contactEmail", Is: harness.Text},
		{Path: "cardMetaData.contactWebsite", Is: harness.Text},
		{Path: "cardMetaData.privacyPolicyURL", Is: harness.Text},
		{Path: "cardMetaData.termsAndConditionsURL", Is: harness.Text},
		{Path: "cardMetaData.termsAndConditionsID", Is: harness.Text},
		{Path: "cardMetaData.shortDescription", Is: harness.Text},
		{Path: "cardMetaData.longDescription", Is: harness.Text},
		{Path: "cardMetaData.cardData", Is: harness.ListOf(1)},
		{Path: "cardMetaData.cardData[].guid", Is: idRule},
		{Path: "cardMetaData.cardData[].contentType", Is: harness.OneOf("digitalCardArt", "cardSymbol", "termsAndConditions")},
		{Path: "cardMetaData.cardData[].content", Is: harness.ListOf(1)},
		{Path: "cardMetaData.cardData[].content[].mimeType", Is: harness.Text},
		{Path: "cardMetaData.cardData[].content[].encodedData", Is: harness.Missing},
	}
}

// numberOf holds for a JSON number of these digits: clients have seen the TRID so, too.
func numberOf(digits string) harness.Rule {
	n, _ := strconv.Atoi(digits)
	return harness.NumberIs(n)
}

// tokenShape is the tokenInfo of an answer.
func tokenShape(trid, status string) harness.Shape {
	return harness.Shape{
		{Path: "tokenInfo.tokenStatus", Is: harness.Exactly(status)},
		{Path: "tokenInfo.tokenRequestorID", Is: harness.Either(harness.Exactly(trid), numberOf(trid))},
		{Path: "tokenInfo.tokenReferenceID", Is: harness.Matching("DNITHE[0-9]{18}", "DNITHE and 18 digits")},
		{Path: "tokenInfo.last4", Is: harness.Digits(4)},
		{Path: "tokenInfo.expirationDate.month", Is: monthRule},
		{Path: "tokenInfo.expirationDate.year", Is: yearRule},
		{Path: "tokenInfo.token", Is: harness.Missing},
		{Path: "tokenInfo.hceData", Is: harness.Missing},
	}
}

func paymentShape(card harness.Card, last4 string) harness.Shape {
	return harness.Shape{
		{Path: "vPaymentDataID", Is: idRule},
		{Path: "paymentInstrument.last4", Is: harness.Exactly(card.Last4())},
		{Path: "paymentInstrument.paymentType.cardBrand", Is: harness.Exactly("VISA")},
		{Path: "paymentInstrument.paymentAccountReference", Is: parRule},
		{Path: "tokenInfo.encTokenInfo", Is: harness.Text},
		{Path: "tokenInfo.last4", Is: harness.Exactly(last4)},
		{Path: "tokenInfo.expirationDate.month", Is: monthRule},
		{Path: "tokenInfo.expirationDate.year", Is: yearRule},
		{Path: "cryptogramInfo.cryptogram", Is: cryptogramRule},
		{Path: "cryptogramInfo.eci", Is: harness.OneOf("07", "05")},
		{Path: "cryptogramInfo.atc", Is: harness.Matching("[0-9]{1,5}", "a counter as a text of digits")},
	}
}

// created are the statuses of enrol and provision that the target claims.
func (s *suite) created() []int {
	if n := s.visa().Created; n != 0 {
		return []int{n}
	}
	return []int{200, 201}
}
