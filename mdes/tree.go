package mdes

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"
)

// Limits of a body, in bytes and in levels of nesting.
const (
	maxBody  = 1 << 20
	maxDepth = 16
)

// parseObject reads exactly one JSON object into maps, slices, texts and
// json.Numbers. A member that comes twice is refused: two readers could take
// two different values from it, and encoding/json would not tell.
func parseObject(body []byte) (map[string]any, error) {
	trimmed := bytes.TrimLeft(body, " \t\r\n")
	switch {
	case len(body) > maxBody:
		return nil, fmt.Errorf("the body has %d bytes, at most %d are read", len(body), maxBody)
	case len(trimmed) == 0:
		return nil, errors.New("the body is empty")
	case !utf8.Valid(body):
		return nil, errors.New("the body is not UTF-8")
	case !json.Valid(body):
		return nil, syntax(body)
	case trimmed[0] != '{':
		return nil, errors.New("the body is JSON, but no object")
	}
	scan := scanner{body: body}
	value := scan.value(0)
	object, _ := value.(map[string]any)
	return object, scan.err
}

// syntax says why a body is no JSON. The library's own texts quote single
// characters of the input only.
func syntax(body []byte) error {
	var into json.RawMessage
	err := json.Unmarshal(body, &into)
	var at *json.SyntaxError
	if errors.As(err, &at) {
		return fmt.Errorf("not JSON, at byte %d: %w", at.Offset, err)
	}
	return errors.New("not JSON")
}

// scanner walks JSON that is known to be valid; err is the first complaint
// beyond validity, after which values mean nothing.
type scanner struct {
	body []byte
	at   int
	err  error
}

// skip passes blanks and the separators that validity has already checked.
func (s *scanner) skip() byte {
	for s.at < len(s.body) {
		switch c := s.body[s.at]; c {
		case ' ', '\t', '\r', '\n', ',', ':':
			s.at++
		default:
			return c
		}
	}
	return 0
}

func (s *scanner) value(depth int) any {
	if depth > maxDepth {
		s.err = fmt.Errorf("nested deeper than %d levels", maxDepth)
	}
	if s.err != nil {
		return nil
	}
	switch c := s.skip(); c {
	case '{':
		return s.object(depth)
	case '[':
		s.at++
		items := []any{}
		for s.err == nil && s.skip() != ']' {
			items = append(items, s.value(depth+1))
		}
		s.at++
		return items
	case '"':
		return s.text()
	default:
		return s.scalar()
	}
}

func (s *scanner) object(depth int) map[string]any {
	s.at++
	object := map[string]any{}
	for s.err == nil && s.skip() != '}' {
		name := s.text()
		if _, twice := object[name]; twice {
			s.err = fmt.Errorf("member %s comes twice", quoted(shorten(name)))
		}
		object[name] = s.value(depth + 1)
	}
	s.at++
	return object
}

// text reads a JSON text; the library unescapes it where there is something
// to unescape.
func (s *scanner) text() string {
	start, escaped := s.at, false
	for s.at++; s.body[s.at] != '"'; s.at++ {
		if s.body[s.at] == '\\' {
			escaped = true
			s.at++
		}
	}
	s.at++
	raw := s.body[start:s.at]
	if !escaped {
		return string(raw[1 : len(raw)-1])
	}
	var text string
	_ = json.Unmarshal(raw, &text)
	return text
}

// scalar reads true, false, null or a number.
func (s *scanner) scalar() any {
	start := s.at
	for s.at < len(s.body) && bytes.IndexByte([]byte(" \t\r\n,:]}"), s.body[s.at]) < 0 {
		s.at++
	}
	switch raw := string(s.body[start:s.at]); raw {
	case "null":
		return nil
	case "true", "false":
		return raw == "true"
	default:
		return json.Number(raw)
	}
}
