package scenarios

import (
	"context"
	"strings"
)

// Source is one file as it was read.
type Source struct {
	File string // its name in findings
	Data []byte
}

// Text is what a scenario was compiled from. It holds card numbers and codes in
// the clear; printed, it is the names of its files.
type Text struct {
	Sources     []Source
	AllowAnyPAN bool // the loader's
}

// Compile makes the scenario once more. The findings are those of [Loader.Load].
func (t Text) Compile() (Scenario, Findings) {
	if len(t.Sources) == 0 {
		return Scenario{}, nil
	}
	return Loader{AllowAnyPAN: t.AllowAnyPAN, compiled: true}.compile(context.Background(), t.Sources)
}

// String names the files.
func (t Text) String() string {
	names := make([]string, len(t.Sources))
	for i, s := range t.Sources {
		names[i] = s.File
	}
	return strings.Join(names, " ")
}

// GoString names the files.
func (t Text) GoString() string { return t.String() }
