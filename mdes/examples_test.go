package mdes

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pantomime-dev/pantomime/token"
)

// exampleTypes says what every file in testdata/examples decodes into, and
// which operation's table it must pass.
var exampleTypes = map[string]struct {
	into any
	op   token.Operation
}{
	"funding-account-data":    {into: &FundingAccountData{}},
	"token-detail-data":       {into: &TokenDetailData{}},
	"transact-encrypted-data": {into: &TransactEncryptedData{}},
	"tokenize-request":        {into: &TokenizeRequest{}, op: token.MCTokenize},
	"tokenize-response":       {into: &TokenizeResponse{}},
	"tokenize-declined":       {into: &TokenizeResponse{}},
	"transact-request":        {into: &TransactRequest{}, op: token.MCTransact},
	"transact-request-signed": {into: &TransactRequest{}, op: token.MCTransact},
	"transact-response":       {into: &TransactResponse{}},
	"task-status-response":    {into: &TaskStatusResponse{}},
	"get-token-response":      {into: &GetTokenResponse{}},
	"search-tokens-response":  {into: &TokensResponse{}},
	"suspend-request":         {into: &LifecycleRequest{}, op: token.MCSuspend},
	"suspend-response":        {into: &TokensResponse{}},
	"asset-response":          {into: &AssetResponse{}},
	"digital-assets-request":  {into: &DigitalAssetsRequest{}, op: token.MCGetDigitalAssets},
	"digital-assets-data":     {into: &DigitalAssetsData{}},
	"digital-assets-response": {into: &DigitalAssetsResponse{}},
	"notice":                  {into: &Notice{}},
	"notice-activated":        {into: &NoticeTokens{}},
	"notice-suspended":        {into: &NoticeTokens{}},
	"notice-resumed":          {into: &NoticeTokens{}},
	"notice-deleted":          {into: &NoticeTokens{}},
	"notice-pan-replaced":     {into: &NoticeTokens{}},
	"notice-card-art":         {into: &NoticeTokens{}},
	"notice-redigitized":      {into: &NoticeTokens{}},
	"notice-reply":            {into: &NoticeReply{}},
	"application-error":       {into: &ErrorResponse{}},
	"gateway-error":           {into: &GatewayErrors{}},
}

// Every example body, written by hand from the facts, decodes without an
// unknown member and is written again byte for byte.
func TestExamples_DecodeAndEncode(t *testing.T) {
	files, err := os.ReadDir("testdata/examples")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != len(exampleTypes) {
		t.Errorf("%d example files, %d types", len(files), len(exampleTypes))
	}
	for _, file := range files {
		name := strings.TrimSuffix(file.Name(), ".json")
		t.Run(name, func(t *testing.T) {
			example, ok := exampleTypes[name]
			if !ok {
				t.Fatal("this is unknown")
			}
			want := bytes.TrimSpace(readFile(t, "examples", file.Name()))
			dec := json.NewDecoder(bytes.NewReader(want))
			dec.DisallowUnknownFields()
			if err := dec.Decode(example.into); err != nil {
				t.Fatal(err)
			}
			got, err := marshal(example.into)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Error(diff)
			}
			if example.op != "" {
				if err := DecodeRequest(example.op, want, example.into, Leniency{}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	data, err := DecodeFunding(token.MCTokenize, readFile(t, "examples", "funding-account-data.json"), FundingAccountInfo{}, Leniency{})
	if err != nil || data.CardAccountData.AccountNumber != "5204731600014784" {
		t.Errorf("%+v, %v", data, err)
	}
	art, err := DecodeDigitalAssets(readFile(t, "examples", "digital-assets-data.json"), Leniency{})
	if err != nil || art.AccountNumber != "5204731600014784" {
		t.Errorf("%+v, %v", art, err)
	}
}

// What clients and mocks send or answer besides the specification's shapes.
func TestExamples_Loose(t *testing.T) {
	tests := []struct {
		name, body string
		into       any
		want       string
	}{
		{"a request id as a bare number", `{"requestId":123456,"tokenUniqueReference":"x","dsrpType":"UCAF"}`, &TransactRequest{}, `{"requestId":"123456","tokenUniqueReference":"x","dsrpType":"UCAF"}`},
		{"booleans and numbers as texts", `{"tokenPanSuffix":"1234","tokenExpiry":"1222","dsrpCapable":"true","tokenAssuranceLevel":"1"}`, &TokenInfo{}, `{"tokenPanSuffix":"1234","tokenExpiry":"1222","dsrpCapable":true,"tokenAssuranceLevel":1}`},
		{"nulls everywhere", `{"tokenPanSuffix":null,"tokenExpiry":null,"dsrpCapable":null,"tokenAssuranceLevel":null}`, &TokenInfo{}, `{"tokenPanSuffix":"","tokenExpiry":"","dsrpCapable":false}`},
		{"an assurance level of nought stays", `{"tokenPanSuffix":"1","tokenExpiry":"1","dsrpCapable":false,"tokenAssuranceLevel":0}`, &TokenInfo{}, `{"tokenPanSuffix":"1","tokenExpiry":"1","dsrpCapable":false,"tokenAssuranceLevel":0}`},
		{"a method id as a number", `{"id":12344,"type":"TEXT_TO_CARDHOLDER_NUMBER","value":"12X-XXX-XX32"}`, &AuthenticationMethod{}, `{"id":12344,"type":"TEXT_TO_CARDHOLDER_NUMBER","value":"12X-XXX-XX32"}`},
		{"a method id as a text", `{"id":"A12","type":"TEXT_TO_CARDHOLDER_NUMBER"}`, &AuthenticationMethod{}, `{"id":"A12","type":"TEXT_TO_CARDHOLDER_NUMBER"}`},
		{"a method id with a nought in front", `{"id":"012","type":"x"}`, &AuthenticationMethod{}, `{"id":"012","type":"x"}`},
		{"one reference instead of a list", `{"requestId":"1","tokenUniqueReferences":"abc","causedBy":"x","reasonCode":"y"}`, &LifecycleRequest{}, `{"requestId":"1","tokenUniqueReferences":["abc"],"causedBy":"x","reasonCode":"y"}`},
		{"phone numbers as numbers", `{"countryDialInCode":44,"phoneNumber":7711223344}`, &PhoneNumber{}, `{"countryDialInCode":"44","phoneNumber":"7711223344"}`},
		{"a timestamp with an offset and no fraction", `{"tokenUniqueReference":"x","statusTimestamp":"2025-03-01T10:30:00+01:00"}`, &Token{}, `{"tokenUniqueReference":"x","statusTimestamp":"2025-03-01T09:30:00.000Z"}`},
		{"unknown members", `{"responseId":"1","status":"PENDING","mood":"fine"}`, &TaskStatusResponse{}, `{"responseId":"1","status":"PENDING"}`},
		{"no tokens at all", `{"responseId":"1"}`, &TokensResponse{}, `{"responseId":"1","tokens":[]}`},
		{"an issuer's app", `{"isCoBranded":"true","issuerMobileApp":{"openIssuerMobileAppAndroidIntent":{"action":"a"}}}`, &ProductConfig{}, `{"isCoBranded":true,"issuerMobileApp":{"openIssuerMobileAppAndroidIntent":{"action":"a"}}}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := json.Unmarshal([]byte(tt.body), tt.into); err != nil {
				t.Fatal(err)
			}
			got, err := marshal(tt.into)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, string(got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTimestamp_Written(t *testing.T) {
	at := time.Date(2025, 3, 1, 10, 30, 0, 7_999_999, time.FixedZone("CET", 3600))
	got, err := json.Marshal(At(at))
	if err != nil || string(got) != `"2025-03-01T09:30:00.007Z"` {
		t.Errorf("%s, %v", got, err)
	}
}

func TestLoose_Refuses(t *testing.T) {
	tests := []struct {
		name, body string
		into       any
	}{
		{"an object for a text", `{}`, new(LooseString)},
		{"true for a text", `true`, new(LooseString)},
		{"maybe for a boolean", `"maybe"`, new(LooseBool)},
		{"1 for a boolean", `1`, new(LooseBool)},
		{"a word for a number", `"one"`, new(LooseInt)},
		{"a fraction for a number", `1.5`, new(LooseInt)},
		{"a list for a number", `[1]`, new(LooseInt)},
		{"a number for a list", `5`, new(References)},
		{"numbers in a list", `[5]`, new(References)},
		{"a date for a timestamp", `"2025-03-01"`, new(Timestamp)},
		{"a number for a timestamp", `1735689600`, new(Timestamp)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := json.Unmarshal([]byte(tt.body), tt.into); err == nil {
				t.Errorf("%s was taken as %+v", tt.body, tt.into)
			}
		})
	}
}
