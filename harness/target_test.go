package harness_test

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/token"
)

const visaTarget = `version: 1
name: somebody's server
visa:
  url: https://tokens.example/sandbox
  trid: "40010000001"
  signing: { apiKey: KEY-ONE, secret: secret-one }
  encryption: { apiKey: KEY-TWO, secret: secret-two }
  created: 200
  cards:
    expiry: "11/33"
    success: [test/visa/1, "4622943120000618"]
    delayed: [test/visa/3]
    activation: 4500ms
    keys: { card_not_eligible: "4000000000000036" }
notices: { listen: "127.0.0.1:9000" }
control: { kind: hook, command: [./operate, --now] }
timeouts: { call: 5s, notice: 2s }
`

func TestParseTarget_ReadsEverything(t *testing.T) {
	got, err := harness.ParseTarget("target.yaml", []byte(visaTarget))
	if err != nil {
		t.Fatal(err)
	}
	want := harness.Target{
		Version: 1, Name: "somebody's server",
		Visa: &harness.Visa{
			URL: "https://tokens.example/sandbox", TRID: "40010000001",
			Signing:    harness.KeyPair{APIKey: "KEY-ONE", Secret: "secret-one"},
			Encryption: &harness.KeyPair{APIKey: "KEY-TWO", Secret: "secret-two"},
			Created:    http.StatusOK,
			Cards: harness.Cards{
				Expiry:     token.Expiry{Year: 2033, Month: time.November},
				Success:    []harness.Number{"4622943120000600", "4622943120000618"},
				Delayed:    []harness.Number{"4622943120000626"},
				Activation: control.Duration(4500 * time.Millisecond),
				Keys:       map[token.Key]harness.Number{token.CardNotEligible: "4000000000000036"},
			},
		},
		Notices:  &harness.Notices{Listen: "127.0.0.1:9000"},
		Control:  harness.Control{Kind: harness.ControlHook, Command: []string{"./operate", "--now"}},
		Timeouts: harness.Timeouts{Call: control.Duration(5 * time.Second), Notice: control.Duration(2 * time.Second)},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestParseTarget_Refusals(t *testing.T) {
	tests := []struct{ name, old, to, want string }{
		{"another version", "version: 1", "version: 2", "f.yaml:1:10: version: must be 1"},
		{"no network", "visa:\n", "vasi:\n", `f.yaml:3:1: unknown key "vasi"`},
		{"a URL without scheme", "https://tokens", "tokens", "f.yaml:4:8: visa.url: must be http(s)://host[:port][/path]"},
		{"a short TRID", `"40010000001"`, `"4001"`, "f.yaml:5:9: visa.trid: must be 11 digits, in quotes"},
		{"a key without secret", "{ apiKey: KEY-ONE, secret: secret-one }", "{ apiKey: KEY-ONE }", "f.yaml:6:12: visa.signing.secret: is missing"},
		{"no key", "{ apiKey: KEY-ONE, secret: secret-one }", "{ secret: secret-one }", "f.yaml:6:12: visa.signing.apiKey: is missing"},
		{"an unknown member", "created: 200", "creates: 200", `f.yaml:8:3: unknown key "creates"; accepted: url, trid`},
		{"a status that cannot be", "created: 200", "created: 204", "f.yaml:8:12: visa.created: must be 200 or 201"},
		{"an expiry in another form", `"11/33"`, `"2033-11"`, `f.yaml:10:13: expiry must be "MM/YY"`},
		{"a card of another network", `"4622943120000618"`, "test/mastercard/1", "f.yaml:11:14: visa.cards.success: must be test card numbers of visa"},
		{"a card name that does not exist", "test/visa/3", "test/visa/99", "f.yaml:12:14: visa.cards.delayed: must be"},
		{"delayed cards without delay", "    activation: 4500ms\n", "", "visa.cards.activation: is missing"},
		{"a delay that is none", "4500ms", "soon", "f.yaml:13:17:"},
		{"a key of another network", "card_not_eligible:", "PAN_INELIGIBLE:", "is no documented key; accepted: invalid_parameter"},
		{"an address without port", "127.0.0.1:9000", "localhost", "f.yaml:15:20: notices.listen: must be host:port"},
		{"no driver", "kind: hook, ", "", "f.yaml:16:10: control.kind: is missing; accepted: admin, hook, none"},
		{"an unknown driver", "kind: hook", "kind: magic", "f.yaml:16:18: control.kind: accepted: admin, hook, none"},
		{"a hook without command", ", command: [./operate, --now]", "", "control.command: is missing"},
		{"an admin API nowhere", "kind: hook, command: [./operate, --now]", "kind: admin", "control.url: must be http(s)://host[:port]"},
		{"an anchor", "name: somebody", "name: &x somebody", "anchor"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text := strings.Replace(visaTarget, tt.old, tt.to, 1)
			if text == visaTarget {
				t.Fatal("the row changes nothing")
			}
			_, err := harness.ParseTarget("f.yaml", []byte(text))
			if !errors.Is(err, harness.ErrTarget) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v\nwant %s", err, tt.want)
			}
		})
	}
}

func TestParseTarget_TellsAllAtOnce(t *testing.T) {
	_, err := harness.ParseTarget("f.yaml", []byte("version: 2\nvisa: { url: x, trid: \"1\" }\ncontrol: { kind: magic }\n"))
	for _, want := range []string{"version", "visa.url", "visa.trid", "visa.signing.apiKey", "control.kind"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s is not reported: %v", want, err)
		}
	}
}

func TestLoadTarget_PEMTextsAndFiles(t *testing.T) {
	dir := t.TempDir()
	text, err := fixtures.KeyPEM(1)
	if err != nil {
		t.Fatal(err)
	}
	write := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	write("key.pem", text)
	write("empty.pem", []byte("nothing"))
	target := func(key string) string {
		return write("target.yaml", []byte(fmt.Sprintf(`version: 1
mastercard:
  url: http://127.0.0.1:1/mdes
  trid: "50120000001"
  consumerKey: client!key
  signingKey: %s
  encryptionCertificate: key.pem
  decryptionKey: key.pem
control: { kind: none }
`, key)))
	}
	got, err := harness.LoadTarget(target("key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	keys, err := got.Mastercard.Keys()
	if err != nil || !keys.Signing.Equal(fixtures.Key(0).Private) || !keys.Encryption.Equal(fixtures.Key(0).Certificate) {
		t.Errorf("the keys are not those of the file: %v", err)
	}
	if _, err := got.Mastercard.Client(clock.Real(), nil); err != nil {
		t.Error(err)
	}
	for key, want := range map[string]string{
		"gone.pem":  "target.yaml:6:15: mastercard.signingKey: is neither PEM text nor the name of a readable file",
		"empty.pem": "target.yaml:6:15: mastercard.signingKey: the file holds no PEM text",
		"|\n    -----BEGIN PRIVATE KEY-----\n    AAAA\n    -----END PRIVATE KEY-----": "the PEM text holds no RSA private key",
		`""`: "mastercard.signingKey: is missing",
	} {
		if _, err := harness.LoadTarget(target(key)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", key, err, want)
		}
	}
	if _, err := harness.LoadTarget(filepath.Join(dir, "nobody.yaml")); !errors.Is(err, harness.ErrTarget) {
		t.Errorf("a file that is not there: %v", err)
	}
}

func TestTarget_EncodedIsReadAgain(t *testing.T) {
	want, err := harness.ParseTarget("target.yaml", []byte(visaTarget))
	if err != nil {
		t.Fatal(err)
	}
	text, err := want.Encode()
	if err != nil {
		t.Fatal(err)
	}
	got, err := harness.ParseTarget("target.yaml", text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTarget_PrintsNoSecrets(t *testing.T) {
	target, err := harness.ParseTarget("target.yaml", []byte(visaTarget))
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		fmt.Sprintf("%v", *target.Visa), fmt.Sprintf("%+v", *target.Visa), fmt.Sprintf("%#v", *target.Visa), fmt.Sprint(*target.Visa.Encryption),
	} {
		for _, secret := range []string{"secret-one", "secret-two", "4622943120000600"} {
			if strings.Contains(text, secret) {
				t.Errorf("%s shows %s", text, token.Mask(secret))
			}
		}
	}
}
