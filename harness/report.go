package harness

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// verdictWords are the verdicts as tables print them.
var verdictWords = map[Verdict]string{
	Pass: "passed", Fail: "failed", CouldNot: "could not run", NotApplied: "not applicable",
	LeftOut: "left out", ErrorOfEngine: "error of the harness",
}

// WriteTable prints what did not pass, each with its reason, and a table of
// the verdicts.
func (s Summary) WriteTable(w io.Writer) error {
	var b strings.Builder
	for _, v := range []Verdict{NotApplied, CouldNot, ErrorOfEngine, Fail} {
		s.writeVerdict(&b, v)
	}
	fmt.Fprintf(&b, "%s against %s, cards from seed %d\n\n", s.Suite, orText(s.Target, "an unnamed target"), s.Seed)
	table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, v := range Verdicts() {
		if n := s.Count(v); n > 0 || v == Pass || v == Fail {
			fmt.Fprintf(table, "%d\t %s\n", n, verdictWords[v])
		}
	}
	if err := table.Flush(); err != nil {
		return err
	}
	switch {
	case s.Interrupted:
		b.WriteString("\ninterrupted: only what had been judged by then is told\n")
	case s.Exit() == ExitIncomplete:
		b.WriteString("\nincomplete: what could not run has not passed\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// writeVerdict tells every check of a verdict; those not applicable by reason
// only, as there may be many of one kind.
func (s Summary) writeVerdict(b *strings.Builder, v Verdict) {
	var reasons []string
	count := map[string]int{}
	for _, r := range s.Results {
		switch {
		case r.Verdict != v:
		case v == NotApplied || v == CouldNot:
			if count[r.Message]++; count[r.Message] == 1 {
				reasons = append(reasons, r.Message)
			}
		default:
			fmt.Fprintf(b, "%s  %s  %s\n", strings.ToUpper(verdictWords[v]), r.ID, r.Says)
			if r.Level != "" {
				fmt.Fprintf(b, "    %s, %s: %s\n", r.Level, r.Source, r.Section)
			}
			writeIndented(b, r.Message)
			writeIndented(b, r.Log)
			b.WriteString("\n")
		}
	}
	for _, reason := range reasons {
		fmt.Fprintf(b, "%s (%d): %s\n\n", verdictWords[v], count[reason], reason)
	}
}

func writeIndented(b *strings.Builder, text string) {
	for line := range strings.Lines(text) {
		b.WriteString("    " + strings.TrimRight(line, "\n") + "\n")
	}
}

// WriteList prints every check: id, level, source, feature, sentence.
func (s Summary) WriteList(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, r := range slices.SortedFunc(slices.Values(s.Results), func(a, b Result) int { return cmp.Compare(a.ID, b.ID) }) {
		if r.Verdict != LeftOut || r.Message != "" {
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", r.ID, r.Level, r.Source, r.Feature, r.Says)
		}
	}
	return table.Flush()
}
