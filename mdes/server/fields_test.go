package server_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/token"
)

// fieldFailure is a bad body of an operation other than tokenize.
type fieldFailure struct {
	name  string
	op    token.Operation
	body  object
	code  string
	field string
}

// fieldFailures are such bodies about a token that exists.
func fieldFailures(w *world, ref string) []fieldFailure {
	pay := object{"dsrpType": "UCAF"}
	eleven := make([]string, 11)
	for i := range eleven {
		eleven[i] = ref
	}
	task := object{"requestId": "r", "tokenRequestorId": ownTRID, "taskId": "t"}
	search := object{"requestId": "r", "fundingAccountInfo": object{"panUniqueReference": "p"}}
	return []fieldFailure{
		{"M_CHIP", token.MCTransact, about(ref, object{"dsrpType": "M_CHIP"}), "INVALID_FIELD_VALUE", "dsrpType"},
		{"no dsrpType", token.MCTransact, about(ref, nil), "MISSING_REQUIRED_FIELD", "dsrpType"},
		{"no reference", token.MCTransact, with(about(ref, pay), object{"tokenUniqueReference": nil}), "MISSING_REQUIRED_FIELD", "tokenUniqueReference"},
		{"a reference of 47", token.MCTransact, about(ref[1:], pay), "INVALID_FIELD_LENGTH", "tokenUniqueReference"},
		{"a reference of 65", token.MCTransact, about(strings.Repeat("D", 65), pay), "INVALID_FIELD_LENGTH", "tokenUniqueReference"},
		{"an unpredictable number of 7", token.MCTransact, about(ref, with(pay, object{"unpredictableNumber": "2342456"})), "INVALID_FIELD_LENGTH", "unpredictableNumber"},
		{"an unpredictable number that is not hex", token.MCTransact, about(ref, with(pay, object{"unpredictableNumber": "2342456z"})), "INVALID_FIELD_FORMAT", "unpredictableNumber"},
		{"an unpredictable number as list", token.MCTransact, about(ref, with(pay, object{"unpredictableNumber": []int{23424563}})), "INVALID_FIELD_FORMAT", "unpredictableNumber"},
		{"no requestId of transact", token.MCTransact, with(about(ref, pay), object{"requestId": nil}), "MISSING_REQUIRED_FIELD", "requestId"},
		{"no taskId", token.MCGetTaskStatus, with(task, object{"taskId": nil}), "MISSING_REQUIRED_FIELD", "taskId"},
		{"no requestor id", token.MCGetTaskStatus, with(task, object{"tokenRequestorId": nil}), "MISSING_REQUIRED_FIELD", "tokenRequestorId"},
		{"detail asked for with an object", token.MCGetToken, about(ref, object{"includeTokenDetail": object{}}), "INVALID_FIELD_FORMAT", "includeTokenDetail"},
		{"detail asked for with yes", token.MCGetToken, about(ref, object{"includeTokenDetail": "yes"}), "INVALID_FIELD_VALUE", "includeTokenDetail"},
		{"no reference of getToken", token.MCGetToken, object{"requestId": "r"}, "MISSING_REQUIRED_FIELD", "tokenUniqueReference"},
		{"an app instance of 49", token.MCGetToken, about(ref, object{"paymentAppInstanceId": strings.Repeat("a", 49)}), "INVALID_FIELD_LENGTH", "paymentAppInstanceId"},
		{"a search for nothing", token.MCSearchTokens, with(search, object{"fundingAccountInfo": nil}), "MISSING_REQUIRED_FIELD", "fundingAccountInfo"},
		{"a search by an empty account", token.MCSearchTokens, with(search, object{"fundingAccountInfo": object{}}), "MISSING_REQUIRED_FIELD", "fundingAccountInfo.encryptedPayload"},
		{"a search by a card of 8 digits", token.MCSearchTokens, with(search, object{"fundingAccountInfo": object{
			"encryptedPayload": w.sealed(object{"cardAccountData": object{"accountNumber": "52047316"}}),
		}}), "INVALID_FIELD_LENGTH", "cardAccountData.accountNumber"},
		{"eleven references", token.MCSuspend, batch(nil, eleven...), "INVALID_FIELD_LENGTH", "tokenUniqueReferences"},
		{"no reference in the list", token.MCDelete, batch(object{"tokenUniqueReferences": []string{}}), "INVALID_FIELD_LENGTH", "tokenUniqueReferences"},
		{"no list", token.MCUnsuspend, batch(object{"tokenUniqueReferences": nil}), "MISSING_REQUIRED_FIELD", "tokenUniqueReferences"},
		{"a list in the list", token.MCSuspend, batch(object{"tokenUniqueReferences": []any{ref, []int{7}}}), "INVALID_FIELD_FORMAT", "tokenUniqueReferences[1]"},
		{"a short reference in the list", token.MCSuspend, batch(nil, ref, "DWSPMC"), "INVALID_FIELD_LENGTH", "tokenUniqueReferences[1]"},
		{"a list that is an object", token.MCSuspend, batch(object{"tokenUniqueReferences": object{}}), "INVALID_FIELD_FORMAT", "tokenUniqueReferences"},
		{"caused by the issuer", token.MCSuspend, batch(object{"causedBy": "ISSUER"}, ref), "INVALID_FIELD_VALUE", "causedBy"},
		{"caused by no party", token.MCSuspend, batch(object{"causedBy": nil}, ref), "MISSING_REQUIRED_FIELD", "causedBy"},
		{"a reason of unsuspend to suspend", token.MCSuspend, batch(object{"reasonCode": "NOT_FRAUD"}, ref), "INVALID_FIELD_VALUE", "reasonCode"},
		{"an unknown reason to unsuspend", token.MCUnsuspend, batch(object{"reasonCode": "ACCOUNT_CLOSED"}, ref), "INVALID_FIELD_VALUE", "reasonCode"},
		{"no reason code", token.MCDelete, batch(object{"reasonCode": nil}, ref), "MISSING_REQUIRED_FIELD", "reasonCode"},
		{"a reason of 257", token.MCDelete, batch(object{"reason": strings.Repeat("r", 257)}, ref), "INVALID_FIELD_LENGTH", "reason"},
	}
}

func TestBody_FieldsOfTheOtherOperations(t *testing.T) {
	w := newWorld(t)
	ref := w.tokenize(goodPAN).TokenUniqueReference
	for _, c := range fieldFailures(w, ref) {
		t.Run(string(c.op)+" "+c.name, func(t *testing.T) {
			row(c.name, nil, c.code, c.field).early(t, w.in(t).send(w.request(c.op, c.body)))
		})
	}
	if v, _ := w.box.Token(token.Ref(ref)); v.Token.Status != token.Active || v.Token.ATC != 0 {
		t.Errorf("a refused request changed the token: %+v", v.Token)
	}
}

// TestBody_Accepted is what the face is liberal about.
func TestBody_Accepted(t *testing.T) {
	w := newWorld(t)
	for name, do := range map[string]func(*world, *sending){
		"a requestId as JSON number":        member("requestId", 42),
		"an app instance on a server token": member("paymentAppInstanceId", "instance-1"),
		"JSON under another type":           func(_ *world, s *sending) { s.contentType = "text/plain" }, // [E4]
		"no content type":                   func(_ *world, s *sending) { s.contentType = "" },
		"blanks around the object":          func(_ *world, s *sending) { s.body = []byte(" \r\n" + string(s.body) + "\n") },
		"an own host for notices":           member("responseHost", "127.0.0.1:9000/mc"),
		"everything the requestor thinks": member("decisioningData", object{
			"recommendation": "APPROVED", "recommendationAlgorithmVersion": "01", "deviceScore": "4", "accountScore": "5",
			"recommendationReasons": []string{"LONG_ACCOUNT_TENURE"}, "deviceCurrentLocation": "38.63,-90.25",
			"deviceIpAddress": "192.0.2.1", "mobileNumberSuffix": "4567", "accountIdHash": strings.Repeat("a8", 32),
		}),
		"null for an optional member": null("consumerLanguage"),
		"the example card, which fails Luhn": func(w *world, s *sending) {
			fund(w, s, object{"encryptedPayload": w.sealed(cardData("5123456789012345", nil))})
		},
		"a card that ends this month": card("expiryMonth", "12"),
		"no security code":            card("securityCode", nil),
		"a whole account holder": data("accountHolderData", object{
			"accountHolderName": "ADA EXAMPLE", "accountHolderEmailAddress": "ada@example.com", "consumerIdentifier": "c-1",
			"accountHolderAddress":           object{"line1": "1 Sample Road", "city": "Testville", "countrySubdivision": "MO", "postalCode": "63101", "country": "USA"},
			"accountHolderMobilePhoneNumber": object{"countryDialInCode": "1", "phoneNumber": 5550100},
		}),
	} {
		t.Run(name, func(t *testing.T) {
			w := w.in(t)
			s := w.request(token.MCTokenize, w.tokenizeBody(goodPAN, nil))
			do(w, s)
			got := w.send(s)
			if stage.Decode[mdes.TokenizeResponse](t, got.Body).Decision != "APPROVED" || got.Failed() != "" {
				t.Errorf("%d %s %+v", got.Status, got.Body, got.Entry.Checks)
			}
		})
	}
}

// misses are unknown paths and methods.
var misses = []struct {
	name, method, path string
	status             int
	reason             string
}{
	{"an unknown operation", http.MethodPost, "/mdes/digitization/static/1/0/getDigitalAsset", 404, "NOT_FOUND"},
	{"an unknown environment", http.MethodPost, "/mdes/digitization/prod/1/0/tokenize", 404, "NOT_FOUND"},
	{"the environment in front", http.MethodPost, "/mdes/static/digitization/1/0/tokenize", 404, "NOT_FOUND"},
	{"another version", http.MethodPost, "/mdes/digitization/static/1/1/tokenize", 404, "NOT_FOUND"},
	{"an operation of another service", http.MethodPost, "/mdes/digitization/static/1/0/transact", 404, "NOT_FOUND"},
	{"a slash at the end", http.MethodPost, "/mdes/digitization/static/1/0/tokenize/", 404, "NOT_FOUND"},
	{"another letter case", http.MethodPost, "/mdes/digitization/static/1/0/Tokenize", 404, "NOT_FOUND"},
	{"our own notice", http.MethodPost, "/mdes/digitization/static/1/0/notifyTokenUpdated", 404, "NOT_FOUND"},
	{"an asset without id", http.MethodGet, "/mdes/assets/static/1/0/asset/", 404, "NOT_FOUND"},
	{"nothing behind the prefix", http.MethodGet, "/mdes", 404, "NOT_FOUND"},
	{"GET of an operation", http.MethodGet, "/mdes/digitization/static/1/0/tokenize", 405, "METHOD_NOT_ALLOWED"},
	{"PUT of an operation", http.MethodPut, "/mdes/digitization/mtf/1/0/suspend", 405, "METHOD_NOT_ALLOWED"},
	{"DELETE of an operation", http.MethodDelete, "/mdes/digitization/1/0/delete", 405, "METHOD_NOT_ALLOWED"},
	{"POST of an asset", http.MethodPost, "/mdes/assets/1/0/asset/x", 405, "METHOD_NOT_ALLOWED"},
}

func TestMiss_PathsAndMethodsNobodyHas(t *testing.T) {
	w := newWorld(t)
	for _, c := range misses {
		t.Run(c.name, func(t *testing.T) {
			w := w.in(t)
			s := w.request(token.MCTokenize, []byte("{}"))
			s.method, s.path = c.method, c.path
			got := w.send(s)
			if e := got.gateway(t); got.Status != c.status || e.ReasonCode != c.reason || got.Failed() != "route" {
				t.Errorf("%d %s, check %q", got.Status, got.Body, got.Failed())
			}
			allow, expected := "", "a path of Digital Enablement, like /mdes/digitization/static/1/0/tokenize"
			if c.status == http.StatusMethodNotAllowed {
				allow = map[bool]string{true: http.MethodPost, false: http.MethodGet}[c.method != http.MethodPost]
				expected = "a method that this path has: " + allow
			}
			if check, _ := got.Entry.Checks.Failed(); check.Expected != expected || got.Header.Get("Allow") != allow {
				t.Errorf("Allow: %q, check %+v", got.Header.Get("Allow"), check)
			}
		})
	}
}
