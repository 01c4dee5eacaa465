package token

import (
	"bytes"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// Secret stands wherever a key, a cryptogram or a security code would stand.
const Secret = "<secret>"

// Mask shows first six and last four of a number of 13 to 19 digits and stars
// for anything else, so that a short or odd value gives nothing away. It is for
// what is known to be a card or token number; free text is for [Scrub].
func Mask(s string) string {
	if s == "" {
		return ""
	}
	if len(s) < shortestPAN || len(s) > longestPAN || !Digits(s) {
		return "****"
	}
	return s[:shownFirst] + strings.Repeat("*", len(s)-shownFirst-shownLast) + s[len(s)-shownLast:]
}

// How many digits of a number are shown at its beginning and at its end.
const (
	shownFirst = 6
	shownLast  = 4
)

// Scrub masks the card numbers in free text, however they are spelt: in digits
// of another script, in groups, behind percent escapes, with letters around
// them, one directly behind the other. A card number is 13 to 19 digits in an
// issuer's range with a good check digit; times, amounts, phone numbers,
// references and ids that merely contain digits stay readable.
func Scrub(text string) string {
	if !MayHoldNumber(text) {
		return text
	}
	text = scrub(text, true)
	if strings.IndexByte(text, '%') >= 0 {
		text = scrub(text, false)
	}
	return text
}

// ScrubBytes is [Scrub] of bytes, and reports whether there was anything to hide. It
// copies only the runs of digits that are worth a closer look.
func ScrubBytes(text []byte) (clean []byte, hidden bool) {
	if hasEscape(text) {
		if !manyDigits(text) {
			return text, false
		}
		clean := Scrub(string(text))
		return []byte(clean), clean != string(text)
	}
	written := 0
	for from, to := nextRun(text, 0); from < len(text); from, to = nextRun(text, to) {
		from = max(from-1, 0) // what stands before a plus sign matters
		run := string(text[from:to])
		if shown := scrub(run, true); shown != run {
			clean = append(append(clean, text[written:from]...), shown...)
			written = to
		}
	}
	if written == 0 {
		return text, false
	}
	return append(clean, text[written:]...), true
}

// MayHoldNumber reports whether a text is worth the closer look of [Scrub]: whether
// 13 digits may stand together, up to three characters that part groups between
// them or not. Bytes beyond ASCII are taken for either.
func MayHoldNumber[T string | []byte](text T) bool {
	if hasEscape(text) { // escapes have letters in them, and are rare
		return manyDigits(text)
	}
	from, _ := nextRun(text, 0)
	return from < len(text)
}

func hasEscape[T string | []byte](text T) bool {
	switch text := any(text).(type) {
	case string:
		return strings.IndexByte(text, '%') >= 0
	case []byte:
		return bytes.IndexByte(text, '%') >= 0
	}
	return false
}

// nextRun is where the next run of digits and what parts them begins and ends that is
// long enough for a number; both are the length of the text if there is none. It runs over every body there is, so it looks at every
// thirteenth byte and at its surroundings only where that could be part of such a
// run: 0.2 µs for a kilobyte (BenchmarkScrub).
func nextRun[T string | []byte](text T, from int) (begin, end int) {
	for i := from + shortestPAN - 1; i < len(text); {
		if !belongs[text[i]] {
			i += shortestPAN
			continue
		}
		begin = i
		for begin > from && belongs[text[begin-1]] {
			begin--
		}
		found, end := longRun(text, begin)
		if found {
			for end < len(text) && belongs[text[end]] {
				end++
			}
			return begin, end
		}
		i = end + shortestPAN
	}
	return len(text), len(text)
}

// manyDigits reports whether there are enough digits for a number anywhere.
func manyDigits[T string | []byte](text T) bool {
	n := 0
	for i := range len(text) {
		if c := text[i]; c >= '0' && c <= '9' || c >= firstByte {
			n++
		}
	}
	return n >= shortestPAN
}

// firstByte is the least byte that a character beyond ASCII begins with.
const firstByte = 0xC0

// belongs tells which bytes may be part of a number.
var belongs = func() (all [256]bool) {
	for c := range all {
		all[c] = c >= utf8.RuneSelf || ascii(byte(c)).mark != other
	}
	return all
}()

// maxBetween is how many characters may stand between two digits of a number.
const maxBetween = 3

// longRun reports whether there are enough digits in the run from a place on, and
// where that ends.
func longRun[T string | []byte](text T, from int) (found bool, end int) {
	run, between := 0, 0
	for i := from; i < len(text); i++ {
		switch c := text[i]; {
		case c >= '0' && c <= '9', c >= firstByte:
			if run++; run >= shortestPAN {
				return true, i
			}
			between = 0
		case c >= utf8.RuneSelf: // a character's further bytes
		case !belongs[c]:
			return false, i
		default:
			if between++; between > maxBetween {
				run = 0
			}
		}
	}
	return false, len(text)
}

// scrub masks a text read in one way; see [read]. Where there are no percent
// escapes it passes over what cannot be a number, and a text without a number is
// returned as it is: the journal stores an exchange in 6 instead of 15 µs (BenchmarkAdd).
func scrub(text string, escapes bool) string {
	s := stretches.Get().(*stretch)
	defer stretches.Put(s)
	var out []byte
	written, plain := 0, !hasEscape(text)
	for i := 0; i < len(text); {
		if plain {
			if i, _ = nextRun(text, i); i == len(text) {
				break
			}
		}
		if c := read(text, i, escapes); c.mark != digit {
			i += c.size
			continue
		}
		s.read(text, i, escapes)
		if s.hides() {
			out = s.appendStarred(append(out, text[written:s.from]...), text)
			written = s.to
		}
		i = s.to
	}
	if written == 0 {
		return text
	}
	return string(append(out, text[written:]...))
}

// stretches keep the room of those that were looked at: a tenth of what storing an
// exchange allocates.
var stretches = sync.Pool{New: func() any { return new(stretch) }}

// stretch is as much of a text as may belong to one number: groups of digits
// with few characters between them.
type stretch struct {
	from, to int
	plus     bool // a plus sign stands before it, as before a phone number
	digits   []byte
	at       []place // of each digit
	stars    []bool  // which digits are not shown
	groups   []group
}

// place is where a character stands in the text.
type place struct{ from, to int }

// group is where digits of a stretch stand together, and what parts them from
// the group before: a space for any spacer, a point, or 0 for several points.
type group struct {
	from, to int // in digits
	parted   byte
}

// read reads the stretch that begins at a digit.
func (s *stretch) read(text string, from int, escapes bool) {
	s.from, s.plus = from, plusBefore(text[:from])
	s.digits, s.at, s.groups = s.digits[:0], s.at[:0], s.groups[:0]
	parted := byte(0)
	for i := from; i < len(text); {
		g := group{from: len(s.digits), parted: parted}
		for i < len(text) {
			c := read(text, i, escapes)
			if c.mark != digit {
				break
			}
			s.digits, s.at = append(s.digits, c.as), append(s.at, place{i, i + c.size})
			i += c.size
		}
		g.to, s.to = len(s.digits), i
		s.groups = append(s.groups, g)
		var more bool
		if i, parted, more = gap(text, i, escapes); !more {
			return
		}
	}
}

// plusBefore reports whether a text ends in a plus sign that is no space between
// words, as query strings write them.
func plusBefore(text string) bool {
	for _, plus := range [...]string{"+", "%2B", "%2b"} {
		if before, ends := strings.CutSuffix(text, plus); ends {
			return before == "" || !alphanumeric(before[len(before)-1])
		}
	}
	return false
}

func alphanumeric(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// gap reads what parts two groups, and reports whether a digit follows.
func gap(text string, i int, escapes bool) (next int, parted byte, more bool) {
	parted = ' '
	for n := 0; i < len(text) && n <= maxBetween; n++ {
		c := read(text, i, escapes)
		switch {
		case c.mark == digit:
			return i, parted, n > 0
		case c.mark == other:
			return i, parted, false
		case c.mark == point && parted == ' ':
			parted = c.as
		case c.mark == point && parted != c.as:
			parted = 0
		}
		i += c.size
	}
	return i, parted, false
}

// hides tells which digits of the stretch are not shown, and reports whether there are
// any. Every group is looked at alone and with those after it, so that what stands
// next to a number, an expiry or another number, hides none.
func (s *stretch) hides() bool {
	s.stars = append(s.stars[:0], make([]bool, len(s.digits))...)
	stars := s.stars
	for a, first := range s.groups {
		if a > 0 || !s.phone(first.to-first.from) {
			alone(s.digits[first.from:first.to], stars[first.from:first.to])
		}
		for b := a + 1; b < len(s.groups) && s.groups[b].to-first.from <= longestPAN; b++ {
			from, to := first.from, s.groups[b].to
			if b > a+1 && s.groups[b].parted != s.groups[a+1].parted {
				break
			}
			if !(a == 0 && s.phone(to-from)) && shaped(s.groups[a:b+1]) && cardLike(string(s.digits[from:to])) {
				hide(stars[from:to])
			}
		}
	}
	return slices.Contains(stars, true)
}

// phone tells whether so many digits at the beginning are a phone number: a
// plus sign stands before it, and no card number of that length is common.
func (s *stretch) phone(digits int) bool { return s.plus && digits < 15 }

// shaped tells whether groups are as somebody writes a card number. Times,
// addresses, amounts and lists have short groups, few, or of different lengths.
func shaped(groups []group) bool {
	size := func(g group) int { return g.to - g.from }
	first := size(groups[0])
	switch {
	case groups[1].parted == 0:
		return false
	case groups[1].parted != ' ':
		return first >= 4 && len(groups) > 2
	case first >= 4:
		return true
	}
	even := groups[:len(groups)-1]
	return !slices.ContainsFunc(even, func(g group) bool { return size(g) != first })
}

// hide stars all digits of a number but those that are shown.
func hide(stars []bool) {
	for i := shownFirst; i < len(stars)-shownLast; i++ {
		stars[i] = true
	}
}

// alone looks for numbers in digits that stand together: all of them or, of more,
// those that a security code or an expiry follows or numbers that stand on end,
// from the beginning and from the end.
func alone(digits []byte, stars []bool) {
	n := len(digits)
	found := func(from, size int) bool {
		if from < 0 || from+size > n || !cardLike(string(digits[from:from+size])) {
			return false
		}
		hide(stars[from : from+size])
		return true
	}
	switch {
	case n < shortestPAN, n <= longestPAN && found(0, n):
		return
	case n <= longestPAN:
		for _, usual := range [...]int{15, 16} {
			_ = n > usual && found(0, usual)
		}
		return
	}
	follow(n, func(at, size int) bool { return found(at, size) })
	follow(n, func(at, size int) bool { return found(n-at-size, size) })
}

// follow goes from one end of n digits to wherever a number ends that began where
// another one ended.
func follow(n int, found func(at, size int) bool) {
	reached := uint32(1) // bit k: a number ends k digits further on
	for at := 0; at < n; at, reached = at+1, reached>>1 {
		for size := shortestPAN; reached&1 != 0 && size <= longestPAN; size++ {
			if found(at, size) {
				reached |= 1 << size
			}
		}
	}
}

// appendStarred writes the stretch with its stars.
func (s *stretch) appendStarred(out []byte, text string) []byte {
	from := s.from
	for k, p := range s.at {
		out = append(out, text[from:p.from]...)
		if from = p.to; s.stars[k] {
			out = append(out, '*')
		} else {
			out = append(out, text[p.from:p.to]...)
		}
	}
	return out
}
