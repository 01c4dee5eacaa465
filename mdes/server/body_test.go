package server_test

import (
	"bytes"
	"encoding/hex"
	"net/http"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/mdes/server"

	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/simulator/journal"
	"github.com/pantomime-dev/pantomime/token"
)

// refusal is a bad body with what docs/wire/mdes.md "Errors" says to it: code,
// description and the check that explain names.
type refusal struct {
	name  string
	do    func(w *world, s *sending)
	code  string
	text  string
	check string
}

// body sends these bytes.
func body(text string) func(*world, *sending) {
	return func(_ *world, s *sending) { s.body = []byte(text) }
}

// member changes one member of a good tokenize; nil leaves it out.
func member(name string, value any) func(*world, *sending) {
	return func(w *world, s *sending) { s.body = stage.Marshal(w.t, w.tokenizeBody(goodPAN, object{name: value})) }
}

// null sends a member as null.
func null(name string) func(*world, *sending) {
	return func(w *world, s *sending) {
		s.body = []byte(strings.Replace(string(stage.Marshal(w.t, w.tokenizeBody(goodPAN, object{name: "·"}))), `"·"`, "null", 1))
	}
}

// holder changes the members of the encrypted payload.
func holder(changes object) func(*world, *sending) {
	return func(w *world, s *sending) {
		fund(w, s, object{"encryptedPayload": with(w.sealed(cardData(goodPAN, nil)), changes)})
	}
}

func fund(w *world, s *sending, funding object) {
	s.body = stage.Marshal(w.t, w.tokenizeBody("", object{"fundingAccountInfo": funding}))
}

func row(name string, do func(*world, *sending), code, field string) refusal {
	words := map[string]string{
		"UNRECOGNIZED_FIELD": "Unrecognized Field", "MISSING_REQUIRED_FIELD": "Missing Required Field",
		"INVALID_FIELD_FORMAT": "Invalid Field Format", "INVALID_FIELD_LENGTH": "Invalid Field Length", "INVALID_FIELD_VALUE": "Invalid Field Value",
	}
	return refusal{name, do, code, words[code] + " - " + field, "field " + field}
}

func notJSON(name string, do func(*world, *sending)) refusal {
	return refusal{name, do, "INVALID_JSON", "Invalid JSON", "JSON body"}
}

func badHost(name, host string) refusal {
	return refusal{name, member("responseHost", host), "INVALID_RESPONSE_HOST", "Invalid Response Host", "field responseHost"}
}

const info = "fundingAccountInfo"

var bodyFailures = []refusal{
	notJSON("an empty body", body("")),
	notJSON("blanks", body("  \n")),
	notJSON("no JSON", body("requestId=1")),
	notJSON("cut JSON", body(`{"requestId":"1"`)),
	notJSON("an array", body("[]")),
	notJSON("a text", body(`"x"`)),
	notJSON("null", body("null")),
	notJSON("a byte order mark", body("\ufeff{}")),
	notJSON("single quotes", body("{'requestId':'1'}")),
	notJSON("not UTF-8", body("{\"requestId\":\"\xff\"}")),
	notJSON("nested too deep", body(`{"requestId":`+strings.Repeat("[", 50)+strings.Repeat("]", 50)+"}")),
	notJSON("a member twice", body(`{"requestId":"1","requestId":"2"}`)),
	notJSON("text after the body", func(w *world, s *sending) { s.body = append(s.body, " x"...) }),
	notJSON("a second object after the body", func(w *world, s *sending) { s.body = append(s.body, "{}"...) }),
	{"another content type", func(_ *world, s *sending) { s.contentType, s.body = "text/plain", []byte("requestId: 1") }, "INVALID_JSON", "Invalid JSON", "Content-Type header"},
	{"a form", func(_ *world, s *sending) {
		s.contentType, s.body = "application/x-www-form-urlencoded", []byte("requestId=1")
	}, "INVALID_JSON", "Invalid JSON", "Content-Type header"},

	row("an unknown member", member("cardholder", "x"), "UNRECOGNIZED_FIELD", "cardholder"),
	row("a member of an older interface", member("cardInfo", object{}), "UNRECOGNIZED_FIELD", "cardInfo"),
	row("a member in other letter case", member("taskID", "x"), "UNRECOGNIZED_FIELD", "taskID"),
	row("an unknown inner member", holder(object{"oaepPaddingDigestAlgorithm": "SHA512"}), "UNRECOGNIZED_FIELD", info+".encryptedPayload.oaepPaddingDigestAlgorithm"),

	row("no requestId", member("requestId", nil), "MISSING_REQUIRED_FIELD", "requestId"),
	row("no tokenType", member("tokenType", nil), "MISSING_REQUIRED_FIELD", "tokenType"),
	row("no tokenRequestorId", member("tokenRequestorId", nil), "MISSING_REQUIRED_FIELD", "tokenRequestorId"),
	row("no taskId", member("taskId", nil), "MISSING_REQUIRED_FIELD", "taskId"),
	row("no fundingAccountInfo", member(info, nil), "MISSING_REQUIRED_FIELD", info),
	row("a taskId that is null", null("taskId"), "MISSING_REQUIRED_FIELD", "taskId"),
	row("an account that names none", member(info, object{}), "MISSING_REQUIRED_FIELD", info+".encryptedPayload"),
	row("no fingerprint", holder(object{"publicKeyFingerprint": nil}), "MISSING_REQUIRED_FIELD", info+".encryptedPayload.publicKeyFingerprint"),
	row("no encrypted key", holder(object{"encryptedKey": nil}), "MISSING_REQUIRED_FIELD", info+".encryptedPayload.encryptedKey"),
	row("no encrypted data", holder(object{"encryptedData": nil}), "MISSING_REQUIRED_FIELD", info+".encryptedPayload.encryptedData"),

	row("a taskId that is a list", member("taskId", []int{7}), "INVALID_FIELD_FORMAT", "taskId"),
	row("a requestId that is an object", member("requestId", object{}), "INVALID_FIELD_FORMAT", "requestId"),
	row("an account that is a text", member(info, goodPAN), "INVALID_FIELD_FORMAT", info),
	row("a requestor id with letters", member("tokenRequestorId", "5012000000A"), "INVALID_FIELD_FORMAT", "tokenRequestorId"),
	row("an iv that is a list", holder(object{"iv": []string{}}), "INVALID_FIELD_FORMAT", info+".encryptedPayload.iv"),
	row("an address that is not IPv4", member("decisioningData", object{"deviceIpAddress": "2001:db8::1"}), "INVALID_FIELD_FORMAT", "decisioningData.deviceIpAddress"),
	row("a TAV that is not base64", member("tokenizationAuthenticationValue", "*"), "INVALID_FIELD_FORMAT", "tokenizationAuthenticationValue"),
	row("a requestId of 65", member("requestId", strings.Repeat("r", 65)), "INVALID_FIELD_LENGTH", "requestId"),
	row("an empty requestId", member("requestId", ""), "INVALID_FIELD_LENGTH", "requestId"),
	row("a taskId of 65", member("taskId", strings.Repeat("t", 65)), "INVALID_FIELD_LENGTH", "taskId"),
	row("an empty taskId", member("taskId", ""), "INVALID_FIELD_LENGTH", "taskId"),
	row("a requestor id of 10", member("tokenRequestorId", "5012000000"), "INVALID_FIELD_LENGTH", "tokenRequestorId"),
	row("a requestor id of 12", member("tokenRequestorId", "501200000011"), "INVALID_FIELD_LENGTH", "tokenRequestorId"),
	row("a language of three letters", member("consumerLanguage", "eng"), "INVALID_FIELD_LENGTH", "consumerLanguage"),
	row("a fingerprint of 31", holder(object{"publicKeyFingerprint": strings.Repeat("a", 31)}), "INVALID_FIELD_LENGTH", info+".encryptedPayload.publicKeyFingerprint"),
	row("a fingerprint of 65", holder(object{"publicKeyFingerprint": strings.Repeat("a", 65)}), "INVALID_FIELD_LENGTH", info+".encryptedPayload.publicKeyFingerprint"),
	row("an encrypted key of 514", holder(object{"encryptedKey": strings.Repeat("ab", 257)}), "INVALID_FIELD_LENGTH", info+".encryptedPayload.encryptedKey"),
	row("an iv of 30", holder(object{"iv": strings.Repeat("a", 30)}), "INVALID_FIELD_LENGTH", info+".encryptedPayload.iv"),
	row("an account id hash of 63", member("decisioningData", object{"accountIdHash": strings.Repeat("a", 63)}), "INVALID_FIELD_LENGTH", "decisioningData.accountIdHash"),
	row("an unknown token type", member("tokenType", "EMBEDDED_SE"), "INVALID_FIELD_VALUE", "tokenType"),
	row("a digest with a dash", holder(object{"oaepHashingAlgorithm": "SHA-512"}), "INVALID_FIELD_VALUE", info+".encryptedPayload.oaepHashingAlgorithm"),
	row("an unknown digest", holder(object{"oaepHashingAlgorithm": "MD5"}), "INVALID_FIELD_VALUE", info+".encryptedPayload.oaepHashingAlgorithm"),
	row("a score of 6", member("decisioningData", object{"deviceScore": "6"}), "INVALID_FIELD_VALUE", "decisioningData.deviceScore"),
	row("an unknown recommendation", member("decisioningData", object{"recommendation": "REVIEW"}), "INVALID_FIELD_VALUE", "decisioningData.recommendation"),
	row("two references", member(info, object{"panUniqueReference": "a", "tokenUniqueReference": strings.Repeat("b", 48)}), "INVALID_FIELD_VALUE", info+".tokenUniqueReference"),
	badHost("a responseHost with a scheme", "https://shop.example"),
	badHost("a responseHost that is too short", "a.com"),
	badHost("a responseHost that is too long", strings.Repeat("a", 57)+".example"),
	badHost("a responseHost with a query", "shop.example?x=1"),
	badHost("a responseHost with a user", "me@shop.example"),
	badHost("a responseHost with port 0", "shop.example:0"),
	badHost("a responseHost that climbs", "shop.example/../admin"),
	badHost("a responseHost with an empty segment", "shop.example//hook"), // [C1]
}

func TestBody_Refused(t *testing.T) {
	w := newWorld(t)
	for _, c := range bodyFailures {
		t.Run(c.name, func(t *testing.T) { c.try(w.in(t)) })
	}
	w.untouched()
}

// try sends a good tokenize with the mistake and judges the answer, which the
// face gives by itself.
func (c refusal) try(w *world) {
	w.t.Helper()
	s := w.request(token.MCTokenize, w.tokenizeBody(goodPAN, nil))
	c.do(w, s)
	c.early(w.t, w.send(s))
}

// tryLate does the same with a mistake behind the task id, which the step
// records.
func (c refusal) tryLate(w *world) {
	w.t.Helper()
	s := w.request(token.MCTokenize, w.tokenizeBody(goodPAN, nil))
	c.do(w, s)
	got := w.send(s)
	c.judge(w.t, got)
	if got.Entry.Entity == "" || got.Entry.Rule != "" {
		w.t.Errorf("journal %+v", got.Entry)
	}
	task := stage.Decode[mdes.TokenizeRequest](w.t, s.body).TaskID
	if status, err := w.client.GetTaskStatus(w.t.Context(), task); err != nil || status.Status != "FAILED" {
		w.t.Errorf("the task is %+v, %v", status, err)
	}
}

// early is a refusal that never reaches the step.
func (c refusal) early(t testing.TB, got reply) {
	t.Helper()
	c.judge(t, got)
	if got.Entry.Entity != "" {
		t.Errorf("it reached the step: %+v", got.Entry)
	}
}

func (c refusal) judge(t testing.TB, got reply) {
	t.Helper()
	e := got.refused(t)
	if got.Status != http.StatusOK || e.ErrorCode != c.code || e.ErrorDescription != c.text {
		t.Errorf("%d %s, want %s: %s", got.Status, got.Body, c.code, c.text)
	}
	if got.Failed() != c.check {
		t.Errorf("explain names %q, want %q: %+v", got.Failed(), c.check, got.Entry.Checks)
	}
	if e.ResponseID == "" || got.Entry.Problem == "" {
		t.Errorf("response id %q, journal %+v", e.ResponseID, got.Entry)
	}
}

// untouched checks that nothing was made.
func (w *world) untouched() {
	w.t.Helper()
	if tokens, cards := len(stage.Tokens(w.box)), len(stage.Cards(w.box)); tokens != 0 || cards != 0 {
		w.t.Errorf("refused requests left %d tokens and %d cards", tokens, cards)
	}
}

func TestBody_TooLong(t *testing.T) {
	w := newWorld(t)
	for name, size := range map[string]int{"one byte": 1<<20 + 1, "2 MiB": 2 << 20} {
		s := w.request(token.MCTokenize, bytes.Repeat([]byte(" "), size))
		got := w.send(s)
		if e := got.gateway(t); got.Status != http.StatusRequestEntityTooLarge || e.Source != "Gateway" || got.Failed() != "body size" {
			t.Errorf("%s: %d %s, check %q", name, got.Status, got.Body, got.Failed())
		}
	}
	w.untouched()
}

func TestBody_ARefusalNamesTheRequest(t *testing.T) {
	w := newWorld(t)
	for text, want := range map[string]string{
		`{"requestId":"mine","x":1}`: "mine",
		`{"requestId":42,"x":1}`:     "42",
	} {
		if got := w.send(w.request(token.MCTokenize, []byte(text))); got.refused(t).ResponseID != want {
			t.Errorf("%s: %s", text, got.Body)
		}
	}
	first := w.send(w.request(token.MCTokenize, []byte("x"))).refused(t).ResponseID
	second := w.send(w.request(token.MCTokenize, []byte("x"))).refused(t).ResponseID
	if len(first) != 36 || first == second {
		t.Errorf("without a request id: %q, then %q", first, second)
	}
}

// payloadFailures are CRYPTOGRAPHY_ERROR, all of them alike on the wire; explain
// distinguishes them.
var payloadFailures = []struct {
	name  string
	do    func(w *world, s *sending)
	check string
}{
	{"an unknown fingerprint", holder(object{"publicKeyFingerprint": strings.Repeat("ab", 32)}), "payload encryption publicKeyFingerprint"},
	{"the fingerprint of the requestor's own key", sealTo(func(w *world) mdes.Sealer { return sealer(w.t, server.KeysOf(w.who).Requestor) }), "payload encryption publicKeyFingerprint"},
	{"another key under the right fingerprint", sealTo(func(w *world) mdes.Sealer {
		s := sealer(w.t, server.KeysOf(w.who).Network)
		s.Key = &fixtures.Key(20).Private.PublicKey
		return s
	}), "payload encryption encryptedKey"},
	{"data that is not hex", holder(object{"encryptedData": "not hex at all!!"}), "payload encryption encryptedData"},
	{"data in base64", changed("encryptedData", func(string) string { return "q83vASNFZ4mrze8BI0VniQ==" }), "payload encryption encryptedData"},
	{"an odd number of digits", changed("encryptedData", func(v string) string { return v[1:] }), "payload encryption encryptedData"},
	{"data without its last block", changed("encryptedData", func(v string) string { return v[:len(v)-32] }), "payload encryption encryptedData"},
	{"data that is no whole block", changed("encryptedData", func(v string) string { return v[:len(v)-2] }), "payload encryption encryptedData"},
	{"a key that is not hex", changed("encryptedKey", func(v string) string { return "zz" + v[2:] }), "payload encryption encryptedKey"},
	{"a key that was cut", changed("encryptedKey", func(v string) string { return v[:256] }), "payload encryption encryptedKey"},
	{"a key that was changed", changed("encryptedKey", flipHex), "payload encryption encryptedKey"},
	{"an iv that is not hex", holder(object{"iv": strings.Repeat("z", 32)}), "payload encryption iv"},
	{"SHA-256 used, SHA-512 announced", digest("SHA512", mdes.SHA256), "payload encryption encryptedKey"},
	{"SHA-512 used, SHA-256 announced", digest("SHA256", mdes.SHA512), "payload encryption encryptedKey"},
	{"PKCS #1 used, SHA-512 announced", digest("SHA512", mdes.PKCS1v15), "payload encryption encryptedKey"},
	{"SHA-512 used, nothing announced", digest("", mdes.SHA512), "payload encryption encryptedData"},
	{"no padding block", changed("encryptedData", func(string) string { return strings.Repeat("00", 32) }), "payload encryption encryptedData"},
	{"clear text that is not JSON", clearText("accountNumber=" + goodPAN), "payload encryption encryptedData"},
	{"clear text with text after it", clearText(`{} {}`), "payload encryption encryptedData"},
	{"empty clear text", clearText(""), "payload encryption encryptedData"},
}

func sealTo(choose func(w *world) mdes.Sealer) func(*world, *sending) {
	return func(w *world, s *sending) {
		sealed := stage.Must(choose(w).Seal(stage.Marshal(w.t, cardData(goodPAN, nil))))(w.t)
		fund(w, s, object{"encryptedPayload": payload(w.t, sealed)})
	}
}

// changed damages one member of the payload.
func changed(name string, change func(string) string) func(*world, *sending) {
	return func(w *world, s *sending) {
		good := w.sealed(cardData(goodPAN, nil))
		good[name] = change(good[name].(string))
		fund(w, s, object{"encryptedPayload": good})
	}
}

func flipHex(v string) string {
	raw, err := hex.DecodeString(v)
	if err != nil {
		return ""
	}
	raw[len(raw)/2] ^= 1
	return hex.EncodeToString(raw)
}

// digest announces one wrapping and uses another.
func digest(announced string, used mdes.Digest) func(*world, *sending) {
	return func(w *world, s *sending) {
		seal := sealer(w.t, server.KeysOf(w.who).Network)
		seal.Digest = used
		p := payload(w.t, stage.Must(seal.Seal(stage.Marshal(w.t, cardData(goodPAN, nil))))(w.t))
		p["oaepHashingAlgorithm"] = announced
		if announced == "" {
			delete(p, "oaepHashingAlgorithm")
		}
		fund(w, s, object{"encryptedPayload": p})
	}
}

func clearText(text string) func(*world, *sending) {
	return func(w *world, s *sending) { fund(w, s, object{"encryptedPayload": w.sealed([]byte(text))}) }
}

func TestPayload_Refused(t *testing.T) {
	w := newWorld(t)
	for _, c := range payloadFailures {
		t.Run(c.name, func(t *testing.T) {
			refusal{c.name, c.do, "CRYPTOGRAPHY_ERROR", "Cryptography Error", c.check}.tryLate(w.in(t))
			for _, e := range w.box.Journal().List(journal.Query{}) {
				if e.Request.Clear != nil {
					t.Errorf("clear text in the journal: %+v", e.Request.Clear)
				}
			}
		})
	}
	w.untouched()
}

// card changes one member of the card inside the payload, data next to it.
func card(name string, value any) func(*world, *sending) {
	return func(w *world, s *sending) {
		fund(w, s, object{"encryptedPayload": w.sealed(cardData(goodPAN, object{name: value}))})
	}
}

func data(name string, value any) func(*world, *sending) {
	return func(w *world, s *sending) {
		fund(w, s, object{"encryptedPayload": w.sealed(with(cardData(goodPAN, nil), object{name: value}))})
	}
}

const cardField = "cardAccountData."

var innerFailures = []refusal{
	{"an array in place of the card data", clearText("[]"), "INVALID_JSON", "Invalid JSON", "JSON body"},
	row("an unknown member", data("cardInfo", object{}), "UNRECOGNIZED_FIELD", "cardInfo"),
	row("an unknown member of the card", card("cvc", "123"), "UNRECOGNIZED_FIELD", cardField+"cvc"),
	row("no card", data("cardAccountData", nil), "MISSING_REQUIRED_FIELD", "cardAccountData"),
	row("no number", card("accountNumber", nil), "MISSING_REQUIRED_FIELD", cardField+"accountNumber"),
	row("no source", data("source", nil), "MISSING_REQUIRED_FIELD", "source"),
	row("a number in a list", card("accountNumber", []string{"5204731600014784"}), "INVALID_FIELD_FORMAT", cardField+"accountNumber"),
	row("a number with blanks", card("accountNumber", "5204 7316 0001 4784"), "INVALID_FIELD_FORMAT", cardField+"accountNumber"),
	row("a number of 8", card("accountNumber", "52047316"), "INVALID_FIELD_LENGTH", cardField+"accountNumber"),
	row("a number of 20", card("accountNumber", "52047316000147840000"), "INVALID_FIELD_LENGTH", cardField+"accountNumber"),
	row("a month of 13", card("expiryMonth", "13"), "INVALID_FIELD_VALUE", cardField+"expiryMonth"),
	row("a month of one digit", card("expiryMonth", "1"), "INVALID_FIELD_LENGTH", cardField+"expiryMonth"),
	row("a year of four digits", card("expiryYear", "2029"), "INVALID_FIELD_LENGTH", cardField+"expiryYear"),
	row("a security code of four", card("securityCode", "1234"), "INVALID_FIELD_LENGTH", cardField+"securityCode"),
	row("a security code of letters", card("securityCode", "abc"), "INVALID_FIELD_FORMAT", cardField+"securityCode"),
	row("an unknown source", data("source", "GUESSED"), "INVALID_FIELD_VALUE", "source"),
	row("a name of 28", data("accountHolderData", object{"accountHolderName": strings.Repeat("A", 28)}), "INVALID_FIELD_LENGTH", "accountHolderData.accountHolderName"),
	row("a country of two letters", data("accountHolderData", object{"accountHolderAddress": object{"country": "US"}}), "INVALID_FIELD_LENGTH", "accountHolderData.accountHolderAddress.country"),
	row("a card next to a reference", func(w *world, s *sending) {
		fund(w, s, object{"panUniqueReference": "FWSPMC0000000001", "encryptedPayload": w.sealed(cardData(goodPAN, nil))})
	}, "INVALID_FIELD_VALUE", cardField+"accountNumber"),
}

func TestPayload_WhatItHoldsIsJudgedAlike(t *testing.T) {
	w := newWorld(t)
	for _, c := range innerFailures {
		t.Run(c.name, func(t *testing.T) { c.tryLate(w.in(t)) })
	}
	w.untouched()
}
