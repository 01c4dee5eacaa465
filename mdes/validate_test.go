package mdes

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/token"
)

const exampleRef = "DWSPMC0000000001c47e37da757b73d4b0cdc6c0dc9269f7"

// edit changes one example body: each path (dotted) is set to a raw JSON
// value, or taken out where the value is "".
func edit(t *testing.T, name string, changes map[string]string) []byte {
	t.Helper()
	var tree map[string]any
	readJSON(t, &tree, "examples", name+".json")
	for path, raw := range changes {
		at, last := tree, path
		for parts := strings.Split(path, "."); len(parts) > 1; parts = parts[1:] {
			at, last = at[parts[0]].(map[string]any), parts[1]
		}
		if raw == "" {
			if _, there := at[last]; !there {
				t.Fatalf("%s is not there to be taken out", path)
			}
			delete(at, last)
			continue
		}
		at[last] = json.RawMessage(raw)
	}
	body, err := json.Marshal(tree)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func expectField(t *testing.T, err error, code ReasonCode, field string) {
	t.Helper()
	var failed *FieldError
	if !errors.As(err, &failed) {
		t.Fatalf("%v is no FieldError, want %s (%s)", err, code, field)
	}
	if failed.Code != code || failed.Field != field {
		t.Errorf("got %v, want %s (%s)", err, code, field)
	}
}

type change = map[string]string

// refusedBody is an example body with a mistake, and what is said of it. In the
// tables is one row a rule, in the order problems are reported.
type refusedBody struct {
	name    string
	op      token.Operation
	example string
	changes change
	code    ReasonCode
	field   string
}

const cardPayload = "fundingAccountInfo.encryptedPayload."

// letters is a JSON text of n letters.
func letters(n int) string { return `"` + strings.Repeat("a", n) + `"` }

// refusedMembers have one too many, or one too few.
var refusedMembers = []refusedBody{
	{"an unknown member", token.MCTokenize, "tokenize-request", change{"mood": `"fine"`}, UnrecognizedField, "mood"},
	{"an unknown member deep inside", token.MCTokenize, "tokenize-request", change{cardPayload + "tag": `"x"`}, UnrecognizedField, cardPayload + "tag"},
	{"a member in another letter case", token.MCTokenize, "tokenize-request", change{"taskID": `"x"`}, UnrecognizedField, "taskID"},
	{"the older name of the card object", token.MCTokenize, "tokenize-request", change{"cardInfo": `{}`}, UnrecognizedField, "cardInfo"},
	{"unknown members come in order of their names", token.MCTokenize, "tokenize-request", change{"zz": `1`, "aa": `1`}, UnrecognizedField, "aa"},
	{"an unknown member before a missing one", token.MCTokenize, "tokenize-request", change{"taskId": "", "zz": `1`}, UnrecognizedField, "zz"},
	{"no request id", token.MCTokenize, "tokenize-request", change{"requestId": ""}, MissingRequiredField, "requestId"},
	{"null is as good as missing", token.MCTokenize, "tokenize-request", change{"taskId": "null"}, MissingRequiredField, "taskId"},
	{"no token type", token.MCTokenize, "tokenize-request", change{"tokenType": ""}, MissingRequiredField, "tokenType"},
	{"no requestor", token.MCTokenize, "tokenize-request", change{"tokenRequestorId": ""}, MissingRequiredField, "tokenRequestorId"},
	{"no account", token.MCTokenize, "tokenize-request", change{"fundingAccountInfo": ""}, MissingRequiredField, "fundingAccountInfo"},
	{"an empty account", token.MCTokenize, "tokenize-request", change{"fundingAccountInfo": `{}`}, MissingRequiredField, "fundingAccountInfo.encryptedPayload"},
	{"two references", token.MCTokenize, "tokenize-request", change{"fundingAccountInfo": `{"panUniqueReference":"F1","tokenUniqueReference":"` + exampleRef + `"}`}, InvalidFieldValue, "fundingAccountInfo.tokenUniqueReference"},
	{"no cipher text", token.MCTokenize, "tokenize-request", change{cardPayload + "encryptedData": ""}, MissingRequiredField, cardPayload + "encryptedData"},
	{"no wrapped key", token.MCTokenize, "tokenize-request", change{cardPayload + "encryptedKey": ""}, MissingRequiredField, cardPayload + "encryptedKey"},
	{"no fingerprint", token.MCTokenize, "tokenize-request", change{cardPayload + "publicKeyFingerprint": ""}, MissingRequiredField, cardPayload + "publicKeyFingerprint"},
	{"a missing member before a wrong one", token.MCTokenize, "tokenize-request", change{"tokenType": `"X"`, "taskId": ""}, MissingRequiredField, "taskId"},
	{"the first of two missing members", token.MCTokenize, "tokenize-request", change{"taskId": "", "requestId": ""}, MissingRequiredField, "requestId"},
	{"the first of two wrong members", token.MCTokenize, "tokenize-request", change{"taskId": letters(65), "tokenType": `"X"`}, InvalidFieldValue, "tokenType"},
}

// refusedValues are for a request to tokenize.
var refusedValues = []refusedBody{
	{"a response host with a scheme", token.MCTokenize, "tokenize-request", change{"responseHost": `"https://shop.example"`}, InvalidResponseHost, "responseHost"},
	{"a short response host", token.MCTokenize, "tokenize-request", change{"responseHost": `"a.example"`}, InvalidResponseHost, "responseHost"},
	{"a long response host", token.MCTokenize, "tokenize-request", change{"responseHost": letters(65)}, InvalidResponseHost, "responseHost"},
	{"a number for a response host", token.MCTokenize, "tokenize-request", change{"responseHost": `12345678901`}, InvalidResponseHost, "responseHost"},
	{"an empty request id", token.MCTokenize, "tokenize-request", change{"requestId": `""`}, InvalidFieldLength, "requestId"},
	{"a long request id", token.MCTokenize, "tokenize-request", change{"requestId": letters(65)}, InvalidFieldLength, "requestId"},
	{"a boolean request id", token.MCTokenize, "tokenize-request", change{"requestId": `true`}, InvalidFieldFormat, "requestId"},
	{"an embedded token", token.MCTokenize, "tokenize-request", change{"tokenType": `"EMBEDDED_SE"`}, InvalidFieldValue, "tokenType"},
	{"a requestor of ten digits", token.MCTokenize, "tokenize-request", change{"tokenRequestorId": `"5019876543"`}, InvalidFieldLength, "tokenRequestorId"},
	{"a requestor with a letter", token.MCTokenize, "tokenize-request", change{"tokenRequestorId": `"5019876543A"`}, InvalidFieldFormat, "tokenRequestorId"},
	{"a requestor as a number", token.MCTokenize, "tokenize-request", change{"tokenRequestorId": `50198765432`}, InvalidFieldFormat, "tokenRequestorId"},
	{"a long task id", token.MCTokenize, "tokenize-request", change{"taskId": letters(65)}, InvalidFieldLength, "taskId"},
	{"a text for the account", token.MCTokenize, "tokenize-request", change{"fundingAccountInfo": `"x"`}, InvalidFieldFormat, "fundingAccountInfo"},
	{"a short iv", token.MCTokenize, "tokenize-request", change{cardPayload + "iv": `"0f0f"`}, InvalidFieldLength, cardPayload + "iv"},
	{"a wrapped key of 4096 bits", token.MCTokenize, "tokenize-request", change{cardPayload + "encryptedKey": letters(1024)}, InvalidFieldLength, cardPayload + "encryptedKey"},
	{"a short fingerprint", token.MCTokenize, "tokenize-request", change{cardPayload + "publicKeyFingerprint": letters(31)}, InvalidFieldLength, cardPayload + "publicKeyFingerprint"},
	{"a digest with a dash", token.MCTokenize, "tokenize-request", change{cardPayload + "oaepHashingAlgorithm": `"SHA-512"`}, InvalidFieldValue, cardPayload + "oaepHashingAlgorithm"},
	{"clear data where cipher text belongs", token.MCTokenize, "tokenize-request", change{cardPayload + "encryptedData": `{"a":1}`}, InvalidFieldFormat, cardPayload + "encryptedData"},
	{"a language of three letters", token.MCTokenize, "tokenize-request", change{"consumerLanguage": `"eng"`}, InvalidFieldLength, "consumerLanguage"},
	{"a language of digits", token.MCTokenize, "tokenize-request", change{"consumerLanguage": `"12"`}, InvalidFieldFormat, "consumerLanguage"},
	{"an authentication value of no base64", token.MCTokenize, "tokenize-request", change{"tokenizationAuthenticationValue": `"*"`}, InvalidFieldFormat, "tokenizationAuthenticationValue"},
	{"a long authentication value", token.MCTokenize, "tokenize-request", change{"tokenizationAuthenticationValue": letters(2052)}, InvalidFieldLength, "tokenizationAuthenticationValue"},
}

// refusedAdvice is what a requestor says to help the decision.
var refusedAdvice = []refusedBody{
	{"an unknown recommendation", token.MCTokenize, "tokenize-request", change{"decisioningData.recommendation": `"MAYBE"`}, InvalidFieldValue, "decisioningData.recommendation"},
	{"another algorithm version", token.MCTokenize, "tokenize-request", change{"decisioningData.recommendationAlgorithmVersion": `"1"`}, InvalidFieldValue, "decisioningData.recommendationAlgorithmVersion"},
	{"a device score of six", token.MCTokenize, "tokenize-request", change{"decisioningData.deviceScore": `"6"`}, InvalidFieldValue, "decisioningData.deviceScore"},
	{"an account score as a number", token.MCTokenize, "tokenize-request", change{"decisioningData.accountScore": `5`}, InvalidFieldFormat, "decisioningData.accountScore"},
	{"one reason instead of a list", token.MCTokenize, "tokenize-request", change{"decisioningData.recommendationReasons": `"X"`}, InvalidFieldFormat, "decisioningData.recommendationReasons"},
	{"a number among the reasons", token.MCTokenize, "tokenize-request", change{"decisioningData.recommendationReasons": `["X",1]`}, InvalidFieldFormat, "decisioningData.recommendationReasons[1]"},
	{"an IPv6 address", token.MCTokenize, "tokenize-request", change{"decisioningData.deviceIpAddress": `"::1"`}, InvalidFieldFormat, "decisioningData.deviceIpAddress"},
	{"a long location", token.MCTokenize, "tokenize-request", change{"decisioningData.deviceCurrentLocation": letters(15)}, InvalidFieldLength, "decisioningData.deviceCurrentLocation"},
	{"a short phone suffix", token.MCTokenize, "tokenize-request", change{"decisioningData.mobileNumberSuffix": `"123"`}, InvalidFieldLength, "decisioningData.mobileNumberSuffix"},
	{"a cut hash", token.MCTokenize, "tokenize-request", change{"decisioningData.accountIdHash": `"abcd"`}, InvalidFieldLength, "decisioningData.accountIdHash"},
	{"a hash of no hex", token.MCTokenize, "tokenize-request", change{"decisioningData.accountIdHash": `"x-x"`}, InvalidFieldFormat, "decisioningData.accountIdHash"},
	{"a long instance id", token.MCTokenize, "tokenize-request", change{"paymentAppInstanceId": letters(49)}, InvalidFieldLength, "paymentAppInstanceId"},
}

// refusedForToken are for requests about one token.
var refusedForToken = []refusedBody{
	{"transact without a token", token.MCTransact, "transact-request", change{"tokenUniqueReference": ""}, MissingRequiredField, "tokenUniqueReference"},
	{"transact with a short reference", token.MCTransact, "transact-request", change{"tokenUniqueReference": letters(47)}, InvalidFieldLength, "tokenUniqueReference"},
	{"transact with a long reference", token.MCTransact, "transact-request", change{"tokenUniqueReference": letters(65)}, InvalidFieldLength, "tokenUniqueReference"},
	{"transact without a type", token.MCTransact, "transact-request", change{"dsrpType": ""}, MissingRequiredField, "dsrpType"},
	{"transact for a chip", token.MCTransact, "transact-request", change{"dsrpType": `"M_CHIP"`}, InvalidFieldValue, "dsrpType"},
	{"a short unpredictable number", token.MCTransact, "transact-request", change{"unpredictableNumber": `"2342456"`}, InvalidFieldLength, "unpredictableNumber"},
	{"an unpredictable number of no hex", token.MCTransact, "transact-request", change{"unpredictableNumber": `"2342456x"`}, InvalidFieldFormat, "unpredictableNumber"},
	{"a long amount", token.MCTransact, "transact-request", change{"amount": `"12345678901234"`}, InvalidFieldLength, "amount"},
	{"a currency of two letters", token.MCTransact, "transact-request", change{"currencyCode": `"US"`}, InvalidFieldLength, "currencyCode"},
	{"detail as a boolean", token.MCGetToken, "transact-request", change{"dsrpType": "", "unpredictableNumber": "", "includeTokenDetail": `true`}, InvalidFieldFormat, "includeTokenDetail"},
	{"detail as a yes", token.MCGetToken, "transact-request", change{"dsrpType": "", "unpredictableNumber": "", "includeTokenDetail": `"yes"`}, InvalidFieldValue, "includeTokenDetail"},
}

// refusedForBatch are for requests about several.
var refusedForBatch = []refusedBody{
	{"one reference instead of a list", token.MCSuspend, "suspend-request", change{"tokenUniqueReferences": `"` + exampleRef + `"`}, InvalidFieldFormat, "tokenUniqueReferences"},
	{"no references", token.MCSuspend, "suspend-request", change{"tokenUniqueReferences": `[]`}, InvalidFieldLength, "tokenUniqueReferences"},
	{"eleven references", token.MCSuspend, "suspend-request", change{"tokenUniqueReferences": `["` + strings.Repeat(exampleRef+`","`, 10) + exampleRef + `"]`}, InvalidFieldLength, "tokenUniqueReferences"},
	{"a short reference in the list", token.MCSuspend, "suspend-request", change{"tokenUniqueReferences": `["` + exampleRef + `","x"]`}, InvalidFieldLength, "tokenUniqueReferences[1]"},
	{"null in the list", token.MCSuspend, "suspend-request", change{"tokenUniqueReferences": `[null]`}, InvalidFieldFormat, "tokenUniqueReferences[0]"},
	{"caused by no party", token.MCSuspend, "suspend-request", change{"causedBy": ""}, MissingRequiredField, "causedBy"},
	{"caused by the issuer", token.MCSuspend, "suspend-request", change{"causedBy": `"ISSUER"`}, InvalidFieldValue, "causedBy"},
	{"no reason code", token.MCDelete, "suspend-request", change{"reasonCode": ""}, MissingRequiredField, "reasonCode"},
	{"a found device to suspend", token.MCSuspend, "suspend-request", change{"reasonCode": `"DEVICE_FOUND"`}, InvalidFieldValue, "reasonCode"},
	{"a closed account to unsuspend", token.MCUnsuspend, "suspend-request", change{"reasonCode": `"ACCOUNT_CLOSED"`}, InvalidFieldValue, "reasonCode"},
	{"a long reason", token.MCDelete, "suspend-request", change{"reason": letters(257)}, InvalidFieldLength, "reason"},
}

// refusedElsewhere is said to the operations that are left.
var refusedElsewhere = []refusedBody{
	{"digital assets for no response host", token.MCGetDigitalAssets, "digital-assets-request", change{"responseHost": ""}, MissingRequiredField, "responseHost"},
	{"digital assets of no card", token.MCGetDigitalAssets, "digital-assets-request", change{"encryptedPayload": ""}, MissingRequiredField, "encryptedPayload"},
	{"digital assets of a card in clear", token.MCGetDigitalAssets, "digital-assets-request", change{"accountNumber": `"5204731600014784"`}, UnrecognizedField, "accountNumber"},
	{"digital assets, half sealed", token.MCGetDigitalAssets, "digital-assets-request", change{"encryptedPayload.encryptedKey": ""}, MissingRequiredField, "encryptedPayload.encryptedKey"},
	{"an operation without a body", token.MCGetAsset, "suspend-request", nil, InvalidMethod, ""},
}

func TestDecodeRequest_Refuses(t *testing.T) {
	tables := [][]refusedBody{refusedMembers, refusedValues, refusedAdvice, refusedForToken, refusedForBatch, refusedElsewhere}
	for _, tt := range slices.Concat(tables...) {
		t.Run(tt.name, func(t *testing.T) {
			err := DecodeRequest(tt.op, edit(t, tt.example, tt.changes), new(any), Leniency{})
			expectField(t, err, tt.code, tt.field)
		})
	}
}

func TestDecodeDigitalAssets_Refuses(t *testing.T) {
	for _, tt := range []struct {
		name, plain string
		code        ReasonCode
		field       string
	}{
		{"no JSON", "5204731600014784", InvalidJSON, ""},
		{"no number", `{}`, MissingRequiredField, "accountNumber"},
		{"a number in a card", `{"cardAccountData":{}}`, UnrecognizedField, "cardAccountData"},
		{"a bare number", `{"accountNumber":5204731600014784}`, InvalidFieldFormat, "accountNumber"},
		{"8 digits", `{"accountNumber":"52047316"}`, InvalidFieldLength, "accountNumber"},
		{"letters", `{"accountNumber":"5204731600014ABC"}`, InvalidFieldFormat, "accountNumber"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := DecodeDigitalAssets([]byte(tt.plain), Leniency{})
			expectField(t, err, tt.code, tt.field)
		})
	}
}

func TestDecodeRequest_BadJSON(t *testing.T) {
	tests := []struct{ name, body, says string }{
		{"nothing", "", "empty"},
		{"blanks", " \n", "empty"},
		{"a cut object", `{"a":`, "unexpected end"},
		{"an open text", `{"a":"b`, "unexpected end"},
		{"a list", `[]`, "no object"},
		{"a text", `"x"`, "no object"},
		{"text after the object", `{} x`, "after top-level value"},
		{"a second object", `{}{}`, "after top-level value"},
		{"a comma too many", `{"a":1,}`, "not JSON"},
		{"a missing colon", `{"a" 1}`, "not JSON"},
		{"a missing comma", `{"a":[1 2]}`, "not JSON"},
		{"single quotes", `{'a':1}`, "not JSON"},
		{"a member twice", `{"taskId":"1","taskId":"2"}`, `"taskId" comes twice`},
		{"a member twice, deep inside", `{"a":{"b":1,"b":2}}`, `"b" comes twice`},
		{"no UTF-8", "{\"a\":\"\xff\"}", "not UTF-8"},
		{"too deep", strings.Repeat(`{"a":`, 30) + "1" + strings.Repeat("}", 30), "deeper than 16"},
		{"too long", `{"a":"` + strings.Repeat("x", maxBody) + `"}`, "at most 1048576"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := DecodeRequest(token.MCTokenize, []byte(tt.body), new(TokenizeRequest), Leniency{})
			expectField(t, err, InvalidJSON, "")
			if !strings.Contains(err.Error(), tt.says) {
				t.Errorf("%q does not say %q", err, tt.says)
			}
		})
	}
}

func TestDecodeRequest_Lenient(t *testing.T) {
	one := change{"tokenUniqueReferences": `"` + exampleRef + `"`}
	var lifecycle LifecycleRequest
	if err := DecodeRequest(token.MCSuspend, edit(t, "suspend-request", one), &lifecycle, Leniency{SingleReference: true}); err != nil || len(lifecycle.TokenUniqueReferences) != 1 {
		t.Errorf("one reference: %+v, %v", lifecycle, err)
	}
	short := change{"tokenUniqueReferences": `"x"`}
	expectField(t, DecodeRequest(token.MCSuspend, edit(t, "suspend-request", short), &lifecycle, Leniency{SingleReference: true}), InvalidFieldLength, "tokenUniqueReferences")

	var tokenize TokenizeRequest
	unknown := edit(t, "tokenize-request", change{"mood": `"fine"`, "fundingAccountInfo.extra": `1`})
	if err := DecodeRequest(token.MCTokenize, unknown, &tokenize, Leniency{UnknownFields: true}); err != nil || tokenize.TaskID != "task-000001" {
		t.Errorf("unknown members: %+v, %v", tokenize, err)
	}
	sneaky := edit(t, "tokenize-request", change{"RESPONSEHOST": `"https://elsewhere.example"`})
	expectField(t, DecodeRequest(token.MCTokenize, sneaky, &tokenize, Leniency{UnknownFields: true}), UnrecognizedField, "RESPONSEHOST")

	jwe := edit(t, "tokenize-request", change{"fundingAccountInfo.encryptedPayload": `{"encryptedData":"a.b.c.d.e"}`})
	if err := DecodeRequest(token.MCTokenize, jwe, &tokenize, Leniency{JWE: true}); err != nil {
		t.Errorf("a JWE: %v", err)
	}
	expectField(t, DecodeRequest(token.MCTokenize, jwe, &tokenize, Leniency{}), MissingRequiredField, "fundingAccountInfo.encryptedPayload.publicKeyFingerprint")

	for _, body := range []string{
		`{"requestId":5,"tokenRequestorId":"50198765432","taskId":"t"}`,
		`{"requestId":"x","tokenRequestorId":"50198765432","taskId":"t","responseHost":null}`,
	} {
		var status TaskStatusRequest
		if err := DecodeRequest(token.MCGetTaskStatus, []byte(body), &status, Leniency{}); err != nil || status.TaskID != "t" {
			t.Errorf("%s: %+v, %v", body, status, err)
		}
	}
}

// A wrong type that the table let pass would be the caller's mistake; it is
// reported like the client's, not by a panic.
func TestDecodeRequest_WrongTarget(t *testing.T) {
	var into struct {
		TaskID []int `json:"taskId"`
	}
	body := `{"requestId":"x","tokenRequestorId":"50198765432","taskId":"t"}`
	expectField(t, DecodeRequest(token.MCGetTaskStatus, []byte(body), &into, Leniency{}), InvalidFieldFormat, "taskId")
}

func TestDecodeRequest_LongNames(t *testing.T) {
	body := `{"` + strings.Repeat("é", 200) + `":1}`
	expectField(t, DecodeRequest(token.MCGetTaskStatus, []byte(body), new(any), Leniency{}), UnrecognizedField, strings.Repeat("é", 64))
}

func TestFieldError_TellsWhichAccountCameFirst(t *testing.T) {
	two := change{"fundingAccountInfo": `{"panUniqueReference":"F1","tokenUniqueReference":"` + exampleRef + `"}`}
	err := DecodeRequest(token.MCTokenize, edit(t, "tokenize-request", two), new(TokenizeRequest), Leniency{})
	if err == nil || !strings.Contains(err.Error(), "panUniqueReference names the account already") {
		t.Errorf("%v", err)
	}
}

func TestFieldError_HidesCardNumbers(t *testing.T) {
	err := DecodeRequest(token.MCTransact, []byte(`{"5204731600014784":1}`), new(TransactRequest), Leniency{})
	expectField(t, err, UnrecognizedField, "520473******4784")
	_, err = DecodeFunding(token.MCTokenize, []byte(`{"cardAccountData":{"accountNumber":"5204731600014784"},"source":"5204731600014784"}`), FundingAccountInfo{}, Leniency{})
	expectField(t, err, InvalidFieldValue, "source")
	if strings.Contains(err.Error(), "5204731600014784") {
		t.Errorf("%v shows a card number", err)
	}
}

func TestFieldError_Forms(t *testing.T) {
	failed := &FieldError{MissingRequiredField, "tokenUniqueReference", "why"}
	if p := failed.Problem(); p.Key != token.MissingRequiredField || len(p.Fields) != 1 || p.Detail != "why" {
		t.Errorf("%+v", p)
	}
	if p := (&FieldError{InvalidJSON, "", "cut"}).Problem(); len(p.Fields) != 0 {
		t.Errorf("%+v", p)
	}
}

// What a client asks before it sends is what the server will say.
func TestValidate(t *testing.T) {
	good := TaskStatusRequest{RequestID: "r", TokenRequestorID: "50198765432", TaskID: "t"}
	if err := Validate(token.MCGetTaskStatus, &good); err != nil {
		t.Errorf("a good request: %v", err)
	}
	long := good
	long.TaskID = strings.Repeat("a", 65)
	expectField(t, Validate(token.MCGetTaskStatus, &long), InvalidFieldLength, "taskId")
	expectField(t, Validate(token.MCGetTaskStatus, &TaskStatusRequest{TaskID: long.TaskID}), MissingRequiredField, "requestId")
	expectField(t, Validate(token.MCSuspend, &LifecycleRequest{RequestID: "r", TokenUniqueReferences: References{"x"}, CausedBy: "CARDHOLDER", ReasonCode: "OTHER"}), InvalidFieldLength, "tokenUniqueReferences[0]")
	expectField(t, Validate(token.MCGetTaskStatus, good), InvalidMethod, "")
	expectField(t, Validate(token.MCGetAsset, &good), InvalidMethod, "")
	for op, empty := range requestTypes {
		var failed *FieldError
		if err := Validate(op, empty()); !errors.As(err, &failed) || failed.Code != MissingRequiredField {
			t.Errorf("%s, empty: %v", op, err)
		}
	}
}
