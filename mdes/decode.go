package mdes

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/pantomime-dev/pantomime/simulator/token"
)

// Limits of a body, in bytes and in levels of nesting.
const (
	maxBody  = 1 << 20
	maxDepth = 16
)

// DecodeRequest checks body against the field table of an operation and
// decodes it into the operation's request type, which into points to. The
// error, if any, is a *[FieldError] with the first problem.
func DecodeRequest(op token.Operation, body []byte, into any, l Leniency) error {
	rules, known := requestRules[op]
	if !known {
		return &FieldError{InvalidMethod, "", "the operation takes no body"}
	}
	tree, err := decodeChecked(body, rules, into, l)
	if err != nil {
		return err
	}
	if funding, ok := tree["fundingAccountInfo"].(map[string]any); ok {
		if err := oneAccount(funding); err != nil {
			return err
		}
	}
	return nil
}

// DecodeFunding does the same for the clear text of
// fundingAccountInfo.encryptedPayload, in tokenize or searchTokens; outer is
// the object it came in. Card number, expiry and security code are checked for
// form alone.
func DecodeFunding(op token.Operation, plain []byte, outer FundingAccountInfo, l Leniency) (FundingAccountData, error) {
	var data FundingAccountData
	if _, err := decodeChecked(plain, fundingDataRules(op, outer), &data, l); err != nil {
		return FundingAccountData{}, err
	}
	if card := data.CardAccountData; op == token.MCTokenize && outer.ByReference() && card != nil && card.AccountNumber != "" {
		return FundingAccountData{}, &FieldError{InvalidFieldValue, "cardAccountData.accountNumber", "a reference names the account already"}
	}
	return data, nil
}

// oneAccount refuses a fundingAccountInfo that names no account, or two.
func oneAccount(funding map[string]any) error {
	first := ""
	for _, name := range []string{"panUniqueReference", "tokenUniqueReference", "pushAccountReceipt"} {
		switch {
		case funding[name] == nil:
		case first == "":
			first = name
		default:
			return &FieldError{InvalidFieldValue, "fundingAccountInfo." + name, first + " names the account already"}
		}
	}
	if first == "" && funding["encryptedPayload"] == nil {
		return &FieldError{MissingRequiredField, "fundingAccountInfo.encryptedPayload", "no account is named"}
	}
	return nil
}

// decodeChecked runs the phases of [FieldError] and then decodes.
func decodeChecked(body []byte, rules []rule, into any, l Leniency) (map[string]any, error) {
	tree, err := parseObject(body)
	if err != nil {
		return nil, &FieldError{InvalidJSON, "", err.Error()}
	}
	for _, phase := range []func([]rule, map[string]any, string, Leniency) *FieldError{unknownMember, missingMember, wrongMember} {
		if err := phase(rules, tree, "", l); err != nil {
			return nil, err
		}
	}
	if err := json.Unmarshal(body, into); err != nil {
		field := ""
		var mistyped *json.UnmarshalTypeError
		if errors.As(err, &mistyped) {
			field = mistyped.Field
		}
		return nil, &FieldError{InvalidFieldFormat, field, "JSON of another type"}
	}
	return tree, nil
}

var errNotObject = errors.New("the body is JSON, but no object")

// parseObject reads exactly one JSON object. A member that comes twice is
// refused: two readers could take two different values from it.
func parseObject(body []byte) (map[string]any, error) {
	switch {
	case len(body) > maxBody:
		return nil, fmt.Errorf("the body has %d bytes, at most %d are read", len(body), maxBody)
	case len(bytes.TrimSpace(body)) == 0:
		return nil, errors.New("the body is empty")
	case !utf8.Valid(body):
		return nil, errors.New("the body is not UTF-8")
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	value, err := parseValue(dec, 0)
	if err != nil {
		return nil, syntax(err, dec)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("text after the object, at byte %d", dec.InputOffset())
	}
	object, ok := value.(map[string]any)
	if !ok {
		return nil, errNotObject
	}
	return object, nil
}

// errStructure is a complaint of ours about well-formed JSON.
type errStructure struct{ text string }

func (e errStructure) Error() string { return e.text }

// syntax says where parsing stopped. The library's own texts quote single
// characters of the input only.
func syntax(err error, dec *json.Decoder) error {
	var own errStructure
	if errors.As(err, &own) {
		return own
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the body ends in the middle")
	}
	return fmt.Errorf("not JSON, at byte %d: %w", dec.InputOffset(), err)
}

func parseValue(dec *json.Decoder, depth int) (any, error) {
	if depth > maxDepth {
		return nil, errStructure{fmt.Sprintf("nested deeper than %d levels", maxDepth)}
	}
	at, err := dec.Token()
	if err != nil {
		return nil, err
	}
	switch at {
	case json.Delim('{'):
		return parseMembers(dec, depth)
	case json.Delim('['):
		items := []any{}
		for dec.More() {
			item, err := parseValue(dec, depth+1)
			if err != nil {
				return nil, err
			}
			items = append(items, item)
		}
		_, err := dec.Token()
		return items, err
	}
	return at, nil
}

func parseMembers(dec *json.Decoder, depth int) (any, error) {
	object := map[string]any{}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return nil, err
		}
		name, _ := key.(string)
		if _, twice := object[name]; twice {
			return nil, errStructure{"member " + quoted(name) + " comes twice"}
		}
		if object[name], err = parseValue(dec, depth+1); err != nil {
			return nil, err
		}
	}
	_, err := dec.Token()
	return object, err
}
