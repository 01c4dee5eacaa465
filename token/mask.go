package token

import "strings"

// Secret stands wherever a key, a cryptogram or a security code would stand.
const Secret = "<secret>"

// Mask shows first six and last four of a number of 13 to 19 digits and stars
// for anything else, so that a short or odd value gives nothing away.
func Mask(s string) string {
	if s == "" {
		return ""
	}
	if len(s) < 13 || len(s) > 19 || !Digits(s) {
		return "****"
	}
	return s[:6] + strings.Repeat("*", len(s)-10) + s[len(s)-4:]
}

// Scrub masks every run of 13 to 19 digits in free text that stands alone
// (no letter or digit touches it), and what must be a card number even with
// letters around it; identifiers that merely contain digits stay readable.
func Scrub(text string) string {
	if !MayHoldNumber(text) {
		return text
	}
	return string(scrub(make([]byte, 0, len(text)), maskGrouped([]byte(text))))
}

// MayHoldNumber reports whether 13 digits stand together, up to three separators
// between them or not: what [Scrub] would look at more closely. It runs
// over every body there is, so it looks at every thirteenth character and at
// its surroundings only where that could be part of such a run.
func MayHoldNumber[T string | []byte](text T) bool {
	for i := shortestPAN - 1; i < len(text); {
		if !digit(text[i]) && !separator(text[i]) {
			i += shortestPAN
			continue
		}
		from := i
		for from > 0 && (digit(text[from-1]) || separator(text[from-1])) {
			from--
		}
		found, end := longRun(text, from)
		if found {
			return true
		}
		i = end + shortestPAN
	}
	return false
}

// shortestPAN is how many digits a card number has at least.
const shortestPAN = 13

// maxBetween is how many separators may stand between two digits of a number.
const maxBetween = 3

// longRun reports whether there are enough digits among the digits and
// separators from a place on, and where those end.
func longRun[T string | []byte](text T, from int) (found bool, end int) {
	run, between := 0, 0
	for i := from; i < len(text); i++ {
		switch {
		case digit(text[i]):
			if run++; run >= shortestPAN {
				return true, i
			}
			between = 0
		case !separator(text[i]):
			return false, i
		default:
			if between++; between > maxBetween {
				run = 0
			}
		}
	}
	return false, len(text)
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

// separator reports whether a byte may stand between the digits of a card number
// that is written in groups; 0xC2 0xA0 is a space that does not break.
func separator(c byte) bool {
	switch c {
	case ' ', '-', '.', '+', '_', '\t', 0xC2, 0xA0:
		return true
	}
	return false
}

// maskGrouped stars the middle digits of card numbers that are written in
// groups, "4622 9431 2000 0600": 13 to 19 digits from the beginning of one group
// to the end of another that begin as a card's do and have a good check digit.
// What stands beside them, an expiry or another number, hides none.
func maskGrouped(text []byte) []byte {
	var stars []int
	for i := 0; i < len(text); {
		if !digit(text[i]) {
			i++
			continue
		}
		groups, end := groupsFrom(text, i)
		for first := range groups {
			stars = append(stars, grouped(text, groups[first:])...)
		}
		i = end
	}
	for _, k := range stars {
		text[k] = '*'
	}
	return text
}

// group is where digits stand together.
type group struct{ from, to int }

// groupsFrom lists the groups of digits from i on that only separators part, and
// the index where the last one ends.
func groupsFrom(text []byte, i int) (groups []group, end int) {
	for {
		g := group{i, i}
		for g.to < len(text) && digit(text[g.to]) {
			g.to++
		}
		groups, end = append(groups, g), g.to
		for i = end; i < len(text) && i-end < maxBetween && separator(text[i]); {
			i++
		}
		if i == end || i == len(text) || !digit(text[i]) {
			return groups, end
		}
	}
}

// grouped lists the digits to star of the numbers that begin with the first of
// some groups and have at least two.
func grouped(text []byte, groups []group) (stars []int) {
	if from := groups[0].from; from > 0 && alphanumeric(text[from-1]) {
		return nil
	}
	var at []int
	for n, g := range groups {
		for k := g.from; k < g.to; k++ {
			at = append(at, k)
		}
		if len(at) > longestPAN {
			break
		}
		if n > 0 && (g.to == len(text) || !alphanumeric(text[g.to])) && cardLike(text, at) {
			stars = append(stars, at[6:len(at)-4]...)
		}
	}
	return stars
}

// longestPAN is how many digits a card number has at most.
const longestPAN = 19

// cardLike reports whether the digits at the given places may be a card number.
func cardLike(text []byte, at []int) bool {
	if len(at) < shortestPAN || len(at) > longestPAN || text[at[0]] < '2' || text[at[0]] > '6' {
		return false
	}
	digits := make([]byte, len(at))
	for i, k := range at {
		digits[i] = text[k]
	}
	return LuhnValid(string(digits))
}

func scrub(dst, src []byte) []byte {
	for i := 0; i < len(src); {
		if escaped(src[i:]) {
			dst, i = append(dst, src[i:i+3]...), i+3
			continue
		}
		j := i
		for j < len(src) && alphanumeric(src[j]) {
			j++
		}
		if n := j - i; n >= shortestPAN && Digits(string(src[i:j])) {
			dst = append(dst, maskRun(string(src[i:j]))...)
		} else {
			dst = glued(dst, src[i:j])
		}
		if i = j; j < len(src) && !escaped(src[j:]) {
			dst, i = append(dst, src[j]), j+1
		}
	}
	return dst
}

// visaID is how many characters the ids of one network have; they may be digits
// all of them.
const visaID = 32

// maskRun masks digits that stand together: all of them if they are as many as a
// card number's, else whatever card numbers may stand there on end. What is as
// long as an id is looked at for two numbers only.
func maskRun(run string) string {
	if len(run) <= longestPAN {
		return Mask(run)
	}
	out := []byte(run)
	for from := range run {
		if len(run) == visaID && from%16 != 0 {
			continue
		}
		for _, size := range [...]int{15, 16} {
			if to := from + size; to <= len(run) && run[from] >= '2' && run[from] <= '6' && LuhnValid(run[from:to]) {
				copy(out[from+6:to-4], "**********")
			}
		}
	}
	return string(out)
}

// glued masks a card number that letters touch: 15 or 16 digits that begin as a
// card's do and have a good check digit. Fewer conditions would mask parts of
// references, which are letters and digits too.
func glued(dst, word []byte) []byte {
	for i := 0; i < len(word); {
		j := i
		for j < len(word) && word[j] >= '0' && word[j] <= '9' {
			j++
		}
		run := string(word[i:j])
		if n := len(run); (n == 15 || n == 16) && run[0] >= '2' && run[0] <= '6' && LuhnValid(run) {
			run = Mask(run)
		}
		dst = append(dst, run...)
		if i = j; j < len(word) {
			dst, i = append(dst, word[j]), j+1
		}
	}
	return dst
}

// escaped reports whether b begins with a percent escape, which separates like
// the character it stands for.
func escaped(b []byte) bool {
	return len(b) >= 3 && b[0] == '%' && hexDigit(b[1]) && hexDigit(b[2])
}

func hexDigit(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

func alphanumeric(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
