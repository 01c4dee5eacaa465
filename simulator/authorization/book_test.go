package authorization_test

import (
	"fmt"
	"testing"

	"github.com/pantomime-dev/pantomime/simulator/authorization"
	"github.com/pantomime-dev/pantomime/token"
)

// A network's transaction id is short, so two payments may bear the same one: each
// card still finds its own payment, and forgetting the older leaves the newer.
func TestBook_OneTransactionIDOfTwoPayments(t *testing.T) {
	book := authorization.NewBook()
	put := func(id, transaction string, card token.PAN) {
		book.Apply(authorization.Delta{Put: []authorization.Authorization{{Approval: authorization.Approval{ID: id, Transaction: transaction}, Card: card}}})
	}
	found := func(card token.PAN) string {
		a, _ := book.ByTransaction("MPLA1B2C30301", card)
		return a.ID
	}
	put("first", "MPLA1B2C30301", "one")
	put("second", "MPLA1B2C30301", "two")
	put("first", "MPLA1B2C30301", "one") // as it is after an act
	for card, want := range map[token.PAN]string{"one": "first", "two": "second", "three": "second"} {
		if got := found(card); got != want {
			t.Errorf("card %s finds %q, want %q", string(card), got, want)
		}
	}
	for i := range 49_999 {
		put(fmt.Sprint("more", i), fmt.Sprint("other", i), "four")
	}
	if _, known := book.Get("first"); known || found("one") != "second" || found("two") != "second" {
		t.Errorf("after the oldest is forgotten: known %v, %q, %q", known, found("one"), found("two"))
	}
	put("last", "MPLD4E5F60301", "four")
	if _, known := book.ByTransaction("MPLA1B2C30301", "two"); known {
		t.Error("what was forgotten is found")
	}
}
