package server_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/seed"

	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
	"github.com/pantomime-dev/pantomime/vts/server"
)

// repeated calls of one token within a second, which carry the same x-pay-token
// each time.
var repeats = []struct{ method, tail, body string }{
	{"GET", "", ""},
	{"GET", "/stepUpOptions", ""},
	{"POST", "/paymentData", `{"clientPaymentDataID":"a","paymentRequest":{"transactionType":"ECOM"}}`},
	{"PUT", "/suspend", `{"updateReason":{"reasonCode":"FRAUD"}}`},
	{"POST", "/attestation/options", `{"clientAppID":"a","type":"REGISTER","reasonCode":"DEVICE_BINDING"}`},
}

// TestProfile_ReplayCache is off by default, on in the strict profile, and never
// minds reading.
func TestProfile_ReplayCache(t *testing.T) {
	for profile, remembers := range map[string]bool{"default": false, "strict": true, "lenient": false} {
		w := newWorld(t, "version: 1\nname: profile\nprofile: "+profile+"\n")
		id := parse(t, w.send(w.good()).Body)["vProvisionedTokenID"].(string)
		for _, c := range repeats {
			t.Run(profile+" "+c.method+" "+c.tail, func(t *testing.T) {
				s := w.request(c.method, "/vts/provisionedTokens/"+id+c.tail, []byte(c.body))
				first, again := w.send(s), w.send(s)
				if first.Failed() == server.CheckReplay {
					t.Errorf("the first time: %d %s", first.Status, first.Body)
				}
				if refused := again.Failed() == server.CheckReplay; refused != (remembers && c.method != http.MethodGet) {
					t.Errorf("again: %d %s", again.Status, again.Body)
				} else if refused && (again.Status != 401 || again.envelope(t).ResponseStatus.Code != "9121") {
					t.Errorf("again: %d %s", again.Status, again.Body)
				}
			})
		}
	}
}

// published gives every requestor the pair of the published vectors to sign with.
type published struct{ sandbox.Ring[server.Keys] }

func (published) Credentials(q scenarios.Requestor, ids seed.Source) (any, []string, error) {
	made, names, err := server.Keyring.Credentials(q, ids)
	keys, _ := made.(server.Keys)
	keys.Signing = vts.Credential{APIKey: "TESTAPIKEY0001", Secret: "sandbox-shared-secret-0001"}
	return keys, append(names, "testapikey0001"), err
}

// TestPayToken_Vectors sends the vectors of docs/wire/vts.md to the face itself,
// as the requestor whose pair they were made with. What they name does not
// exist, so an answer of the service proves the signature.
func TestPayToken_Vectors(t *testing.T) {
	const id = "vts/provisionedTokens/00112233445566778899aabbccddeeff"
	vectors := []struct{ name, form, method, path, body, hash, reason string }{
		{"A", "xv2", "POST", "vts/panEnrollments", `{"a":1}`, "ca5f31387a3a01f15851e977c52fc50370ca2d4bc80d9bfb7bc9fd3b2c45ff19", "invalidParameter"},
		{"B", "xv2", "GET", id, "", "389b4002cd79abd0a0923ffa68bd55ec1227cf82cc30e1a71212e66bb64e396d", "invalidParameter"},
		{
			"C", "xv2", "PUT", id + "/suspend", `{"updateReason":{"reasonCode":"CUSTOMER_CONFIRMED","reasonDesc":"test"}}`,
			"0969dfd9c6850d36ffe7b2578f9f6563b7b839d131b5a7957c4a70c09121cebf", "invalidParameter",
		},
		{"D", "x", "POST", "vts/panEnrollments", `{"a":1}`, "5ee25b74470bf0411012a39e43c889f6e78e35db5ac69f4c42c2b3d4d4769dac", "invalidParameter"},
	}
	for _, old := range []bool{false, true} {
		w := switched(t, func(v *scenarios.VisaSwitches) { v.OldPayToken = old })
		box := stage.Box(t, nil, sandbox.Options{Scenario: w.scenario(""), Keyrings: []sandbox.Keyring{published{server.Keyring}}})
		stage.Must(w.Registry.Replace(box))(t)
		w.box = box
		w.Wall.Add(time.Unix(1700000000, 0).Sub(w.Wall.Now()))
		for _, v := range vectors {
			s := w.request(v.method, "/"+v.path, []byte(v.body))
			s.query = "apiKey=TESTAPIKEY0001"
			s.payToken = func(string) []string { return []string{v.form + ":1700000000:" + v.hash} }
			got := w.send(s)
			if v.form == "x" && !old {
				w.judge(t, got, 401, "9159", nil)
				if got.Failed() != vts.CheckVersion {
					t.Errorf("%s: refused by %q", v.name, got.Failed())
				}
				continue
			}
			if e := got.envelope(t).ErrorResponse; e == nil || string(e.Reason) != v.reason {
				t.Errorf("%s, older form %v: %d %s", v.name, old, got.Status, got.Body)
			}
		}
	}
}

// TestLifecycle_OwnersOfASuspension has who may lift whose suspension.
func TestLifecycle_OwnersOfASuspension(t *testing.T) {
	for _, c := range []struct {
		name        string
		lenient     bool
		suspendedBy []token.Suspender
		status      int
		then        vts.TokenStatus
	}{
		{"its own", false, []token.Suspender{token.ByRequestor}, 200, vts.StatusActive},
		{"the cardholder's", false, []token.Suspender{token.ByCardholder}, 200, vts.StatusActive},
		{"the issuer's", false, []token.Suspender{token.ByIssuer}, 403, vts.StatusSuspended},
		{"its own and the issuer's", false, []token.Suspender{token.ByRequestor, token.ByIssuer}, 403, vts.StatusSuspended},
		{"the issuer's, where that is allowed", true, []token.Suspender{token.ByIssuer}, 200, vts.StatusActive},
		{"its own and the issuer's, where that is allowed", true, []token.Suspender{token.ByRequestor, token.ByIssuer}, 200, vts.StatusActive},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := switched(t, func(v *scenarios.VisaSwitches) { v.ResumeIssuers = c.lenient })
			ctx := context.Background()
			id := provision(ctx, t, w.client).VProvisionedTokenID
			why := vts.UpdateReason{ReasonCode: vts.ReasonCodeFraud}
			for _, by := range c.suspendedBy {
				suspend := func() error {
					return w.box.Act(scenarios.Action{Do: "suspend", By: by}, sandbox.Target{Token: token.Ref(id)})
				}
				if by == token.ByRequestor {
					suspend = func() error { return w.client.Suspend(ctx, id, why) }
				}
				if err := suspend(); err != nil {
					t.Fatal(err)
				}
			}
			err := w.client.Resume(ctx, id, why)
			if c.status == 200 && err != nil {
				t.Error(err)
			} else if c.status != 200 {
				refusedAs(t, err, c.status, vts.ReasonNotAllowed)
			}
			if now := stage.Must(w.client.GetToken(ctx, id))(t); now.TokenInfo.TokenStatus != c.then {
				t.Errorf("the token is %s, want %s", now.TokenInfo.TokenStatus, c.then)
			}
		})
	}
}

// TestRepeat_SameOrNew has what a second enrolment and a second provisioning of
// the same card give, by wallet account and by the state of the first token.
func TestRepeat_SameOrNew(t *testing.T) {
	for _, repeat := range []scenarios.Repeat{scenarios.RepeatSame, scenarios.RepeatNew} {
		same := repeat == scenarios.RepeatSame
		w := switched(t, func(v *scenarios.VisaSwitches) { v.Repeat = repeat })
		ctx := context.Background()
		first := provision(ctx, t, w.client)
		second := provision(ctx, t, w.client)
		if (second.VProvisionedTokenID == first.VProvisionedTokenID) != same || second.VPanEnrollmentID != first.VPanEnrollmentID {
			t.Errorf("%s: %s in %s, then %s in %s", repeat, first.VProvisionedTokenID, first.VPanEnrollmentID, second.VProvisionedTokenID, second.VPanEnrollmentID)
		}
		if number := stage.Must(w.client.TokenNumber(second.TokenInfo))(t); (number == stage.Must(w.client.TokenNumber(first.TokenInfo))(t)) != same {
			t.Errorf("%s: the second token's number ends in %s", repeat, number.Last4())
		}
		enrolled := stage.Must(w.client.EnrollPAN(ctx, vts.EnrollRequest{Locale: "en_US", PANSource: vts.SourceOnFile}, card(goodPAN)))(t)
		if enrolled.VPanEnrollmentID != first.VPanEnrollmentID {
			t.Errorf("%s: enrolled as %s, before as %s", repeat, enrolled.VPanEnrollmentID, first.VPanEnrollmentID)
		}
		other := stage.Must(w.client.ProvisionWithPAN(ctx, vts.ProvisionWithPANRequest{
			ProvisionRequest: vts.ProvisionRequest{PresentationType: []string{"ECOM"}, ProtectionType: "CLOUD", ClientWalletAccountID: "another"},
			Locale:           "en_US", PANSource: vts.SourceOnFile,
		}, card(goodPAN), nil))(t)
		if other.VPanEnrollmentID == first.VPanEnrollmentID || other.VProvisionedTokenID == first.VProvisionedTokenID {
			t.Errorf("%s: another wallet account got %+v", repeat, other)
		}
		why := vts.UpdateReason{ReasonCode: vts.ReasonCodeCustomerConfirmed}
		for _, end := range []func(context.Context, string, vts.UpdateReason) error{w.client.Suspend, w.client.Delete} {
			if err := end(ctx, second.VProvisionedTokenID, why); err != nil {
				t.Fatal(err)
			}
			again := provision(ctx, t, w.client)
			if again.VProvisionedTokenID == second.VProvisionedTokenID || again.TokenInfo.TokenStatus != vts.StatusActive { // [F11]
				t.Errorf("%s: a token that is suspended or deleted is given again, or another one that is %s", repeat, again.TokenInfo.TokenStatus)
			}
		}
	}
}

// rsaClient is a client of a project with RSA keys: it seals to the network's and
// opens with its own.
func (w *world) rsaClient() *vts.Client {
	w.t.Helper()
	keys := w.keys().RSA
	return stage.Must(vts.NewClient(vts.Config{
		BaseURL: w.url, Signing: w.keys().Signing, ClientAppID: "sandbox-app", WalletAccount: walletID, Wall: w.Wall,
		FieldKey:  stage.Must(vts.NewRSAKey(keys.NetworkID, &keys.Network.Private.PublicKey, nil))(w.t),
		AnswerKey: stage.Must(vts.NewRSAKey(keys.RequestorID, &keys.Requestor.Private.PublicKey, keys.Requestor.Private))(w.t),
	}))(w.t)
}

// TestRSA_EveryEncryptedField walks with RSA through all calls that have one.
func TestRSA_EveryEncryptedField(t *testing.T) {
	w := newWorld(t, "version: 1\nname: rsa\nrequestors:\n  wallet: { encryption: rsa }\n")
	c, ctx := w.rsaClient(), context.Background()
	enrolled := stage.Must(c.EnrollPAN(ctx, vts.EnrollRequest{Locale: "en_US", PANSource: vts.SourceOnFile}, card(goodPAN)))(t)
	made := stage.Must(c.Provision(ctx, enrolled.VPanEnrollmentID, vts.ProvisionRequest{
		PresentationType: []string{"ECOM"}, ProtectionType: "CLOUD",
	}, vts.RiskData{{Name: vts.RiskExpiryMonth, Value: "12"}}))(t)
	number := stage.Must(c.TokenNumber(made.TokenInfo))(t)
	if paid := pay(ctx, t, c, made.VProvisionedTokenID); stage.Must(c.TokenNumber(paid.TokenInfo))(t) != number || number.Last4() != made.TokenInfo.Last4 {
		t.Error("another number in payment data")
	}
	stage.Must(c.BindDevice(ctx, made.VProvisionedTokenID, binding(), &vts.BillingInfo{Email: "a@b.example"}, vts.RiskData{{Name: "x", Value: "y"}}))(t)
	stage.Must(c.AttestationOptions(ctx, made.VProvisionedTokenID, vts.AttestationRequest{
		Type: vts.AttestAuthenticate, ReasonCode: vts.ReasonCodePayment,
	}, &vts.AuthenticationData{}))(t)
	keys := w.keys().RSA
	for _, e := range w.box.Journal().List(journalOf(token.VisaEnroll)) {
		check := e.Checks[len(e.Checks)-1]
		if check.Name != vts.CheckField("encPaymentInstrument") || !check.OK || check.KeyID != keys.NetworkID {
			t.Errorf("opened by %+v", check)
		}
	}
}

// TestKeys_SeveralRecords has a requestor with three: one to sign, one to encrypt,
// and RSA. Each opens, and the answer comes back under the one that was used.
func TestKeys_SeveralRecords(t *testing.T) {
	w := newWorld(t, "version: 1\nname: rsa\nrequestors:\n  wallet: { encryption: rsa }\n")
	keys, ctx := w.keys(), context.Background()
	clients := map[string]*vts.Client{
		keys.RSA.RequestorID:   w.rsaClient(),
		keys.Encryption.APIKey: w.clientOf(keys.Signing, keys.Encryption),
		keys.Signing.APIKey:    w.clientOf(keys.Encryption, keys.Signing),
	}
	numbers := map[token.TokenPAN]bool{}
	for kid, c := range clients {
		made := provision(ctx, t, c)
		numbers[stage.Must(c.TokenNumber(made.TokenInfo))(t)] = true
		if got := kidOf(t, made.TokenInfo.EncTokenInfo); got != kid {
			t.Errorf("sealed under %q, want %q", got, kid)
		}
	}
	if len(numbers) != 1 {
		t.Errorf("%d numbers of one token", len(numbers))
	}
	plain := pay(ctx, t, clients[keys.Encryption.APIKey], provision(ctx, t, clients[keys.Encryption.APIKey]).VProvisionedTokenID)
	if got := kidOf(t, plain.TokenInfo.EncTokenInfo); got != keys.RSA.RequestorID {
		t.Errorf("a request without an encrypted field is answered under %q, want the requestor's RSA key", got)
	}
}

// TestRelationship_OneForEachRequestor distinguishes two merchants of one provider
// by their API keys, and puts nothing into card notices.
func TestRelationship_OneForEachRequestor(t *testing.T) {
	w, v, _ := attacked(t)
	for name, relation := range map[string]string{"one": "1-40000000082", "two": "24681921-40000000083", "": ""} {
		yaml := "version: 1\nname: relations\ncards:\n  alice: { network: visa, pan: \"4622943120000600\", expiry: \"12/29\" }\nrequestors:\n  wallet: {" +
			strings.TrimPrefix(` relationship-id: "`+relation+`"`, ` relationship-id: ""`) + " }\n"
		w.box = w.add("shop"+name, yaml, v.target)
		w.who = w.box.Requestors()[0]
		w.client = w.clientOf(w.keys().Signing, w.keys().Encryption)
		v.signer, v.got = stage.Must(vts.NewSigner(w.keys().Outbound))(t), nil
		made := provision(context.Background(), t, w.client)
		for do, target := range map[string]sandbox.Target{
			"suspend": {Token: token.Ref(made.VProvisionedTokenID)}, "update-metadata": {Card: "alice"},
		} {
			if err := w.box.Act(scenarios.Action{Do: do}, target); err != nil {
				t.Fatal(err)
			}
			w.advance(0)
		}
		for _, got := range v.got {
			want := relation
			if got.notice.Kind == vts.NoticePAN {
				want = ""
			}
			if _, there := got.members["relationshipID"]; got.notice.RelationshipID != want || there != (want != "") || got.err != nil {
				t.Errorf("%q: %+v", relation, got)
			}
		}
		if len(v.got) != 2 {
			t.Errorf("%d notices", len(v.got))
		}
	}
}

// TestLifecycle_RedundantMoves has what each setting says to a move that changes
// nothing.
func TestLifecycle_RedundantMoves(t *testing.T) {
	for setting, accepted := range map[string][]string{
		"refuse": nil, "suspend": {"suspend"}, "accept": {"suspend", "resume", "delete"},
	} {
		w := newWorld(t, "version: 1\nname: again\nnetworks: { visa: { redundant: "+setting+" } }\n")
		ctx := context.Background()
		why := vts.UpdateReason{ReasonCode: vts.ReasonCodeFraud}
		moves := map[string]func(context.Context, string, vts.UpdateReason) error{
			"suspend": w.client.Suspend, "resume": w.client.Resume, "delete": w.client.Delete,
		}
		id := provision(ctx, t, w.client).VProvisionedTokenID
		for _, name := range []string{"suspend", "resume", "delete"} {
			if err := moves[name](ctx, id, why); err != nil {
				t.Fatal(err)
			}
			before := stage.Must(w.client.GetToken(ctx, id))(t)
			if err := moves[name](ctx, id, why); slices.Contains(accepted, name) != (err == nil) {
				t.Errorf("%s: %s again gives %v", setting, name, err)
			}
			if after := stage.Must(w.client.GetToken(ctx, id))(t); after.TokenInfo.TokenStatus != before.TokenInfo.TokenStatus {
				t.Errorf("%s: %s again made %s of %s", setting, name, after.TokenInfo.TokenStatus, before.TokenInfo.TokenStatus)
			}
		}
	}
}
