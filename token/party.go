package token

import (
	"slices"
	"strings"
)

// Party is one whom clients of the network door call, by name: a card network, or
// another face.
type Party string

// The parties.
const (
	PartyVisa       Party = "visa"
	PartyMastercard Party = "mastercard"
	PartyAcquirer   Party = "acquirer"
)

// PartyInfo is one row of the table of parties: what whoever shows them or points
// clients at them has to know.
type PartyInfo struct {
	Name  Party
	Title string // for people
	Path  string // what a client's base URL has behind the network door's
	Below string // how what a client puts behind its base URL begins
	Wire  string // the name of its description in OpenAPI
	About string // what a client should know first, "" for nothing
}

// parties are all that the simulator plays, in the order in which they are shown.
var parties = []PartyInfo{
	{PartyVisa, "Visa", "", "/vts/...", "vts", ""},
	{PartyMastercard, "Mastercard", "/mdes", "/digitization/...", "mdes", "needs our encryption certificate"},
	{PartyAcquirer, "Acquirer", "/acquirer", "/v1/authorizations", "acquirer", "pays with their tokens and cards"},
}

// Parties returns a copy of the whole table.
func Parties() []PartyInfo { return slices.Clone(parties) }

// Info returns the row of p; the zero row for an unknown one.
func (p Party) Info() PartyInfo {
	for _, row := range parties {
		if row.Name == p {
			return row
		}
	}
	return PartyInfo{}
}

// Party is who serves the operation: its network, or the acquirer.
func (op Operation) Party() Party {
	party, _, _ := strings.Cut(string(op), "/")
	return Party(party)
}
