package token

import "slices"

// issued are the ranges that card numbers begin in, by their lengths, as
// ISO/IEC 7812 and the networks publish them. What is outside all of them is a
// time, an amount or a reference, whatever its check digit.
var issued = [...]struct {
	from, to string // first digits, both as long
	lengths  []int
}{
	{"4", "4", []int{13, 16, 19}},                   // Visa
	{"51", "55", []int{16}},                         // Mastercard
	{"2221", "2720", []int{16}},                     // Mastercard
	{"34", "34", []int{15}},                         // American Express
	{"37", "37", []int{15}},                         // American Express
	{"300", "305", []int{14, 16, 19}},               // Diners Club
	{"3095", "3095", []int{14, 16, 19}},             // Diners Club
	{"3088", "3094", []int{16}},                     // JCB
	{"36", "36", []int{14, 16, 19}},                 // Diners Club
	{"38", "39", []int{14, 16, 19}},                 // Diners Club
	{"3528", "3589", []int{16, 17, 18, 19}},         // JCB
	{"50", "50", []int{13, 14, 15, 16, 17, 18, 19}}, // Maestro
	{"56", "69", []int{13, 14, 15, 16, 17, 18, 19}}, // Maestro, Discover, UnionPay, RuPay
	{"81", "81", []int{16, 17, 18, 19}},             // UnionPay
	{"2200", "2204", []int{16, 17, 18, 19}},         // Mir
}

// The fewest and the most digits a card number has.
const (
	shortestPAN = 13
	longestPAN  = 19
)

// cardLike reports whether digits may be a card number: in an issuer's range, as
// long as its numbers are, with a good check digit.
func cardLike(digits string) bool {
	if len(digits) < shortestPAN || len(digits) > longestPAN || !LuhnValid(digits) {
		return false
	}
	for _, r := range issued {
		if first := digits[:len(r.from)]; first < r.from || first > r.to {
			continue
		}
		if slices.Contains(r.lengths, len(digits)) {
			return true
		}
	}
	return false
}
