package harness

import (
	"encoding/xml"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/onsi/ginkgo/v2/reporters"
	"github.com/onsi/ginkgo/v2/types"
)

// junit is Ginkgo's report with what the root of one says elsewhere: how many
// checks were skipped.
type junit struct {
	XMLName  xml.Name                   `xml:"testsuites"`
	Tests    int                        `xml:"tests,attr"`
	Disabled int                        `xml:"disabled,attr"`
	Skipped  int                        `xml:"skipped,attr"`
	Errors   int                        `xml:"errors,attr"`
	Failures int                        `xml:"failures,attr"`
	Time     float64                    `xml:"time,attr"`
	Suites   []reporters.JUnitTestSuite `xml:"testsuite"`
}

// writeJUnit puts the id before each check's name and leaves our paths out; what
// failed and is no check is there too, or a reader of this file alone would see
// a good run. The
// suite has properties for what was judged, each check for what it rests on.
func (s settings) writeJUnit(report types.Report, seed uint64) error {
	if s.JUnit == "" {
		return nil
	}
	report.SuitePath = s.Suite
	report.SpecReports = counted(report)
	for i, spec := range report.SpecReports {
		r := describe(spec)
		report.SpecReports[i].LeafNodeText = strings.TrimSpace(r.ID + " " + r.Says)
	}
	err := reporters.GenerateJUnitReportWithConfig(report, s.JUnit, reporters.JunitReportConfig{
		OmitSpecLabels: true, OmitLeafNodeType: true,
		OmitTimelinesForSpecState: types.SpecStatePassed | types.SpecStateSkipped | types.SpecStatePending,
	})
	if err != nil {
		return err
	}
	text, err := os.ReadFile(s.JUnit)
	if err != nil {
		return err
	}
	var out junit
	if err := xml.Unmarshal(text, &out); err != nil {
		return err
	}
	out.addProperties(report, s, seed)
	if text, err = xml.MarshalIndent(out, "", "  "); err != nil {
		return err
	}
	return os.WriteFile(s.JUnit, append([]byte(xml.Header), append(text, '\n')...), 0o600)
}

func (j *junit) addProperties(report types.Report, s settings, seed uint64) {
	for i := range j.Suites {
		suite := &j.Suites[i]
		j.Skipped += suite.Skipped
		suite.Properties.Properties = append(
			properties("suite", s.Suite, "target", s.Target.Name, "seed", strconv.FormatUint(seed, 10)),
			suite.Properties.Properties...,
		)
		for k := range suite.TestCases {
			r := describe(report.SpecReports[k])
			suite.TestCases[k].Properties = &reporters.JUnitProperties{Properties: properties(
				"requirement", r.ID, "level", r.Level, "source", r.Source, "section", r.Section, "feature", r.Feature,
			)}
		}
	}
}

// properties are pairs of names and values, without those that are empty.
func properties(pairs ...string) (all []reporters.JUnitProperty) {
	for pair := range slices.Chunk(pairs, 2) {
		if pair[1] != "" {
			all = append(all, reporters.JUnitProperty{Name: pair[0], Value: pair[1]})
		}
	}
	return all
}
