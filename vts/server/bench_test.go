package server_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/gin-gonic/gin"

	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/vts"
)

// The benchmarks drive handlers without sockets, so that what they compare is
// the work of the face and not that of the network stack.

// BenchmarkBareGin is the measure: one route, a fixed answer of 780 bytes, the
// same request.
func BenchmarkBareGin(b *testing.B) {
	w := newWorld(b)
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	fixed := bytes.Repeat([]byte("x"), 780)
	engine.POST("/vts/provisionedTokens", func(c *gin.Context) {
		_, _ = io.Copy(io.Discard, c.Request.Body)
		c.Data(http.StatusCreated, "application/json", fixed)
	})
	drive(b, engine, w.good())
}

func BenchmarkProvision_RepeatedWithJWEBothWays(b *testing.B) {
	w := newWorld(b)
	drive(b, handlerOf(w), w.good())
}

func BenchmarkGetToken(b *testing.B) {
	w := newWorld(b)
	id := parse(b, w.send(w.good()).Body)["vProvisionedTokenID"].(string)
	drive(b, handlerOf(w), w.request("GET", "/vts/provisionedTokens/"+id, nil))
}

func BenchmarkPaymentData(b *testing.B) {
	w := newWorld(b)
	id := parse(b, w.send(w.good()).Body)["vProvisionedTokenID"].(string)
	drive(b, handlerOf(w), w.request("POST", "/vts/provisionedTokens/"+id+"/paymentData",
		[]byte(`{"clientPaymentDataID":"a","paymentRequest":{"transactionType":"ECOM"}}`)))
}

func handlerOf(w *world) http.Handler {
	engine := gin.New()
	w.face.Routes(engine)
	return door.Addressed(engine)
}

func drive(b *testing.B, h http.Handler, s *sending) {
	b.Helper()
	signer := stage.Must(vts.NewSigner(s.key))(b)
	token := signer.Sign(s.at, vts.Message{Path: s.path[1:], Query: s.query, Body: s.body})
	target := s.path + "?" + s.query
	b.ReportAllocs()
	for b.Loop() {
		r := httptest.NewRequest(s.method, target, bytes.NewReader(s.body))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("X-Request-Id", requestID)
		r.Header.Set("X-Pay-Token", token)
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		if rec.Code/100 != 2 {
			b.Fatalf("%d %s", rec.Code, rec.Body)
		}
	}
}
