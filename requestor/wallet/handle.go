package wallet

import (
	"encoding/json"

	"github.com/pantomime-dev/pantomime/token"
)

// What one call gives and another one needs, as the networks call it.
const (
	Enrolment     = "vPanEnrollmentID"
	StepUpMethod  = "stepUpRequestID"
	VisaToken     = "vProvisionedTokenID"
	Content       = "guid"
	CardReference = "panUniqueReference"
	Task          = "taskId"
	TokenRef      = "tokenUniqueReference"
	Asset         = "assetId"
	// Payment is the id of a payment that was authorized.
	Payment = "authorizationId"
	// TokenNumber is no name of a network's: the clear number of a token.
	TokenNumber = "token number"
	// Cryptogram is no name of a network's either.
	Cryptogram = "cryptogram"
)

// handle is a row of the table of what calls give.
type handle struct {
	name string
	at   string          // dotted path in an answer, decrypted; "" for one that the requestor makes itself
	sent token.Operation // of which requests hold it, under its name
	by   string          // which calls give it
}

var handles = []handle{
	{name: Enrolment, at: "vPanEnrollmentID", by: "enroll or provision"},
	{name: StepUpMethod, at: "stepUpRequest.0.identifier", by: "provision with a step-up, or getStepUpOptions"},
	{name: VisaToken, at: "vProvisionedTokenID", by: "provision"},
	{name: TokenNumber, at: "tokenInfo.encTokenInfo.token", by: "provision or cryptogram"},
	{name: TokenNumber, at: "encryptedPayload.encryptedData.accountNumber", by: "cryptogram"},
	{name: Cryptogram, at: "cryptogramInfo.cryptogram", by: "cryptogram"},
	{name: Cryptogram, at: "encryptedPayload.encryptedData.de48se43Data", by: "cryptogram"},
	{name: Payment, at: "id", by: "authorize"},
	{name: Content, at: "cardMetaData.cardData.0.guid", by: "enroll, provision or getCardMetadata"},
	{name: CardReference, at: "panUniqueReference", by: "provision"},
	{name: Task, sent: token.MCTokenize, by: "tokenize"},
	{name: TokenRef, at: "tokenUniqueReference", by: "provision"},
	{name: Asset, at: "productConfig.cardBackgroundCombinedAssetId", by: "provision"},
	{name: Asset, at: "token.productConfig.cardBackgroundCombinedAssetId", by: "getToken"},
	{name: Asset, at: "cardBackgroundCombinedAssetId", by: "getDigitalAssets"},
}

// GivenBy says which calls give what has a name, in words.
func GivenBy(name string) string {
	for _, h := range handles {
		if h.name == name {
			return h.by
		}
	}
	return ""
}

// Gives finds what an answer gives, by name. Nothing is taken from one that
// cannot be read.
func (a Answer) Gives() map[string]string {
	given := map[string]string{}
	if a.Unreadable != "" {
		return given
	}
	for _, h := range handles {
		if value, ok := Member(a.Body, h.at); ok && h.at != "" {
			given[h.name] = value
		}
	}
	return given
}

// Gives finds what the requestor made itself for the request, by name.
func (d Draft) Gives() map[string]string {
	given := map[string]string{}
	var body any
	if json.Unmarshal(d.Text, &body) != nil {
		return given
	}
	for _, h := range handles {
		if value, ok := Member(body, h.name); ok && h.sent == d.Op {
			given[h.name] = value
		}
	}
	return given
}
