package token

import (
	"strings"
	"unicode/utf8"
)

// mark is what a character of a text is to a number that may be there.
type mark uint8

const (
	other  mark = iota // no part of any number
	digit              // one of the digits, in any of the scripts below
	spacer             // parts groups, alone or mixed with other spacers
	point              // parts groups too, but is more often a part of times, addresses, amounts and lists
)

// zeros are the zeros of the scripts that card numbers are typed in: ASCII,
// full-width, Arabic, Persian and Devanagari. The other nine follow each.
var zeros = [...]rune{'0', '\uff10', '\u0660', '\u06f0', '\u0966'}

// spacers and points are what is between the groups of a number, with the
// wide and narrow forms that word processors put in their place.
const (
	spacers = " \t-+_\u00a0\u00ad\u2007\u2009\u200b\u202f\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u3000\uff0d"
	points  = ".,:/;|\uff0e\uff0c\uff1a\uff0f\uff1b\uff5c"

	asciiPoints = 6 // so many of them, before the wide ones in the same order
)

// cell is one character as it is read: what it is, its digit as ASCII or the
// ASCII form of its point, and how many bytes of the text are it.
type cell struct {
	mark mark
	as   byte
	size int
}

// read reads the character at a place. Where a percent escape represents a digit
// or for what parts groups, escapes reports whether it is read as that.
func read(text string, i int, escapes bool) cell {
	switch c := text[i]; {
	case c == '%':
		return escaped(text, i, escapes)
	case c < utf8.RuneSelf:
		return ascii(c)
	}
	r, size := utf8.DecodeRuneInString(text[i:])
	c := wide(r)
	c.size = size
	return c
}

// ascii says what a character is that has one byte.
func ascii(c byte) cell { return cells[c] }

// cells are what ascii says, since every digit of every body passes there.
var cells = func() (all [utf8.RuneSelf]cell) {
	for c := range all {
		all[c] = cellOf(byte(c))
	}
	return all
}()

func cellOf(c byte) cell {
	switch {
	case c >= '0' && c <= '9':
		return cell{digit, c, 1}
	case strings.IndexByte(spacers, c) >= 0:
		return cell{spacer, ' ', 1}
	case strings.IndexByte(points[:asciiPoints], c) >= 0:
		return cell{point, c, 1}
	}
	return cell{other, 0, 1}
}

// wide says what any other character is; the size is for the caller to say.
func wide(r rune) cell {
	for _, zero := range zeros {
		if r >= zero && r <= zero+9 {
			return cell{mark: digit, as: '0' + byte(r-zero)}
		}
	}
	switch at := strings.IndexRune(points[asciiPoints:], r); {
	case strings.ContainsRune(spacers, r):
		return cell{mark: spacer, as: ' '}
	case at >= 0:
		return cell{mark: point, as: points[at/3]} // each has three bytes
	}
	return cell{}
}

// escaped reads a percent sign.
func escaped(text string, i int, escapes bool) cell {
	b, end := unescape(text, i)
	switch {
	case end == i+1:
		return cell{other, 0, 1}
	case !escapes: // the digits of the escape are no digits of a number
		return cell{other, 0, end - i}
	}
	raw := []byte{b}
	for !utf8.FullRune(raw) && end < len(text) && text[end] == '%' {
		b, end = unescape(text, end)
		raw = append(raw, b)
	}
	r, _ := utf8.DecodeRune(raw)
	c := wide(r)
	if r < utf8.RuneSelf {
		c = ascii(byte(r))
	}
	if c.size = end - i; c.mark == other {
		c.size = 1 // what follows is read as it is
	}
	return c
}

// unescape reads the byte that an escape represents. One whose percent sign was
// escaped itself, "%2520", is read on.
func unescape(text string, i int) (c byte, end int) {
	c, end = text[i], i+1
	for c == '%' && end+1 < len(text) {
		high, low := hexValue(text[end]), hexValue(text[end+1])
		if high < 0 || low < 0 {
			break
		}
		c, end = byte(high<<4|low), end+2
	}
	return c, end
}

func hexValue(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}
