package server_test

import (
	"strconv"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/simulator/journal"
	"github.com/pantomime-dev/pantomime/token"
)

// TestParallel_TheStoryIsTheSameWithOneWorkerAndWith64 lets each worker live
// through the tokens of its own cards. What differs between runs, like the
// order of arrival, must not show in the canonical journal.
func TestParallel_TheStoryIsTheSameWithOneWorkerAndWith64(t *testing.T) {
	const cards = 64
	story := func(workers int) []journal.Canonical {
		w := newWorld(t)
		queue := make(chan int, cards)
		for n := range cards {
			queue <- n
		}
		close(queue)
		var all sync.WaitGroup
		for range workers {
			all.Go(func() {
				for n := range queue {
					w.live(t, n)
				}
			})
		}
		all.Wait()
		return w.box.Journal().Canonical()
	}
	one, many := story(1), story(64)
	if len(one) != cards*7 {
		t.Errorf("%d exchanges, want %d", len(one), cards*7)
	}
	if diff := cmp.Diff(one, many); diff != "" {
		t.Errorf("-1 worker +64 workers:\n%.4000s", diff)
	}
}

// live is seven calls about one card; one of them is refused.
func (w *world) live(t *testing.T, n int) {
	t.Helper()
	name := strconv.Itoa(n)
	id := func(op string) mdes.LooseString { return mdes.LooseString(op + "-" + name) }
	pan, err := fixtures.Synthetic(token.Mastercard, n)
	if err != nil {
		t.Error(err)
		return
	}
	made, err := w.client.Tokenize(t.Context(), mdes.TokenizeRequest{RequestID: id("tokenize"), TaskID: "task-" + name}, &mdes.FundingAccountData{
		CardAccountData: &mdes.CardAccountData{AccountNumber: mdes.Sensitive(pan.Digits()), ExpiryMonth: "12", ExpiryYear: "29"}, Source: "ACCOUNT_ON_FILE",
	})
	if err != nil {
		t.Error(err)
		return
	}
	ref := made.TokenUniqueReference
	change := func(op string) mdes.LifecycleRequest {
		return mdes.LifecycleRequest{RequestID: id(op), TokenUniqueReferences: mdes.References{ref}}
	}
	pay := mdes.TransactRequest{RequestID: id("pay"), TokenUniqueReference: ref}
	_, err1 := w.client.Transact(t.Context(), pay)
	_, err2 := w.client.Transact(t.Context(), pay)
	_, err3 := w.client.Suspend(t.Context(), change("suspend"))
	_, refused := w.client.Transact(t.Context(), pay)
	_, err4 := w.client.Unsuspend(t.Context(), change("unsuspend"))
	_, err5 := w.client.Delete(t.Context(), change("delete"))
	for _, err := range []error{err1, err2, err3, err4, err5} {
		if err != nil {
			t.Error(err)
		}
	}
	refusedAs(t, refused, 200, "INVALID_TOKEN_STATUS")
}
