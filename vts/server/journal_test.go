package server_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/simulator/journal"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

func TestJournal_TellsWhatWasAskedAndAnswered(t *testing.T) {
	w := newWorld(t, oneCard)
	made := parse(t, w.send(w.good()).Body)
	id := made["vProvisionedTokenID"].(string)
	e := w.send(w.request("POST", "/vts/provisionedTokens/"+id+"/paymentData",
		[]byte(`{"clientPaymentDataID":"a","paymentRequest":{"transactionType":"ECOM"}}`))).Entry
	if e.Op != token.VisaGetPaymentData || e.Network != token.Visa || e.Requestor != w.who.Name || e.Sandbox != "default" ||
		!e.At.Equal(stage.Start) || !e.Wall.Equal(stage.WallStart) || e.Entity == "" || e.EntitySeq != 2 ||
		len(e.Tokens) != 1 || string(e.Tokens[0]) != id || e.Response.Status != 200 {
		t.Errorf("entry %+v", e)
	}
	first := w.box.Journal().List(journal.Query{})[0]
	var names []string
	for _, check := range first.Checks {
		if !check.OK || check.KeyID == "" {
			t.Errorf("check %+v", check)
		}
		names = append(names, check.Name)
	}
	want := []string{vts.CheckPayToken, vts.CheckVersion, vts.CheckTimestamp, vts.CheckHash, "encPaymentInstrument JWE"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("checks (-want +got):\n%s", diff)
	}
	sent, got := first.Request.Clear, first.Response.Clear
	if len(sent) != 1 || sent[0].Field != "encPaymentInstrument" || !strings.Contains(sent[0].Body, `"accountNumber":"462294******0600"`) ||
		!strings.Contains(sent[0].Body, `"cvv2":"<secret>"`) {
		t.Errorf("sent %+v", sent)
	}
	if len(got) != 1 || got[0].Field != "tokenInfo.encTokenInfo" || !regexp.MustCompile(`^\{"token":"489537\*{6}[0-9]{4}"\}$`).MatchString(got[0].Body) {
		t.Errorf("answered %+v", got)
	}
}

// TestJournal_HoldsNoSecret plants numbers and codes in every place where a
// client can put them, and looks for them in journal and log.
func TestJournal_HoldsNoSecret(t *testing.T) {
	w := newWorld(t, oneCard)
	number := plant(t, w)
	all, err := json.Marshal(w.box.Journal().List(journal.Query{}))
	if err != nil {
		t.Fatal(err)
	}
	for what, secret := range map[string]string{
		"the card number": goodPAN, "a refused card number": unlisted, "the token number": number,
		"the signing secret": w.keys().Signing.Secret, "the encryption secret": w.keys().Encryption.Secret,
		"the outbound secret": w.keys().Outbound.Secret, "the security code": "9173", "ciphertext": "eyJhbGciOi",
		"an x-pay-token": "xv2:", "a blank card number": "4622 9431 2000 0600", "a cryptogram": `cryptogram\":\"Ag`,
	} {
		for where, text := range map[string]string{"journal": string(all), "log": w.Log.String()} {
			// Digests hold any four digits now and then.
			alone := regexp.MustCompile(`(^|[^0-9a-f])` + regexp.QuoteMeta(secret))
			if at := alone.FindStringIndex(text); at != nil {
				t.Errorf("%s is in the %s: …%s…", what, where, text[max(0, at[0]-80):min(len(text), at[0]+80)])
			}
		}
	}
}

// plant sends card data in good and in bad places and returns the token number.
func plant(t *testing.T, w *world) string {
	t.Helper()
	key := w.keys().Encryption
	secretCard := func(pan string) map[string]any {
		c := cardOf(pan)
		c["cvv2"] = "9173"
		return c
	}
	risk := []map[string]string{
		{"name": vts.RiskEncCVV2, "value": seal(t, key, []byte("9173"))},
		{"name": "cvv2", "value": "9173"},
		{"name": "4622943120000600", "value": goodPAN},
	}
	provision := func(members map[string]any) reply {
		return w.send(w.good(func(s *sending) { s.body = w.body(members) }))
	}
	made := provision(map[string]any{"encPaymentInstrument": seal(t, key, secretCard(goodPAN)), "encRiskDataInfo": seal(t, key, risk)})
	if made.Status != 201 {
		t.Fatalf("%d %s", made.Status, made.Body)
	}
	var answer vts.ProvisionResponse
	if err := json.Unmarshal(made.Body, &answer); err != nil {
		t.Fatal(err)
	}
	provision(map[string]any{"encPaymentInstrument": seal(t, key, secretCard(unlisted))})
	provision(map[string]any{"encPaymentInstrument": goodPAN})
	provision(map[string]any{"encPaymentInstrument": seal(t, key, []byte("4622 9431 2000 0600 9173"))})
	provision(map[string]any{"encPaymentInstrument": nil, "accountNumber": goodPAN, "cvv2": "9173"})
	provision(map[string]any{"clientWalletAccountID": goodPAN, "locale": goodPAN})
	provision(map[string]any{"encRiskDataInfo": seal(t, key, []byte(`{"data":"9173 `+goodPAN+`"}`))})
	w.send(w.request("GET", "/vts/provisionedTokens/"+goodPAN, nil))
	w.send(w.request("GET", "/vts/cards/"+goodPAN, nil))
	w.send(w.good(func(s *sending) { s.query = "apiKey=" + goodPAN }))
	w.send(w.good(func(s *sending) { s.query += "&pan=" + goodPAN }))
	w.send(w.good(func(s *sending) { s.rqID = goodPAN }))
	w.send(w.good(func(s *sending) { s.contentType = goodPAN }))
	w.send(w.good(func(s *sending) { s.key.Secret = "wrong" }))
	w.send(w.good(func(s *sending) { s.signPath = "vts/" + goodPAN }))
	w.send(w.request("POST", "/vts/provisionedTokens/"+answer.VProvisionedTokenID+"/paymentData",
		[]byte(`{"clientPaymentDataID":"4622943120000600","paymentRequest":{"transactionType":"ECOM"}}`)))
	return stage.Must(w.client.TokenNumber(answer.TokenInfo))(t).Digits()
}

// TestJournal_UnauthenticatedBodiesAreCut keeps unknown clients from filling it.
func TestJournal_UnauthenticatedBodiesAreCut(t *testing.T) {
	w := newWorld(t)
	body := w.body(map[string]any{"passcode2": strings.Repeat("x", 100_000)})
	got := w.send(w.good(func(s *sending) { s.body = body; s.key.Secret = "wrong" }))
	if n := len(got.Entry.Request.Body); n > 5000 || got.Entry.Request.Size != len(body) {
		t.Errorf("%d bytes of %d are kept, size is given as %d", n, len(body), got.Entry.Request.Size)
	}
	got = w.send(w.good(func(s *sending) { s.body = body }))
	if n := len(got.Entry.Request.Body); n < 100_000 {
		t.Errorf("of somebody who is known %d bytes of %d are kept", n, len(body))
	}
}

// TestJournal_SameWithOneAndManyClients plays the same stories with one worker
// and with 64, and compares the canonical journals.
func TestJournal_SameWithOneAndManyClients(t *testing.T) {
	alone, crowd := stories(t, 1), stories(t, 64)
	if len(alone) != cards*stepsPerCard {
		t.Errorf("%d entries", len(alone))
	}
	if diff := cmp.Diff(alone, crowd); diff != "" {
		t.Errorf("the journals differ (-1 worker +64 workers):\n%.4000s", diff)
	}
}

const (
	cards        = 128
	stepsPerCard = 6
)

func stories(t *testing.T, workers int) []journal.Canonical {
	t.Helper()
	w := newWorld(t, "version: 1\nname: a rule for some\nrules:\n  - when: { operation: provision, bin: \"46229431\", network: visa, attempt: 1 }\n    then: { error: service_error }\n")
	queue := make(chan int)
	var done sync.WaitGroup
	for range workers {
		done.Go(func() {
			for n := range queue {
				story(t, w.in(t), n)
			}
		})
	}
	for n := range cards {
		queue <- n
	}
	close(queue)
	done.Wait()
	return w.box.Journal().Canonical()
}

func story(t *testing.T, w *world, n int) {
	t.Helper()
	pan := stage.Must(fixtures.Synthetic(token.Visa, n))(t)
	wallet := fmt.Sprintf("wallet-%d", n)
	body := w.body(map[string]any{"encPaymentInstrument": seal(t, w.keys().Encryption, cardOf(pan.Digits())), "clientWalletAccountID": wallet})
	provision := func() reply { return w.transmit(w.good(func(s *sending) { s.body = body })) }
	first := provision()
	second := provision()
	if second.Status != 201 {
		t.Errorf("card %d: %d %s, then %d %s", n, first.Status, first.Body, second.Status, second.Body)
		return
	}
	id := parse(t, second.Body)["vProvisionedTokenID"].(string)
	pay := []byte(`{"clientPaymentDataID":"a","paymentRequest":{"transactionType":"ECOM"}}`)
	why := []byte(`{"updateReason":{"reasonCode":"FRAUD"}}`)
	w.send(w.request("POST", "/vts/provisionedTokens/"+id+"/paymentData", pay))
	w.send(w.request("PUT", "/vts/provisionedTokens/"+id+"/suspend", why))
	w.send(w.request("POST", "/vts/provisionedTokens/"+id+"/paymentData", pay))
	w.send(w.request("PUT", "/vts/provisionedTokens/"+id+"/delete", why))
}
