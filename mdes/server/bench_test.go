package server_test

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/pantomime-dev/pantomime/mdes/server"

	"github.com/gin-gonic/gin"

	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/token"
)

// The benchmarks drive handlers without sockets, so that what they compare is
// the work of the face and not that of the network stack. Next to each is
// what of it is RSA, which nothing here can make cheaper.

func BenchmarkTokenize(b *testing.B) {
	w := newWorld(b)
	funding := object{"encryptedPayload": w.sealed(cardData(goodPAN, nil))}
	drive(b, w, func() *sending { // a task id is used once
		return w.request(token.MCTokenize, w.tokenizeBody("", object{"fundingAccountInfo": funding}))
	})
}

func BenchmarkTransact(b *testing.B) {
	w := newWorld(b)
	drive(b, w, w.again(token.MCTransact, object{"dsrpType": "UCAF", "unpredictableNumber": "1A2B3C4D"}))
}

func BenchmarkGetToken(b *testing.B) {
	w := newWorld(b)
	drive(b, w, w.again(token.MCGetToken, nil))
}

// again is the same request about a new token each time.
func (w *world) again(op token.Operation, changes object) func() *sending {
	s := w.request(op, about(w.tokenize(goodPAN).TokenUniqueReference, changes))
	return func() *sending { return s }
}

func BenchmarkTokenizeRSAAlone(b *testing.B) { onlyRSA(b, true, true) }

func BenchmarkTransactRSAAlone(b *testing.B) { onlyRSA(b, false, true) }

func BenchmarkGetTokenRSAAlone(b *testing.B) { onlyRSA(b, false, false) }

// onlyRSA verifies a signature and, as asked, opens one content key and seals
// another, with SHA-512 for OAEP as the wire has it.
func onlyRSA(b *testing.B, opens, seals bool) {
	b.Helper()
	w := newWorld(b)
	key, content := server.KeysOf(w.who).Signing.Private, make([]byte, 16)
	digest := sha256.Sum256([]byte("base string"))
	signature := stage.Must(rsa.SignPKCS1v15(nil, key, crypto.SHA256, digest[:]))(b)
	wrapped := stage.Must(rsa.EncryptOAEP(sha512.New(), rand.Reader, &key.PublicKey, content, nil))(b)
	b.ReportAllocs()
	for b.Loop() {
		err := rsa.VerifyPKCS1v15(&key.PublicKey, crypto.SHA256, digest[:], signature)
		if err == nil && opens {
			_, err = rsa.DecryptOAEP(sha512.New(), nil, key, wrapped, nil)
		}
		if err == nil && seals {
			_, err = rsa.EncryptOAEP(sha512.New(), rand.Reader, &key.PublicKey, content, nil)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}

// drive sends what next makes; making and signing it is not measured.
func drive(b *testing.B, w *world, next func() *sending) {
	b.Helper()
	engine := gin.New()
	w.face.Routes(engine)
	handler := door.Addressed(engine)
	var ready []*http.Request
	b.ReportAllocs()
	for b.Loop() {
		if len(ready) == 0 {
			b.StopTimer()
			ready = w.prepared(next, 128)
			b.StartTimer()
		}
		rec := httptest.NewRecorder()
		handler.ServeHTTP(rec, ready[0])
		if ready = ready[1:]; rec.Code != http.StatusOK || bytes.Contains(rec.Body.Bytes(), []byte("errorCode")) {
			b.Fatalf("%d %s", rec.Code, rec.Body)
		}
	}
}

// prepared signs requests beforehand; equal ones have one signature.
func (w *world) prepared(next func() *sending, n int) []*http.Request {
	var ready []*http.Request
	var last *sending
	header := ""
	for range n {
		s := next()
		r := httptest.NewRequest(s.method, w.url+s.path, bytes.NewReader(s.body))
		if s != last {
			header, last = w.authorization(s, r), s
		}
		r.RequestURI = s.path
		r.Header.Set("Content-Type", s.contentType)
		r.Header.Set("Authorization", header)
		ready = append(ready, r)
	}
	return ready
}
