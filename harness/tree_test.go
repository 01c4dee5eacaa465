package harness_test

import (
	"slices"
	"testing"

	"github.com/onsi/ginkgo/v2/types"

	"github.com/pantomime-dev/pantomime/harness"
)

// A check names its rows, and only those that the catalogue has.
func TestTreeProblems_KnowsTheRows(t *testing.T) {
	labels := slices.Concat([]string{"X-1", "must", "documented", "section: somewhere"}, harness.Rows("B1", "B416"))
	tree := types.Report{SpecReports: types.SpecReports{{
		LeafNodeType: types.NodeTypeIt, State: types.SpecStatePassed, LeafNodeText: "is good", LeafNodeLabels: labels,
		ContainerHierarchyTexts: []string{"rows"},
	}}}
	want := []string{"X-1 names the row B416, which the catalogue does not have"}
	if got := harness.TreeProblems(tree); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}
