package harness

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// verdictWords are the verdicts as tables print them.
var verdictWords = map[Verdict]string{
	Pass: "passed", Fail: "failed", CouldNot: "could not run", NotApplied: "not applicable",
	LeftOut: "left out", ErrorOfEngine: "error of the harness",
}

// WriteTable prints what did not pass, each with its reason, and a table of
// the verdicts.
func (s Summary) WriteTable(w io.Writer) error {
	return s.WritePainted(w, func(_ Verdict, text string) string { return text })
}

// WritePainted is [Summary.WriteTable] for a terminal: paint colours what is
// told of a verdict.
func (s Summary) WritePainted(w io.Writer, paint func(Verdict, string) string) error {
	var b strings.Builder
	for _, v := range []Verdict{NotApplied, CouldNot, ErrorOfEngine, Fail} {
		s.writeVerdict(&b, v, paint)
	}
	fmt.Fprintf(&b, "%s against %s, cards from seed %d\n\n", s.Suite, orText(s.Target, "an unnamed target"), s.Seed)
	width := 2 + len(strconv.Itoa(len(s.Results)))
	for _, v := range Verdicts() {
		line := fmt.Sprintf("%*d %s", width, s.Count(v), verdictWords[v])
		switch {
		case s.Count(v) > 0:
			b.WriteString(paint(v, line) + "\n")
		case v == Pass, v == Fail:
			b.WriteString(line + "\n")
		}
	}
	switch {
	case s.Interrupted:
		b.WriteString("\ninterrupted: only what had been judged by then is shown\n")
	case s.Exit() == ExitIncomplete:
		b.WriteString("\nincomplete: what could not run has not passed\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// writeVerdict reports every check of a verdict; those not applicable by reason
// only, as there may be many of one kind.
func (s Summary) writeVerdict(b *strings.Builder, v Verdict, paint func(Verdict, string) string) {
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
			fmt.Fprintf(b, "%s  %s  %s\n", paint(v, strings.ToUpper(verdictWords[v])), r.ID, r.Says)
			if r.Level != "" {
				fmt.Fprintf(b, "    %s, %s: %s\n", r.Level, r.Source, r.Section)
			}
			writeIndented(b, r.Message)
			writeIndented(b, r.Log)
			b.WriteString("\n")
		}
	}
	for _, reason := range reasons {
		fmt.Fprintf(b, "%s: %s\n\n", paint(v, fmt.Sprintf("%s (%d)", verdictWords[v], count[reason])), reason)
	}
}

func writeIndented(b *strings.Builder, text string) {
	for line := range strings.Lines(text) {
		b.WriteString("    " + strings.TrimRight(line, "\n") + "\n")
	}
}

// Listed is a check as a list shows it, before anything ran.
type Listed struct {
	ID      string `json:"id"`
	Level   string `json:"level"`
	Source  string `json:"source"`
	Feature string `json:"feature"`
	Section string `json:"section"`
	Says    string `json:"says"`
}

// List reports the checks that the label filter selects, in the order of ids.
func (s Summary) List() []Listed {
	var all []Listed
	for _, r := range slices.SortedFunc(slices.Values(s.Results), func(a, b Result) int { return cmp.Compare(a.ID, b.ID) }) {
		if r.Verdict != LeftOut || r.Message != "" {
			all = append(all, Listed{r.ID, r.Level, r.Source, r.Feature, r.Section, r.Says})
		}
	}
	return all
}
