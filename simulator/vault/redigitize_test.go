package vault_test

import (
	"errors"
	"testing"

	"github.com/pantomime-dev/pantomime/simulator/vault"
	"github.com/pantomime-dev/pantomime/token"
)

// later is when a token of now is digitized again, near its end.
var later = now.AddDate(2, 11, 0)

func TestRedigitize_AnExpiryOrAnExpiryAndANumber(t *testing.T) {
	v := vault.New()
	_, first := provision(v, token.Mastercard, "alice")
	tx := v.Begin(ids(), later)
	got, err := tx.Redigitize(first, false)
	want := first
	want.Expiry = token.Expiry{Year: 2032, Month: 2}
	if stored, _ := tx.Token(first.Ref); err != nil || !same(got, want) || !same(stored, want) {
		t.Errorf("a new expiry: %+v, %v\nwant %+v", got, err, want)
	}
	v.Apply(tx.Delta())

	seen := map[token.TokenPAN]bool{first.Number: true}
	for range 50 {
		tx := v.Begin(ids(), later)
		before, _ := tx.Token(first.Ref)
		got, err := tx.Redigitize(before, true)
		if err != nil || seen[got.Number] || !token.LuhnValid(got.Number.Digits()) || got.Number.Digits()[:6] != "520424" {
			t.Fatalf("a new number: %s after %s, %v", got.Number, before.Number, err)
		}
		seen[got.Number] = true
		v.Apply(tx.Delta())
		after := v.Begin(ids(), later)
		if found, ok := after.TokenByNumber(got.Number); !ok || found.Ref != first.Ref {
			t.Error("the new number finds no token")
		}
		if _, ok := after.TokenByNumber(before.Number); ok {
			t.Error("the old number still finds the token")
		}
		if !after.NumberTaken(before.Number) {
			t.Error("the old number is free")
		}
	}
}

func same(a, b vault.Token) bool {
	return a.Ref == b.Ref && a.Number == b.Number && a.Expiry == b.Expiry && a.Status == b.Status && a.ATC == b.ATC && a.StatusAt.Equal(b.StatusAt)
}

func TestRedigitize_NumbersDoNotDependOnTheOrder(t *testing.T) {
	numbers := func(order ...string) map[string]token.TokenPAN {
		v := vault.New()
		made := map[string]vault.Token{}
		for _, who := range order {
			_, made[who] = provision(v, token.Mastercard, who)
		}
		out := map[string]token.TokenPAN{}
		for _, who := range order {
			tx := v.Begin(ids(), later)
			got, err := tx.Redigitize(made[who], true)
			if err != nil {
				t.Fatal(err)
			}
			v.Apply(tx.Delta())
			out[who] = got.Number
		}
		return out
	}
	one, other := numbers("a", "b"), numbers("b", "a")
	if one["a"] != other["a"] || one["b"] != other["b"] || one["a"] == one["b"] {
		t.Errorf("%v and %v", one, other)
	}
}

func TestRedigitize_OnlyLiveTokens(t *testing.T) {
	for _, c := range []struct {
		network token.Network
		status  token.Status
		want    error
	}{
		{token.Mastercard, token.Inactive, nil},
		{token.Mastercard, token.Active, nil},
		{token.Mastercard, token.Suspended, nil},
		{token.Mastercard, token.Deactivated, vault.ErrNotAllowed},
		{token.Visa, token.Active, nil}, // [F11]
		{token.Visa, token.Suspended, nil},
		{token.Visa, token.Deactivated, vault.ErrNotAllowed},
	} {
		v := vault.New()
		_, tk := provision(v, c.network, "alice")
		tk.Status = c.status
		tx := v.Begin(ids(), later)
		got, err := tx.Redigitize(tk, true)
		if !errors.Is(err, c.want) || (err != nil) != (got.Number == tk.Number) || got.Status != c.status {
			t.Errorf("%s, %s: %+v %v, want %v", c.network, c.status, got, err, c.want)
		}
	}
}
