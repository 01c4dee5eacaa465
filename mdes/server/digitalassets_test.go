package server_test

import (
	"encoding/base64"
	"net/http"
	"testing"

	"github.com/pantomime-dev/pantomime/mdes/server"

	"github.com/google/go-cmp/cmp"

	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/token"
)

// artBody is a getDigitalAssets request in order.
func (w *world) artBody(clear any, changes object) object {
	w.t.Helper()
	return with(object{"responseHost": "callback.shop.example", "requestId": "req-7", "encryptedPayload": w.sealed(clear)}, changes)
}

func (w *world) art(clear any, changes object) reply {
	w.t.Helper()
	return w.send(w.request(token.MCGetDigitalAssets, w.artBody(clear, changes)))
}

func TestDigitalAssets_TellsTheProductFlat(t *testing.T) {
	w := newWorld(t)
	got := w.art(object{"accountNumber": goodPAN}, nil)
	golden(t, "digital-assets", got.Body)
	if got.Status != http.StatusOK || len(stage.Tokens(w.box)) != 0 || got.Entry.Op != token.MCGetDigitalAssets {
		t.Errorf("%d, %d tokens, journal %+v", got.Status, len(stage.Tokens(w.box)), got.Entry)
	}
	reported := stage.Decode[mdes.DigitalAssetsResponse](t, got.Body)
	if diff := cmp.Diff(*w.tokenize(goodPAN).ProductConfig, reported.ProductConfig); diff != "" {
		t.Errorf("not the product of the card's token: %s", diff)
	}
	for _, env := range mdes.Environments() {
		s := w.request(token.MCGetDigitalAssets, w.artBody(object{"accountNumber": goodPAN}, nil))
		s.path = "/mdes" + mdes.RouteGetDigitalAssets.In(env).Path
		if again := stage.Decode[mdes.DigitalAssetsResponse](t, w.send(s).Body); again.IconAssetID != reported.IconAssetID || again.ResponseHost == "" {
			t.Errorf("in %q: %+v", env, again)
		}
	}
	for _, id := range []string{reported.BrandLogoAssetID, reported.IssuerLogoAssetID, reported.CardBackgroundCombinedAssetID, reported.IconAssetID} {
		asset := stage.Must(w.client.GetAsset(t.Context(), id))(t)
		if raw, err := base64.StdEncoding.DecodeString(asset.MediaContents[0].Data); err != nil || len(raw) == 0 {
			t.Errorf("%s: %v", id, err)
		}
	}
	jwe := w.send(w.request(token.MCGetDigitalAssets, w.artBody(nil, object{
		"encryptedPayload": w.foreignJWE(object{"accountNumber": goodPAN}, "A256GCM", mdes.PublicKeySHA256),
	})))
	if stage.Decode[mdes.DigitalAssetsResponse](t, jwe.Body).IconAssetID != reported.IconAssetID {
		t.Errorf("asked in JWE: %s", jwe.Body)
	}
}

// artFailures are bad requests of getDigitalAssets: what the answer says
// and the check that explain names, "" where the step found it.
var artFailures = []struct {
	name    string
	clear   any
	changes object
	code    string
	check   string
}{
	{"no response host", object{"accountNumber": goodPAN}, object{"responseHost": nil}, "MISSING_REQUIRED_FIELD", "field responseHost"},
	{"a response host with a scheme", object{"accountNumber": goodPAN}, object{"responseHost": "https://shop.example"}, "INVALID_RESPONSE_HOST", "field responseHost"},
	{"no request id", object{"accountNumber": goodPAN}, object{"requestId": nil}, "MISSING_REQUIRED_FIELD", "field requestId"},
	{"no payload", object{"accountNumber": goodPAN}, object{"encryptedPayload": nil}, "MISSING_REQUIRED_FIELD", "field encryptedPayload"},
	{"an empty payload", object{"accountNumber": goodPAN}, object{"encryptedPayload": object{}}, "MISSING_REQUIRED_FIELD", "field encryptedPayload.publicKeyFingerprint"},
	{"a payload that is a text", object{"accountNumber": goodPAN}, object{"encryptedPayload": "x"}, "INVALID_FIELD_FORMAT", "field encryptedPayload"},
	{"the card in clear", object{"accountNumber": goodPAN}, object{"accountNumber": goodPAN}, "UNRECOGNIZED_FIELD", "field accountNumber"},
	{"the members of tokenize", cardData(goodPAN, nil), nil, "UNRECOGNIZED_FIELD", "field cardAccountData"},
	{"no number in it", object{}, nil, "MISSING_REQUIRED_FIELD", "field accountNumber"},
	{"a number of 8", object{"accountNumber": "52047316"}, nil, "INVALID_FIELD_LENGTH", "field accountNumber"},
	{"a number with blanks", object{"accountNumber": "5204 7316 0001 4784"}, nil, "INVALID_FIELD_FORMAT", "field accountNumber"},
	{"a list in it", []byte("[]"), nil, "INVALID_JSON", "JSON body"},
	{"a bare number in it", []byte(goodPAN + " "), nil, "INVALID_JSON", "JSON body"},
	{"a check digit that does not hold", object{"accountNumber": "5204731600014785"}, nil, "INVALID_PAN", ""},
	{"a card of Visa", object{"accountNumber": "4622943120000600"}, nil, "PAN_INELIGIBLE", ""},
	{"a card that may be real", object{"accountNumber": unlisted}, nil, "PAN_INELIGIBLE", "pan-guard"},
}

func TestDigitalAssets_Refused(t *testing.T) {
	w := newWorld(t)
	for _, c := range artFailures {
		t.Run(c.name, func(t *testing.T) {
			got := w.in(t).art(c.clear, c.changes)
			if got.Status != http.StatusOK || got.refused(t).ErrorCode != c.code || got.Failed() != c.check {
				t.Errorf("%d %s, check %q", got.Status, got.Body, got.Failed())
			}
		})
	}
	w.untouched()
	broken := w.sealed(object{"accountNumber": goodPAN})
	broken["encryptedData"] = broken["encryptedData"].(string)[2:]
	if got := w.art(nil, object{"encryptedPayload": broken}); got.refused(t).ErrorCode != "CRYPTOGRAPHY_ERROR" {
		t.Errorf("%s", got.Body)
	}
}

func TestDigitalAssets_ARuleMayChangeTheAnswer(t *testing.T) {
	w := newWorld(t)
	w.rule(scenarios.Rule{
		When: scenarios.When{Operations: []token.Operation{token.MCGetDigitalAssets}}, Times: 1,
		Then: scenarios.Then{Metadata: map[string]string{"issuer-name": "Other Bank"}},
	})
	if reported := stage.Decode[mdes.DigitalAssetsResponse](t, w.art(object{"accountNumber": goodPAN}, nil).Body); reported.IssuerName != "Other Bank" {
		t.Errorf("%+v", reported)
	}
	w.rule(scenarios.Rule{When: scenarios.When{Operations: []token.Operation{token.MCGetDigitalAssets}}, Then: scenarios.Then{Error: token.LimitExceeded}})
	if got := w.art(object{"accountNumber": goodPAN}, nil); got.Status != http.StatusTooManyRequests {
		t.Errorf("%d %s", got.Status, got.Body)
	}
}

func TestSwitch_DigitalAssets(t *testing.T) {
	for set, status := range map[string]int{"": 200, "digital-assets: true": 200, "digital-assets: false": 404} {
		w := switched(t, set)
		got := w.art(object{"accountNumber": goodPAN}, nil)
		if got.Status != status {
			t.Errorf("%q: %d %s", set, got.Status, got.Body)
		}
		other := w.request(token.MCGetDigitalAssets, []byte("{}"))
		other.method = http.MethodPut
		wrong := w.send(other)
		if status == 200 && wrong.Status != http.StatusMethodNotAllowed || status == 404 && wrong.Status != 404 {
			t.Errorf("%q, PUT: %d %s", set, wrong.Status, wrong.Body)
		}
		if allow := wrong.Header.Get("Allow"); (allow != "") != (status == 200) {
			t.Errorf("%q, Allow: %q", set, allow)
		}
		if status == 200 {
			continue
		}
		if e := got.gateway(t); e.ReasonCode != "NOT_FOUND" || got.Failed() != "route" || wrong.gateway(t).ReasonCode != "NOT_FOUND" {
			t.Errorf("%q: %s, check %q", set, got.Body, got.Failed())
		}
		unsigned := w.request(token.MCGetDigitalAssets, []byte("{}"))
		unsigned.authorize = func(string) string { return "" }
		if got := w.send(unsigned); got.Status != 404 {
			t.Errorf("%q: the signature is looked at before the path: %d", set, got.Status)
		}
	}
}

func TestClient_GetsDigitalAssets(t *testing.T) {
	w := newWorld(t)
	client := stage.Must(mdes.NewClient(mdes.Config{
		BaseURL: w.url + "/mdes", Env: mdes.MTF, TRID: ownTRID, Signer: w.signer(w.who), ResponseHost: "callback.shop.example",
		Network: sealer(t, server.KeysOf(w.who).Network), Own: opener(t, server.KeysOf(w.who).Requestor),
	}))(t)
	reported := stage.Must(client.GetDigitalAssets(t.Context(), goodPAN))(t)
	if reported.ResponseHost != "stl.services.mastercard.com/mtf/mdes" || reported.IssuerName == "" || reported.ShortDescription == "" {
		t.Errorf("%+v", reported)
	}
	_, err := client.GetDigitalAssets(t.Context(), "5204731600014785")
	refusedAs(t, err, http.StatusOK, "INVALID_PAN")
}
