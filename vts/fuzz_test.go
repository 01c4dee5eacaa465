package vts_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pantomime-dev/pantomime/vts"
	"github.com/pantomime-dev/pantomime/wire"
)

func FuzzParsePayToken(f *testing.F) {
	sum := strings.Repeat("0a", 32)
	for _, seed := range []string{
		"", ":", "::", "xv2:1700000000:" + sum, "x:1700000000:" + sum, "xv2:0:" + sum, "xv2:-1:" + sum,
		"xv2:1700000000000:" + sum, "xv2:999999999999999:" + sum, "XV2:1:" + sum, "xv2:1:" + strings.ToUpper(sum),
	} {
		f.Add(seed)
	}
	signer := newSigner(f, testKey, testSecret)
	f.Fuzz(func(t *testing.T, value string) {
		parsed, err := vts.ParsePayToken(value)
		if err == nil && parsed.Form+":"+parsed.Timestamp+":"+parsed.Hash != value {
			t.Errorf("%q is taken apart as %+v", value, parsed)
		}
		if err != nil && !errors.Is(err, vts.ErrPayToken) {
			t.Errorf("%q: error %v", value, err)
		}
		m := vts.Message{Path: "vts/x", Query: testQuery, Body: []byte(value)}
		checks, err := signer.Verify(vts.Received{
			Header: []string{value}, Paths: []string{m.Path}, Query: m.Query, Body: m.Body, Now: testTime, AllowX: true,
		})
		right := value == signer.Sign(testTime, m) || value == signer.SignX(testTime, m)
		if right != (err == nil) && parsed.At.Equal(testTime) {
			t.Errorf("%q: error %v", value, err)
		}
		if _, failed := checks.Failed(); failed != (err != nil) {
			t.Errorf("%q: error %v but checks %+v", value, err, checks)
		}
	})
}

func FuzzKeysOpen(f *testing.F) {
	key := sharedKey(f, encKey, encSecret)
	keys := vts.Keys{key}
	short, err := key.Seal([]byte("x"), time.Time{}, vectorRandom())
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{
		"", "....", vecJWE, vecJWE[:100], short, strings.ReplaceAll(vecJWE, "-", "+"),
		withHeader(`{"alg":"A256GCMKW"}`), withHeader(`{"alg":"RSA-OAEP-256","enc":"A256GCM","kid":"` + encKey + `"}`),
		withHeader(`{"alg":"A256GCMKW","enc":"A256GCM","kid":"` + encKey + `","iv":"","tag":""}`), withHeader("[]"), withHeader("null"),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, compact string) {
		opened, err := keys.Open(compact)
		var refused *vts.JWEError
		if err != nil && !errors.As(err, &refused) {
			t.Errorf("%q: error %v is not a JWEError", compact, err)
		}
		// Authenticated encryption: nothing opens but what the key sealed.
		if err == nil && compact != vecJWE && compact != short {
			t.Errorf("%q opens as %q", compact, opened.Plain)
		}
	})
}

func FuzzKeySeal(f *testing.F) {
	f.Add([]byte(nil), "k", int64(0))
	f.Add([]byte(vecPlain), encKey, int64(1700000000))
	f.Add([]byte{0xff, 0}, "\"\\\x00\xff", int64(-1))
	f.Fuzz(func(t *testing.T, plain []byte, id string, seconds int64) {
		if id == "" || strings.ToValidUTF8(id, "") != id {
			return // a JSON text cannot hold such an id
		}
		key := sharedKey(t, id, encSecret)
		compact, err := key.Seal(plain, vts.Seconds(seconds).Time(), nil)
		if err != nil {
			t.Fatal(err)
		}
		opened, err := vts.Keys{key}.Open(compact)
		if errors.Is(err, vts.ErrJWETooLong) {
			return
		}
		if err != nil || !bytes.Equal(opened.Plain, plain) || opened.Header.KeyID != id {
			t.Errorf("got %q with kid %q, %v", opened.Plain, opened.Header.KeyID, err)
		}
	})
}

// FuzzDecodeRequest runs every request type over every body: no panic, one of
// the two errors, and what is good stays the same when written and read again.
func FuzzDecodeRequest(f *testing.F) {
	for name := range examples {
		f.Add(example(f, name))
	}
	for _, seed := range []string{
		``, `null`, `{}`, `[]`, `{"a":`, `{"\"":1}`, `{"clientAppId":{"clientAppID":"x"}}`,
		`{"presentationType":[null]}`, `{"termsAndConditions":{"date":[]}}`, `{"expirationDate":{"month":1e2}}`, "{\"\\u0063vv2\":\"1\"}",
	} {
		f.Add([]byte(seed))
	}
	fresh := []func() vts.Request{
		func() vts.Request { return new(vts.EnrollRequest) },
		func() vts.Request { return new(vts.ProvisionRequest) },
		func() vts.Request { return new(vts.ProvisionWithPANRequest) },
		func() vts.Request { return new(vts.PaymentDataRequest) },
		func() vts.Request { return new(vts.LifecycleRequest) },
		func() vts.Request { return new(vts.PaymentInstrument) },
		func() vts.Request { return new(vts.StepUpMethodRequest) },
		func() vts.Request { return new(vts.ValidateOTPRequest) },
		func() vts.Request { return new(vts.ValidateAuthCodeRequest) },
		func() vts.Request { return new(vts.DeviceBindingRequest) },
		func() vts.Request { return new(vts.BillingInfo) },
		func() vts.Request { return new(vts.AttestationRequest) },
		func() vts.Request { return new(vts.AuthenticationData) },
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		before := string(body)
		for _, empty := range fresh {
			request := empty()
			err := vts.Leniency{}.DecodeRequest(body, request)
			var bad wire.BadFields
			if err != nil && !errors.Is(err, wire.ErrBody) && !errors.As(err, &bad) {
				t.Errorf("error %v", err)
			}
			if string(body) != before {
				t.Fatal("the caller's bytes were changed")
			}
			if err != nil {
				continue
			}
			written, err := json.Marshal(request)
			if err != nil {
				t.Fatal(err)
			}
			again := empty()
			if err := (vts.Leniency{}).DecodeRequest(written, again); err != nil || !cmp.Equal(request, again) {
				t.Errorf("%s comes back as %s: %v", body, written, err)
			}
		}
		var risk vts.RiskData
		if json.Unmarshal(body, &risk) == nil {
			risk.Expiry()
		}
	})
}

func FuzzParseNotice(f *testing.F) {
	f.Add("visa/provisionedToken", "eventType=TOKEN_CREATED&apiKey=K", example(f, "notice_token"))
	f.Add("visa/panMetadata", "apikey=K", example(f, "notice_pan"))
	f.Add("", "%zz", []byte(`{"date":"1e9"}`))
	f.Fuzz(func(t *testing.T, path, query string, body []byte) {
		n, err := vts.ParseNotice(path, query, body)
		if err != nil {
			if !errors.Is(err, vts.ErrNotice) {
				t.Errorf("error %v", err)
			}
			return
		}
		rendered, err := n.Request("http://tr.example/x", nil, testTime, noticeID)
		if err != nil {
			t.Fatal(err)
		}
		_, q, _ := strings.Cut(rendered.URL, "?")
		if again, err := vts.ParseNotice("x/"+string(n.Kind), q, rendered.Body); err != nil || again.ID != n.ID || again.EventType != n.EventType {
			t.Errorf("%+v comes back as %+v: %v", n, again, err)
		}
	})
}

func FuzzParseTAVV(f *testing.F) {
	f.Add(publicTAVV)
	f.Add("")
	f.Add(publicTAVV[:27])
	f.Fuzz(func(t *testing.T, text string) {
		if v, err := vts.ParseTAVV(text); err == nil && v.Cryptogram().Reveal() != text {
			t.Errorf("%q comes back as %q", text, v.Cryptogram().Reveal())
		}
	})
}
