package mdes

import (
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/token"
)

func TestDecodeFunding(t *testing.T) {
	const card = `{"cardAccountData":{"accountNumber":"5204731600014784","expiryMonth":"12","expiryYear":"30"}`
	byPAN := FundingAccountInfo{PANUniqueReference: "FWSPMC00000000014704b9283faea4a7c1bd0d5a2de3bbb3"}
	byToken := FundingAccountInfo{TokenUniqueReference: exampleRef}
	tests := []struct {
		name  string
		op    token.Operation
		body  string
		outer FundingAccountInfo
		code  ReasonCode // "" accepts
		field string
	}{
		{"a card on file", token.MCTokenize, card + `,"source":"ACCOUNT_ON_FILE"}`, FundingAccountInfo{}, "", ""},
		{"the newest source", token.MCTokenize, card + `,"source":"EXISTING_TOKEN_CREDENTIAL"}`, FundingAccountInfo{}, "", ""},
		{"a card that is no card", token.MCTokenize, `{"cardAccountData":{"accountNumber":"5123456789012345"},"source":"ACCOUNT_ON_FILE"}`, FundingAccountInfo{}, "", ""},
		{"no source", token.MCTokenize, card + `}`, FundingAccountInfo{}, MissingRequiredField, "source"},
		{"a source of its own", token.MCTokenize, card + `,"source":"FOUND"}`, FundingAccountInfo{}, InvalidFieldValue, "source"},
		{"no card", token.MCTokenize, `{"source":"ACCOUNT_ON_FILE"}`, FundingAccountInfo{}, MissingRequiredField, "cardAccountData"},
		{"an empty card", token.MCTokenize, `{"cardAccountData":{},"source":"ACCOUNT_ON_FILE"}`, FundingAccountInfo{}, MissingRequiredField, "cardAccountData.accountNumber"},
		{"a number of eight digits", token.MCTokenize, `{"cardAccountData":{"accountNumber":"52047316"},"source":"ACCOUNT_ON_FILE"}`, FundingAccountInfo{}, InvalidFieldLength, "cardAccountData.accountNumber"},
		{"a number of twenty digits", token.MCTokenize, `{"cardAccountData":{"accountNumber":"52047316000147840000"},"source":"ACCOUNT_ON_FILE"}`, FundingAccountInfo{}, InvalidFieldLength, "cardAccountData.accountNumber"},
		{"a number in groups", token.MCTokenize, `{"cardAccountData":{"accountNumber":"5204 7316 0001 4784"},"source":"ACCOUNT_ON_FILE"}`, FundingAccountInfo{}, InvalidFieldFormat, "cardAccountData.accountNumber"},
		{"month 13", token.MCTokenize, `{"cardAccountData":{"accountNumber":"5204731600014784","expiryMonth":"13"},"source":"ACCOUNT_ON_FILE"}`, FundingAccountInfo{}, InvalidFieldValue, "cardAccountData.expiryMonth"},
		{"month 1", token.MCTokenize, `{"cardAccountData":{"accountNumber":"5204731600014784","expiryMonth":"1"},"source":"ACCOUNT_ON_FILE"}`, FundingAccountInfo{}, InvalidFieldLength, "cardAccountData.expiryMonth"},
		{"a year of four digits", token.MCTokenize, `{"cardAccountData":{"accountNumber":"5204731600014784","expiryYear":"2030"},"source":"ACCOUNT_ON_FILE"}`, FundingAccountInfo{}, InvalidFieldLength, "cardAccountData.expiryYear"},
		{"a code of four digits", token.MCTokenize, `{"cardAccountData":{"accountNumber":"5204731600014784","securityCode":"1234"},"source":"ACCOUNT_ON_FILE"}`, FundingAccountInfo{}, InvalidFieldLength, "cardAccountData.securityCode"},
		{"a long name", token.MCTokenize, card + `,"accountHolderData":{"accountHolderName":"` + strings.Repeat("A", 28) + `"},"source":"ACCOUNT_ON_FILE"}`, FundingAccountInfo{}, InvalidFieldLength, "accountHolderData.accountHolderName"},
		{"a name of 27 letters beyond ASCII", token.MCTokenize, card + `,"accountHolderData":{"accountHolderName":"` + strings.Repeat("Ö", 27) + `"},"source":"ACCOUNT_ON_FILE"}`, FundingAccountInfo{}, "", ""},
		{"a country of two letters", token.MCTokenize, card + `,"accountHolderData":{"accountHolderAddress":{"country":"US"}},"source":"ACCOUNT_ON_FILE"}`, FundingAccountInfo{}, InvalidFieldLength, "accountHolderData.accountHolderAddress.country"},
		{"a phone as numbers", token.MCTokenize, card + `,"accountHolderData":{"accountHolderMobilePhoneNumber":{"countryDialInCode":44,"phoneNumber":7711223344}},"source":"ACCOUNT_ON_FILE"}`, FundingAccountInfo{}, "", ""},
		{"a short e-mail address", token.MCTokenize, card + `,"accountHolderData":{"accountHolderEmailAddress":"a@b.c"},"source":"ACCOUNT_ON_FILE"}`, FundingAccountInfo{}, InvalidFieldLength, "accountHolderData.accountHolderEmailAddress"},
		{"the older names", token.MCTokenize, `{"cardInfo":{},"source":"ACCOUNT_ON_FILE"}`, FundingAccountInfo{}, UnrecognizedField, "cardInfo"},
		{"no JSON object", token.MCTokenize, `"x"`, FundingAccountInfo{}, InvalidJSON, ""},
		{"a reference and the source alone", token.MCTokenize, `{"source":"ACCOUNT_ON_FILE"}`, byPAN, "", ""},
		{"a reference and a card as well", token.MCTokenize, card + `,"source":"ACCOUNT_ON_FILE"}`, byPAN, InvalidFieldValue, "cardAccountData.accountNumber"},
		{"a reference and nothing inside", token.MCTokenize, `{}`, byPAN, MissingRequiredField, "source"},
		{"a search needs no source", token.MCSearchTokens, card + `}`, FundingAccountInfo{}, "", ""},
		{"a search needs a card", token.MCSearchTokens, `{}`, FundingAccountInfo{}, MissingRequiredField, "cardAccountData"},
		{"a search by token with six digits", token.MCSearchTokens, `{"cardAccountData":{"accountNumber":"520473"}}`, byToken, "", ""},
		{"a search by token with five digits", token.MCSearchTokens, `{"cardAccountData":{"accountNumber":"52047"}}`, byToken, InvalidFieldLength, "cardAccountData.accountNumber"},
		{"a search by card with six digits", token.MCSearchTokens, `{"cardAccountData":{"accountNumber":"520473"}}`, FundingAccountInfo{}, InvalidFieldLength, "cardAccountData.accountNumber"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			data, err := DecodeFunding(tt.op, []byte(tt.body), tt.outer, Leniency{})
			if tt.code == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			expectField(t, err, tt.code, tt.field)
			if data.CardAccountData != nil {
				t.Errorf("a refused body still gave %+v", data)
			}
		})
	}
}

func TestIsHostAndRoot(t *testing.T) {
	for _, good := range []string{
		"mdes-callback.shop.example", "127.0.0.1:9000", "localhost:80", "stl.services.mastercard.com/mtf/mdes",
		"site.1.sample.service.mastercard.com", "[::1]:9000/root", "a_b.example:65535/x/y-z.~1",
	} {
		if !isHostAndRoot(good) {
			t.Errorf("%q was refused", good)
		}
	}
	for _, bad := range []string{
		"", "/", "https://shop.example", "user@shop.example", "shop.example:0", "shop.example:65536", "shop.example:", "shop.example:http",
		"shop..example", "-shop.example", "shop-.example", "shop.example/a?b=c", "shop.example/a#b", "shop.example/../x", "shop.example/a b",
		"shop example.com", "[::1", "[::1]9000", "[127.0.0.1]:80", "[x]:80", "shop.example\\x", "shöp.example",
		strings.Repeat("a", 64) + ".example",
	} {
		if isHostAndRoot(bad) {
			t.Errorf("%q was taken", bad)
		}
	}
}

func TestReasonCode_Text(t *testing.T) {
	for code, want := range map[ReasonCode]string{
		InvalidJSON: "Invalid JSON", MissingRequiredField: "Missing Required Field - f", InvalidFieldLength: "Invalid Field Length - f",
		InvalidFieldFormat: "Invalid Field Format - f", InvalidFieldValue: "Invalid Field Value - f", InvalidResponseHost: "Invalid Response Host",
		CryptographyFailed: "Cryptography Error", InternalServiceFailure: "Internal Service Failure", InvalidPAN: "Invalid PAN",
		MissingExpiryDate: "Missing Expiry Date", DuplicateRequest: "Duplicate Request", PANIneligible: "PAN Ineligible",
		InvalidTaskID: "Invalid Task Id", InvalidTokenUniqueReference: "Invalid Token Unique Reference", InvalidTokenStatus: "Invalid Token Status",
		IncorrectTAV: "Incorrect TAV", "": "",
	} {
		if got := code.Text("f"); got != want {
			t.Errorf("%s reads %q, want %q", code, got, want)
		}
	}
	if got := InvalidFieldValue.Text(""); got != "Invalid Field Value" {
		t.Errorf("without a field it reads %q", got)
	}
	for code, want := range map[ReasonCode]string{InternalServiceFailure: "MDES", InvalidPAN: "INPUT", NoResponseFromIssuer: "INPUT"} {
		if got := code.Source(); got != want {
			t.Errorf("%s has source %q, want %q", code, got, want)
		}
	}
}
