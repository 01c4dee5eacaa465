package mdes

import "strings"

// percentEncode escapes all but the unreserved characters of RFC 3986, with
// upper-case hex, as the base string asks (docs/wire/mdes.md "Authentication").
// The net/url escapers leave or change more than that.
func percentEncode(s string) string {
	for i := range len(s) {
		if !unreserved(s[i]) {
			return string(appendEncoded(nil, s))
		}
	}
	return s
}

func appendEncoded(out []byte, s string) []byte { return appendEncodedBut(out, s, "") }

// appendEncodedBut leaves the characters of left as they are, too.
func appendEncodedBut(out []byte, s, left string) []byte {
	const digits = "0123456789ABCDEF"
	for i := range len(s) {
		if c := s[i]; unreserved(c) || strings.IndexByte(left, c) >= 0 {
			out = append(out, c)
		} else {
			out = append(out, '%', digits[c>>4], digits[c&15])
		}
	}
	return out
}

func unreserved(c byte) bool {
	switch {
	case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		return true
	}
	return c == '-' || c == '.' || c == '_' || c == '~'
}

// percentDecode undoes it, whatever was escaped; + stays, because it is data
// there. It reports whether each % is followed by two hex digits. The value of a
// signature has a dozen of them in 350 characters, for which net/url takes
// several times as long.
func percentDecode(s string) (string, bool) {
	next := strings.IndexByte(s, '%')
	if next < 0 {
		return s, true
	}
	out := make([]byte, 0, len(s))
	for ; next >= 0; next = strings.IndexByte(s, '%') {
		if len(s) < next+3 {
			return "", false
		}
		high, low := hexDigit(s[next+1]), hexDigit(s[next+2])
		if high < 0 || low < 0 {
			return "", false
		}
		out = append(append(out, s[:next]...), byte(high<<4|low))
		s = s[next+3:]
	}
	return string(append(out, s...)), true
}

// hexDigit is the value of a digit, or -1.
func hexDigit(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}
