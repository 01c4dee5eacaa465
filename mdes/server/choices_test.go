package server_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pantomime-dev/pantomime/mdes/server"

	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

func TestSwitch_SingleReference(t *testing.T) {
	for set, code := range map[string]string{"": "", "single-reference: true": "", "single-reference: false": "INVALID_FIELD_FORMAT"} {
		w := switched(t, set)
		ref := w.tokenize(goodPAN).TokenUniqueReference
		got := w.send(w.request(token.MCSuspend, batch(object{"tokenUniqueReferences": ref})))
		if got.refused(t).ErrorCode != code {
			t.Errorf("%q: %s", set, got.Body)
		}
		if list := w.send(w.request(token.MCUnsuspend, batch(nil, ref))); code == "" && list.refused(t).ErrorCode != "" {
			t.Errorf("%q, a list: %s", set, list.Body)
		}
	}
}

// Scalars of which sources show two forms have the one that is set, in answers,
// refusals and notices alike [F2].
func TestSwitch_Scalars(t *testing.T) {
	mixed := []any{false, true, true, 1.0, "1536", false, true}
	for set, want := range map[string][]any{
		"": mixed, "scalars: mixed": mixed,
		"scalars: text":   {"false", "true", "true", "1", "1536", "false", "true"},
		"scalars: native": {false, true, true, 1.0, 1536.0, false, true},
	} {
		w, in, ref := notifiedBy(t, set)
		made := w.send(w.request(token.MCTokenize, w.tokenizeBody(goodPAN, nil))).object(t)
		tokenInfo, product := made["tokenInfo"].(object), made["productConfig"].(object)
		art := w.request(token.MCGetAsset, []byte{})
		art.method, art.path = http.MethodGet, art.path+"/"+product["cardBackgroundCombinedAssetId"].(string)
		asset := w.send(art).object(t)
		refused := w.send(w.request(token.MCTokenize, w.tokenizeBody(goodPAN, object{"taskId": ""}))).object(t)
		w.act(scenarios.Action{Do: "update-expiry", By: token.ByIssuer}, sandbox.Target{Token: ref})
		notice := stage.Decode[mdes.Notice](t, in.all()[0].body)
		reported := stage.Decode[object](t, openBy(t, server.KeysOf(w.who).Requestor.Private, *notice.EncryptedPayload))
		got := []any{
			product["isCoBranded"], tokenInfo["dsrpCapable"], made["supportsAuthentication"], tokenInfo["tokenAssuranceLevel"],
			asset["mediaContents"].([]any)[0].(object)["width"], refused["supportsAuthentication"],
			reported["tokens"].([]any)[0].(object)["tokenInfo"].(object)["dsrpCapable"],
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q: %s", set, diff)
		}
	}
}

func TestSwitch_UnknownMembers(t *testing.T) {
	for set, code := range map[string]string{"": "UNRECOGNIZED_FIELD", "unknown-members: false": "UNRECOGNIZED_FIELD", "unknown-members: true": ""} {
		w := switched(t, set)
		for name, do := range map[string]func(*world, *sending){
			"at the top":           member("mood", "fine"),
			"in the payload":       holder(object{"tag": "x"}),
			"in the clear text":    data("mood", "fine"),
			"in the card":          card("cvc", "123"),
			"in decisioningData":   member("decisioningData", object{"mood": "fine"}),
			"inside another shape": member("mood", object{"deep": []int{1}}),
		} {
			s := w.request(token.MCTokenize, w.tokenizeBody(goodPAN, nil))
			do(w, s)
			if got := w.send(s); got.refused(t).ErrorCode != code {
				t.Errorf("%q, %s: %s", set, name, got.Body)
			}
		}
	}
	w := switched(t, "unknown-members: true")
	if got := w.send(w.request(token.MCTokenize, w.tokenizeBody(goodPAN, object{"taskID": "x"}))); got.refused(t).ErrorCode != "UNRECOGNIZED_FIELD" {
		t.Errorf("another spelling of a member is taken for another member: %s", got.Body)
	}
}

// What is sent has the digest of the request, or of the latest that had one,
// unless a switch sets it [F8].
func TestSwitch_DigestOfWhatIsSent(t *testing.T) {
	for _, c := range []struct {
		set   string
		asked mdes.Digest
		want  string
	}{
		{"", mdes.SHA512, "SHA512"},
		{"", mdes.SHA256, "SHA256"},
		{"", mdes.PKCS1v15, ""},
		{"digest: SHA512", mdes.PKCS1v15, "SHA512"},
		{"digest: request", mdes.SHA256, "SHA256"},
		{"digest: SHA512", mdes.SHA256, "SHA512"},
		{"digest: SHA256", mdes.SHA512, "SHA256"},
	} {
		set, want := c.set+" "+string(c.asked), c.want
		w, in, ref := notifiedBy(t, c.set)
		key := server.KeysOf(w.who).Requestor.Private
		s := w.request(token.MCTokenize, nil)
		sealTo(func(w *world) mdes.Sealer {
			seal := stage.Must(mdes.NewSealer(server.KeysOf(w.who).Network.Certificate, mdes.CertificateSHA256))(t)
			seal.Digest = c.asked
			return seal
		})(w, s)
		detail := stage.Decode[mdes.TokenizeResponse](t, w.send(s).Body).TokenDetail.EncryptedPayload
		paid := stage.Decode[mdes.TransactResponse](t, w.send(w.request(token.MCTransact, about(string(ref), object{"dsrpType": "UCAF"}))).Body)
		w.act(scenarios.Action{Do: "suspend", By: token.ByIssuer}, sandbox.Target{Token: ref})
		notice := stage.Decode[mdes.Notice](t, in.all()[0].body)
		for name, p := range map[string]mdes.EncryptedPayload{"tokenDetail": detail, "transact": paid.EncryptedPayload, "notice": *notice.EncryptedPayload} {
			if p.OAEPHashingAlgorithm != want || len(openBy(t, key, p)) == 0 {
				t.Errorf("%q, %s: %s", set, name, p.OAEPHashingAlgorithm)
			}
		}
	}
}

func TestSwitch_FingerprintOfWhatIsSent(t *testing.T) {
	for set, form := range map[string]mdes.FingerprintForm{
		"":                         mdes.CertificateSHA256,
		"fingerprint: cert-sha256": mdes.CertificateSHA256,
		"fingerprint: cert-sha1":   mdes.CertificateSHA1,
		"fingerprint: key-sha256":  mdes.PublicKeySHA256,
	} {
		w, in, ref := notifiedBy(t, set)
		want := stage.Must(mdes.CertificateFingerprint(server.KeysOf(w.who).Requestor.Certificate, form))(t)
		w.act(scenarios.Action{Do: "suspend", By: token.ByIssuer}, sandbox.Target{Token: ref})
		notice := stage.Decode[mdes.Notice](t, in.all()[0].body)
		for name, got := range map[string]string{
			"tokenDetail": w.tokenize(goodPAN).TokenDetail.PublicKeyFingerprint, "notice": notice.EncryptedPayload.PublicKeyFingerprint,
		} {
			if got != want {
				t.Errorf("%q, %s: %s, want %s", set, name, got, want)
			}
		}
	}
}

func TestSwitch_Repeat(t *testing.T) {
	for set, c := range map[string]struct {
		same bool
		code string
	}{
		"":                  {false, ""},
		"repeat: new":       {false, ""},
		"repeat: same":      {true, ""},
		"repeat: duplicate": {true, "DUPLICATE_REQUEST"},
	} {
		w := switched(t, set)
		first := w.tokenize(goodPAN)
		got := w.send(w.request(token.MCTokenize, w.tokenizeBody(goodPAN, nil)))
		second := stage.Decode[mdes.TokenizeResponse](t, got.Body)
		if got.refused(t).ErrorCode != c.code || len(stage.Tokens(w.box)) != map[bool]int{true: 1, false: 2}[c.same] {
			t.Errorf("%q: %s, %d tokens", set, got.Body, len(stage.Tokens(w.box)))
		}
		if c.code == "" && (second.PANUniqueReference != first.PANUniqueReference || (second.TokenUniqueReference == first.TokenUniqueReference) != c.same) {
			t.Errorf("%q: %+v after %+v", set, second, first)
		}
		if w.tokenize(otherPAN).PANUniqueReference == first.PANUniqueReference {
			t.Errorf("%q: another card has the same reference", set)
		}
		stage.Must(w.client.Delete(t.Context(), mdes.LifecycleRequest{TokenUniqueReferences: mdes.References{first.TokenUniqueReference}}))(t)
		if again := w.tokenize(goodPAN); again.TokenUniqueReference == first.TokenUniqueReference {
			t.Errorf("%q: a deleted token came back", set)
		}
	}
}

func TestSwitch_CausedBySuspends(t *testing.T) {
	for set, want := range map[string]string{"": "CARDHOLDER", "caused-by-suspends: true": "CARDHOLDER", "caused-by-suspends: false": "TOKEN_REQUESTOR"} {
		w := switched(t, set)
		ref := w.tokenize(goodPAN).TokenUniqueReference
		list := stage.Decode[mdes.TokensResponse](t, w.send(w.request(token.MCSuspend, batch(object{"causedBy": "CARDHOLDER"}, ref))).Body)
		if !slices.Equal(list.Tokens[0].SuspendedBy, []string{want}) {
			t.Errorf("%q: suspended by %v", set, list.Tokens[0].SuspendedBy)
		}
	}
}

func TestSwitch_Redundant(t *testing.T) {
	for set, want := range map[string][3]bool{ // suspend, unsuspend and delete what is so already
		"":                   {true, false, false},
		"redundant: suspend": {true, false, false},
		"redundant: refuse":  {false, false, false},
		"redundant: accept":  {true, true, true},
	} {
		w := switched(t, set)
		for i, c := range []struct{ before, again token.Operation }{
			{token.MCSuspend, token.MCSuspend}, {token.MCGetToken, token.MCUnsuspend}, {token.MCDelete, token.MCDelete},
		} {
			ref := w.tokenize(goodPAN).TokenUniqueReference
			if c.before != token.MCGetToken {
				w.send(w.request(c.before, batch(nil, ref)))
			}
			got := w.send(w.request(c.again, batch(nil, ref)))
			if code := got.refused(t).ErrorCode; (code == "") != want[i] || code != "" && code != "INVALID_TOKEN_STATUS" {
				t.Errorf("%q, %s: %s", set, c.again, got.Body)
			}
		}
	}
}

const lateActivation = `
issuers:
  late: { activation: 4500ms }
cards:
  bob: { network: mastercard, pan: "5204731600014784", expiry: "12/29", issuer: late }
`

func TestSwitch_ActivationNotices(t *testing.T) {
	for set, want := range map[string]int{"": 1, "activation-notices: true": 1, "activation-notices: false": 0} {
		w, in, ref := notifiedBy(t, set, lateActivation)
		w.settle(5 * time.Second)
		if v, _ := w.box.Token(ref); v.Token.Status != token.Active || len(in.all()) != want {
			t.Errorf("%q: the token is %s, %d notices", set, v.Token.Status, len(in.all()))
		}
		w.act(scenarios.Action{Do: "suspend", By: token.ByIssuer}, sandbox.Target{Token: ref})
		if len(in.all()) != want+1 {
			t.Errorf("%q: of a suspension, %d notices", set, len(in.all())-want)
		}
	}
}

func TestSwitch_ClearNotices(t *testing.T) {
	for set, clear := range map[string]bool{"": false, "clear-notices: false": false, "clear-notices: true": true} {
		w, in, ref := notifiedBy(t, set)
		w.act(scenarios.Action{Do: "suspend", By: token.ByIssuer, Reason: "SUSPECTED_FRAUD"}, sandbox.Target{Token: ref})
		raw := in.all()[0].body
		if strings.Contains(string(raw), string(ref)) != clear || strings.Contains(string(raw), "encryptedPayload") == clear {
			t.Errorf("%q: %s", set, raw)
		}
		content := stage.Must(mdes.OpenNotice(opener(t, server.KeysOf(w.who).Requestor), raw))(t)
		one := content.Tokens[0]
		if content.Encrypted == clear || len(content.Tokens) != 1 || one.TokenUniqueReference != string(ref) || one.Status != "SUSPENDED" ||
			one.EventReasonCode != "SUSPECTED_FRAUD" || !slices.Equal(one.SuspendedBy, []string{"ISSUER"}) || content.RequestID == "" {
			t.Errorf("%q: %+v", set, content)
		}
		if clear {
			golden(t, "notice-in-clear", raw)
		}
	}
}

// A changed number is reported, as documented since January 2025 [F6].
func TestSwitch_NoticeTokenNumber(t *testing.T) {
	for set, shown := range map[string]bool{"": true, "notice-token-number: false": false, "notice-token-number: true": true} {
		w, in, ref := notifiedBy(t, set)
		w.act(scenarios.Action{Do: "redigitize", NewNumber: true}, sandbox.Target{Token: ref})
		v, _ := w.box.Token(ref)
		reported := stage.Decode[mdes.NoticeTokens](t, w.opened(t, in, 1)).Tokens[0]
		if reported.EventReasonCode != "REDIGITIZATION_COMPLETE" || reported.TokenInfo == nil || reported.TokenInfo.AccountPANPrefix != "520473" {
			t.Fatalf("%q: %+v", set, reported)
		}
		want := ""
		if shown {
			want = v.Token.Number.Digits()
			golden(t, "notice-redigitized", w.opened(t, in, 1))
		}
		if string(reported.TokenInfo.TokenNumber) != want {
			t.Errorf("%q: token number shown %t", set, reported.TokenInfo.TokenNumber != "")
		}
		if kept := w.box.Deliveries(nil)[0].Attempts[0].Body; strings.Contains(kept, v.Token.Number.Digits()) {
			t.Errorf("%q: the log of attempts has the number: %s", set, kept)
		}
		for n, do := range []string{"replace-pan", "redigitize"} {
			w.act(scenarios.Action{Do: do}, sandbox.Target{Token: ref})
			if reported := stage.Decode[mdes.NoticeTokens](t, w.opened(t, in, 2+n)).Tokens[0]; reported.TokenInfo.TokenNumber != "" {
				t.Errorf("%q, %s: the token's number did not change, yet is reported", set, do)
			}
		}
	}
}

// A number in the clear would be no better than none of the encryption.
func TestSwitch_NoticeTokenNumberIsNeverInTheClear(t *testing.T) {
	w, in, ref := notifiedBy(t, "notice-token-number: true, clear-notices: true")
	w.act(scenarios.Action{Do: "redigitize", NewNumber: true}, sandbox.Target{Token: ref})
	reported := stage.Decode[mdes.Notice](t, in.all()[0].body).Tokens[0]
	if reported.TokenInfo == nil || reported.TokenInfo.TokenNumber != "" {
		t.Errorf("%s", in.all()[0].body)
	}
}
