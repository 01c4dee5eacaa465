package server_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/journal"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

// planted goes in everywhere a card number can be, right or wrong.
const planted = "5555444433331111"

// TestJournal_HoldsNoSecret sends numbers and secrets along every way in and
// looks for them in all that is kept or logged.
func TestJournal_HoldsNoSecret(t *testing.T) {
	w, in, ref := notified(t, withInbox)
	stage.Must(w.client.Transact(t.Context(), mdes.TransactRequest{TokenUniqueReference: string(ref)}))(t)
	stage.Must(w.client.GetToken(t.Context(), ref, true))(t)
	stage.Must(w.search(mdes.FundingAccountInfo{}, goodPAN))(t)
	w.act(scenarios.Action{Do: "replace-pan", PAN: otherPAN}, sandbox.Target{Token: ref})
	var ways []func(*world, *sending)
	for _, c := range slices.Concat(bodyFailures, innerFailures) {
		ways = append(ways, c.do)
	}
	for _, c := range payloadFailures {
		ways = append(ways, c.do)
	}
	ways = append(ways,
		body(planted), body(`{"accountNumber":"`+planted), body(`["`+planted+`"]`), member(planted, "x"), member("taskId", planted), member("requestId", planted),
		member("responseHost", planted), member("tokenType", planted), member("consumerLanguage", planted), member("tokenRequestorId", planted),
		member("decisioningData", object{"deviceScore": planted}), member("fundingAccountInfo", object{"panUniqueReference": planted}),
		holder(object{"publicKeyFingerprint": planted + " " + planted}), holder(object{"encryptedData": planted}), holder(object{"oaepHashingAlgorithm": planted}),
		card("accountNumber", planted), card("securityCode", planted), card("expiryMonth", planted), data("source", planted), data(planted, "x"),
		clearText("number "+planted), param("oauth_version", planted), param("oauth_consumer_key", planted),
		param("oauth_body_hash", planted), param("oauth_signature_method", planted), rewrite(func(string) string { return planted }),
		func(_ *world, s *sending) { s.contentType = planted },
		func(_ *world, s *sending) { s.path += "/" + planted },
		func(_ *world, s *sending) { s.query = "pan=" + planted },
	)
	for _, do := range ways {
		s := w.request(token.MCTokenize, w.tokenizeBody(goodPAN, nil))
		do(w, s)
		w.send(s)
	}
	w.send(w.request(token.MCSuspend, batch(nil, string(ref), "DWSPMC0000000001 "+planted+" "+planted)))
	asset := w.request(token.MCGetAsset, []byte{})
	asset.method, asset.path = http.MethodGet, asset.path+"/"+planted
	w.send(asset)

	v, _ := w.box.Token(ref)
	kept := w.kept(in)
	for name, secret := range map[string]string{
		"a planted number": planted, "the card": goodPAN, "the new card": otherPAN, "the token": v.Token.Number.Digits(),
		"the cryptogram's end": "GgADFA==", "the security code": `"securityCode":"123"`, "track 2": v.Token.Number.Digits() + "D",
		"a signature": "oauth_signature=", "ciphertext": `"encryptedData":"0`,
	} {
		if at := strings.Index(kept, secret); at >= 0 {
			t.Errorf("%s is kept: …%s…", name, kept[max(0, at-150):min(len(kept), at+60)])
		}
	}
	if !strings.Contains(kept, "520473******4784") {
		t.Error("the masked card is not kept either: the test looks at nothing")
	}
}

// kept is everything that outlives the exchanges: journal, attempts, log.
func (w *world) kept(in *inbox) string {
	w.t.Helper()
	entries := stage.Marshal(w.t, w.box.Journal().List(journal.Query{}))
	deliveries := w.box.Deliveries(nil)
	if len(deliveries) == 0 || len(in.all()) == 0 {
		w.t.Fatal("no notice was sent")
	}
	var attempts []byte
	for _, d := range deliveries {
		attempts = append(attempts, stage.Marshal(w.t, d.Attempts)...)
	}
	text := string(entries) + string(attempts) + w.Log.String()
	return strings.NewReplacer(`\"`, `"`, `\u003c`, "<", `\u003e`, ">").Replace(text)
}

func TestJournal_TellsTheWholeExchange(t *testing.T) {
	w := newWorld(t, `
version: 1
name: told
rules:
  - { name: slow approval, when: { operation: tokenize }, then: { decision: approve, delay: 1s } }
`)
	got := w.send(w.request(token.MCTokenize, w.tokenizeBody(goodPAN, nil)))
	e := got.Entry
	made := stage.Decode[mdes.TokenizeResponse](t, got.Body)
	switch {
	case e.Sandbox != "default" || e.Network != token.Mastercard || e.Op != token.MCTokenize || e.Requestor != "wallet",
		!e.At.Equal(stage.Start) || !e.Wall.Equal(stage.WallStart),
		e.Rule != "slow approval" || e.Decision != token.Approve || e.Entity == "" || e.EntitySeq != 1,
		!slices.Equal(e.Tokens, []token.Ref{token.Ref(made.TokenUniqueReference)}),
		len(e.Request.Clear) != 1 || e.Request.Clear[0].Field != "fundingAccountInfo.encryptedPayload",
		len(e.Response.Clear) != 1 || e.Response.Clear[0].Field != "tokenDetail":
		t.Errorf("%+v", e)
	}
	for _, c := range e.Checks {
		if !c.OK {
			t.Errorf("a good request failed %+v", c)
		}
	}
	for _, name := range []string{"oauth signature", "JSON body", "tokenRequestorId", "payload encryption", "pan-guard"} {
		if !slices.ContainsFunc(e.Checks, func(c token.Check) bool { return c.Name == name }) {
			t.Errorf("no check %q: %+v", name, e.Checks)
		}
	}
}

func TestJournal_BodiesOfStrangersAreCut(t *testing.T) {
	w := newWorld(t)
	s := w.request(token.MCTokenize, []byte(`{"a":"`+strings.Repeat("b", 20_000)+`"}`))
	s.authorize = func(string) string { return "" }
	if e := w.send(s).Entry; len(e.Request.Body) > 5000 || e.Request.Size != len(s.body) {
		t.Errorf("%d bytes kept of %d", len(e.Request.Body), e.Request.Size)
	}
}

// TestRules_MayLookIntoTheRequest: header, query and the decrypted body.
func TestRules_MayLookIntoTheRequest(t *testing.T) {
	present := true
	equals := "29"
	w := newWorld(t)
	w.rule(scenarios.Rule{
		When: scenarios.When{
			Operations: []token.Operation{token.MCTokenize},
			Header:     []scenarios.Match{{Name: "X-Trial", Present: &present}},
			Body:       []scenarios.Match{{Name: "fundingAccountInfo.encryptedPayload.cardAccountData.expiryYear", Equals: &equals}},
		},
		Then: scenarios.Then{Decision: token.Decline, Respond: []byte(`{"decision":null,"note":"patched"}`)},
	})
	if w.tokenize(goodPAN).Decision != "APPROVED" {
		t.Error("it matched without the header")
	}
	s := w.request(token.MCTokenize, w.tokenizeBody(goodPAN, nil))
	s.header.Set("X-Trial", "yes")
	if got := w.send(s).object(t); got["note"] != "patched" || got["decision"] != nil {
		t.Errorf("%v", got)
	}
	raw := "not what you asked for"
	w.rule(scenarios.Rule{When: scenarios.When{Operations: []token.Operation{token.MCTokenize}}, Then: scenarios.Then{Body: &raw}})
	if got := w.send(w.request(token.MCTokenize, w.tokenizeBody(goodPAN, nil))); string(got.Body) != raw {
		t.Errorf("%s", got.Body)
	}
}
