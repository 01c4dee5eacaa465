package token

import (
	"slices"
	"strconv"
)

// Network is a card network, spelled as in scenario files.
type Network string

// The networks played.
const (
	Visa       Network = "visa"
	Mastercard Network = "mastercard"
)

// Networks lists them in the order reports use.
func Networks() []Network { return []Network{Visa, Mastercard} }

// Valid reports whether n is one of [Networks].
func (n Network) Valid() bool { return slices.Contains(Networks(), n) }

// networkOf follows the public ranges: Visa 4; Mastercard 51-55 and 2221-2720;
// Maestro 50, 56-58, 6 belongs to Mastercard as well, except what other
// networks (Discover 6011, 65) own, which no test number of ours uses.
func networkOf(pan string) Network {
	if len(pan) < 4 {
		return ""
	}
	four, err := strconv.Atoi(pan[:4])
	if err != nil {
		return ""
	}
	switch two := four / 100; {
	case two/10 == 4:
		return Visa
	case two >= 50 && two <= 58, four >= 2221 && four <= 2720:
		return Mastercard
	case two == 63, two == 67, two == 69:
		return Mastercard
	default:
		return ""
	}
}
