package harness

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"
	"github.com/onsi/gomega"
	"github.com/onsi/gomega/format"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/token"
)

// settings is what the parent tells the process that runs a suite, as JSON on
// its standard input: it holds keys, which belong neither into arguments nor
// into the environment.
type settings struct {
	Suite   string `json:"suite"`
	Target  Target `json:"target"`
	Label   string `json:"label,omitempty"`
	List    bool   `json:"list,omitempty"`
	Seed    uint64 `json:"seed,omitempty"`
	Results string `json:"results"` // file for the [Summary]
	JUnit   string `json:"junit,omitempty"`
}

// ErrSuite says that no suite has a name.
var ErrSuite = errors.New("no such suite")

// FindSuite picks a suite by name.
func FindSuite(name string, suites []Suite) (Suite, error) {
	names := make([]string, len(suites))
	for i, s := range suites {
		if s.Name == name {
			return s, nil
		}
		names[i] = s.Name
	}
	return Suite{}, fmt.Errorf("%w: %q; accepted: %s", ErrSuite, name, strings.Join(names, ", "))
}

// Child runs one suite in this process, as [Run] asked on in. A process can do
// so once, and keeps Ginkgo's signal handlers afterwards: it has nothing to do
// but end. The error is about what went wrong before or after the suite.
func Child(ctx context.Context, in io.Reader, suites []Suite) error {
	var s settings
	if err := json.NewDecoder(in).Decode(&s); err != nil {
		return fmt.Errorf("settings of the suite: %w", err)
	}
	suite, err := FindSuite(s.Suite, suites)
	if err != nil {
		return err
	}
	sum := Summary{Suite: suite.Name, Target: s.Target.Name}
	config := EmptyConfig()
	var away error
	if !s.List {
		if config, err = NewConfig(ctx, s.Target, clock.Real(), s.Seed); err != nil {
			return err
		}
		away = s.Target.reach(ctx, suite.Network)
	}
	sum.Seed = config.Seed
	report := runHere(suite, config, s, away)
	sum.Results = resultsOf(report)
	if err := errors.Join(config.Close(), s.writeJUnit(report, config.Seed)); err != nil {
		return err
	}
	text, err := json.Marshal(sum)
	if err != nil {
		return err
	}
	return os.WriteFile(s.Results, text, 0o600)
}

// outcome is the T that RunSpecs wants; the report tells all.
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

// runHere builds the suite's tree and runs it, unless it is only to be listed
// or the target is away.
func runHere(suite Suite, config *Config, s settings, away error) types.Report {
	gomega.RegisterFailHandler(ginkgo.Fail)
	format.RegisterCustomFormatter(plainError)
	suite.Register(config)
	suiteConfig, reporter := ginkgo.GinkgoConfiguration()
	suiteConfig.LabelFilter = s.Label
	reporter.NoColor, reporter.Succinct = true, true
	if s.List {
		return ginkgo.PreviewSpecs(suite.Title, suiteConfig, reporter)
	}
	if away != nil {
		return unrun(ginkgo.PreviewSpecs(suite.Title, suiteConfig, reporter), away)
	}
	var report types.Report
	ginkgo.ReportAfterSuite("results", func(r ginkgo.Report) { report = r })
	ginkgo.RunSpecs(outcome{}, suite.Title, suiteConfig, reporter)
	report.SpecReports = slices.DeleteFunc(report.SpecReports, func(r types.SpecReport) bool {
		return r.LeafNodeType.Is(types.NodeTypesForSuiteLevelNodes) && r.State == types.SpecStatePassed
	})
	return report
}
