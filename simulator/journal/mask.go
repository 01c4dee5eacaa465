package journal

import (
	"bytes"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/pantomime-dev/pantomime/token"
)

// Encrypted stands where ciphertext stood.
const Encrypted = "<encrypted>"

// appendMasked writes a masked text behind dst.
func (m *Masks) appendMasked(dst, body []byte) []byte {
	if start := bytes.TrimLeft(body, " \t\r\n"); len(start) > 0 && bytes.IndexByte([]byte(`{["`), start[0]) < 0 {
		return append(dst, token.Scrub(string(body))...) // no JSON that anybody sends
	}
	w := masker{out: dst}
	for i := 0; i < len(body); {
		end := i + 1
		switch c := body[i]; {
		case c == '"':
			end = stringEnd(body, i)
			if text := body[i:end]; isKey(body, end) {
				w.member = m.of(unescapedName(text))
				w.plain(trimQuotes(text))
			} else {
				w.text(trimQuotes(text))
			}
		case c >= '0' && c <= '9' || c == '-':
			end = numberEnd(body, i)
			w.number(body[i:end])
		default:
			if c == '}' || c == '{' {
				w.member = Member{}
			}
			w.out = append(w.out, c)
		}
		i = end
	}
	if masked := w.out[len(dst):]; token.MayHoldNumber(masked) { // one that no single text or number of the body holds
		return append(dst, token.Scrub(string(masked))...)
	}
	return w.out
}

// masker writes the masked text. It runs on every body there is, so it copies
// nothing that it can write through.
type masker struct {
	out    []byte
	member Member // whose value comes next
}

// text writes a string's content, in quotes.
func (m *masker) text(raw []byte) {
	switch {
	case m.member.As == Account:
		m.quote(maskAccount(string(raw)))
		return
	case m.member.As == Secret:
		m.quote(token.Secret)
		return
	case m.member.As == Cipher:
		m.quote(Encrypted)
		return
	case m.member.As == Person && len(raw) > 0 && (m.member.Shown == nil || !m.member.Shown(raw)):
		m.quote("***")
		return
	}
	m.plain(raw)
}

// plain writes a name, or a text that is shown unless there is a number in it.
func (m *masker) plain(raw []byte) {
	if bytes.IndexByte(raw, '\\') >= 0 && m.unescaped(raw) {
		return
	}
	m.out = append(m.out, '"')
	m.scrub(raw)
	m.out = append(m.out, '"')
}

// unescaped writes a string that escapes hide a number in, and reports whether
// it has. What no JSON reader understands may hide anything, so that of it which
// has digits enough for a number is left out.
func (m *masker) unescaped(raw []byte) bool {
	quoted := append(append([]byte{'"'}, raw...), '"')
	text, err := jsontext.AppendUnquote(nil, quoted)
	if err != nil {
		if !enoughDigits(raw) {
			return false
		}
		m.quote("***")
		return true
	}
	clean := token.Scrub(string(text))
	if clean == string(text) {
		return false
	}
	if again, err := jsontext.AppendQuote(m.out, clean); err == nil {
		m.out = again
	} else {
		m.quote("***")
	}
	return true
}

// enoughDigits reports whether there are as many digits as a card number has.
func enoughDigits(raw []byte) bool {
	n := 0
	for _, c := range raw {
		if c >= '0' && c <= '9' {
			n++
		}
	}
	return n >= shortestNumber
}

func (m *masker) quote(s string) {
	m.out = append(append(append(m.out, '"'), s...), '"')
}

// number writes a JSON number.
func (m *masker) number(raw []byte) {
	switch m.member.As {
	case Secret:
		m.quote(token.Secret)
	case Account:
		m.quote(maskAccount(string(raw)))
	default:
		m.scrub(raw)
	}
}

// shortestNumber is the length from which there can be a card number.
const shortestNumber = 13

// scrub writes free text; only what may hold a card number is copied first.
func (m *masker) scrub(text []byte) {
	if len(text) >= shortestNumber && token.MayHoldNumber(text) {
		m.out = append(m.out, token.Scrub(string(text))...)
		return
	}
	m.out = append(m.out, text...)
}

// stringEnd returns the index after the closing quote, or the end of input.
func stringEnd(b []byte, start int) int {
	for i := start + 1; i < len(b); {
		quote := bytes.IndexByte(b[i:], '"')
		if quote < 0 {
			break
		}
		escape := bytes.IndexByte(b[i:i+quote], '\\')
		if escape < 0 {
			return i + quote + 1
		}
		i += escape + 2 // over the escaped byte, which may be that quote
	}
	return len(b)
}

func isKey(b []byte, i int) bool {
	for ; i < len(b); i++ {
		switch b[i] {
		case ' ', '\t', '\r', '\n':
		default:
			return b[i] == ':'
		}
	}
	return false
}

// numberEnd returns the index after a number.
func numberEnd(b []byte, start int) int {
	end := start + 1
	for end < len(b) && (b[end] >= '0' && b[end] <= '9' || strings.IndexByte("+-.eE", b[end]) >= 0) {
		end++
	}
	return end
}

// unescapedName is a member's name as a reader of JSON understands it.
func unescapedName(quoted []byte) []byte {
	if bytes.IndexByte(quoted, '\\') >= 0 {
		if name, err := jsontext.AppendUnquote(nil, quoted); err == nil {
			return name
		}
	}
	return trimQuotes(quoted)
}

func trimQuotes(b []byte) []byte {
	if len(b) > 0 && b[0] == '"' {
		b = b[1:]
	}
	if len(b) > 0 && b[len(b)-1] == '"' {
		b = b[:len(b)-1]
	}
	return b
}

func maskAccount(raw string) string {
	if len(raw) >= 6 && len(raw) <= 8 && token.Digits(raw) {
		return raw // an account range, not a number
	}
	return token.Mask(raw)
}
