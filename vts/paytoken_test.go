package vts_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

const (
	testKey    = "TESTAPIKEY0001"
	testSecret = "sandbox-shared-secret-0001"
	testQuery  = "apiKey=" + testKey
	tokenPath  = "vts/provisionedTokens/00112233445566778899aabbccddeeff"
)

var testTime = time.Unix(1700000000, 0)

// vectors are the four of docs/wire/vts.md "Authentication".
var vectors = []struct {
	name, form, path, body, hash string
}{
	{"A: xv2, a body", vts.FormXV2, "vts/panEnrollments", `{"a":1}`, "ca5f31387a3a01f15851e977c52fc50370ca2d4bc80d9bfb7bc9fd3b2c45ff19"},
	{"B: xv2, no body", vts.FormXV2, tokenPath, "", "389b4002cd79abd0a0923ffa68bd55ec1227cf82cc30e1a71212e66bb64e396d"},
	{
		"C: xv2, a suspension", vts.FormXV2, tokenPath + "/suspend",
		`{"updateReason":{"reasonCode":"CUSTOMER_CONFIRMED","reasonDesc":"test"}}`,
		"0969dfd9c6850d36ffe7b2578f9f6563b7b839d131b5a7957c4a70c09121cebf",
	},
	{"D: x, a body", vts.FormX, "vts/panEnrollments", `{"a":1}`, "5ee25b74470bf0411012a39e43c889f6e78e35db5ac69f4c42c2b3d4d4769dac"},
}

func newSigner(t testing.TB, key, secret string) *vts.Signer {
	t.Helper()
	s, err := vts.NewSigner(vts.Credential{APIKey: key, Secret: secret})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSigner_Vectors(t *testing.T) {
	s := newSigner(t, testKey, testSecret)
	for _, v := range vectors {
		t.Run(v.name, func(t *testing.T) {
			m := vts.Message{Path: v.path, Query: testQuery, Body: []byte(v.body)}
			got := s.Sign(testTime, m)
			if v.form == vts.FormX {
				got = s.SignX(testTime, m)
			}
			want := v.form + ":1700000000:" + v.hash
			if got != want {
				t.Errorf("got %s, want %s", got, want)
			}
			checks, err := s.Verify(vts.Received{
				Header: []string{want}, Paths: []string{v.path}, Query: testQuery,
				Body: []byte(v.body), Now: testTime, AllowX: true,
			})
			if err != nil {
				t.Errorf("the vector is refused: %v", checks)
			}
			if len(checks) != 4 || checks[3].Name != vts.CheckHash || checks[3].KeyID != testKey {
				t.Errorf("checks of a good token: %+v", checks)
			}
		})
	}
}

func TestSigner_VerifyTakesAnyOfThePaths(t *testing.T) {
	s := newSigner(t, testKey, testSecret)
	header := s.Sign(testTime, vts.Message{Path: "vts/panEnrollments", Query: testQuery})
	for _, paths := range [][]string{
		{"vts/panEnrollments"},
		{"s/blue/vts/panEnrollments", "vts/panEnrollments"},
	} {
		r := vts.Received{Header: []string{header}, Paths: paths, Query: testQuery, Now: testTime}
		if checks, err := s.Verify(r); err != nil {
			t.Errorf("paths %v: %v", paths, checks)
		}
	}
	r := vts.Received{Header: []string{header}, Query: testQuery, Now: testTime}
	if _, err := s.Verify(r); !errors.Is(err, vts.ErrPayToken) {
		t.Error("a request without an acceptable path must be refused")
	}
}

func TestSigner_VerifyWindow(t *testing.T) {
	s := newSigner(t, testKey, testSecret)
	header := []string{s.Sign(testTime, vts.Message{Path: "vts/x", Query: testQuery})}
	cases := []struct {
		name   string
		offset time.Duration
		window time.Duration
		diff   string // "" for a good token
	}{
		{"at once", 0, 0, ""},
		{"eight minutes old", 480 * time.Second, 0, ""},
		{"eight minutes early", -480 * time.Second, 0, ""},
		{"a second too old", 481 * time.Second, 0, "481 s in the past"},
		{"a second too early", -481 * time.Second, 0, "481 s in the future"},
		{"outside a narrow window", 6 * time.Second, 5 * time.Second, "6 s in the past"},
		{"inside a wide window", time.Hour, 2 * time.Hour, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			checks, err := s.Verify(vts.Received{
				Header: header, Paths: []string{"vts/x"}, Query: testQuery,
				Now: testTime.Add(c.offset), Window: c.window,
			})
			if (err == nil) != (c.diff == "") {
				t.Fatalf("error %v", err)
			}
			failed, bad := checks.Failed()
			if bad && (failed.Name != vts.CheckTimestamp || failed.Difference != c.diff || failed.Hint == "") {
				t.Errorf("got %+v, want difference %q", failed, c.diff)
			}
		})
	}
}

// A timestamp in milliseconds is further off than a time.Duration reaches.
func TestSigner_VerifyTellsMillisecondsInFull(t *testing.T) {
	s := newSigner(t, testKey, testSecret)
	for stamp, want := range map[int64]string{
		testTime.UnixMilli(): "1698300000000 s in the future",
		0:                    "1700000000 s in the past",
	} {
		checks, _ := s.Verify(vts.Received{
			Header: []string{s.Sign(time.Unix(stamp, 0), vts.Message{Path: "vts/x"})}, Paths: []string{"vts/x"}, Now: testTime,
		})
		if failed, _ := checks.Failed(); failed.Name != vts.CheckTimestamp || failed.Difference != want {
			t.Errorf("%d: got %+v, want difference %q", stamp, failed, want)
		}
	}
}

func TestSigner_VerifyRefusesBadLayout(t *testing.T) {
	good := strings.Repeat("a", 64)
	cases := []struct {
		name    string
		values  []string
		allowX  bool
		check   string
		content string // must appear in the check
	}{
		{"no header", nil, false, vts.CheckPayToken, "0 headers"},
		{"two headers", []string{"a", "b"}, false, vts.CheckPayToken, "2 headers"},
		{"an empty header", []string{""}, false, vts.CheckPayToken, "1 parts"},
		{"two parts", []string{"xv2:" + good}, false, vts.CheckPayToken, "2 parts"},
		{"four parts", []string{"xv2:1:2:" + good}, false, vts.CheckPayToken, "4 parts"},
		{"a very long header", []string{"xv2:1700000000:" + strings.Repeat("a", 4096)}, false, vts.CheckPayToken, "characters"},
		{"an unknown version", []string{"xv3:1700000000:" + good}, false, vts.CheckVersion, "another version"},
		{"an upper-case version", []string{"XV2:1700000000:" + good}, false, vts.CheckVersion, "another version"},
		{"the older form, switched off", []string{"x:1700000000:" + good}, false, vts.CheckVersion, "switched off"},
		{"an unknown version where both are taken", []string{"y:1700000000:" + good}, true, vts.CheckVersion, "xv2 or x"},
		{"a space before the version", []string{" xv2:1700000000:" + good}, false, vts.CheckVersion, "another version"},
		{"an empty timestamp", []string{"xv2::" + good}, false, vts.CheckPayToken, "timestamp of digits"},
		{"a timestamp with a sign", []string{"xv2:+1700000000:" + good}, false, vts.CheckPayToken, "timestamp of digits"},
		{"a fractional timestamp", []string{"xv2:1700000000.5:" + good}, false, vts.CheckPayToken, "timestamp of digits"},
		{"a timestamp of words", []string{"xv2:now:" + good}, false, vts.CheckPayToken, "timestamp of digits"},
		{"a timestamp of 19 digits", []string{"xv2:1700000000000000000:" + good[:60]}, false, vts.CheckPayToken, "timestamp of digits"},
		{"milliseconds", []string{"xv2:1700000000000:" + good}, false, vts.CheckTimestamp, "looks like milliseconds"},
		{"a short hash", []string{"xv2:1700000000:" + good[:63]}, false, vts.CheckPayToken, "63 characters"},
		{"an empty hash", []string{"xv2:1700000000:"}, false, vts.CheckPayToken, "0 characters"},
		{"an upper-case hash", []string{"xv2:1700000000:" + strings.Repeat("A", 64)}, false, vts.CheckPayToken, "lower case"},
		{"a hash that is no hex", []string{"xv2:1700000000:" + strings.Repeat("g", 64)}, false, vts.CheckPayToken, "64 lower-case hex"},
		{"a base64 hash", []string{"xv2:1700000000:" + base64.StdEncoding.EncodeToString(make([]byte, 32))}, false, vts.CheckPayToken, "looks like base64"},
	}
	s := newSigner(t, testKey, testSecret)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			checks, err := s.Verify(vts.Received{
				Header: c.values, Paths: []string{"vts/x"}, Query: testQuery, Now: testTime, AllowX: c.allowX,
			})
			if !errors.Is(err, vts.ErrPayToken) {
				t.Fatalf("error %v, want ErrPayToken", err)
			}
			failed, _ := checks.Failed()
			if failed.Name != c.check || !strings.Contains(fmt.Sprint(failed), c.content) {
				t.Errorf("got %+v, want check %q with %q in it", failed, c.check, c.content)
			}
		})
	}
}

// sign is written apart from the code under test.
func sign(secret, ts, path, query, body string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(ts + path + query + body))
	return "xv2:" + ts + ":" + hex.EncodeToString(mac.Sum(nil))
}

func TestSigner_VerifyHints(t *testing.T) {
	const (
		ts    = "1700000000"
		path  = "vts/panEnrollments"
		query = "platformType=WEB&apiKey=" + testKey
		body  = "{\"a\": 1,\r\n \"b\": 2}\n"
	)
	raw := "0123456789abcdef0123456789abcdef"
	b64Secret := base64.StdEncoding.EncodeToString([]byte(raw))
	hexSecret := hex.EncodeToString([]byte(raw))
	plain := sha256.Sum256([]byte(testSecret + ts + path + query + body))
	cases := []struct {
		name, secret, header, hint string
	}{
		{"newline dropped", testSecret, sign(testSecret, ts, path, query, body[:len(body)-1]), "trailing newline is dropped"},
		{"newline appended", testSecret, sign(testSecret, ts, path, query, body+"\n"), "newline is appended"},
		{"body left out", testSecret, sign(testSecret, ts, path, query, ""), "body is left out"},
		{"body compacted", testSecret, sign(testSecret, ts, path, query, `{"a":1,"b":2}`), "compacted"},
		{"line ends changed", testSecret, sign(testSecret, ts, path, query, strings.ReplaceAll(body, "\r\n", "\n")), "LF"},
		{"leading slash", testSecret, sign(testSecret, ts, "/"+path, query, body), "leading slash"},
		{"trailing slash", testSecret, sign(testSecret, ts, path+"/", query, body), "trailing slash"},
		{"context left out", testSecret, sign(testSecret, ts, "panEnrollments", query, body), "first segment"},
		{"question mark", testSecret, sign(testSecret, ts, path, "?"+query, body), "question mark"},
		{"sorted query", testSecret, sign(testSecret, ts, path, "apiKey="+testKey+"&platformType=WEB", body), "sorted query"},
		{"no query", testSecret, sign(testSecret, ts, path, "", body), "without the query"},
		{"other spelling of the key", testSecret, sign(testSecret, ts, path, "platformType=WEB&apikey="+testKey, body), "other spelling"},
		{"base64-decoded secret", b64Secret, sign(raw, ts, path, query, body), "base64-decoded secret"},
		{"hex-decoded secret", hexSecret, sign(raw, ts, path, query, body), "hex-decoded secret"},
		{"newline at the secret", testSecret, sign(testSecret+"\n", ts, path, query, body), "newline at its end"},
		{"plain hash", testSecret, "xv2:" + ts + ":" + hex.EncodeToString(plain[:]), "plain SHA-256"},
		{"another key", testSecret, sign("encryption-secret", ts, path, query, body), "secret of the key ENCKEY"},
		{"the network's own key", testSecret, sign("outbound-secret", ts, path, query, body), "secret of the key OUTKEY, with which the network signs its own calls"},
		{"another secret", testSecret, sign("who knows", ts, path, query, body), "another shared secret"},
		{"another body", testSecret, sign(testSecret, ts, path, query, `{"a": 2}`), "changed after signing"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			checks, err := newSigner(t, testKey, c.secret).Verify(vts.Received{
				Header: []string{c.header}, Paths: []string{"s/blue/" + path, path}, Query: query,
				Body: []byte(body), Now: testTime, Others: []*vts.Signer{newSigner(t, "ENCKEY", "encryption-secret")}, Own: newSigner(t, "OUTKEY", "outbound-secret"),
			})
			if !errors.Is(err, vts.ErrPayToken) {
				t.Fatalf("error %v, want ErrPayToken", err)
			}
			failed, _ := checks.Failed()
			if failed.Name != vts.CheckHash || !strings.Contains(failed.Hint, c.hint) {
				t.Errorf("hint %q, want %q in it", failed.Hint, c.hint)
			}
			if len(checks) != 4 || !checks[2].OK || failed.KeyID != testKey {
				t.Errorf("the checks before the hash must have passed: %+v", checks)
			}
			text, right := fmt.Sprintf("%+v", checks), sign(c.secret, ts, path, query, body)
			for _, hidden := range []string{c.secret, raw, right[len(right)-64:], "encryption-secret", "outbound-secret"} {
				if strings.Contains(text, hidden) {
					t.Errorf("%q is in the checks: %s", hidden, text)
				}
			}
		})
	}
}

// What was changed after signing looks like another secret. Length and SHA-256
// of the body as received distinguish the two.
func TestSigner_VerifyTellsTheBodyReceived(t *testing.T) {
	const ts, path = "1700000000", "vts/panEnrollments"
	checks, _ := newSigner(t, testKey, testSecret).Verify(vts.Received{
		Header: []string{sign(testSecret, ts, path, testQuery, `{"amount":1}`)},
		Paths:  []string{path}, Query: testQuery, Body: []byte(`{"amount":2}`), Now: testTime,
	})
	failed, _ := checks.Failed()
	for _, want := range []string{
		path, testQuery, "12 bytes", "a2879a37ea1e0b8938f44d782c2ff3887f30554da489efc8634d658a95a1094d", // sha256sum of the body
	} {
		if !strings.Contains(failed.Expected, want) {
			t.Errorf("%q does not tell %s", failed.Expected, want)
		}
	}
}

func TestSigner_VerifyHintsPercentDecoding(t *testing.T) {
	s := newSigner(t, testKey, testSecret)
	const ts = "1700000000"
	for _, c := range []struct{ name, path, query, signedPath, signedQuery, hint string }{
		{"path", "vts/a%20b", testQuery, "vts/a b", testQuery, "path percent-decoded"},
		{"query", "vts/a", testQuery + "&x=a%2Fb", "vts/a", testQuery + "&x=a/b", "query percent-decoded"},
	} {
		checks, _ := s.Verify(vts.Received{
			Header: []string{sign(testSecret, ts, c.signedPath, c.signedQuery, "")},
			Paths:  []string{c.path}, Query: c.query, Now: testTime,
		})
		if failed, _ := checks.Failed(); !strings.Contains(failed.Hint, c.hint) {
			t.Errorf("%s: hint %q, want %q in it", c.name, failed.Hint, c.hint)
		}
	}
}

func TestSigner_VerifyMasksWhatItQuotes(t *testing.T) {
	const pan = "4622943120000600"
	checks, err := newSigner(t, testKey, testSecret).Verify(vts.Received{
		Header: []string{"xv2:1700000000:" + strings.Repeat("0", 64)},
		Paths:  []string{"vts/panEnrollments/" + pan}, Query: "apiKey=A&pan=" + pan + "&x=" + strings.Repeat("y", 5000),
		Body: []byte(pan), Now: testTime,
	})
	if err == nil {
		t.Fatal("a wrong hash was taken")
	}
	if text := fmt.Sprintf("%+v", checks); strings.Contains(text, pan) || len(text) > 3000 {
		t.Errorf("the checks quote too much: %s", text)
	}
}

func TestSigner_PrintsWithoutSecret(t *testing.T) {
	c := vts.Credential{APIKey: testKey, Secret: testSecret}
	for _, text := range []string{
		fmt.Sprintf("%v %+v %#v %s", c, c, c, c), fmt.Sprintf("%v %+v %#v", newSigner(t, testKey, testSecret), c, newSigner(t, testKey, testSecret)),
		c.LogValue().String(),
	} {
		if strings.Contains(text, testSecret) || !strings.Contains(text, token.Secret) {
			t.Errorf("printed as %s", text)
		}
	}
}

func TestNewSigner_NeedsKeyAndSecret(t *testing.T) {
	for _, c := range []vts.Credential{{}, {APIKey: "a"}, {Secret: "b"}} {
		if _, err := vts.NewSigner(c); !errors.Is(err, vts.ErrCredential) {
			t.Errorf("%v: error %v, want ErrCredential", c, err)
		}
		if _, err := vts.NewSharedKey(c); !errors.Is(err, vts.ErrCredential) {
			t.Errorf("%v: error %v, want ErrCredential", c, err)
		}
	}
}

func TestSigner_ManyAtOnce(t *testing.T) {
	s := newSigner(t, testKey, testSecret)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for j := range 200 {
				body := fmt.Sprintf("%d/%d", i, j)
				got := s.Sign(testTime, vts.Message{Path: "vts/x", Query: testQuery, Body: []byte(body)})
				if want := sign(testSecret, "1700000000", "vts/x", testQuery, body); got != want {
					t.Errorf("got %s, want %s", got, want)
				}
			}
		})
	}
	wg.Wait()
}

func TestParsePayToken(t *testing.T) {
	sum := strings.Repeat("0a", 32)
	got, err := vts.ParsePayToken("x:0001700000000:" + sum)
	want := vts.PayToken{Form: vts.FormX, Timestamp: "0001700000000", At: testTime, Hash: sum}
	if err != nil || got != want {
		t.Errorf("got %+v, %v; want %+v", got, err, want)
	}
	if _, err := vts.ParsePayToken("xv2:1:" + sum[1:]); !errors.Is(err, vts.ErrPayToken) || !strings.Contains(err.Error(), "64 lower-case hex") {
		t.Errorf("error %v", err)
	}
}
