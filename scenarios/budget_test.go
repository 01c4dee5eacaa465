package scenarios

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/token"
)

// worst are expressions that keep Go's matcher as busy as any we know, by what
// they look at.
var worst = map[string]string{
	`(\pL{0,15}){0,15}z`:       strings.Repeat("x", token.MaxFactValue),
	`([a-z]{0,15}){0,17}Z`:     strings.Repeat("xy", token.MaxFactValue/2),
	`(?i)(x{0,20}){0,13}z`:     strings.Repeat("x", token.MaxFactValue),
	`(x*){0,110}z`:             strings.Repeat("x", token.MaxFactValue),
	`(\pL|\pN|x){0,120}z`:      strings.Repeat("x", token.MaxFactValue),
	`(.{0,30}){0,9}\x{10ffff}`: strings.Repeat("é", token.MaxFactValue/2),
	`x{1,290}z`:                strings.Repeat("x", token.MaxFactValue),
}

// BenchmarkBudget_Worst says what the expressions of one operation can cost: the
// last figure is what maxProgram instructions would take.
func BenchmarkBudget_Worst(b *testing.B) {
	for expr, value := range worst {
		re, n := regexp.MustCompile(expr), programOf(expr)
		if n > maxProgram {
			b.Fatalf("%s has %d instructions", expr, n)
		}
		b.Run(fmt.Sprintf("%s of %d", expr, n), func(b *testing.B) {
			for b.Loop() {
				re.MatchString(value)
			}
			one := float64(b.Elapsed().Nanoseconds()) / float64(b.N) / float64(n)
			b.ReportMetric(one/1e3, "us/instruction")
			b.ReportMetric(one*maxProgram/1e6, "ms/operation")
		})
	}
}

func TestBudget_ASharedValueCountsOnce(t *testing.T) {
	var b Budget
	value := "1"
	w := When{Operations: []token.Operation{token.VisaGetToken, token.MCGetToken}, Header: []Match{{Name: "A", Equals: &value}}}
	b.Add(w)
	b.Add(w)
	b.Add(When{Query: []Match{{Name: "A", Equals: &value}}})
	for op, want := range map[token.Operation]int{token.VisaGetToken: 2, token.MCGetToken: 2, token.VisaEnroll: 1} {
		if got := len(b.Asks().Of(op)); got != want {
			t.Errorf("%s asks for %d values, want %d", op, got, want)
		}
	}
	b.Remove(w)
	if got := len(b.Asks().Of(token.VisaGetToken)); got != 2 {
		t.Errorf("%d values are asked for while one rule is left", got)
	}
	b.Remove(w)
	if got := len(b.Asks().Of(token.VisaGetToken)); got != 1 {
		t.Errorf("%d values are asked for when both rules are gone", got)
	}
}

func TestBudget_RulesForAnyOperationCountForEach(t *testing.T) {
	long := func(n int) []Match {
		return []Match{{Name: "A", Pattern: regexp.MustCompile(fmt.Sprintf("x{%d}", n))}}
	}
	one, every := When{Operations: []token.Operation{token.VisaGetToken}, Header: long(450)}, When{Header: long(450)}
	for name, order := range map[string][]When{"any last": {one, every}, "any first": {every, one}, "any twice": {every, every}} {
		var b Budget
		b.Add(order[0])
		if err := b.Fits(order[1]); !errors.Is(err, ErrBudget) {
			t.Errorf("%s: %v", name, err)
		}
		b.Remove(order[0])
		if err := b.Fits(order[1]); err != nil {
			t.Errorf("%s, alone: %v", name, err)
		}
	}
	equal := strings.Repeat("x", token.MaxFactValue+1)
	if err := new(Budget).Fits(When{Body: []Match{{Name: "a", Equals: &equal}}}); !errors.Is(err, ErrBudget) {
		t.Errorf("a value that no fact can have: %v", err)
	}
}

// The reference shows what is counted.
func TestDocs_TellWhatExpressionsCost(t *testing.T) {
	text, err := os.ReadFile("../docs/scenarios.md")
	if err != nil {
		t.Fatal(err)
	}
	flat := strings.Join(strings.Fields(string(text)), " ")
	for _, want := range []string{
		fmt.Sprintf("`^[0-9a-f]{32}$` has %d, `(x{0,100}){0,10}y` has %d.", programOf("^[0-9a-f]{32}$"), programOf("(x{0,100}){0,10}y")),
		fmt.Sprintf("compile to %d instructions together at most", maxProgram),
		fmt.Sprintf("look at %d different values of a request at most", token.MaxFacts),
		fmt.Sprintf("longer than %d KiB", token.MaxFactValue>>10),
	} {
		if !strings.Contains(flat, want) {
			t.Errorf("docs/scenarios.md does not say %q", want)
		}
	}
}
