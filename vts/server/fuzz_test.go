package server_test

import (
	"fmt"
	"testing"
)

func FuzzBody(f *testing.F) {
	w := newWorld(f)
	for _, c := range bodyFailures[:12] {
		s := w.good()
		c.do(w, s)
		f.Add(s.body)
	}
	f.Add(w.body(nil))
	f.Fuzz(func(t *testing.T, body []byte) {
		w := w.in(t)
		s := w.good(func(s *sending) { s.body = body })
		got := w.transmit(s)
		if got.Status == 500 || got.Status < 200 {
			t.Errorf("%d %s", got.Status, got.Body)
		}
		parse(t, got.Body)
	})
}

func FuzzInstrument(f *testing.F) {
	w := newWorld(f)
	for _, text := range []string{"", "{}", `{"accountNumber":"` + goodPAN + `"}`, `{"accountNumber":1}`, fmt.Sprintf(`{"accountNumber":%q,"expirationDate":{"month":13}}`, goodPAN)} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		w := w.in(t)
		got := w.transmit(w.good(func(s *sending) { clearText(string(text))(w, s) }))
		if got.Status != 201 && got.Status != 400 && got.Status != 403 {
			t.Errorf("%d %s", got.Status, got.Body)
		}
	})
}
