package server_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/vts/server"

	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// rolling is a requestor in a key rollover: two pairs as usual, and one of each
// kind that is live as well.
const rolling = "version: 1\nname: rollover\nrequestors:\n  wallet: { further-keys: [sign, encrypt, both] }\n"

// TestKeys_Rollover moves a client from the old pairs to the new ones, one after
// the other: each answer comes back under the pair that its request used.
func TestKeys_Rollover(t *testing.T) {
	w := newWorld(t, rolling+"networks: { visa: { key-use: true } }\n")
	keys, ctx := w.keys(), context.Background()
	sign, encrypt, both := keys.Further[0].Credential, keys.Further[1].Credential, keys.Further[2].Credential
	ids := map[string]bool{}
	for _, pair := range keys.Pairs() {
		ids[pair.APIKey], ids[pair.Secret] = true, true
	}
	if len(ids) != 10 {
		t.Fatalf("%d different keys and secrets of five pairs", len(ids))
	}
	for _, c := range []struct {
		signing, encryption vts.Credential
		paid                vts.Credential // what payment data is sealed with, which has no encrypted field
	}{
		{keys.Signing, keys.Encryption, keys.Encryption},
		{sign, keys.Encryption, keys.Encryption},
		{sign, encrypt, keys.Encryption},
		{both, encrypt, both},
		{both, both, both},
		{keys.Signing, both, keys.Encryption},
	} {
		client := w.clientOf(c.signing, c.encryption)
		made := provision(ctx, t, client)
		if got := kidOf(t, made.TokenInfo.EncTokenInfo); got != c.encryption.APIKey {
			t.Errorf("sealed under %q, want %q", got, c.encryption.APIKey)
		}
		if _, err := client.TokenNumber(made.TokenInfo); err != nil {
			t.Error(err)
		}
		paid := pay(ctx, t, client, made.VProvisionedTokenID)
		if got := kidOf(t, paid.TokenInfo.EncTokenInfo); got != c.paid.APIKey {
			t.Errorf("payment data under %q, want %q", got, c.paid.APIKey)
		}
	}
}

// TestKeys_TheCardsKeySealsTheAnswer seals the two fields of one request with two
// keys: the answer's is the card's.
func TestKeys_TheCardsKeySealsTheAnswer(t *testing.T) {
	w := newWorld(t, rolling)
	got := w.send(w.good(func(s *sending) {
		s.body = w.body(map[string]any{"encRiskDataInfo": seal(t, w.keys().Further[1].Credential, []map[string]string{})})
	}))
	sealed, _ := parse(t, got.Body)["tokenInfo"].(map[string]any)["encTokenInfo"].(string)
	if got.Status != http.StatusCreated || kidOf(t, sealed) != w.keys().Encryption.APIKey {
		t.Errorf("%d, sealed under %q, want %q", got.Status, kidOf(t, sealed), w.keys().Encryption.APIKey)
	}
}

// misuses are pairs used for what they are not meant for.
var misuses = map[string]struct {
	yaml  string
	pairs func(k server.Keys) (signing, encryption vts.Credential)
	// What explain says if each key is held to its use: the check, and the keys expected.
	check    string
	expected func(k server.Keys) []string
}{
	"a field sealed with the signing key": {
		"wallet: {}", func(k server.Keys) (_, _ vts.Credential) { return k.Signing, k.Signing },
		vts.CheckField(instrument), func(k server.Keys) []string { return []string{k.Encryption.APIKey} },
	},
	"a shared secret in an RSA project": {
		"wallet: { encryption: rsa }", func(k server.Keys) (_, _ vts.Credential) { return k.Signing, k.Encryption },
		vts.CheckField(instrument), func(k server.Keys) []string { return []string{k.RSA.NetworkID} },
	},
	"the one key's secret in an RSA project": {
		"wallet: { keys: one, encryption: rsa }", func(k server.Keys) (_, _ vts.Credential) { return k.Signing, k.Signing },
		vts.CheckField(instrument), func(k server.Keys) []string { return []string{k.RSA.NetworkID} },
	},
	"a further key that only signs": {
		"wallet: { further-keys: [sign, both] }", func(k server.Keys) (_, _ vts.Credential) { return k.Signing, k.Further[0].Credential },
		vts.CheckField(instrument), func(k server.Keys) []string { return []string{k.Encryption.APIKey, k.Further[1].APIKey} },
	},
	"a call signed with the encryption key": {
		"wallet: {}", func(k server.Keys) (_, _ vts.Credential) { return k.Encryption, k.Encryption },
		"API key", func(k server.Keys) []string { return []string{k.Signing.APIKey} },
	},
	"a further key that only encrypts": {
		"wallet: { further-keys: [encrypt, both] }", func(k server.Keys) (_, _ vts.Credential) { return k.Further[0].Credential, k.Encryption },
		"API key", func(k server.Keys) []string { return []string{k.Signing.APIKey, k.Further[1].APIKey} },
	},
}

// TestSwitches_KeyUse uses each pair for what it is not meant for. By default
// that works; strictly it is a key that cannot call, or a field that does not
// open, and explain names the key that was expected.
func TestSwitches_KeyUse(t *testing.T) {
	for name, c := range misuses {
		for set, strict := range map[string]bool{
			"": false, "profile: lenient": false, "profile: strict": true, "networks: { visa: { key-use: true } }": true,
			"profile: strict\nnetworks: { visa: { key-use: false } }": false,
		} {
			t.Run(name+", "+set, func(t *testing.T) {
				w := newWorld(t, "version: 1\nname: use\nrequestors:\n  "+c.yaml+"\n"+set+"\n")
				signing, encryption := c.pairs(w.keys())
				got := w.send(w.good(func(s *sending) {
					s.key, s.query = signing, "apiKey="+signing.APIKey
					s.body = w.body(map[string]any{instrument: seal(t, encryption, cardOf(goodPAN))})
				}))
				if !strict {
					if got.Status != http.StatusCreated {
						t.Errorf("%d %s", got.Status, got.Body)
					}
					return
				}
				if c.check == "API key" && (got.Status != http.StatusUnauthorized || !strings.Contains(string(got.Body), "9201")) {
					t.Errorf("%d %s", got.Status, got.Body)
				}
				if c.check != "API key" {
					w.judge(t, got, http.StatusBadRequest, "invalidParameter", []string{instrument})
				}
				at := slices.IndexFunc(got.Entry.Checks, func(check token.Check) bool { return !check.OK })
				if at < 0 || got.Entry.Checks[at].Name != c.check || !strings.HasSuffix(got.Entry.Checks[at].Expected, strings.Join(c.expected(w.keys()), " or ")) {
					t.Errorf("explain says %+v", got.Entry.Checks)
				}
			})
		}
	}
}
