package mdes

import (
	"encoding/json"
	"errors"

	"github.com/pantomime-dev/pantomime/simulator/token"
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

// DecodeDigitalAssets does the same for the clear text of getDigitalAssets.
func DecodeDigitalAssets(plain []byte, l Leniency) (DigitalAssetsData, error) {
	var data DigitalAssetsData
	_, err := decodeChecked(plain, digitalAssetsDataRules, &data, l)
	return data, err
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
