package server_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/token"
)

// FuzzBody sends any bytes as body of each operation, well signed.
func FuzzBody(f *testing.F) {
	w := newWorld(f)
	ref := w.tokenize(goodPAN).TokenUniqueReference
	ops := []token.Operation{
		token.MCTokenize, token.MCTransact, token.MCGetTaskStatus, token.MCGetToken, token.MCSearchTokens, token.MCSuspend, token.MCUnsuspend, token.MCDelete, token.MCGetDigitalAssets,
	}
	for i := range ops {
		f.Add(i, []byte("{}"))
		f.Add(i, stage.Marshal(f, about(ref, object{"dsrpType": "UCAF"})))
		f.Add(i, stage.Marshal(f, batch(nil, ref, "x")))
		f.Add(i, stage.Marshal(f, w.tokenizeBody(goodPAN, nil)))
	}
	for _, c := range bodyFailures[:14] {
		s := w.request(token.MCTokenize, w.tokenizeBody(goodPAN, nil))
		c.do(w, s)
		f.Add(0, s.body)
	}
	f.Fuzz(func(t *testing.T, n int, body []byte) {
		if len(body) >= 1<<20 {
			return
		}
		w := w.in(t)
		got := w.send(w.request(ops[uint(n)%uint(len(ops))], body))
		if got.Status != http.StatusOK || !json.Valid(got.Body) {
			t.Errorf("%d %s", got.Status, got.Body)
		}
	})
}

// FuzzClearText encrypts any bytes as card data.
func FuzzClearText(f *testing.F) {
	w := newWorld(f)
	for _, text := range []string{"", "{}", "[]", `{"cardAccountData":{"accountNumber":1}}`, `{"source":"ACCOUNT_ON_FILE"}`} {
		f.Add([]byte(text))
	}
	f.Add(stage.Marshal(f, cardData(goodPAN, nil)))
	f.Add(stage.Marshal(f, cardData(unlisted, object{"expiryMonth": "13"})))
	f.Fuzz(func(t *testing.T, text []byte) {
		w := w.in(t)
		s := w.request(token.MCTokenize, nil)
		clearText(string(text))(w, s)
		if got := w.send(s); got.Status != http.StatusOK || !json.Valid(got.Body) {
			t.Errorf("%d %s", got.Status, got.Body)
		}
	})
}

// FuzzAuthorization sends any text as OAuth header.
func FuzzAuthorization(f *testing.F) {
	w := newWorld(f)
	for _, header := range []string{"", "OAuth", `OAuth a="b"`, `OAuth oauth_consumer_key="x!y",oauth_nonce="%"`, "Bearer x"} {
		f.Add(header)
	}
	f.Fuzz(func(t *testing.T, header string) {
		w := w.in(t)
		for _, c := range []byte(header) {
			if c < ' ' || c == 0x7f {
				return // cannot be sent
			}
		}
		s := w.request(token.MCTokenize, []byte("{}"))
		s.authorize = func(string) string { return header }
		if got := w.send(s); got.Status != http.StatusUnauthorized && got.Status != http.StatusBadRequest || !json.Valid(got.Body) {
			t.Errorf("%d %s", got.Status, got.Body)
		}
	})
}
