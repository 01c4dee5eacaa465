package pantomime_test

import (
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/requestor"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/simulator/store"
	"github.com/pantomime-dev/pantomime/token"
)

// However many ask at once, a payment method gets one token. Two payment methods
// of one card may share it, where the network hands out the same: then it lives as
// long as one of them has it.
func TestRequestor_OneTokenWhoeverAsks(t *testing.T) {
	for _, n := range token.Networks() {
		c := openCounter(t, "networks: { mastercard: { repeat: same } }\n")
		methods := []requestor.Method{c.stored(n), c.stored(n)}
		var asking sync.WaitGroup
		for i := range 64 {
			asking.Go(func() {
				if p, err := c.shop.Provision(t.Context(), methods[i%2].Token); err != nil || !p.Made {
					t.Errorf("%s: %+v %v", n, p.Problem, err)
				}
			})
		}
		asking.Wait()
		first, second := c.again(methods[0]), c.again(methods[1])
		if live := c.live(); len(live) != 1 || first.Holds.Ref != live[0] || second.Holds.Ref != live[0] {
			t.Fatalf("%s: live %v, held %+v and %+v", n, live, first.Holds, second.Holds)
		}
		c.act("suspend", first.Holds.Ref)
		if a, b := c.again(first).Holds.Status, c.again(second).Holds.Status; a != token.Suspended || b != a {
			t.Errorf("%s: of one suspension they know %q and %q", n, a, b)
		}
		c.act("resume", first.Holds.Ref)
		for i, m := range []requestor.Method{first, second} {
			if _, err := c.shop.Redact(t.Context(), m.Token); err != nil {
				t.Fatal(err)
			}
			if live := c.live(); len(live) != 1-i {
				t.Errorf("%s: after %d of them are redacted, live %v", n, i+1, live)
			}
		}
		c.settled(0)
		if f := c.shop.Report().Findings; len(f) != 0 {
			t.Errorf("%s: %+v", n, f)
		}
	}
}

// The canonical journal of accounts is the same with one worker and with 64.
func TestRequestor_JournalsAreEqualForAllWorkers(t *testing.T) {
	journal := func(workers int) []control.Canonical {
		c := openCounter(t, "")
		work := make(chan requestor.Card)
		var all sync.WaitGroup
		for range workers {
			all.Go(func() {
				for card := range work {
					m, err := c.shop.Store(card)
					if err != nil {
						t.Error(err)
						continue
					}
					c.provision(m)
					c.pays(m, requestor.AbilityAuthorize)
					c.pays(m, requestor.AbilityVerify)
				}
			})
		}
		for i := range 8 {
			for _, n := range token.Networks() {
				work <- requestor.Card{Number: stage.Must(fixtures.Synthetic(n, i))(t).Digits(), Expiry: token.Expiry{Year: 2029, Month: 12}}
			}
		}
		close(work)
		all.Wait()
		return stage.Must(c.admin.Journal(t.Context()))(t).Items
	}
	one, many := journal(1), journal(64)
	if len(one) == 0 || !cmp.Equal(one, many) {
		t.Errorf("%d and %d exchanges: %.2000s", len(one), len(many), cmp.Diff(one, many))
	}
}

// What an account keeps is in the log of changes: the next owner of the sandbox
// goes on where the former one was cut, in the middle of a lost answer too.
func TestRequestor_GoesOnWithAnotherOwner(t *testing.T) {
	log := stage.Must(store.NewEncoded(sandbox.Codec{}, [32]byte{1}, slog.New(slog.DiscardHandler)))(t)
	c := openCounterWith(t, "rules: [{ when: { operation: [tokenize, searchTokens] }, times: 2, then: { fault: drop-response } }]\n", func(o *pantomime.Options) { o.Log = log })
	m := c.stored(token.Mastercard)
	if p := c.provision(m); p.Problem == nil || !p.Problem.Lost {
		t.Fatalf("%+v", p)
	}
	if _, err := c.sim.Factory().Reopen(sandbox.Default); err != nil {
		t.Fatal(err)
	}
	c.shop = c.open("shop")
	c.settled(5 * time.Minute)
	if now, live := c.again(m), c.live(); len(live) != 1 || now.Holds == nil || now.Holds.Ref != live[0] || now.Pending != nil {
		t.Errorf("live %v, %+v", live, now)
	}
}
