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

// MayHoldNumber reports whether 13 digits stand together, single spaces and
// hyphens between them or not: what [Scrub] would look at more closely. It runs
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

// longRun reports whether there are enough digits among the digits and
// separators from a place on, and where those end.
func longRun[T string | []byte](text T, from int) (found bool, end int) {
	run := 0
	for i := from; i < len(text); i++ {
		switch {
		case digit(text[i]):
			if run++; run >= shortestPAN {
				return true, i
			}
		case !separator(text[i]):
			return false, i
		case i == 0 || !digit(text[i-1]):
			run = 0
		}
	}
	return false, len(text)
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

func separator(c byte) bool { return c == ' ' || c == '-' }

// maskGrouped stars the middle digits of card numbers that are written in
// groups, "4622 9431 2000 0600": 13 to 19 digits with single spaces or hyphens
// between them that begin as a card's do and have a good check digit.
func maskGrouped(text []byte) []byte {
	for i := 0; i < len(text); i++ {
		if !digit(text[i]) || i > 0 && alphanumeric(text[i-1]) {
			continue
		}
		at, j := digitsFrom(text, i)
		if len(at) < j-i && (j == len(text) || !alphanumeric(text[j])) && cardLike(text, at) {
			for _, k := range at[6 : len(at)-4] {
				text[k] = '*'
			}
		}
		i = j
	}
	return text
}

// digitsFrom lists the places of the digits from i on, across single separators,
// and the index where they end.
func digitsFrom(text []byte, i int) (at []int, end int) {
	for ; i < len(text); i++ {
		switch {
		case digit(text[i]):
			at = append(at, i)
		case !separator(text[i]) || i+1 == len(text) || !digit(text[i+1]):
			return at, i
		}
	}
	return at, i
}

// cardLike reports whether the digits at the given places may be a card number.
func cardLike(text []byte, at []int) bool {
	if len(at) < 13 || len(at) > 19 || text[at[0]] < '2' || text[at[0]] > '6' {
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
		if n := j - i; n >= 13 && n <= 19 && Digits(string(src[i:j])) {
			dst = append(dst, Mask(string(src[i:j]))...)
		} else {
			dst = glued(dst, src[i:j])
		}
		if i = j; j < len(src) && !escaped(src[j:]) {
			dst, i = append(dst, src[j]), j+1
		}
	}
	return dst
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
