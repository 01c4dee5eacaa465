package server_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"image/png"
	"net/http"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

const oneCard = `version: 1
name: one card
cards:
  alice: { network: visa, pan: "4622943120000600", expiry: "12/29" }
`

// TestOperations_GoldenAnswers walks the ten operations and compares each
// answer's status and shape.
func TestOperations_GoldenAnswers(t *testing.T) {
	w := newWorld(t, oneCard)
	walk := func(name, method, path string, status int, body any) map[string]any {
		t.Helper()
		raw := []byte(nil)
		if body != nil {
			raw = stage.Marshal(t, body)
		}
		got := w.send(w.request(method, path, raw))
		if got.Status != status {
			t.Fatalf("%s: %d %s", name, got.Status, got.Body)
		}
		if ct := got.Header.Get("Content-Type"); ct != "application/json" {
			t.Errorf("%s: content type %q", name, ct)
		}
		golden(t, name, got.Body)
		return parse(t, got.Body)
	}
	enrolled := walk("enroll", "POST", "/vts/panEnrollments", 201, map[string]any{
		"clientAppID": "9f1c1b1e-7f0a-4c0e-8a51-1d6f0a4e2b77", "clientWalletAccountID": walletID, "locale": "en_US",
		"panSource": "ONFILE", "consumerEntryMode": "KEYENTERED", "platformType": "WEB",
		"encPaymentInstrument": seal(t, w.keys().Encryption, cardOf(goodPAN)),
	})
	enrolment := "/vts/panEnrollments/" + enrolled["vPanEnrollmentID"].(string)
	walk("card_metadata", "GET", enrolment, 200, nil)
	provisioned := walk("provision", "POST", enrolment+"/provisionedTokens", 201, map[string]any{
		"clientAppID": "9f1c1b1e-7f0a-4c0e-8a51-1d6f0a4e2b77", "clientWalletAccountID": walletID,
		"clientWalletAccountEmailAddressHash": "c2FtcGxlLWhhc2gtb2YtYW4tZW1haWwtYWRkcmVzcy0",
		"ip4address":                          "192.0.2.10", "location": "37.77/-122.41", "locationSource": "WIFI",
		"protectionType": "CLOUD", "presentationType": []string{"ECOM"}, "accountType": "WALLET",
		"termsAndConditions": map[string]any{"id": "3c2b1a0f9e8d4c7b6a5f4e3d2c1b0a99", "date": "1700000000"},
		"encRiskDataInfo": seal(t, w.keys().Encryption, []map[string]string{
			{"name": "paymentInstrument.expirationDate.month", "value": "12"},
			{"name": "paymentInstrument.expirationDate.year", "value": "2029"},
			{"name": "encCvv2", "value": "nobody reads this"},
		}),
	})
	id := "/vts/provisionedTokens/" + provisioned["vProvisionedTokenID"].(string)
	walk("get_token", "GET", id, 200, nil)
	walk("payment_data", "POST", id+"/paymentData", 200, map[string]any{
		"clientPaymentDataID": "ord-2024-000042", "paymentRequest": map[string]any{"transactionType": "ECOM"},
	})
	why := map[string]any{"updateReason": map[string]any{"reasonCode": "CUSTOMER_CONFIRMED", "reasonDesc": "Card removed by the customer"}}
	walk("suspend", "PUT", id+"/suspend", 200, why)
	walk("get_token_suspended", "GET", id, 200, nil)
	walk("resume", "PUT", id+"/resume", 200, why)
	walk("delete", "PUT", id+"/delete", 200, why)
	walk("get_token_deleted", "GET", id, 200, nil)
	walk("provision_with_pan", "POST", "/vts/provisionedTokens", 201, parse(t, w.body(nil)))

	terms := enrolled["cardMetaData"].(map[string]any)["termsAndConditionsID"].(string)
	walk("content_terms", "GET", "/vts/cps/getContent/"+terms, 200, nil)
	art := enrolled["cardMetaData"].(map[string]any)["cardData"].([]any)[0].(map[string]any)["guid"].(string)
	content := walk("content_art", "GET", "/vts/cps/getContent/"+art, 200, nil)
	isPNG(t, content["content"].([]any)[0].(map[string]any), 1536, 969)
}

func isPNG(t *testing.T, content map[string]any, width, height int) {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(content["encodedData"].(string))
	if err != nil {
		t.Fatal(err)
	}
	config, err := png.DecodeConfig(bytes.NewReader(raw))
	if err != nil || config.Width != width || config.Height != height {
		t.Errorf("card art is %d x %d, %v", config.Width, config.Height, err)
	}
}

// TestOperations_UnchangedClient drives the ten calls of the package's client.
func TestOperations_UnchangedClient(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	c := w.client
	enrolled := stage.Must(c.EnrollPAN(ctx, vts.EnrollRequest{Locale: "en_US", PANSource: vts.SourceOnFile}, card(goodPAN)))(t)
	ecom := vts.ProvisionRequest{PresentationType: []string{"ECOM"}, ProtectionType: "CLOUD"}
	made := stage.Must(c.Provision(ctx, enrolled.VPanEnrollmentID, ecom, vts.RiskData{{Name: vts.RiskExpiryMonth, Value: "12"}}))(t)
	if enrolled.PaymentInstrument.Last4 != "0600" {
		t.Errorf("enrolled %+v", enrolled.PaymentInstrument)
	}
	if made.VPanEnrollmentID != enrolled.VPanEnrollmentID || made.TokenInfo.TokenStatus != vts.StatusActive {
		t.Errorf("provisioned %+v", made)
	}
	number := stage.Must(c.TokenNumber(made.TokenInfo))(t)
	if !token.LuhnValid(number.Digits()) || !strings.HasPrefix(number.Digits(), "489537") || number.Last4() != made.TokenInfo.Last4 {
		t.Errorf("token number %s, last four %s", number, made.TokenInfo.Last4)
	}
	if made.TokenInfo.TokenRequestorID != vts.Text(w.who.TRID[token.Visa]) {
		t.Errorf("TRID %s", made.TokenInfo.TokenRequestorID)
	}
	again := stage.Must(c.ProvisionWithPAN(ctx, vts.ProvisionWithPANRequest{
		ProvisionRequest: ecom, Locale: "en_US", PANSource: vts.SourceManual,
	}, card(goodPAN), nil))(t)
	if again.VProvisionedTokenID != made.VProvisionedTokenID || again.VPanEnrollmentID != made.VPanEnrollmentID {
		t.Error("the same card, wallet account and presentation got another token")
	}
	seen := map[string]bool{}
	for n := 1; n <= 3; n++ {
		paid := stage.Must(c.PaymentData(ctx, made.VProvisionedTokenID, vts.PaymentDataRequest{
			ClientPaymentDataID: "ord-1", PaymentRequest: vts.PaymentRequest{TransactionType: "ECOM"},
		}))(t)
		tavv := stage.Must(vts.ParseTAVV(paid.CryptogramInfo.Cryptogram))(t)
		key := w.box.Derive("visa", "tavv").Bytes()
		if !tavv.Valid(key[:], number, paid.VPaymentDataID) || paid.PaymentInstrument.Last4 != "0600" || int(tavv.ATC()) != n || seen[paid.CryptogramInfo.Cryptogram] {
			t.Errorf("cryptogram %d: %+v", n, paid)
		}
		seen[paid.CryptogramInfo.Cryptogram] = true
		if payable := stage.Must(c.TokenNumber(paid.TokenInfo))(t); payable != number {
			t.Error("payment data carries another token number")
		}
	}
	why := vts.UpdateReason{ReasonCode: vts.ReasonCodeFraud}
	for _, step := range []struct {
		move func(context.Context, string, vts.UpdateReason) error
		then vts.TokenStatus
	}{{c.Suspend, vts.StatusSuspended}, {c.Resume, vts.StatusActive}, {c.Delete, vts.StatusDeleted}} {
		if err := step.move(ctx, made.VProvisionedTokenID, why); err != nil {
			t.Fatal(err)
		}
		if now := stage.Must(c.GetToken(ctx, made.VProvisionedTokenID))(t); now.TokenInfo.TokenStatus != step.then {
			t.Errorf("status %s after the call, want %s", now.TokenInfo.TokenStatus, step.then)
		}
	}
	meta := stage.Must(c.CardMetadata(ctx, enrolled.VPanEnrollmentID))(t)
	for _, data := range meta.CardMetaData.CardData {
		if content := stage.Must(c.GetContent(ctx, data.GUID))(t); content.ContentType != data.ContentType || content.Content[0].EncodedData == "" {
			t.Errorf("content %+v", content)
		}
	}
}

func TestOperations_HeadersOfEveryAnswer(t *testing.T) {
	w := newWorld(t)
	seen := map[string]bool{}
	for _, s := range []*sending{
		w.good(),
		w.good(func(s *sending) { s.key.Secret = "wrong" }),
		w.request("GET", "/vts/provisionedTokens/unknown", nil),
		w.request("GET", "/vts/nowhere", nil),
		w.request("DELETE", "/vts/provisionedTokens", nil),
	} {
		got := w.send(s)
		id := got.Header.Get("X-CORRELATION-ID")
		if len(id) != 32 || seen[id] {
			t.Errorf("%s %s: correlation id %q", s.method, s.path, id)
		}
		seen[id] = true
		if echo := got.Header.Get("x-request-id"); echo != requestID {
			t.Errorf("%s %s: x-request-id comes back as %q", s.method, s.path, echo)
		}
	}
}

func TestOperations_StepUp(t *testing.T) {
	w := newWorld(t, `version: 1
name: careful issuer
issuers:
  careful: { decision: step-up, methods: [sms, email, app, call, web, online-banking, customer-service] }
cards:
  alice: { network: visa, pan: "4622943120000600", expiry: "12/29", issuer: careful }
`)
	got := w.send(w.good())
	if got.Status != http.StatusCreated || got.Entry.Decision != token.StepUp {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
	golden(t, "provision_step_up", got.Body)
	again := w.send(w.good())
	if !bytes.Equal(again.Body, got.Body) {
		t.Errorf("asked again: %s", again.Body)
	}
}

func TestOperations_InactiveUntilActivated(t *testing.T) {
	w := newWorld(t, `version: 1
name: delayed
cards:
  alice: { network: visa, pan: "4622943120000600", expiry: "12/29", activation: 4500ms }
`)
	ctx := context.Background()
	made := parse(t, w.send(w.good()).Body)
	id := made["vProvisionedTokenID"].(string)
	if status := made["tokenInfo"].(map[string]any)["tokenStatus"]; status != "INACTIVE" {
		t.Errorf("status %v", status)
	}
	_, err := w.client.PaymentData(ctx, id, vts.PaymentDataRequest{
		ClientPaymentDataID: "ord-1", PaymentRequest: vts.PaymentRequest{TransactionType: "ECOM"},
	})
	refusedAs(t, err, http.StatusForbidden, vts.ReasonNotAllowed)
	if _, err := w.box.Advance(ctx, 5e9, 5e9); err != nil {
		t.Fatal(err)
	}
	if now := stage.Must(w.client.GetToken(ctx, id))(t); now.TokenInfo.TokenStatus != vts.StatusActive {
		t.Errorf("status %s", now.TokenInfo.TokenStatus)
	}
}

// TestOperations_OnePairForBoth uses either pair alone, as projects with one
// pair do: what is sealed with a pair is answered under it.
func TestOperations_OnePairForBoth(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	for name, pair := range map[string]struct{ sign, encrypt int }{
		"the encryption pair for both": {1, 1}, "the signing pair for both": {0, 0}, "the pairs swapped": {1, 0},
	} {
		keys := []struct{ k vts.Credential }{{w.keys().Signing}, {w.keys().Encryption}}
		c := stage.Must(vts.NewClient(vts.Config{
			BaseURL: w.url, Signing: keys[pair.sign].k, Encryption: keys[pair.encrypt].k,
			ClientAppID: "sandbox-app", WalletAccount: walletID, Wall: w.Wall,
		}))(t)
		made, err := c.ProvisionWithPAN(ctx, vts.ProvisionWithPANRequest{
			ProvisionRequest: vts.ProvisionRequest{PresentationType: []string{"ECOM"}, ProtectionType: "CLOUD"},
			Locale:           "en_US", PANSource: vts.SourceOnFile,
		}, card(goodPAN), nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if _, err := c.TokenNumber(made.TokenInfo); err != nil {
			t.Errorf("%s: cannot open the answer: %v", name, err)
		}
	}
}

// TestOperations_PresentationsAreASet gives the same token for the same set and
// another for another.
func TestOperations_PresentationsAreASet(t *testing.T) {
	w := newWorld(t)
	ids := map[string]string{}
	for name, types := range map[string][]string{
		"one": {"ECOM"}, "two": {"ECOM", "AI_AGENT"}, "two, other order": {"AI_AGENT", "ECOM", "AI_AGENT"},
	} {
		ids[name] = parse(t, w.send(w.good(func(s *sending) {
			s.body = w.body(map[string]any{"presentationType": types})
		})).Body)["vProvisionedTokenID"].(string)
	}
	if ids["two"] != ids["two, other order"] || ids["one"] == ids["two"] {
		t.Errorf("tokens %v", ids)
	}
}

// TestOperations_ExpiryFromRiskData is how a card without a date gets one.
func TestOperations_ExpiryFromRiskData(t *testing.T) {
	w := newWorld(t)
	bare := cardOf(goodPAN)
	delete(bare, "expirationDate")
	got := w.send(w.good(func(s *sending) {
		s.body = w.body(map[string]any{
			"encPaymentInstrument": seal(t, w.keys().Encryption, bare),
			"encRiskDataInfo": seal(t, w.keys().Encryption, map[string]any{"data": []any{
				map[string]string{"name": vts.RiskExpiryMonth, "value": "11"}, map[string]any{"name": vts.RiskExpiryYear, "value": 2028},
			}}),
		})
	}))
	date := parse(t, got.Body)["paymentInstrument"].(map[string]any)["expirationDate"].(map[string]any)
	if date["month"] != "11" || date["year"] != "2028" {
		t.Errorf("%d %s", got.Status, got.Body)
	}
}
