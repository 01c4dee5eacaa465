package vts_test

import (
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/vts"
)

func benchMessage(b *testing.B) vts.Message {
	b.Helper()
	return vts.Message{
		Path: "vts/provisionedTokens", Query: testQuery, Body: []byte(strings.Repeat("x", 1024)),
	}
}

func BenchmarkSigner_Sign(b *testing.B) {
	s, m := newSigner(b, testKey, testSecret), benchMessage(b)
	b.ReportAllocs()
	for b.Loop() {
		s.Sign(testTime, m)
	}
}

func BenchmarkSigner_Verify(b *testing.B) {
	s, m := newSigner(b, testKey, testSecret), benchMessage(b)
	r := vts.Received{
		Header: []string{s.Sign(testTime, m)}, Paths: []string{m.Path}, Query: m.Query, Body: m.Body, Now: testTime,
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Verify(r); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSigner_VerifyWrong(b *testing.B) {
	s, m := newSigner(b, testKey, testSecret), benchMessage(b)
	r := vts.Received{
		Header: []string{"xv2:1700000000:" + strings.Repeat("0", 64)}, Paths: []string{m.Path}, Query: m.Query, Body: m.Body, Now: testTime,
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Verify(r); err == nil {
			b.Fatal("taken")
		}
	}
}

func BenchmarkKey_Seal(b *testing.B) {
	key, plain := sharedKey(b, encKey, encSecret), example(b, "payment_instrument")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := key.Seal(plain, testTime, nil); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkKeys_Open(b *testing.B) {
	key := sharedKey(b, encKey, encSecret)
	keys := vts.Keys{key}
	compact, err := key.Seal(example(b, "payment_instrument"), testTime, nil)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := keys.Open(compact); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecodeRequest(b *testing.B) {
	body := []byte(strings.Replace(string(example(b, "provision_with_pan_request")),
		"compact JWE of section 2.5", strings.Repeat("x", 700), 1))
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if err := (vts.Leniency{}).DecodeRequest(body, new(vts.ProvisionWithPANRequest)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNewTAVV(b *testing.B) {
	key := []byte("sandbox key")
	b.ReportAllocs()
	for b.Loop() {
		vts.NewTAVV(key, "4895370012003478", 7, tokenID)
	}
}
