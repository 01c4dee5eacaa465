package server_test

import (
	"encoding/base64"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

// fate is what a batch says of one token: its status, or the code of its error.
type fate struct {
	says string
	by   []string
}

func fates(t *testing.T, got reply) []fate {
	t.Helper()
	var out []fate
	for _, one := range stage.Decode[mdes.TokensResponse](t, got.Body).Tokens {
		f := fate{one.Status, one.SuspendedBy}
		if len(one.Errors) > 0 {
			f.says = one.Errors[0].ReasonCode
			if f.by != nil || one.Status != "" || !one.StatusTimestamp.IsZero() || one.TokenUniqueReference == "" || one.Errors[0].Source != "INPUT" || one.Errors[0].Description == "" {
				t.Errorf("a failed token has more than its reference and its error: %s", got.Body)
			}
		}
		out = append(out, f)
	}
	return out
}

// TestBatch_EachTokenHasItsOwnFate sends tokens of every kind through each
// operation; what is good changes, what is not does not hold it up
// (docs/wire/mdes.md "Operations").
func TestBatch_EachTokenHasItsOwnFate(t *testing.T) {
	own, issuer := []string{"TOKEN_REQUESTOR"}, []string{"ISSUER"}
	const noRef, noStatus = "INVALID_TOKEN_UNIQUE_REFERENCE", "INVALID_TOKEN_STATUS"
	for op, want := range map[token.Operation][]fate{ // of an active, own suspended, issuer's suspended, deleted, another's and unknown
		token.MCSuspend: {
			{"SUSPENDED", own},
			{"SUSPENDED", own},
			{"SUSPENDED", []string{"ISSUER", "TOKEN_REQUESTOR"}},
			{noStatus, nil},
			{noRef, nil},
			{noRef, nil},
		},
		token.MCUnsuspend: {{noStatus, nil}, {"ACTIVE", nil}, {noStatus, nil}, {noStatus, nil}, {noRef, nil}, {noRef, nil}},
		token.MCDelete: {
			{"DEACTIVATED", nil}, {"DEACTIVATED", nil}, {"DEACTIVATED", nil}, {noStatus, nil}, {noRef, nil}, {noRef, nil},
		},
	} {
		t.Run(string(op), func(t *testing.T) {
			w := newWorld(t, twoShops)
			refs := w.everyKind()
			got := w.send(w.request(op, batch(nil, refs...)))
			if diff := cmp.Diff(want, fates(t, got), cmp.AllowUnexported(fate{})); diff != "" || got.Status != 200 || got.refused(t).ErrorCode != "" {
				t.Errorf("%d %s\n%s", got.Status, got.Body, diff)
			}
			for i, ref := range refs {
				if v, ok := w.box.Token(token.Ref(ref)); ok && want[i].says != noRef && want[i].says != noStatus && !strings.EqualFold(string(v.Token.Status), want[i].says) {
					t.Errorf("token %d is %s, reported %s", i, v.Token.Status, want[i].says)
				}
			}
			if v, _ := w.box.Token(token.Ref(refs[4])); v.Token.Status != token.Active {
				t.Errorf("another's token became %s", v.Token.Status)
			}
			if v, _ := w.box.Token(token.Ref(refs[2])); op == token.MCUnsuspend && !slices.Equal(v.Token.SuspendedBy, token.Suspenders{token.Suspender(issuer[0])}) {
				t.Errorf("the issuer's suspension became %v", v.Token.SuspendedBy)
			}
		})
	}
}

// everyKind makes an active token, one its requestor suspended, one the issuer
// suspended, a deleted one, and another requestor's; the last reference is
// unknown.
func (w *world) everyKind() []string {
	w.t.Helper()
	refs := make([]string, 0, 6)
	for range 4 {
		refs = append(refs, w.tokenize(goodPAN).TokenUniqueReference)
	}
	w.send(w.request(token.MCSuspend, batch(nil, refs[1])))
	if err := w.box.Act(scenarios.Action{Do: "suspend", By: token.ByIssuer}, sandbox.Target{Token: token.Ref(refs[2])}); err != nil {
		w.t.Fatal(err)
	}
	w.send(w.request(token.MCDelete, batch(nil, refs[3])))
	return append(refs, w.foreign(), unknownIDs)
}

func TestBatch_TheSameReferenceTwice(t *testing.T) {
	w := newWorld(t)
	ref := w.tokenize(goodPAN).TokenUniqueReference
	want := []fate{{"SUSPENDED", []string{"TOKEN_REQUESTOR"}}, {"SUSPENDED", []string{"TOKEN_REQUESTOR"}}}
	if diff := cmp.Diff(want, fates(t, w.send(w.request(token.MCSuspend, batch(nil, ref, ref)))), cmp.AllowUnexported(fate{})); diff != "" {
		t.Error(diff)
	}
	want = []fate{{"DEACTIVATED", nil}, {"INVALID_TOKEN_STATUS", nil}}
	if diff := cmp.Diff(want, fates(t, w.send(w.request(token.MCDelete, batch(nil, ref, ref)))), cmp.AllowUnexported(fate{})); diff != "" {
		t.Error(diff)
	}
}

// TestSuspenders_AreToldEverywhere: the list is the same in each answer that
// has one, and lasts until its last member lets go.
func TestSuspenders_AreToldEverywhere(t *testing.T) {
	w := newWorld(t)
	ref := w.tokenize(goodPAN).TokenUniqueReference
	target := sandbox.Target{Token: token.Ref(ref)}
	reported := func() [2][]string {
		search := w.send(w.request(token.MCSearchTokens, object{"requestId": "r", "fundingAccountInfo": object{"tokenUniqueReference": ref}}))
		one := stage.Decode[mdes.GetTokenResponse](t, w.send(w.request(token.MCGetToken, about(ref, nil))).Body)
		return [2][]string{one.Token.SuspendedBy, stage.Decode[mdes.TokensResponse](t, search.Body).Tokens[0].SuspendedBy}
	}
	issuer := func(do string) func() {
		return func() {
			if err := w.box.Act(scenarios.Action{Do: do, By: token.ByIssuer}, target); err != nil {
				t.Fatal(err)
			}
		}
	}
	requestor := func(op token.Operation, by string) func() {
		return func() { w.send(w.request(op, batch(object{"causedBy": by}, ref))) }
	}
	for i, step := range []struct {
		do   func()
		want []string
	}{
		{issuer("suspend"), []string{"ISSUER"}},
		{requestor(token.MCSuspend, "CARDHOLDER"), []string{"ISSUER", "CARDHOLDER"}},
		{requestor(token.MCSuspend, "TOKEN_REQUESTOR"), []string{"ISSUER", "CARDHOLDER", "TOKEN_REQUESTOR"}},
		{requestor(token.MCUnsuspend, "CARDHOLDER"), []string{"ISSUER", "TOKEN_REQUESTOR"}},
		{issuer("resume"), []string{"TOKEN_REQUESTOR"}},
		{requestor(token.MCUnsuspend, "TOKEN_REQUESTOR"), nil},
	} {
		step.do()
		if diff := cmp.Diff([2][]string{step.want, step.want}, reported()); diff != "" {
			t.Errorf("step %d: %s", i+1, diff)
		}
	}
}

// limits of productConfig (docs/wire/mdes.md "Operations"), written by hand.
var productLimits = map[string]int{
	"brandLogoAssetId": 64, "issuerLogoAssetId": 64, "cardBackgroundCombinedAssetId": 64, "iconAssetId": 64, "foregroundColor": 6,
	"issuerName": 64, "shortDescription": 128, "longDescription": 256, "customerServiceUrl": 128, "customerServiceEmail": 64,
	"customerServicePhoneNumber": 64, "onlineBankingLoginUrl": 128, "termsAndConditionsUrl": 128, "privacyPolicyUrl": 128,
}

func TestProductConfig_KeepsItsLimitsAndItsArt(t *testing.T) {
	w := newWorld(t)
	asset := func(id string) string {
		media := stage.Must(w.client.GetAsset(t.Context(), id))(t).MediaContents[0]
		if raw, err := base64.StdEncoding.DecodeString(media.Data); err != nil || len(raw) == 0 || media.Type == "" {
			t.Errorf("%s: %v", id, err)
		}
		return media.Data
	}
	for n, pan := range []string{goodPAN, otherPAN, "5204731600014636", "2222690420064590", "5123456789012345"} {
		made := w.send(w.request(token.MCTokenize, w.tokenizeBody(pan, nil))).object(t)
		product := made["productConfig"].(object)
		for name, most := range productLimits {
			if text, ok := product[name].(string); !ok || text == "" || len([]rune(text)) > most {
				t.Errorf("card %d: %s is %q", n, name, product[name])
			}
		}
		if !regexp.MustCompile(`^[0-9a-f]{6}$`).MatchString(product["foregroundColor"].(string)) || product["isCoBranded"] != false || product["coBrandName"] != nil {
			t.Errorf("card %d: %v", n, product)
		}
		category := made["tokenInfo"].(object)["productCategory"]
		if !slices.Contains([]any{"CREDIT", "DEBIT", "PREPAID", "UNKNOWN"}, category) {
			t.Errorf("card %d: category %v", n, category)
		}
	}
	before := w.tokenize(goodPAN).ProductConfig
	art := asset(before.CardBackgroundCombinedAssetID)
	if err := w.box.Act(scenarios.Action{Do: "update-metadata"}, sandbox.Target{Card: goodPAN}); err != nil {
		t.Fatal(err)
	}
	after := w.tokenize(goodPAN).ProductConfig
	if after.CardBackgroundCombinedAssetID == before.CardBackgroundCombinedAssetID || after.IssuerName != before.IssuerName {
		t.Error("new art has its old id, or another issuer")
	}
	if asset(before.CardBackgroundCombinedAssetID) != art || asset(after.CardBackgroundCombinedAssetID) == art {
		t.Error("an asset changed under its id, or new art is the old")
	}
}

// methodTypes are the words of the wire for each step-up method of scenario
// files (docs/wire/mdes.md "Operations").
var methodTypes = map[string]string{
	"sms": "TEXT_TO_CARDHOLDER_NUMBER", "email": "EMAIL_TO_CARDHOLDER_ADDRESS", "app": "CARDHOLDER_TO_USE_MOBILE_APP",
	"call": "ISSUER_TO_CALL_CARDHOLDER_NUMBER", "web": "CARDHOLDER_TO_VISIT_WEBSITE", "online-banking": "CARDHOLDER_TO_VISIT_WEBSITE",
	"customer-service": "CARDHOLDER_TO_CALL_MANNED_NUMBER",
}

func TestAuthenticationMethods_AsTheIssuerOffersThem(t *testing.T) {
	for name, kind := range methodTypes {
		w := newWorld(t, plain+`
issuers:
  careful: { decision: step-up, methods: [`+name+`] }
cards:
  bob: { network: mastercard, pan: "5204731600014784", expiry: "12/29", issuer: careful }
`)
		got := w.send(w.request(token.MCTokenize, w.tokenizeBody(goodPAN, nil)))
		methods, _ := got.object(t)["authenticationMethods"].([]any)
		if len(methods) != 1 {
			t.Fatalf("%s: %s", name, got.Body)
		}
		one := methods[0].(object)
		if one["type"] != kind || one["value"] == "" || one["id"] != 12344.0 {
			t.Errorf("%s: %v", name, one)
		}
		made := stage.Decode[mdes.TokenizeResponse](t, got.Body)
		if made.Decision != "REQUIRE_ADDITIONAL_AUTHENTICATION" || !bool(made.SupportsAuthentication) || made.TokenDetail == nil {
			t.Errorf("%s: %s", name, got.Body)
		}
		for _, shown := range regexp.MustCompile(`\d+`).FindAllString(one["value"].(string), -1) {
			if (name == "sms" || name == "call") && len(shown) > 2 {
				t.Errorf("%s shows the cardholder's number: %v", name, one)
			}
		}
	}
	w := newWorld(t, plain+"rules:\n  - { when: { operation: tokenize }, then: { decision: step-up } }\n")
	var ids []string
	for _, m := range w.tokenize(goodPAN).AuthenticationMethods {
		ids = append(ids, string(m.ID)+" "+m.Type)
	}
	if !slices.Equal(ids, []string{"12344 TEXT_TO_CARDHOLDER_NUMBER", "12345 EMAIL_TO_CARDHOLDER_ADDRESS"}) {
		t.Errorf("of an issuer that says nothing: %v", ids)
	}
	approved := newWorld(t)
	if made := approved.send(approved.request(token.MCTokenize, approved.tokenizeBody(goodPAN, nil))).object(t); made["authenticationMethods"] != nil {
		t.Errorf("an approval offers %v", made["authenticationMethods"])
	}
	if raw, err := json.Marshal(mdes.MethodID(strconv.Itoa(12344))); err != nil || string(raw) != "12344" {
		t.Errorf("%s %v", raw, err)
	}
}
