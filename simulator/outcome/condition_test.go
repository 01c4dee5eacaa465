package outcome_test

import (
	"errors"
	"flag"
	"fmt"
	"regexp"
	"testing"

	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/outcome"
	"github.com/pantomime-dev/pantomime/token"
)

func equal(name, value string) scenarios.Match { return scenarios.Match{Name: name, Equals: &value} }

func header(name, value string) token.Fact {
	return token.Fact{Ask: token.Ask{Part: token.PartHeader, Name: name}, Value: value, Present: true}
}

func asking(request ...token.Fact) outcome.Facts {
	f := facts(alice)
	f.Request = request
	return f
}

// conditioned are n rules of one operation that a header and a body member tell apart;
// every one wants the same of another header.
func conditioned(n int) []scenarios.Rule {
	rules := make([]scenarios.Rule, n)
	for i := range rules {
		w := scenarios.When{Operations: []token.Operation{token.VisaProvisionWithPAN}, Header: []scenarios.Match{equal("Accept", "x")}}
		if id := fmt.Sprint(i); i%2 == 0 {
			w.Header = append(w.Header, equal("X-Id", id))
		} else {
			w.Body = append(w.Body, equal("order.id", id))
		}
		rules[i] = rule(fmt.Sprint("rule ", i), w, 0)
	}
	return rules
}

// lastOf is a request that only the last of conditioned(n) fits.
func lastOf(n int) outcome.Facts {
	id := token.Fact{Ask: token.Ask{Part: token.PartBody, Name: "order.id"}, Value: fmt.Sprint(n - 1), Present: true}
	return asking(header("Accept", "x"), header("X-Id", "none"), id)
}

// [D5] A look-up must not go through the rules that the request's values rule out:
// with each of 40,000 rules looked at it would take a thousand times as long.
func TestMatch_ConditionsAreIndexed(t *testing.T) {
	const many = 40_000
	times := flag.Lookup("test.benchtime").Value
	before := times.String()
	defer func() { _ = times.Set(before) }()
	if err := times.Set("2000x"); err != nil {
		t.Fatal(err)
	}
	cost := func(n int) float64 {
		book, f := outcome.New(conditioned(n), nil), lastOf(n)
		if r, ok := book.Match(f, 1); !ok || r.Name != fmt.Sprint("rule ", n-1) {
			t.Fatalf("of %d rules met %q", n, r.Name)
		}
		best := 0.0
		for range 5 { // the least of five is what it costs when nothing else runs
			took := testing.Benchmark(func(b *testing.B) {
				for b.Loop() {
					book.Match(f, 1)
				}
			})
			if ns := float64(took.T.Nanoseconds()) / float64(took.N); best == 0 || ns < best {
				best = ns
			}
		}
		return best
	}
	few, lots := cost(10), cost(many)
	t.Logf("a look-up takes %.0f ns among 10 rules, %.0f ns among %d", few, lots, many)
	if lots > 10*few {
		t.Errorf("a look-up takes %.0f ns among 10 rules and %.0f ns among %d", few, lots, many)
	}
}

func BenchmarkMatch_Conditions(b *testing.B) {
	for _, n := range []int{10, 40_000} {
		book, f := outcome.New(conditioned(n), nil), lastOf(n)
		b.Run(fmt.Sprintf("%d rules distinguished by their conditions", n), func(b *testing.B) {
			for b.Loop() {
				if _, ok := book.Match(f, 1); !ok {
					b.Fatal("no match")
				}
			}
		})
	}
}

// Whatever a rule is found by, the first in the order of its layer wins.
func TestMatch_IndexedConditionsKeepTheOrder(t *testing.T) {
	rules := []scenarios.Rule{
		rule("other value", scenarios.When{Header: []scenarios.Match{equal("A", "2")}}, 0),
		rule("card and value", scenarios.When{Cards: []token.PAN{alice}, Header: []scenarios.Match{equal("A", "1")}}, 1),
		rule("value", scenarios.When{Header: []scenarios.Match{equal("A", "1")}}, 1),
		rule("both values", scenarios.When{Header: []scenarios.Match{equal("A", "1"), equal("B", "1")}}, 1),
		rule("any", scenarios.When{}, 0),
	}
	file := []string{"card and value", "value", "both values", "any", "any"}
	posted := []string{"any", "any"}
	f := asking(header("A", "1"), header("B", "1"))
	for name, c := range map[string]struct {
		book *outcome.Book
		want []string
	}{"the file": {outcome.New(rules, nil), file}, "posted": {outcome.New(nil, nil), posted}} {
		if name == "posted" {
			for _, r := range rules {
				c.book.Apply(outcome.Delta{Added: []outcome.Rule{{ID: c.book.NextID(outcome.Posted), Rule: r}}})
			}
		}
		for i, want := range c.want {
			r, ok := c.book.Match(f, i+1)
			if !ok || r.Name != want {
				t.Fatalf("%s: request %d met %q, want %q", name, i+1, r.Name, want)
			}
			c.book.Apply(outcome.Delta{Fired: []outcome.ID{r.ID}})
		}
		if name == "posted" { // the newest goes, and the order of the others stays
			for _, want := range []string{"any", "both values", "value", "card and value"} {
				r, _ := c.book.Match(f, 9)
				if r.Name != want {
					t.Fatalf("posted: met %q, want %q", r.Name, want)
				}
				c.book.Apply(outcome.Delta{Removed: []outcome.ID{r.ID}})
			}
			if r, ok := c.book.Match(f, 9); ok {
				t.Errorf("posted: %q is left", r.Name)
			}
		}
	}
}

func TestMatch_ConditionsLookAtFacts(t *testing.T) {
	yes, no := true, false
	cut, absent := header("A", "1"), token.Fact{Ask: token.Ask{Part: token.PartHeader, Name: "A"}}
	cut.Cut = true
	for name, c := range map[string]struct {
		m     scenarios.Match
		facts []token.Fact
		want  bool
	}{
		"an equal value":                       {equal("A", "1"), []token.Fact{header("A", "1")}, true},
		"another value":                        {equal("A", "1"), []token.Fact{header("A", "2")}, false},
		"the empty value":                      {equal("A", ""), []token.Fact{header("A", "")}, true},
		"the empty value of what is not there": {equal("A", ""), []token.Fact{absent}, false},
		"a value that was cut equals nothing":  {equal("A", "1"), []token.Fact{cut}, false},
		"the same name elsewhere":              {equal("A", "1"), []token.Fact{{Ask: token.Ask{Part: token.PartQuery, Name: "A"}, Value: "1", Present: true}}, false},
		"what is there":                        {scenarios.Match{Name: "A", Present: &yes}, []token.Fact{header("A", "1")}, true},
		"what is not there":                    {scenarios.Match{Name: "A", Present: &no}, []token.Fact{absent}, true},
		"what is there is not absent":          {scenarios.Match{Name: "A", Present: &no}, []token.Fact{header("A", "1")}, false},
		"what is not there is not present":     {scenarios.Match{Name: "A", Present: &yes}, []token.Fact{absent}, false},
		"what was not read is not absent":      {scenarios.Match{Name: "A", Present: &no}, nil, false},
		"what was not read equals nothing":     {equal("A", "1"), nil, false},
	} {
		book := outcome.New([]scenarios.Rule{rule("r", scenarios.When{Header: []scenarios.Match{c.m}}, 0)}, nil)
		if _, got := book.Match(asking(c.facts...), 1); got != c.want {
			t.Errorf("%s: matched %t, want %t", name, got, c.want)
		}
	}
}

func TestFit_CountsAllLayers(t *testing.T) {
	named := func(i int) scenarios.Rule {
		return rule(fmt.Sprint(i), scenarios.When{Operations: []token.Operation{token.VisaGetToken}, Header: []scenarios.Match{equal(fmt.Sprint("X-", i), "1")}}, 0)
	}
	var file []scenarios.Rule
	for i := range token.MaxFacts - 1 {
		file = append(file, named(i))
	}
	b := outcome.New(file, nil)
	one, two := named(100), named(101)
	if err := b.Fit([]scenarios.Rule{one}); err != nil {
		t.Fatal(err)
	}
	if err := b.Fit([]scenarios.Rule{one, two}); !errors.Is(err, scenarios.ErrBudget) {
		t.Errorf("65 values: %v", err)
	}
	added := outcome.Rule{ID: b.NextID(outcome.Posted), Rule: one}
	b.Apply(outcome.Delta{Added: []outcome.Rule{added}})
	if got := len(b.Asks().Of(token.VisaGetToken)); got != token.MaxFacts {
		t.Errorf("%d values are asked for", got)
	}
	if got := len(b.Asks().Of(token.VisaEnroll)); got != 0 {
		t.Errorf("%d values are asked for of another operation", got)
	}
	if err := b.Fit([]scenarios.Rule{two}); !errors.Is(err, scenarios.ErrBudget) {
		t.Errorf("one value too many next to a posted rule: %v", err)
	}
	if err := b.FitFile([]scenarios.Rule{two}); err != nil {
		t.Errorf("another file: %v", err)
	}
	b.Apply(outcome.Delta{Removed: []outcome.ID{added.ID}})
	if err := b.Fit([]scenarios.Rule{two}); err != nil {
		t.Errorf("after the posted rule was taken away: %v", err)
	}
}

// What is said afterwards of a rule that did not apply is what kept it from
// applying: a rule of which nothing is missed applies, and no other does.
func TestMissed_AgreesWithMatch(t *testing.T) {
	yes, no := true, false
	requests := []outcome.Facts{
		facts(alice), asking(header("A", "1")), asking(header("A", "2"), header("B", "1")),
		asking(token.Fact{Ask: token.Ask{Part: token.PartHeader, Name: "A"}}), asking(token.Fact{Ask: header("A", "").Ask, Value: "1", Present: true, Cut: true}),
	}
	for _, w := range []scenarios.When{
		{},
		{Operations: []token.Operation{token.VisaProvisionWithPAN}},
		{Operations: []token.Operation{token.MCTokenize}},
		{Network: token.Visa},
		{Network: token.Mastercard},
		{Cards: []token.PAN{alice}},
		{Cards: []token.PAN{"4000000000000002"}},
		{BINs: []string{string(alice[:6])}},
		{BINs: []string{"400000"}},
		{Requestors: []string{"nobody"}},
		{Tokens: []token.Ref{"t"}},
		{Attempt: 1},
		{Attempt: 2},
		{Header: []scenarios.Match{equal("A", "1")}},
		{Header: []scenarios.Match{equal("A", "1"), equal("B", "1")}},
		{Header: []scenarios.Match{{Name: "A", Present: &yes}}},
		{Header: []scenarios.Match{{Name: "A", Present: &no}}},
		{Header: []scenarios.Match{{Name: "A", Pattern: regexp.MustCompile("^2$")}}},
	} {
		r := rule("r", w, 0)
		for _, f := range requests {
			_, applies := outcome.New([]scenarios.Rule{r}, nil).Match(f, 1)
			missed, _ := (&outcome.Rule{Rule: r}).Missed(outcome.Past{Facts: f, Attempt: 1, Name: token.PAN.String})
			if applies != (len(missed) == 0) {
				t.Errorf("%+v of %+v: applies %t, missed %+v", w, f, applies, missed)
			}
		}
	}
}
