package harness

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/onsi/ginkgo/v2/types"

	"github.com/pantomime-dev/pantomime/token"
)

// Verdict is how a check ended. Only pass is pass.
type Verdict string

// The verdicts.
const (
	Pass          Verdict = "pass"
	Fail          Verdict = "fail"
	CouldNot      Verdict = "could-not-run"  // it lacked what it needs, a control driver for one
	NotApplied    Verdict = "not-applicable" // the target file does not claim what it is about
	LeftOut       Verdict = "left-out"       // the label filter did not select it
	ErrorOfEngine Verdict = "error"          // the harness itself failed
)

// Verdicts lists them in the order of reports.
func Verdicts() []Verdict { return []Verdict{Pass, Fail, CouldNot, NotApplied, LeftOut, ErrorOfEngine} }

// Result is one check with its verdict.
type Result struct {
	ID      string        `json:"id"`
	Says    string        `json:"says"`
	Feature string        `json:"feature"`
	Section string        `json:"section"`
	Level   string        `json:"level"`
	Source  string        `json:"source"`
	Rows    []string      `json:"rows,omitempty"` // of the catalogue, that the check holds the target to
	Verdict Verdict       `json:"verdict"`
	Message string        `json:"message,omitempty"` // why it did not pass
	Log     string        `json:"log,omitempty"`     // exchanges of a check that failed, redacted
	Took    time.Duration `json:"tookNs"`
}

// counted are the nodes of Ginkgo's report that ours names, in its order: those
// that are no checks, as what is done before all, count only when they failed.
func counted(report types.Report) []types.SpecReport {
	return slices.DeleteFunc(slices.Clone(report.SpecReports), func(spec types.SpecReport) bool {
		return !isCheck(spec) && (spec.State == types.SpecStatePassed || spec.State == types.SpecStateSkipped)
	})
}

func isCheck(spec types.SpecReport) bool { return spec.LeafNodeType == types.NodeTypeIt }

// resultsOf turns Ginkgo's report into ours.
func resultsOf(report types.Report) []Result {
	var out []Result
	for _, spec := range counted(report) {
		out = append(out, describe(spec))
	}
	slices.SortStableFunc(out, func(a, b Result) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

func describe(spec types.SpecReport) Result {
	r := Result{Says: spec.LeafNodeText, Took: spec.RunTime, Message: plainMessage(spec.Failure.Message)}
	if len(spec.ContainerHierarchyTexts) > 0 {
		r.Feature = spec.ContainerHierarchyTexts[0]
	}
	for _, label := range spec.Labels() {
		section, isSection := strings.CutPrefix(label, sectionLabel)
		row, isRow := strings.CutPrefix(label, rowLabel)
		switch {
		case isRow:
			r.Rows = append(r.Rows, row)
		case isSection:
			r.Section = section
		case isID(label):
			r.ID = label
		case slices.Contains([]string{"must", "should", "may"}, label):
			r.Level = label
		case slices.Contains([]string{"documented", "observed", "assumed"}, label):
			r.Source = label
		}
	}
	if panicked := spec.Failure.ForwardedPanic; panicked != "" {
		r.Message += fmt.Sprintf(": %s\nat %s", token.Scrub(panicked), spec.Failure.Location)
	}
	r.Verdict = verdictOf(spec.State, &r)
	if !isCheck(spec) {
		r.Says, r.Verdict = strings.TrimSpace(spec.LeafNodeType.String()+" "+spec.LeafNodeText), ErrorOfEngine
	}
	if r.Verdict == Fail || r.Verdict == ErrorOfEngine {
		r.Log = strings.TrimSpace(spec.CapturedGinkgoWriterOutput)
	}
	return r
}

// verdictOf may shorten the result's message.
func verdictOf(state types.SpecState, r *Result) Verdict {
	switch state {
	case types.SpecStatePassed:
		return Pass
	case types.SpecStateFailed, types.SpecStateTimedout:
		return Fail
	case types.SpecStateSkipped, types.SpecStatePending:
		if why, ok := strings.CutPrefix(r.Message, couldNotRun); ok {
			r.Message = why
			return CouldNot
		}
		if why, ok := strings.CutPrefix(r.Message, notApplicable); ok {
			r.Message = why
			return NotApplied
		}
		return LeftOut
	}
	return ErrorOfEngine
}

// Summary is what a run came to.
type Summary struct {
	Suite   string   `json:"suite"`
	Target  string   `json:"target"`
	Seed    uint64   `json:"seed"` // repeats the run's cards
	Results []Result `json:"results"`

	Interrupted bool `json:"interrupted,omitempty"` // somebody ended the run early
}

// Count says how many checks had a verdict.
func (s Summary) Count(v Verdict) int {
	n := 0
	for _, r := range s.Results {
		if r.Verdict == v {
			n++
		}
	}
	return n
}

// Exit codes of a run.
const (
	ExitGood       = 0
	ExitFailed     = 1 // a check failed
	ExitIncomplete = 3 // nothing ran, a check could not run, or somebody ended the run early
	ExitOwnFault   = 4 // the harness itself failed
)

// Exit is the exit code that says how the run ended.
func (s Summary) Exit() int {
	switch {
	case s.Count(ErrorOfEngine) > 0:
		return ExitOwnFault
	case s.Interrupted:
		return ExitIncomplete
	case s.Count(Fail) > 0:
		return ExitFailed
	case s.Count(CouldNot) > 0, s.Count(Pass) == 0:
		return ExitIncomplete
	}
	return ExitGood
}
