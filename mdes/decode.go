package mdes

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/wire"
)

// DecodeRequest checks body against the field table of an operation and
// decodes it into the operation's request type, which into points to and which
// must be empty. The error, if any, is a *[FieldError] with the first problem;
// then what into holds was not checked.
func DecodeRequest(op token.Operation, body []byte, into any, l Leniency) error {
	route, _ := RouteOf(op)
	table := route.Body
	if table == nil {
		return &FieldError{InvalidMethod, "", "the operation takes no body"}
	}
	tree, err := decodeChecked(body, table.Fields, into, l)
	if err != nil {
		return err
	}
	if funding := tree.Get(fundingRow.Name); funding.Kind != 0 {
		return oneAccount(funding)
	}
	return nil
}

// DecodeFunding does the same for the clear text of
// fundingAccountInfo.encryptedPayload, in tokenize or searchTokens; outer is
// the object it came in. Card number, expiry and security code are checked for
// form alone.
func DecodeFunding(op token.Operation, plain []byte, outer FundingAccountInfo, l Leniency) (FundingAccountData, error) {
	var data FundingAccountData
	if _, err := decodeChecked(plain, ClearFields(op, outer), &data, l); err != nil {
		return FundingAccountData{}, err
	}
	if card := data.CardAccountData; op == token.MCTokenize && outer.ByReference() && card != nil && card.AccountNumber != "" {
		return FundingAccountData{}, &FieldError{InvalidFieldValue, "cardAccountData.accountNumber", "a reference names the account already"}
	}
	return data, nil
}

// DecodeDigitalAssets does the same for the clear text of getDigitalAssets.
func DecodeDigitalAssets(plain []byte, l Leniency) (DigitalAssetsData, error) {
	var data DigitalAssetsData
	if _, err := decodeChecked(plain, digitalAssetsTable.Fields, &data, l); err != nil {
		return DigitalAssetsData{}, err
	}
	return data, nil
}

// oneAccount refuses a fundingAccountInfo that names no account, or two.
func oneAccount(funding wire.Value) error {
	first := ""
	for _, name := range [...]string{"panUniqueReference", "tokenUniqueReference", "pushAccountReceipt"} {
		switch {
		case !funding.Has(name):
		case first == "":
			first = name
		default:
			return &FieldError{InvalidFieldValue, "fundingAccountInfo." + name, first + " names the account already"}
		}
	}
	if first == "" && !funding.Has("encryptedPayload") {
		return &FieldError{MissingRequiredField, "fundingAccountInfo.encryptedPayload", "no account is named"}
	}
	return nil
}

// maxBody is how many bytes of a body are read.
const maxBody = 1 << 20

// decodeChecked runs the phases of [FieldError]. A value of another type than
// into has is reported last, since a phase mostly has better words for it.
func decodeChecked(body []byte, fields []wire.Field, into any, l Leniency) (wire.Value, error) {
	if len(body) > maxBody {
		return wire.Value{}, &FieldError{InvalidJSON, "", fmt.Sprintf("the body has %d bytes, at most %d are read", len(body), maxBody)}
	}
	failed := json.Unmarshal(body, into)
	if l.Loose && failed != nil {
		failed = json.Unmarshal(body, into, wire.AnyScalar)
	}
	tree, err := parseObject(body, failed == nil)
	if err != nil {
		return tree, &FieldError{InvalidJSON, "", err.Error()}
	}
	if err := judge(fields, tree, l); err != nil {
		return tree, err
	}
	var mistyped *json.SemanticError
	switch {
	case errors.As(failed, &mistyped):
		return tree, &FieldError{InvalidFieldFormat, strings.Join(slices.Collect(mistyped.JSONPointer.Tokens()), "."), "JSON of another type"}
	case failed != nil:
		return tree, &FieldError{InvalidJSON, "", "not JSON"}
	}
	return tree, nil
}

// parseObject reads exactly one JSON object. The error says that body is none,
// or has a member twice: two readers could take two different values from it.
// Of what was decoded already that is known, and is not looked at again.
func parseObject(body []byte, decoded bool) (wire.Value, error) {
	tree, err := wire.Parse(body, jsontext.AllowDuplicateNames(decoded))
	switch {
	case err != nil && !errors.Is(err, wire.ErrDepth):
		return tree, malformed(body, err)
	case tree.Kind != '{':
		return tree, errors.New("the body is JSON, but no object")
	}
	return tree, err
}

// malformed words what the library says about a body that is no JSON, without
// the text around the place: the library's own words quote single characters.
func malformed(body []byte, err error) error {
	var at *jsontext.SyntacticError
	switch {
	case len(bytes.TrimLeft(body, " \t\r\n")) == 0:
		return errors.New("the body is empty")
	case !utf8.Valid(body):
		return errors.New("the body is not UTF-8")
	case !errors.As(err, &at):
		return errors.New("not JSON")
	case errors.Is(err, jsontext.ErrDuplicateName):
		return fmt.Errorf("member %s comes twice", quoted(shorten(at.JSONPointer.LastToken())))
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("not JSON, at byte %d: unexpected end", at.ByteOffset)
	}
	return fmt.Errorf("not JSON, at byte %d: %w", at.ByteOffset, at.Err)
}
