package journal

import (
	"bytes"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/pantomime-dev/pantomime/token"
)

// Encrypted stands where ciphertext stood.
const Encrypted = "<encrypted>"

// appendMasked writes a masked text behind dst. It runs on every body there is: the
// members that are not shown are replaced first, then the whole text is scrubbed,
// since digits of one number may stand in several members.
func (m *Masks) appendMasked(dst, body []byte) []byte {
	if start := bytes.TrimLeft(body, " \t\r\n"); len(start) > 0 && bytes.IndexByte([]byte(`{["`), start[0]) < 0 {
		clean, _ := token.ScrubBytes(body) // no JSON that anybody sends
		return append(dst, clean...)
	}
	w := masker{out: dst, body: body}
	var member Member // whose value comes next
	for i := 0; i < len(body); {
		end := i + 1
		switch c := body[i]; {
		case c == '"':
			var escaped bool
			end, escaped = stringEnd(body, i)
			raw, name := trimQuotes(body[i:end]), isKey(body, end)
			if name {
				member = m.of(unescapedName(raw, escaped))
			} else if w.text(member, raw, i, end) {
				escaped = false
			}
			if escaped {
				w.unescape(raw, i, end)
			}
		case c >= '0' && c <= '9' || c == '-':
			end = numberEnd(body, i)
			w.number(member, i, end)
		case c == '}' || c == '{':
			member = Member{}
		}
		i = end
	}
	w.out = append(w.out, body[w.done:]...)
	if clean, hidden := token.ScrubBytes(w.out[len(dst):]); hidden {
		return append(dst, clean...)
	}
	return w.out
}

// masker writes a body with some of its texts and numbers replaced.
type masker struct {
	out, body []byte
	done      int // so much of the body is written
}

// replace writes a text in place of part of the body.
func (w *masker) replace(from, to int, with string) {
	w.out = append(append(append(append(w.out, w.body[w.done:from]...), '"'), with...), '"')
	w.done = to
}

// text masks a string between two places, its content given apart, and reports
// whether that hides all of it.
func (w *masker) text(member Member, raw []byte, from, to int) bool {
	switch {
	case member.As == Account:
		w.replace(from, to, maskAccount(string(raw)))
	case member.As == Secret:
		w.replace(from, to, token.Secret)
	case member.As == Cipher:
		w.replace(from, to, Encrypted)
	case member.As == Person && len(raw) > 0 && (member.Shown == nil || !member.Shown(raw)):
		w.replace(from, to, "***")
	default:
		return false
	}
	return true
}

// number masks a JSON number.
func (w *masker) number(member Member, from, to int) {
	switch member.As {
	case Secret:
		w.replace(from, to, token.Secret)
	case Account:
		w.replace(from, to, maskAccount(string(w.body[from:to])))
	}
}

// unescape leaves a name or a text as it is, unless escapes hide a number in it. What no JSON reader understands may hide anything, so that of it which has digits
// enough for a number is left out.
func (w *masker) unescape(raw []byte, from, to int) {
	text, err := jsontext.AppendUnquote(nil, append(append([]byte{'"'}, raw...), '"'))
	if err != nil {
		if enoughDigits(raw) {
			w.replace(from, to, "***")
		}
		return
	}
	clean := token.Scrub(string(text))
	if clean == string(text) {
		return
	}
	quoted, err := jsontext.AppendQuote(nil, clean)
	if err != nil {
		quoted = []byte(`"***"`)
	}
	w.replace(from, to, string(trimQuotes(quoted)))
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

// shortestNumber is the length from which there can be a card number.
const shortestNumber = 13

// stringEnd returns the index after the closing quote, or the end of input, and
// whether anything in between is escaped.
func stringEnd(b []byte, start int) (end int, escaped bool) {
	for i := start + 1; i < len(b); {
		quote := bytes.IndexByte(b[i:], '"')
		if quote < 0 {
			return len(b), escaped || bytes.IndexByte(b[i:], '\\') >= 0
		}
		escape := bytes.IndexByte(b[i:i+quote], '\\')
		if escape < 0 {
			return i + quote + 1, escaped
		}
		escaped = true
		i += escape + 2 // over the escaped byte, which may be that quote
	}
	return len(b), escaped
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
func unescapedName(raw []byte, escaped bool) []byte {
	if escaped {
		if name, err := jsontext.AppendUnquote(nil, append(append([]byte{'"'}, raw...), '"')); err == nil {
			return name
		}
	}
	return raw
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
