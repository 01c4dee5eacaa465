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
)

// DecodeRequest checks body against the field table of an operation and
// decodes it into the operation's request type, which into points to and which
// must be empty. The error, if any, is a *[FieldError] with the first problem;
// then what into holds was not checked.
func DecodeRequest(op token.Operation, body []byte, into any, l Leniency) error {
	rules, known := requestRules[op]
	if !known {
		return &FieldError{InvalidMethod, "", "the operation takes no body"}
	}
	tree, err := decodeChecked(body, rules, into, l)
	if err != nil {
		return err
	}
	if funding := tree.get("fundingAccountInfo"); funding != nil {
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
	if _, err := decodeChecked(plain, fundingDataRules(op, outer), &data, l); err != nil {
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
	if _, err := decodeChecked(plain, digitalAssetsDataRules, &data, l); err != nil {
		return DigitalAssetsData{}, err
	}
	return data, nil
}

// oneAccount refuses a fundingAccountInfo that names no account, or two.
func oneAccount(funding *node) error {
	first := ""
	for _, name := range [...]string{"panUniqueReference", "tokenUniqueReference", "pushAccountReceipt"} {
		switch {
		case !funding.has(name):
		case first == "":
			first = name
		default:
			return &FieldError{InvalidFieldValue, "fundingAccountInfo." + name, first + " names the account already"}
		}
	}
	if first == "" && !funding.has("encryptedPayload") {
		return &FieldError{MissingRequiredField, "fundingAccountInfo.encryptedPayload", "no account is named"}
	}
	return nil
}

// decodeChecked runs the phases of [FieldError]. It decodes first, because the
// decoder is who knows whether this is JSON; a value of another type is told
// last, since a phase mostly has better words for it.
func decodeChecked(body []byte, rules []rule, into any, l Leniency) (node, error) {
	mistyped, err := decodeObject(body, into)
	var tree node
	if err == nil {
		tree, err = parseTree(body)
	}
	if err != nil {
		return node{}, &FieldError{InvalidJSON, "", err.Error()}
	}
	for _, phase := range [...]func([]rule, *node, Leniency) *FieldError{unknownMember, missingMember, wrongMember} {
		if err := phase(rules, &tree, l); err != nil {
			return node{}, err
		}
	}
	if mistyped != nil {
		return node{}, &FieldError{InvalidFieldFormat, strings.Join(slices.Collect(mistyped.JSONPointer.Tokens()), "."), "JSON of another type"}
	}
	return tree, nil
}

// maxBody is how many bytes of a body are read.
const maxBody = 1 << 20

// decodeObject decodes exactly one JSON object. The error says that body is
// none, or has a member twice: two readers could take two different values from
// it. That a value does not fit into is another matter, told by mistyped.
func decodeObject(body []byte, into any) (mistyped *json.SemanticError, err error) {
	if len(body) > maxBody {
		return nil, fmt.Errorf("the body has %d bytes, at most %d are read", len(body), maxBody)
	}
	if trimmed := bytes.TrimLeft(body, " \t\r\n"); len(trimmed) == 0 || trimmed[0] != '{' {
		if err := wellFormed(body); err != nil {
			return nil, err
		}
		return nil, errors.New("the body is JSON, but no object")
	}
	failed := json.Unmarshal(body, into)
	switch {
	case failed == nil:
		return nil, nil
	case errors.As(failed, &mistyped):
		return mistyped, wellFormed(body) // the decoder stopped there
	}
	return nil, malformed(body, failed)
}

// wellFormed reports why a body is no JSON.
func wellFormed(body []byte) error {
	if err := json.Unmarshal(body, new(jsontext.Value)); err != nil {
		return malformed(body, err)
	}
	return nil
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
