package server

import (
	"net/http"

	"github.com/pantomime-dev/pantomime/token"
)

// phoneRoute is a call of the network that only wallets on phones make.
type phoneRoute struct {
	method string // "" where it is not known: any
	path   string
	about  string
}

// phoneRoutes are answered like unknown paths, but explain reports their
// callers why (docs/wire/vts.md "Operations").
var phoneRoutes = []phoneRoute{
	{http.MethodPut, "/vts/provisionedTokens/{vProvisionedTokenID}/confirmProvisioning", "confirms that a phone has stored its keys"},
	{http.MethodPost, "/vts/provisionedTokens/{vProvisionedTokenID}/replenish", "gives a phone new keys"},
	{http.MethodPut, "/vts/provisionedTokens/{vProvisionedTokenID}/confirmReplenishment", "confirms that a phone has stored new keys"},
	{http.MethodPost, "/vts/provisionedTokens/{vProvisionedTokenID}/replenishODA", "gives a phone new data for offline authentication"},
	{http.MethodPut, "/vts/clients/{vClientID}/devices/{clientDeviceID}", "enrols a phone"},
	{"", "/vts/provisionedTokens/{vProvisionedTokenID}/confirmAssociation", "is known by name only"},
	{"", "/vts/panData", "is known by name only"},
	{"", "/vts/paymentTxns", "lists what a phone paid"},
}

// check is what a caller gets.
func (p phoneRoute) check() token.Check {
	return token.Check{
		Name: CheckCardOnFile, Expected: "a call of a card-on-file token requestor",
		Hint: "the call " + p.about + "; it belongs to wallets on phones (HCE), which are not played here",
	}
}
