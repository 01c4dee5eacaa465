package vts

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// ErrBody says that a body is not exactly one JSON object.
var ErrBody = errors.New("body is not one JSON object")

// Request is a message that knows its own field rules.
type Request interface{ Validate() BadFields }

// DecodeRequest reads a body into a request and applies its field rules. The
// error is [ErrBody] (wrapped) for what is no JSON object, or [BadFields] with
// every field that has a wrong type or breaks a rule. Unknown fields are
// ignored, as the service is believed to do.
func DecodeRequest(body []byte, into Request) error {
	var bad BadFields
	if err := Decode(body, into); err != nil && !errors.As(err, &bad) {
		return err
	}
	if bad = bad.And(into.Validate()); len(bad) > 0 {
		return bad
	}
	return nil
}

// Decode reads one JSON object, with nothing after it, into a message of this
// package. Names must match to the letter. The error is [ErrBody] (wrapped) or
// [BadFields] with the first field of a wrong type.
func Decode(body []byte, into any) error {
	if trimmed := bytes.TrimLeft(body, " \t\r\n"); len(trimmed) == 0 || trimmed[0] != '{' {
		return ErrBody
	}
	return decodeAny(body, into)
}

// decodeAny also takes an array; risk data may be one.
func decodeAny(body []byte, into any) error {
	err := json.Unmarshal(hideMisspelt(body), into)
	var (
		wrong  *json.UnmarshalTypeError
		syntax *json.SyntaxError
	)
	switch {
	case err == nil:
		return nil
	case errors.As(err, &wrong) && wrong.Field != "":
		return BadFields{{Location: wireField(wrong.Field), Why: "has the wrong JSON type"}}
	case errors.As(err, &syntax):
		return fmt.Errorf("%w: %w at byte %d", ErrBody, err, syntax.Offset) // shows one character at most
	default:
		return ErrBody // the text could hold a value
	}
}

// wireField drops the Go names of embedded structs, which encoding/json puts
// into the path of a field. Names on the wire begin with a small letter.
func wireField(path string) string {
	names := strings.Split(path, ".")
	return strings.Join(slices.DeleteFunc(names, func(name string) bool {
		return name != "" && name[0] >= 'A' && name[0] <= 'Z'
	}), ".")
}

// hideMisspelt makes names unknown that differ from one of ours in case only.
// encoding/json would take clientAppId for clientAppID; the networks do not,
// and a client with that mistake must learn of it here and not in production.
// The body is copied only when there is such a name.
func hideMisspelt(body []byte) []byte {
	copied := false
	for i := 0; i < len(body); i++ {
		if body[i] != '"' {
			continue
		}
		end := stringEnd(body, i+1)
		if end < 0 {
			return body // no valid JSON; the decoder will say so
		}
		if isName(body, end+1) && misspelt(body[i+1:end]) {
			if !copied {
				body, copied = bytes.Clone(body), true
			}
			body[i+1] = '~'
		}
		i = end
	}
	return body
}

// stringEnd finds the quote that closes the string starting at from, or -1.
func stringEnd(body []byte, from int) int {
	for i := from; i < len(body); i++ {
		next := bytes.IndexByte(body[i:], '"')
		if next < 0 {
			return -1
		}
		escape := bytes.IndexByte(body[i:i+next], '\\')
		if escape < 0 {
			return i + next
		}
		i += escape + 1 // the escaped character; the loop steps over it
	}
	return -1
}

// isName reports whether the string that ended before i is an object's name.
func isName(body []byte, i int) bool {
	for ; i < len(body); i++ {
		switch body[i] {
		case ' ', '\t', '\r', '\n':
		default:
			return body[i] == ':'
		}
	}
	return false
}

const longestName = 48

func misspelt(name []byte) bool {
	if len(name) == 0 || len(name) > longestName {
		return false
	}
	var room [longestName]byte
	folded := room[:len(name)]
	for i, c := range name {
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		folded[i] = c
	}
	exact, ours := wireNames[string(folded)]
	return ours && !slices.Contains(exact, string(name))
}

// wireNames maps each JSON name of our messages, in lower case, to its
// spelling; the network has two for one of them. Read only.
var wireNames = namesOf(
	EnrollRequest{}, ProvisionWithPANRequest{}, PaymentDataRequest{}, LifecycleRequest{},
	PaymentInstrument{}, RiskItem{}, TokenNumber{}, Header{},
	EnrollResponse{}, CardMetadataResponse{}, ProvisionResponse{}, TokenResponse{},
	PaymentDataResponse{}, ContentResponse{}, ErrorBody{}, tokenNotice{}, panNotice{},
	StepUpMethodRequest{}, ValidateOTPRequest{}, ValidateAuthCodeRequest{}, DeviceBindingRequest{}, AttestationRequest{},
	BillingInfo{}, AuthenticationData{}, StepUpMethodResponse{}, DeviceBindingResponse{}, AttestationResponse{},
)

func namesOf(messages ...any) map[string][]string {
	names := map[string][]string{}
	for _, m := range messages {
		collectNames(reflect.TypeOf(m), names)
	}
	return names
}

func collectNames(t reflect.Type, names map[string][]string) {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice:
		collectNames(t.Elem(), names)
	case reflect.Struct:
		for i := range t.NumField() {
			field := t.Field(i)
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			if folded := strings.ToLower(name); name != "" && name != "-" && !slices.Contains(names[folded], name) {
				names[folded] = append(names[folded], name)
			}
			collectNames(field.Type, names)
		}
	}
}
