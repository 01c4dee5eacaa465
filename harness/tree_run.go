package harness

import (
	"context"
	"slices"
	"strings"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"
	"github.com/onsi/gomega"
	"github.com/onsi/gomega/format"

	"github.com/pantomime-dev/pantomime/token"
)

// tree is a suite's tree of checks in this process. Ginkgo allows one.
type tree struct {
	suite    Suite
	config   *Config
	settings types.SuiteConfig
	reporter types.ReporterConfig
	preview  types.Report
	selected []string // ids of the checks that the label filter selects
}

// newTree builds the tree and looks at what would run.
func newTree(suite Suite, config *Config, s settings) *tree {
	gomega.RegisterFailHandler(ginkgo.Fail)
	format.RegisterCustomFormatter(plainError)
	suite.Register(config)
	t := &tree{suite: suite, config: config}
	t.settings, t.reporter = ginkgo.GinkgoConfiguration()
	t.settings.LabelFilter = s.Label
	t.reporter.NoColor, t.reporter.Succinct = true, true
	t.preview = ginkgo.PreviewSpecs(suite.Title, t.settings, t.reporter)
	for _, spec := range t.preview.SpecReports {
		if spec.State == types.SpecStatePassed {
			t.selected = append(t.selected, describe(spec).ID)
		}
	}
	return t
}

// labelsOf are all labels of a tree that a filter can name, each once.
func labelsOf(tree types.Report) []string {
	var labels []string
	for _, spec := range tree.SpecReports {
		for _, label := range spec.Labels() {
			if !strings.HasPrefix(label, sectionLabel) {
				labels = append(labels, label)
			}
		}
	}
	slices.Sort(labels)
	return slices.Compact(labels)
}

// outcome is the T that RunSpecs wants; the report has all.
type outcome struct{}

// Fail does nothing.
func (outcome) Fail() {}

// plainError shows an error by its text: what it is made of is no use to a
// reader, and may hold what no report should.
func plainError(v any) (text string, ok bool) {
	err, ok := v.(error)
	if !ok || err == nil {
		return "", false
	}
	return token.Scrub(err.Error()), true
}

// run judges the target, unless it is away or does not know us: then no check
// could run. interrupted says that somebody ended the run early.
func (t *tree) run(ctx context.Context) (report types.Report, interrupted bool) {
	if why := t.config.probe(ctx, t.suite); why != nil {
		return unrun(t.preview, why), ctx.Err() != nil
	}
	ginkgo.BeforeEach(t.config.mustAnswer) // here, as a preview leaves what is next to containers out of the tree
	ginkgo.ReportAfterSuite("results", func(r ginkgo.Report) { report = r })
	ginkgo.RunSpecs(outcome{}, t.suite.Title, t.settings, t.reporter)
	report.SpecReports = slices.DeleteFunc(report.SpecReports, func(r types.SpecReport) bool {
		return r.LeafNodeType.Is(types.NodeTypesForSuiteLevelNodes) && r.State == types.SpecStatePassed
	})
	return report, t.cutShort(report)
}

// cutShort reports whether a run was interrupted, and makes what it did not come
// to, or was about, checks that could not run.
func (t *tree) cutShort(report types.Report) bool {
	if !slices.ContainsFunc(report.SpecReports, func(r types.SpecReport) bool { return r.State == types.SpecStateInterrupted }) &&
		len(report.SpecialSuiteFailureReasons) == 0 {
		return false
	}
	for i := range report.SpecReports {
		spec := &report.SpecReports[i]
		waiting := spec.State == types.SpecStateSkipped && spec.Failure.Message == "" && slices.Contains(t.selected, describe(*spec).ID)
		if waiting || spec.State == types.SpecStateInterrupted {
			spec.State, spec.Failure = types.SpecStateSkipped, types.Failure{Message: couldNotRun + "the run was interrupted"}
		}
	}
	return true
}
