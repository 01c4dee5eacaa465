package outcome_test

import (
	"fmt"
	"testing"

	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/outcome"
	"github.com/pantomime-dev/pantomime/token"
)

const (
	alice token.PAN = "4622943120000600"
	bob   token.PAN = "4622943120000618"
)

func rule(name string, w scenarios.When, times int) scenarios.Rule {
	return scenarios.Rule{Name: name, When: w, Times: times, Then: scenarios.Then{Error: "declined"}}
}

func facts(pan token.PAN) outcome.Facts {
	return outcome.Facts{Op: token.VisaProvisionWithPAN, Network: token.Visa, Requestor: "wallet", Card: pan, PAN: pan, Token: "tok"}
}

func TestMatch_EveryConditionNarrows(t *testing.T) {
	provision := token.OperationsNamed("provision", "")
	for name, c := range map[string]struct {
		when scenarios.When
		f    func(*outcome.Facts)
		n    int
		want bool
	}{
		"an empty when matches anything":            {scenarios.When{}, nil, 1, true},
		"the verb matches both networks":            {scenarios.When{Operations: provision}, nil, 1, true},
		"another operation does not match":          {scenarios.When{Operations: []token.Operation{token.VisaEnroll}}, nil, 1, false},
		"the card matches":                          {scenarios.When{Cards: []token.PAN{bob, alice}}, nil, 1, true},
		"another card does not":                     {scenarios.When{Cards: []token.PAN{bob}}, nil, 1, false},
		"a replaced card matches by its old number": {scenarios.When{Cards: []token.PAN{alice}}, func(f *outcome.Facts) { f.PAN = bob }, 1, true},
		"and by its new one":                        {scenarios.When{Cards: []token.PAN{bob}}, func(f *outcome.Facts) { f.PAN = bob }, 1, true},
		"a BIN matches":                             {scenarios.When{BINs: []string{"462294"}}, nil, 1, true},
		"another BIN does not":                      {scenarios.When{BINs: []string{"462295"}}, nil, 1, false},
		"a token matches":                           {scenarios.When{Tokens: []token.Ref{"tok"}}, nil, 1, true},
		"another token does not":                    {scenarios.When{Tokens: []token.Ref{"kot"}}, nil, 1, false},
		"a requestor matches":                       {scenarios.When{Requestors: []string{"wallet"}}, nil, 1, true},
		"another requestor does not":                {scenarios.When{Requestors: []string{"shop"}}, nil, 1, false},
		"another network does not":                  {scenarios.When{Network: token.Mastercard}, nil, 1, false},
		"the attempt matches":                       {scenarios.When{Attempt: 3}, nil, 3, true},
		"another attempt does not":                  {scenarios.When{Attempt: 3}, nil, 2, false},
		"all conditions must hold":                  {scenarios.When{Cards: []token.PAN{alice}, Requestors: []string{"shop"}}, nil, 1, false},
	} {
		t.Run(name, func(t *testing.T) {
			f := facts(alice)
			if c.f != nil {
				c.f(&f)
			}
			_, got := outcome.New([]scenarios.Rule{rule("r", c.when, 0)}, nil).Match(f, c.n)
			if got != c.want {
				t.Errorf("matched %t, want %t", got, c.want)
			}
		})
	}
}

func TestMatch_OrderOfLayersAndWithin(t *testing.T) {
	narrow, broad := scenarios.When{Cards: []token.PAN{alice}}, scenarios.When{}
	b := outcome.New(
		[]scenarios.Rule{rule("file broad", broad, 1), rule("file narrow", narrow, 1)},
		[]scenarios.Rule{rule("magic", narrow, 0)},
	)
	add := func(layer outcome.Layer, name string, times int) {
		b.Apply(outcome.Delta{Added: []outcome.Rule{{ID: b.NextID(layer), Rule: rule(name, broad, times)}}})
	}
	add(outcome.Posted, "posted first", 1)
	add(outcome.Posted, "posted second", 1)
	add(outcome.FailNext, "fail first", 1)
	add(outcome.FailNext, "fail second", 1)
	want := []string{"fail first", "fail second", "posted second", "posted first", "file broad", "file narrow", "magic", "magic"}
	for i, name := range want {
		r, ok := b.Match(facts(alice), i+1)
		if !ok || r.Name != name {
			t.Fatalf("request %d met %q, want %q", i+1, r.Name, name)
		}
		b.Apply(outcome.Delta{Fired: []outcome.ID{r.ID}})
	}
	if left := b.List(outcome.FailNext); len(left) != 0 {
		t.Errorf("used-up fail-next rules are still listed: %d", len(left))
	}
}

func TestMatch_LooksAtNoStateItWasNotGiven(t *testing.T) {
	b := outcome.New([]scenarios.Rule{rule("r", scenarios.When{}, 1)}, nil)
	for range 3 {
		if _, ok := b.Match(facts(alice), 1); !ok {
			t.Fatal("looking up a rule used it up")
		}
	}
}

func TestAttempts_AreCountedByRequestorOperationAndCard(t *testing.T) {
	b := outcome.New(nil, nil)
	f := facts(alice)
	b.Apply(outcome.Delta{Attempt: outcome.AttemptKey(f)})
	b.Apply(outcome.Delta{Attempt: outcome.AttemptKey(f)})
	f.Token = "another token of the same card"
	if got := b.Attempts(outcome.AttemptKey(f)); got != 2 {
		t.Errorf("%d attempts, want 2", got)
	}
	for _, other := range []func(*outcome.Facts){
		func(f *outcome.Facts) { f.Card = bob }, func(f *outcome.Facts) { f.Requestor = "shop" }, func(f *outcome.Facts) { f.Op = token.VisaEnroll },
	} {
		g := facts(alice)
		other(&g)
		if got := b.Attempts(outcome.AttemptKey(g)); got != 0 {
			t.Errorf("%+v has %d attempts", g, got)
		}
	}
}

func TestRemove_TakesARuleOutOfEveryBucket(t *testing.T) {
	b := outcome.New(nil, nil)
	r := outcome.Rule{ID: b.NextID(outcome.Posted), Rule: rule("r", scenarios.When{Cards: []token.PAN{alice, bob}}, 0)}
	b.Apply(outcome.Delta{Added: []outcome.Rule{r}})
	b.Apply(outcome.Delta{Removed: []outcome.ID{r.ID}})
	for _, pan := range []token.PAN{alice, bob} {
		if _, ok := b.Match(facts(pan), 1); ok {
			t.Errorf("%s still meets the removed rule", pan)
		}
	}
}

func BenchmarkMatch(b *testing.B) {
	for _, n := range []int{10, 1_000, 100_000} {
		rules := make([]scenarios.Rule, n)
		for i := range rules {
			pan := token.PAN(fmt.Sprintf("46229431%08d", i))
			rules[i] = rule(fmt.Sprint(i), scenarios.When{Operations: []token.Operation{token.VisaProvisionWithPAN}, Cards: []token.PAN{pan}}, 0)
		}
		book := outcome.New(rules, nil)
		f := facts(rules[n-1].When.Cards[0])
		b.Run(fmt.Sprintf("%d rules, the last one fits", n), func(b *testing.B) {
			for b.Loop() {
				if _, ok := book.Match(f, 1); !ok {
					b.Fatal("no match")
				}
			}
		})
	}
}
