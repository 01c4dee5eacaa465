package harness

import (
	"fmt"

	"github.com/onsi/ginkgo/v2/types"

	"github.com/pantomime-dev/pantomime/harness/catalogue"
)

// TreeProblems says what is wrong with a suite's tree of checks: one without
// id, level, source, feature or section, an id given twice, one that must be
// there and is not, or a row that the catalogue does not have.
func TreeProblems(tree types.Report, must ...string) []string {
	var problems []string
	rows, err := catalogue.Behaviours()
	if err != nil {
		return []string{err.Error()}
	}
	seen := map[string]string{}
	for _, r := range resultsOf(tree) {
		if r.ID == "" || r.Level == "" || r.Source == "" || r.Feature == "" || r.Section == "" {
			problems = append(problems, fmt.Sprintf("%q lacks id, level, source, feature or section: %+v", r.Says, r))
		}
		if before, twice := seen[r.ID]; twice {
			problems = append(problems, fmt.Sprintf("the id %s is that of %q and of %q", r.ID, before, r.Says))
		}
		seen[r.ID] = r.Says
		for _, row := range r.Rows {
			if _, known := rows.Find(row); !known {
				problems = append(problems, fmt.Sprintf("%s names the row %s, which the catalogue does not have", r.ID, row))
			}
		}
	}
	for _, id := range must {
		if _, ok := seen[id]; !ok {
			problems = append(problems, "no check has the id "+id)
		}
	}
	return problems
}

// CountLabel says how many checks of a tree have a label.
func CountLabel(tree types.Report, label string) int {
	n := 0
	for _, spec := range tree.SpecReports {
		for _, l := range spec.Labels() {
			if l == label {
				n++
			}
		}
	}
	return n
}
