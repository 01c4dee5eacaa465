package harness

import (
	"fmt"
	"strings"
	"time"

	"github.com/onsi/ginkgo/v2"
)

// Basis says how binding a requirement is and how sure we are of it. The words
// are labels that select checks.
type Basis struct {
	Level  string // must, should, may
	Source string // documented, observed, assumed
}

// The bases. What public pages state and what published clients rely on must
// hold; what Pantomime assumes where nothing is public should.
var (
	Documented = Basis{"must", "documented"}
	Observed   = Basis{"must", "observed"}
	Assumed    = Basis{"should", "assumed"}
)

// BadInput labels checks that send what must be refused.
var BadInput = ginkgo.Label("bad-input")

// checkTime bounds one check, in wall time.
const checkTime = time.Minute

// sectionLabel begins the label that names the section of the wire document.
const sectionLabel = "section: "

// Feature groups checks: name is a label, section the heading in the suite's
// wire document that they rest on.
func Feature(name, section string, build func()) {
	ginkgo.Describe(name, ginkgo.Offset(1), ginkgo.Label(name, sectionLabel+section), build)
}

// rowLabel begins the label that names a requirement of the catalogue.
const rowLabel = "row: "

// Rows name the requirements of the catalogue that a check holds the target to,
// "B339". [TreeProblems] reports one that the catalogue does not have.
func Rows(ids ...string) ginkgo.Labels {
	labels := make(ginkgo.Labels, len(ids))
	for i, id := range ids {
		labels[i] = rowLabel + id
	}
	return labels
}

// Check adds one spec. The id names the requirement for good, "V-AUTH-01", and
// is a label too; says is a sentence about the target; more are decorators of
// Ginkgo.
func Check(id string, basis Basis, says string, body func(ginkgo.SpecContext), more ...any) {
	args := append([]any{
		ginkgo.Offset(1), ginkgo.Label(id, basis.Level, basis.Source), ginkgo.SpecTimeout(checkTime),
	}, more...)
	ginkgo.It(says, append(args, body)...)
}

// The beginnings of a skip's reason, which make its verdict.
const (
	couldNotRun   = "could not run: "
	notApplicable = "not applicable: "
)

// CouldNotRun ends a check that lacks what it needs to judge a feature the
// target has. It has not passed, and the run is incomplete.
func CouldNotRun(format string, args ...any) {
	ginkgo.Skip(couldNotRun+fmt.Sprintf(format, args...), 1)
}

// NotApplicable ends a check about something that the target file does not
// claim.
func NotApplicable(format string, args ...any) {
	ginkgo.Skip(notApplicable+fmt.Sprintf(format, args...), 1)
}

// isID recognises the label that is a check's id: capitals, then parts behind
// dashes.
func isID(label string) bool {
	head, _, ok := strings.Cut(label, "-")
	return ok && head != "" && strings.ToUpper(head) == head && strings.Trim(head, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}
