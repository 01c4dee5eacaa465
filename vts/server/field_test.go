package server_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// Beginnings of bodies, to be continued by one bad member or closed.
const (
	paying     = `{"clientPaymentDataID":"a","paymentRequest":{"transactionType":"ECOM"}`
	making     = `{"clientAppID":"a","presentationType":["ECOM"],"protectionType":"CLOUD"`
	choosing   = `{"stepUpRequestID":"a"`
	validating = `{"otpValue":"456789"`
	binds      = `{"platformType":"WEB","intent":"FIDO"`
	attesting  = `{"clientAppID":"a","type":"AUTHENTICATE","reasonCode":"PAYMENT"`
)

// fieldFailures are calls on an enrolment (make) and on a token (the others) with
// members that break a rule. All of them are 400 with the members' places.
var fieldFailures = []struct {
	name, call, body string
	fields           []string
}{
	{"no app", "make", `{"presentationType":["ECOM"],"protectionType":"CLOUD"}`, []string{"clientAppID"}},
	{"no protection", "make", `{"clientAppID":"a","presentationType":["ECOM"]}`, []string{"protectionType"}},
	{"no presentation", "make", `{"clientAppID":"a","protectionType":"CLOUD"}`, []string{"presentationType"}},
	{"a presentation of null", "make", `{"clientAppID":"a","protectionType":"CLOUD","presentationType":[null]}`, []string{"presentationType"}},
	{"two unknown presentations", "make", `{"clientAppID":"a","protectionType":"CLOUD","presentationType":["FAX","TELEX"]}`, []string{"presentationType"}},
	{"an account type that is a list", "make", making + `,"accountType":["WALLET"]}`, []string{"accountType"}},
	{"an address of names", "make", making + `,"ip4address":"shop.example"}`, []string{"ip4address"}},
	{"a place without a slash", "make", making + `,"location":"37.77,-122.41"}`, []string{"location"}},
	{"a place beyond the pole", "make", making + `,"location":"91/0"}`, []string{"location"}},
	{"an e-mail hash of 65 characters", "make", making + `,"clientWalletAccountEmailAddressHash":"` + strings.Repeat("h", 65) + `"}`, []string{"clientWalletAccountEmailAddressHash"}},
	{"terms without an id", "make", making + `,"termsAndConditions":{"date":"1700000000"}}`, []string{"termsAndConditions.id"}},
	{"terms accepted today", "make", making + `,"termsAndConditions":{"id":"a","date":"today"}}`, []string{"termsAndConditions.date"}},
	{"a wallet account of 65 characters", "make", making + `,"clientWalletAccountID":"` + strings.Repeat("w", 65) + `"}`, []string{"clientWalletAccountID"}},
	{"a wallet account that is not the enrolment's", "make", making + `,"clientWalletAccountID":"another"}`, []string{"clientWalletAccountID"}},
	{"risk data in the clear", "make", making + `,"encRiskDataInfo":"[]"}`, []string{"encRiskDataInfo"}},

	{"no id of the request", "paymentData", `{"paymentRequest":{"transactionType":"ECOM"}}`, []string{"clientPaymentDataID"}},
	{"an id of 37 characters", "paymentData", `{"clientPaymentDataID":"` + strings.Repeat("a", 37) + `","paymentRequest":{"transactionType":"ECOM"}}`, []string{"clientPaymentDataID"}},
	{"no payment request", "paymentData", `{"clientPaymentDataID":"a"}`, []string{"paymentRequest.transactionType"}},
	{"an unknown transaction type", "paymentData", `{"clientPaymentDataID":"a","paymentRequest":{"transactionType":"MAIL"}}`, []string{"paymentRequest.transactionType"}},
	{"a transaction type that is a number", "paymentData", `{"clientPaymentDataID":"a","paymentRequest":{"transactionType":1}}`, []string{"paymentRequest.transactionType"}},
	{"a payment request that is a text", "paymentData", `{"clientPaymentDataID":"a","paymentRequest":"ECOM"}`, []string{"paymentRequest"}},
	{"a counter above 65535", "paymentData", paying + `,"atc":65536}`, []string{"atc"}},
	{"a counter below zero", "paymentData", paying + `,"atc":-1}`, []string{"atc"}},
	{"a counter with a fraction", "paymentData", paying + `,"atc":1.5}`, []string{"atc"}},
	{"a dynamic code", "paymentData", paying + `,"cryptogramType":"DTVV"}`, []string{"cryptogramType"}},
	{"a CTAVV", "paymentData", paying + `,"cryptogramType":"CTAVV"}`, []string{"cryptogramType"}},
	{"a cryptogram type of 33 characters", "paymentData", paying + `,"cryptogramType":"` + strings.Repeat("T", 33) + `"}`, []string{"cryptogramType"}},

	{"no reason to suspend", "suspend", `{"updateReason":{"reasonDesc":"x"}}`, []string{"updateReason.reasonCode"}},
	{"no reason at all", "suspend", `{}`, []string{"updateReason.reasonCode"}},
	{"a reason in lower case", "resume", `{"updateReason":{"reasonCode":"fraud"}}`, []string{"updateReason.reasonCode"}},
	{"a reason with a blank", "resume", `{"updateReason":{"reasonCode":"CUSTOMER CONFIRMED"}}`, []string{"updateReason.reasonCode"}},
	{"a reason of 41 characters", "delete", `{"updateReason":{"reasonCode":"` + strings.Repeat("A", 41) + `"}}`, []string{"updateReason.reasonCode"}},
	{"a description of 257 characters", "delete", `{"updateReason":{"reasonCode":"FRAUD","reasonDesc":"` + strings.Repeat("a", 257) + `"}}`, []string{"updateReason.reasonDesc"}},
	{"a reason that is a list", "suspend", `{"updateReason":[]}`, []string{"updateReason"}},

	{"no method", "method", `{"date":"1700000000"}`, []string{"stepUpRequestID"}},
	{"a method that is an object", "method", `{"stepUpRequestID":{}}`, []string{"stepUpRequestID"}},
	{"a method of 65 characters", "method", `{"stepUpRequestID":"` + strings.Repeat("a", 65) + `"}`, []string{"stepUpRequestID"}},
	{"a date in words", "method", choosing + `,"date":"today"}`, []string{"date"}},
	{"a date in milliseconds and more", "method", choosing + `,"date":"1700000000000000"}`, []string{"date"}},
	{"a date that is an object", "method", choosing + `,"date":{}}`, []string{"date"}},
	{"a reference of 65 characters", "method", choosing + `,"clientReferenceId":"` + strings.Repeat("r", 65) + `"}`, []string{"clientReferenceId"}},

	{"no code", "validateOTP", `{"date":"1700000000"}`, []string{"otpValue"}},
	{"an empty code", "validateOTP", `{"otpValue":""}`, []string{"otpValue"}},
	{"a code that is a list", "validateOTP", `{"otpValue":[4,5,6]}`, []string{"otpValue"}},
	{"a code of 33 characters", "validateOTP", `{"otpValue":"` + strings.Repeat("1", 33) + `"}`, []string{"otpValue"}},
	{"a date with a sign", "validateOTP", validating + `,"date":"-1"}`, []string{"date"}},
	{"an app of 37 characters", "validateOTP", validating + `,"clientAppID":"` + strings.Repeat("a", 37) + `"}`, []string{"clientAppID"}},
	{"no app's code", "validateAuthCode", `{"otpValue":"456789"}`, []string{"authCode"}},
	{"an app's code that is an object", "validateAuthCode", `{"authCode":{}}`, []string{"authCode"}},

	{"no platform", "deviceBinding", `{"intent":"FIDO"}`, []string{"platformType"}},
	{"no intent", "deviceBinding", `{"platformType":"WEB"}`, []string{"intent"}},
	{"a session that is a text", "deviceBinding", binds + `,"sessionContext":"x"}`, []string{"sessionContext"}},
	{"a browser that is a text", "deviceBinding", binds + `,"browserData":"x"}`, []string{"browserData"}},
	{"a flag that is a word", "deviceBinding", binds + `,"browserData":{"browserJavaEnabled":"yes"}}`, []string{"browserData.browserJavaEnabled"}},
	{"a browser of 2049 characters", "deviceBinding", binds + `,"browserData":{"userAgent":"` + strings.Repeat("u", 2049) + `"}}`, []string{"browserData.userAgent"}},

	{"no type", "attestation/options", `{"clientAppID":"a","reasonCode":"PAYMENT"}`, []string{"type"}},
	{"an unknown type", "attestation/options", `{"clientAppID":"a","type":"FORGET","reasonCode":"PAYMENT"}`, []string{"type"}},
	{"no reason to attest", "attestation/options", `{"clientAppID":"a","type":"REGISTER"}`, []string{"reasonCode"}},
	{"a reason of the other type", "attestation/options", `{"clientAppID":"a","type":"REGISTER","reasonCode":"PAYMENT"}`, []string{"reasonCode"}},
	{"an amount in words", "attestation/options", attesting + `,"dynamicData":{"authenticationAmount":"nothing"}}`, []string{"dynamicData.authenticationAmount"}},
	{"a currency of letters", "attestation/options", attesting + `,"dynamicData":{"currencyCode":"USD"}}`, []string{"dynamicData.currencyCode"}},
	{"a merchant in the clear", "attestation/options", attesting + `,"dynamicData":{"merchantIdentifier":{"merchantName":"A Shop"}}}`, []string{"dynamicData.merchantIdentifier.merchantName"}},
	{"a merchant that is a text", "attestation/options", attesting + `,"dynamicData":{"merchantIdentifier":"shop"}}`, []string{"dynamicData.merchantIdentifier"}},
}

// callOf says how a call of the table is made.
func callOf(call, enrolment, id string) (method, path string) {
	switch call {
	case "make":
		return "POST", "/vts/panEnrollments/" + enrolment + "/provisionedTokens"
	case "suspend", "resume", "delete":
		return "PUT", "/vts/provisionedTokens/" + id + "/" + call
	case "method":
		return "PUT", "/vts/provisionedTokens/" + id + "/stepUpOptions/method"
	case "validateOTP", "validateAuthCode":
		return "POST", "/vts/provisionedTokens/" + id + "/stepUpOptions/" + call
	}
	return "POST", "/vts/provisionedTokens/" + id + "/" + call
}

func TestField_Refused(t *testing.T) {
	w := newWorld(t)
	made := parse(t, w.send(w.good()).Body)
	id, enrolment := made["vProvisionedTokenID"].(string), made["vPanEnrollmentID"].(string)
	for _, c := range fieldFailures {
		t.Run(c.name, func(t *testing.T) {
			method, path := callOf(c.call, enrolment, id)
			got := w.send(w.request(method, path, []byte(c.body)))
			w.judge(t, got, 400, "invalidParameter", c.fields)
			named := func(k token.Check) bool {
				return !k.OK && (k.Name == face.CheckField(c.fields[0]) || k.Name == vts.CheckField(c.fields[0]))
			}
			if !slices.ContainsFunc(got.Entry.Checks, named) && !strings.Contains(got.Entry.Detail, "the enrolment belongs") {
				t.Errorf("explain does not name the field: %+v", got.Entry.Checks)
			}
		})
	}
	if v, _ := w.box.Token(token.Ref(id)); v.Token.Status != token.Active || v.Token.ATC != 0 || len(stage.Tokens(w.box)) != 1 {
		t.Errorf("a refused request changed the token: %+v", v.Token)
	}
}

// TestField_IgnoredInPaymentData is what phones send along.
func TestField_IgnoredInPaymentData(t *testing.T) {
	w := newWorld(t)
	id := parse(t, w.send(w.good()).Body)["vProvisionedTokenID"].(string)
	ok := w.send(w.request("POST", "/vts/provisionedTokens/"+id+"/paymentData", []byte(
		`{"clientPaymentDataID":"a","paymentRequest":{"transactionType":"AFT"},"cryptogramType":"TAVV","atc":7,"riskData":[],"threeDsData":{}}`)))
	if ok.Status != 200 {
		t.Errorf("%d %s", ok.Status, ok.Body)
	}
}

// TestRefusals_Enough keeps the tables of bad input from shrinking: each row is a
// request of its own that was sent and refused.
func TestRefusals_Enough(t *testing.T) {
	var names []string
	for _, c := range authFailures {
		names = append(names, "authentication: "+c.name)
	}
	for _, c := range bodyFailures {
		names = append(names, "body: "+c.name)
	}
	for _, c := range fieldFailures {
		names = append(names, c.call+": "+c.name)
	}
	for _, c := range sealedFailures {
		names = append(names, c.tail+": "+c.name)
	}
	for _, c := range strangeIDs {
		names = append(names, "id: "+c.name)
	}
	for _, c := range strangeCalls {
		names = append(names, "call: "+c.method+" "+c.path)
	}
	for _, c := range phoneCalls {
		names = append(names, "phone: "+c.method+" "+c.path)
	}
	slices.Sort(names)
	if n := len(slices.Compact(slices.Clone(names))); n != len(names) || n < 240 {
		t.Errorf("%d rows, %d different ones", len(names), n)
	}
}
