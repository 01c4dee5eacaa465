package door

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Errors of reading a JSON body.
var (
	ErrNotJSON  = errors.New("body is not a JSON object")
	ErrTrailing = errors.New("text after the JSON object")
)

// Decode reads exactly one JSON object. With strict, a member that v does not
// have is an error. A member of the wrong type is a *json.UnmarshalTypeError.
func Decode(body []byte, v any, strict bool) error {
	trimmed := bytes.TrimLeft(body, " \t\r\n")
	if len(trimmed) == 0 || trimmed[0] != '{' {
		return ErrNotJSON
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	if strict {
		dec.DisallowUnknownFields()
	}
	if err := dec.Decode(v); err != nil {
		var wrong *json.UnmarshalTypeError
		if errors.As(err, &wrong) || strict {
			return err
		}
		return fmt.Errorf("%w: %w", ErrNotJSON, err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return ErrTrailing
	}
	return nil
}
