package server_test

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
	"github.com/pantomime-dev/pantomime/vts/server"
)

// switched is a world with one of the settings changed.
func switched(t *testing.T, change func(*scenarios.VisaSwitches)) *world {
	t.Helper()
	return newWorldWith(t, func(s *scenarios.Scenario) {
		switches := scenarios.DefaultSwitches(scenarios.ProfileDefault)
		change(&switches.Visa)
		s.Switches = &switches
	})
}

func TestSwitches_CreateStatus(t *testing.T) {
	w := switched(t, func(v *scenarios.VisaSwitches) { v.CreateStatus = 200 })
	if got := w.send(w.good()); got.Status != http.StatusOK {
		t.Errorf("%d %s", got.Status, got.Body)
	}
}

func TestSwitches_OlderPayToken(t *testing.T) {
	w := switched(t, func(v *scenarios.VisaSwitches) { v.OldPayToken = true })
	got := w.send(w.good(func(s *sending) {
		s.payToken = func(string) []string {
			signer := stage.Must(vts.NewSigner(s.key))(t)
			return []string{signer.SignX(s.at, vts.Message{Path: s.path[1:], Query: s.query, Body: s.body})}
		}
	}))
	if got.Status != http.StatusCreated {
		t.Errorf("%d %s", got.Status, got.Body)
	}
}

func TestSwitches_ReplayCache(t *testing.T) {
	w := switched(t, func(v *scenarios.VisaSwitches) { v.ReplayCache = true })
	first := w.good()
	made := w.send(first)
	if made.Status != http.StatusCreated {
		t.Fatalf("%d %s", made.Status, made.Body)
	}
	again := w.send(first)
	e := again.envelope(t).ResponseStatus
	if again.Status != 401 || e.Code != "9121" || !strings.Contains(strings.ToLower(e.Message), "already used") || // [E5]
		again.Failed() != server.CheckReplay {
		t.Errorf("sent again: %d %s %+v", again.Status, again.Body, again.Entry.Checks)
	}
	if got := w.send(w.good(func(s *sending) { s.at = stage.WallStart.Add(time.Second) })); got.Status != http.StatusCreated {
		t.Errorf("signed again: %d %s", got.Status, got.Body)
	}
	read := w.request("GET", "/vts/provisionedTokens/"+parse(t, made.Body)["vProvisionedTokenID"].(string), nil)
	for range 2 {
		if got := w.send(read); got.Status != http.StatusOK {
			t.Errorf("read again: %d %s", got.Status, got.Body)
		}
	}
	w.Wall.Add(961 * time.Second)
	if got := w.send(first); got.Failed() != vts.CheckTimestamp {
		t.Errorf("much later: %d %s %+v", got.Status, got.Body, got.Entry.Checks)
	}
}

func TestSwitches_KnownReasonCodesOnly(t *testing.T) {
	w := switched(t, func(v *scenarios.VisaSwitches) { v.AnyReasonCode = false })
	id := parse(t, w.send(w.good()).Body)["vProvisionedTokenID"].(string)
	for code, status := range map[string]int{"CUSTOMER_CONFIRMED": 200, "STOLEN": 400} {
		got := w.send(w.request("PUT", "/vts/provisionedTokens/"+id+"/suspend", []byte(`{"updateReason":{"reasonCode":"`+code+`"}}`)))
		if got.Status != status {
			t.Errorf("%s: %d %s", code, got.Status, got.Body)
		}
	}
}

// Scalars whose form no source reports for sure are texts, or numbers [F2].
func TestSwitches_Scalars(t *testing.T) {
	for form, want := range map[string][]any{
		"":       {"1536", "969", "40010000001"},
		"text":   {"1536", "969", "40010000001"},
		"native": {1536.0, 969.0, 40010000001.0},
	} {
		w := switched(t, func(v *scenarios.VisaSwitches) { v.Scalars = cmp.Or(form, v.Scalars) })
		made := parse(t, w.send(w.good()).Body)
		art := made["cardMetaData"].(map[string]any)["cardData"].([]any)[0].(map[string]any)
		shown := art["content"].([]any)[0].(map[string]any)
		got := []any{shown["width"], shown["height"], made["tokenInfo"].(map[string]any)["tokenRequestorID"]}
		if !slices.Equal(got, want) {
			t.Errorf("%q: %v", form, got)
		}
	}
}

func TestSwitches_DynamicCode(t *testing.T) {
	w := switched(t, func(v *scenarios.VisaSwitches) { v.DynamicCVV = true })
	id := parse(t, w.send(w.good()).Body)["vProvisionedTokenID"].(string)
	seen := map[string]bool{}
	for range 3 {
		paid := stage.Must(w.client.PaymentData(context.Background(), id, vts.PaymentDataRequest{
			ClientPaymentDataID: "a", PaymentRequest: vts.PaymentRequest{TransactionType: "ECOM"}, CryptogramType: "DTVV",
		}))(t)
		if !regexp.MustCompile(`^[0-9]{3}$`).MatchString(paid.CryptogramInfo.Cryptogram) {
			t.Errorf("code of another form: %d characters", len(paid.CryptogramInfo.Cryptogram))
		}
		seen[paid.CryptogramInfo.Cryptogram] = true
	}
	if len(seen) == 1 {
		t.Error("the code never changes")
	}
}

func TestSwitches_UnsignedNotices(t *testing.T) {
	w, rc := listeningWith(t, func(s *scenarios.Scenario) {
		switches := scenarios.DefaultSwitches(scenarios.ProfileDefault)
		switches.Visa.SignNotices = false
		s.Switches = &switches
	}, oneCard)
	rc.unsigned = true
	id := parse(t, w.send(w.good()).Body)["vProvisionedTokenID"].(string)
	if err := w.box.Act(scenarios.Action{Do: "suspend"}, sandbox.Target{Token: token.Ref(id)}); err != nil {
		t.Fatal(err)
	}
	w.advance(time.Minute)
	if len(rc.notices) != 1 || rc.tokens[0] != "" {
		t.Errorf("notices %+v, x-pay-token %q", rc.notices, rc.tokens)
	}
}

// requestorWith changes the one requestor of a world.
func requestorWith(change func(*scenarios.Requestor)) func(*scenarios.Scenario) {
	return func(s *scenarios.Scenario) {
		q := scenarios.Requestor{Name: "wallet", TRID: map[token.Network]token.TRID{token.Visa: "40010000001", token.Mastercard: "50120000001"}}
		change(&q)
		s.Requestors = []scenarios.Requestor{q}
	}
}

func TestRequestor_RelationshipStandsInTokenNotices(t *testing.T) {
	w, rc := listeningWith(t, requestorWith(func(q *scenarios.Requestor) { q.Relation = "24681921-40000000082" }), oneCard)
	id := parse(t, w.send(w.good()).Body)["vProvisionedTokenID"].(string)
	if err := w.box.Act(scenarios.Action{Do: "delete"}, sandbox.Target{Token: token.Ref(id)}); err != nil {
		t.Fatal(err)
	}
	w.advance(time.Minute)
	if len(rc.notices) != 1 || rc.notices[0].RelationshipID != "24681921-40000000082" {
		t.Errorf("notices %+v", rc.notices)
	}
}

func TestRequestor_OneKey(t *testing.T) {
	w := newWorldWith(t, requestorWith(func(q *scenarios.Requestor) { q.OneKey = true }))
	if w.keys().Encryption != w.keys().Signing {
		t.Fatal("two pairs")
	}
	ctx := context.Background()
	made := provision(ctx, t, w.client)
	paid := stage.Must(w.client.PaymentData(ctx, made.VProvisionedTokenID, vts.PaymentDataRequest{
		ClientPaymentDataID: "a", PaymentRequest: vts.PaymentRequest{TransactionType: "ECOM"},
	}))(t)
	if stage.Must(w.client.TokenNumber(paid.TokenInfo))(t) != stage.Must(w.client.TokenNumber(made.TokenInfo))(t) {
		t.Error("two numbers for one token")
	}
}

func provision(ctx context.Context, t *testing.T, c *vts.Client) *vts.ProvisionResponse {
	t.Helper()
	return stage.Must(c.ProvisionWithPAN(ctx, vts.ProvisionWithPANRequest{
		ProvisionRequest: vts.ProvisionRequest{PresentationType: []string{"ECOM"}, ProtectionType: "CLOUD"},
		Locale:           "en_US", PANSource: vts.SourceOnFile,
	}, card(goodPAN), nil))(t)
}

// TestRequestor_RSA seals requests to the network's key and gets answers to its
// own; a shared secret goes on working.
func TestRequestor_RSA(t *testing.T) {
	for fault, opens := range map[string]bool{"": true, "wrong-key": false} {
		yaml := ""
		if fault != "" {
			yaml = failing("fault: " + fault)
		}
		w := newWorldWith(t, func(s *scenarios.Scenario) { requestorWith(func(q *scenarios.Requestor) { q.RSA = true })(s) }, yaml)
		keys := w.keys().RSA
		seal := stage.Must(vts.NewRSAKey(keys.NetworkID, &keys.Network.Private.PublicKey, nil))(t)
		own := vts.Keys{stage.Must(vts.NewRSAKey(keys.RequestorID, &keys.Requestor.Private.PublicKey, keys.Requestor.Private))(t)}
		got := w.send(w.good(func(s *sending) {
			s.body = w.body(map[string]any{instrument: stage.Must(seal.SealJSON(cardOf(goodPAN), stage.WallStart, nil))(t)})
		}))
		var answer vts.ProvisionResponse
		if err := vts.Decode(got.Body, &answer); err != nil || got.Status != http.StatusCreated {
			t.Fatalf("%d %s", got.Status, got.Body)
		}
		var number vts.TokenNumber
		_, err := own.OpenJSON(answer.TokenInfo.EncTokenInfo, &number)
		if (err == nil) != opens || !opens && !errors.Is(err, vts.ErrJWEKeyWrap) {
			t.Errorf("fault %q: opening gives %v", fault, err)
		}
		if opens && !strings.HasSuffix(number.Token, answer.TokenInfo.Last4) {
			t.Error("another number")
		}
		if opens {
			stage.Must(w.client.TokenNumber(provision(context.Background(), t, w.client).TokenInfo))(t)
		}
	}
}

// TestTokenForToken makes a token of one requestor's token for another.
func TestTokenForToken(t *testing.T) {
	w := newWorld(t, "version: 1\nname: two\nrequestors:\n  device: {}\n  shop: {}\n")
	w.who = requestor(t, w.box, "device")
	device := w.clientOf(w.keys().Signing, w.keys().Encryption)
	ctx := context.Background()
	source := provision(ctx, t, device)
	number := stage.Must(device.TokenNumber(source.TokenInfo))(t)

	w.who = requestor(t, w.box, "shop")
	exchange := func(pan, path string) reply {
		return w.send(w.good(func(s *sending) {
			s.path = path
			s.body = w.body(map[string]any{"panSource": "TOKEN", instrument: seal(t, w.keys().Encryption, map[string]any{"accountNumber": pan})})
		}))
	}
	got := exchange(number.Digits(), "/vts/provisionedTokens")
	made := parse(t, got.Body)
	if got.Status != http.StatusCreated || made["vProvisionedTokenID"] == source.VProvisionedTokenID {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
	card := made["paymentInstrument"].(map[string]any)
	if card["last4"] != "0600" || card["paymentAccountReference"] != source.PaymentInstrument.PaymentAccountReference {
		t.Errorf("behind it is %v", card)
	}
	enrolled := exchange(number.Digits(), "/vts/panEnrollments") // [F9]
	if behind := parse(t, enrolled.Body); enrolled.Status != http.StatusCreated || behind["vPanEnrollmentID"] != made["vPanEnrollmentID"] {
		t.Errorf("enrolled: %d %s", enrolled.Status, enrolled.Body)
	}
	w.judge(t, exchange(goodPAN, "/vts/panEnrollments"), 403, "cardNotAllowed", nil)
	w.judge(t, exchange(goodPAN, "/vts/provisionedTokens"), 403, "cardNotAllowed", nil)
	if err := w.box.Act(scenarios.Action{Do: "suspend"}, sandbox.Target{Token: token.Ref(source.VProvisionedTokenID)}); err != nil {
		t.Fatal(err)
	}
	w.judge(t, exchange(number.Digits(), "/vts/provisionedTokens"), 403, "notAllowed", nil)
}

// TestRule_Overrides is what a rule can do to an answer besides refusing.
func TestRule_Overrides(t *testing.T) {
	raw, last4 := "not JSON", "0600"
	rule := func(then scenarios.Then, when ...scenarios.Match) *world {
		return newWorldWith(t, func(s *scenarios.Scenario) {
			s.Rules = []scenarios.Rule{{
				Name: "change", When: scenarios.When{Operations: []token.Operation{token.VisaProvisionWithPAN}, Body: when}, Then: then,
			}}
		})
	}
	w := rule(scenarios.Then{Body: &raw})
	if got := w.send(w.good()); got.Status != 201 || string(got.Body) != raw {
		t.Errorf("raw body: %d %s", got.Status, got.Body)
	}
	w = rule(scenarios.Then{Respond: []byte(`{"tokenInfo":{"last4":"0600"},"vPanEnrollmentID":null,"more":1}`)})
	made := parse(t, w.send(w.good()).Body)
	if made["tokenInfo"].(map[string]any)["last4"] != last4 || made["vPanEnrollmentID"] != nil || made["more"] != 1.0 {
		t.Errorf("patched: %v", made)
	}
	w = rule(scenarios.Then{Metadata: map[string]string{"contact-name": "Somebody Else"}})
	made = parse(t, w.send(w.good()).Body)
	if made["cardMetaData"].(map[string]any)["contactName"] != "Somebody Else" {
		t.Errorf("metadata: %v", made["cardMetaData"])
	}
	entered := "Alex Example"
	w = rule(scenarios.Then{Error: token.Declined}, scenarios.Match{Name: "encPaymentInstrument.name", Equals: &entered})
	w.judge(t, w.send(w.good()), 403, "declined", nil)
	other := w.send(w.good(func(s *sending) { card1("name", "Bo")(w, s) }))
	if other.Status != 201 {
		t.Errorf("another name: %d %s", other.Status, other.Body)
	}
}
