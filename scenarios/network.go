package scenarios

import (
	"regexp"

	"github.com/pantomime-dev/pantomime/token"
)

// network is what the language knows of a network's wire: how its words look,
// checked for their shape only, so that no wire table is needed and a word reports
// whose it is.
type network struct {
	ref       *regexp.Regexp // of token references
	refIs     string         // the same for a person
	reason    *regexp.Regexp // of raw reasons, between 3 and maxReason characters
	withholds bool           // a token's number is withheld until its cardholder is identified
}

const maxReason = 64

// networks follow docs/wire/vts.md and docs/wire/mdes.md, "Identifiers",
// "Conventions" and "Errors": Visa writes cardNotEligible, Mastercard
// CRYPTOGRAPHY_ERROR.
var networks = map[token.Network]network{
	token.Visa: {
		ref: regexp.MustCompile(`^[0-9a-f]{32}$`), refIs: "32 lower-case hex digits",
		reason: regexp.MustCompile(`^[A-Za-z]*[a-z][A-Za-z]*$`), withholds: true,
	},
	token.Mastercard: {
		ref: regexp.MustCompile(`^[0-9A-Za-z]{48,64}$`), refIs: "48 to 64 letters and digits",
		reason: regexp.MustCompile(`^[A-Z][A-Z0-9_]*$`),
	},
}

// eachNetwork makes a list with one item for each network.
func eachNetwork[T any](of func(token.Network, network) T) []T {
	var all []T
	for _, n := range token.Networks() {
		all = append(all, of(n, networks[n]))
	}
	return all
}

// ownerOf is the network whose form a word has, "" for none.
func ownerOf(word string, form func(network) *regexp.Regexp) token.Network {
	for _, n := range token.Networks() {
		if form(networks[n]).MatchString(word) {
			return n
		}
	}
	return ""
}

// refNetwork is the network that a token reference is of, "" for none.
func refNetwork(ref string) token.Network {
	return ownerOf(ref, func(n network) *regexp.Regexp { return n.ref })
}

// shapeOf is where a raw reason can be one, nowhere if it has no such form.
func shapeOf(reason string) reach {
	owner := ownerOf(reason, func(n network) *regexp.Regexp { return n.reason })
	if owner == "" || len(reason) < 3 || len(reason) > maxReason {
		return 0
	}
	return reachFor(owner)
}
