package mdes

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// ErrLoose says that a JSON value has none of the shapes its type takes.
var ErrLoose = errors.New("unexpected JSON value")

// LooseString is a text that careless clients also send as a bare number
// (docs/wire/mdes.md "Conventions"). It is written as a text.
type LooseString string

// UnmarshalJSON takes a text or a number; null changes nothing.
func (s *LooseString) UnmarshalJSON(b []byte) error {
	if null(b) {
		return nil
	}
	text, err := textOrScalar(b, "0123456789-")
	if err == nil {
		*s = LooseString(text)
	}
	return err
}

// MethodID is the id of an authentication method: a number on the wire, a text
// in the specification. All digits are written as a number.
type MethodID string

// UnmarshalJSON takes a number or a text; null changes nothing.
func (m *MethodID) UnmarshalJSON(b []byte) error { return (*LooseString)(m).UnmarshalJSON(b) }

// MarshalJSON writes a number where it can.
func (m MethodID) MarshalJSON() ([]byte, error) {
	if n, err := strconv.ParseUint(string(m), 10, 53); err == nil && strconv.FormatUint(n, 10) == string(m) {
		return []byte(m), nil
	}
	return json.Marshal(string(m))
}

// LooseBool is a boolean on the wire and a text in the specification, so both
// are read. It is written as a boolean.
type LooseBool bool

// UnmarshalJSON takes true, false, "true" or "false"; null changes nothing.
func (l *LooseBool) UnmarshalJSON(b []byte) error {
	if null(b) {
		return nil
	}
	text, err := textOrScalar(b, "tf")
	if err != nil {
		return err
	}
	switch strings.ToLower(text) {
	case "true", "false":
		*l = LooseBool(strings.EqualFold(text, "true"))
		return nil
	}
	return fmt.Errorf("%w: a boolean is wanted", ErrLoose)
}

// LooseInt is a number on the wire that some mocks write as a text; both are
// read. It is written as a number.
type LooseInt int

// UnmarshalJSON takes 1 or "1"; null changes nothing.
func (l *LooseInt) UnmarshalJSON(b []byte) error {
	if null(b) {
		return nil
	}
	text, err := textOrScalar(b, "0123456789-")
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return fmt.Errorf("%w: a whole number is wanted", ErrLoose)
	}
	*l = LooseInt(n)
	return nil
}

func null(b []byte) bool { return string(b) == "null" }

// textOrScalar reads a JSON text, or a bare scalar that begins with one of
// starts.
func textOrScalar(b []byte, starts string) (string, error) {
	if len(b) > 1 && b[0] == '"' {
		if inside := b[1 : len(b)-1]; bytes.IndexByte(inside, '\\') < 0 && utf8.Valid(inside) {
			return string(inside), nil // nothing to unescape or to replace
		}
		var text string
		err := json.Unmarshal(b, &text)
		return text, err
	}
	if len(b) > 0 && strings.IndexByte(starts, b[0]) >= 0 {
		return string(b), nil
	}
	return "", fmt.Errorf("%w: a text or a scalar is wanted", ErrLoose)
}

// References is the list of suspend, unsuspend and delete. A bare text is read
// as a list of one, because a body like that has been published
// (docs/wire/mdes.md "Operations"); [Leniency] decides whether a server takes it.
type References []string

// UnmarshalJSON takes an array of texts or one text.
func (r *References) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		var one string
		if err := json.Unmarshal(b, &one); err != nil {
			return err
		}
		*r = References{one}
		return nil
	}
	return json.Unmarshal(b, (*[]string)(r))
}

// Timestamp is an instant in ISO 8601, written in UTC with milliseconds
// (docs/wire/mdes.md "Conventions").
type Timestamp struct{ time.Time }

// At makes a Timestamp.
func At(t time.Time) Timestamp { return Timestamp{t} }

// timestampLayout is 24 characters long.
const timestampLayout = "2006-01-02T15:04:05.000Z07:00"

// MarshalJSON writes the instant in UTC.
func (t Timestamp) MarshalJSON() ([]byte, error) {
	return json.Marshal(t.UTC().Format(timestampLayout))
}

// UnmarshalJSON reads Z or ±hh:mm, with or without a fraction; null changes nothing.
func (t *Timestamp) UnmarshalJSON(b []byte) error {
	if null(b) {
		return nil
	}
	var text string
	if err := json.Unmarshal(b, &text); err != nil {
		return err
	}
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return fmt.Errorf("%w: an ISO 8601 timestamp is wanted", ErrLoose)
	}
	t.Time = at
	return nil
}
