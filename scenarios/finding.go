package scenarios

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/pantomime-dev/pantomime/token"
)

// Severity reports whether a finding keeps a scenario from running.
type Severity string

// The severities. With --strict a warning counts as an error; that is for the
// caller to decide.
const (
	SeverityError   Severity = "error"
	SeverityWarning Severity = "warning"
)

// String is the place as compilers print it: "file.yaml:12:9".
func (p Position) String() string {
	return token.Scrub(p.File) + ":" + strconv.Itoa(p.Line) + ":" + strconv.Itoa(p.Column)
}

// Finding is one thing wrong with a scenario file, with everything needed to
// mend it. No field ever holds a card number in the clear.
type Finding struct {
	At         Position  `json:"at"`
	Severity   Severity  `json:"severity"`
	Path       string    `json:"path"`                 // dotted, list items from 0: "rules[1].then.error"; "" is the whole file
	Value      string    `json:"value,omitempty"`      // as written; long numbers masked, long text cut
	Message    string    `json:"message"`              // a predicate of the value: "must be quoted"
	Suggestion string    `json:"suggestion,omitempty"` // the accepted choice that looks most like the value
	Accepted   []string  `json:"accepted,omitempty"`   // all accepted choices, where there is a list
	Other      *Position `json:"other,omitempty"`      // the first of two places that conflict
}

// String is the form `check` prints:
//
//	file.yaml:12:9: rules[1].then.error: "limt_exceeded" is not a documented error of mastercard; did you mean limit_exceeded? accepted: PAN_INELIGIBLE, …
func (f Finding) String() string {
	var b strings.Builder
	b.WriteString(f.At.String() + ": ")
	if f.Severity == SeverityWarning {
		b.WriteString("warning: ")
	}
	if f.Path != "" {
		b.WriteString(f.Path + ": ")
	}
	if f.Value != "" {
		b.WriteString(strconv.Quote(f.Value) + " ")
	}
	b.WriteString(f.Message)
	if f.Other != nil {
		b.WriteString(" (first at " + f.Other.String() + ")")
	}
	switch {
	case f.Suggestion != "":
		b.WriteString("; did you mean " + f.Suggestion + "?")
	case len(f.Accepted) > 0:
		b.WriteString(";")
	}
	if len(f.Accepted) > 0 {
		b.WriteString(" accepted: " + strings.Join(f.Accepted, ", "))
	}
	return b.String()
}

// Findings are all that is wrong with the files of one load, in the order of
// files and lines.
type Findings []Finding

// Errors are the findings that keep the scenario from running.
func (f Findings) Errors() Findings { return f.of(SeverityError) }

// Warnings are the others.
func (f Findings) Warnings() Findings { return f.of(SeverityWarning) }

func (f Findings) of(s Severity) Findings {
	var found Findings
	for _, finding := range f {
		if finding.Severity == s {
			found = append(found, finding)
		}
	}
	return found
}

// Err is nil when nothing keeps the scenario from running, otherwise an error
// that wraps [ErrScenario] and prints one finding a line, warnings left out.
func (f Findings) Err() error {
	errs := f.Errors()
	if len(errs) == 0 {
		return nil
	}
	lines := make([]string, len(errs))
	for i, e := range errs {
		lines[i] = e.String()
	}
	return fmt.Errorf("%w:\n%s", ErrScenario, strings.Join(lines, "\n"))
}

// sort brings findings into reading order. Files keep the order in which they
// were loaded, which is the order of first mention in files.
func (f Findings) sort(files []string) {
	slices.SortStableFunc(f, func(a, b Finding) int {
		if a.At.File != b.At.File {
			return slices.Index(files, a.At.File) - slices.Index(files, b.At.File)
		}
		if a.At.Line != b.At.Line {
			return a.At.Line - b.At.Line
		}
		return a.At.Column - b.At.Column
	})
}
