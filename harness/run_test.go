package harness_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/harness/suites"
	"github.com/pantomime-dev/pantomime/harness/suites/vts"
)

func runTiny(t *testing.T, change func(*harness.Options)) (harness.Summary, error) {
	t.Helper()
	o := harness.Options{Suite: tiny, Child: as(t, roleSuite), Target: harness.Target{
		Version: 1, Name: "nobody", Control: harness.Control{Kind: harness.ControlNone},
	}}
	if change != nil {
		change(&o)
	}
	return harness.Run(t.Context(), o)
}

func TestRun_VerdictsAndExitCodes(t *testing.T) {
	tests := []struct {
		name, label string
		want        []string // verdict of each check that was not left out
		exit        int
	}{
		{"everything", "", []string{"T-PASS pass", "T-FAIL fail", "T-PANIC error", "T-COULD-NOT could-not-run", "T-NOT-APPLIED not-applicable"}, harness.ExitOwnFault},
		{"a pass", "T-PASS", []string{"T-PASS pass"}, harness.ExitGood},
		{"a failure next to a check that could not run", "T-PASS || bad || driver", []string{"T-PASS pass", "T-FAIL fail", "T-COULD-NOT could-not-run"}, harness.ExitFailed},
		{"a check that could not run next to a pass", "T-PASS || driver", []string{"T-PASS pass", "T-COULD-NOT could-not-run"}, harness.ExitIncomplete},
		{"a pass next to a check that does not apply", "T-PASS || other", []string{"T-PASS pass", "T-NOT-APPLIED not-applicable"}, harness.ExitGood},
		{"nothing but a check that does not apply", "other", []string{"T-NOT-APPLIED not-applicable"}, harness.ExitIncomplete},
		{"by level", "must", []string{"T-PASS pass", "T-FAIL fail"}, harness.ExitFailed},
		{"by source", "documented", []string{"T-PASS pass"}, harness.ExitGood},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			sum, err := runTiny(t, func(o *harness.Options) { o.Label = tt.label })
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, r := range sum.Results {
				if r.Verdict != harness.LeftOut {
					got = append(got, r.ID+" "+string(r.Verdict))
				}
			}
			slices.Sort(got)
			slices.Sort(tt.want)
			if !slices.Equal(got, tt.want) || sum.Exit() != tt.exit {
				t.Errorf("got %v and exit %d, want %v and %d", got, sum.Exit(), tt.want, tt.exit)
			}
			if len(sum.Results) != 5 {
				t.Errorf("%d results, want one for each check", len(sum.Results))
			}
		})
	}
}

// [I5] A filter that selects nothing is a mistake of whoever wrote it.
func TestRun_AFilterThatSelectsNothing(t *testing.T) {
	for _, list := range []bool{false, true} {
		_, err := runTiny(t, func(o *harness.Options) { o.Label, o.List = "t-pas && must", list })
		var none *harness.NoCheckError
		if !errors.As(err, &none) || !errors.Is(err, harness.ErrUsage) {
			t.Fatalf("got %v", err)
		}
		if got := none.Unknown(); !slices.Equal(got, []string{"t-pas"}) || !slices.Contains(none.Labels, "T-PASS") {
			t.Errorf("unknown are %q of %q", got, none.Labels)
		}
	}
}

func TestRun_TimeOfATargetWhoseClockStandsStill(t *testing.T) {
	sum, err := runTiny(t, func(o *harness.Options) { o.Suite = timed })
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"T-SHORT":   "pass ",
		"T-LONG":    "could-not-run the target's clock cannot be moved, and 1h0m0s is too long to wait",
		"T-ADVANCE": "could-not-run the control driver cannot do this: advance needs a control driver and the target has none",
	}
	for _, r := range sum.Results {
		if got := string(r.Verdict) + " " + r.Message; got != want[r.ID] {
			t.Errorf("%s: %s, want %s", r.ID, got, want[r.ID])
		}
	}
	if sum.Exit() != harness.ExitIncomplete || len(sum.Results) != len(want) {
		t.Errorf("exit code %d, %d results", sum.Exit(), len(sum.Results))
	}
}

func TestRun_TellsWhatACheckIs(t *testing.T) {
	sum, err := runTiny(t, func(o *harness.Options) { o.Label, o.Seed = "bad", 4711 })
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(sum.Results, func(r harness.Result) bool { return r.ID == "T-FAIL" })
	r := sum.Results[i]
	r.Took = 0
	if !strings.Contains(r.Message, "one is not two") || r.Log != "what was sent and received" {
		t.Errorf("message %q, log %q", r.Message, r.Log)
	}
	r.Message, r.Log = "", ""
	want := harness.Result{
		ID: "T-FAIL", Says: "fails", Feature: "tiny", Section: "Verdicts", Level: "must", Source: "observed", Verdict: harness.Fail,
		Rows: []string{"B339", "B340"},
	}
	if !reflect.DeepEqual(r, want) {
		t.Errorf("got %+v\nwant %+v", r, want)
	}
	if sum.Suite != "tiny" || sum.Target != "nobody" || sum.Seed != 4711 {
		t.Errorf("suite %q, target %q, seed %d", sum.Suite, sum.Target, sum.Seed)
	}
}

// A panic is a mistake of ours: it stays one, and says what and where.
func TestRun_PanicsAreOurOwnFault(t *testing.T) {
	sum, err := runTiny(t, func(o *harness.Options) { o.Label = "panics" })
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(sum.Results, func(r harness.Result) bool { return r.ID == "T-PANIC" })
	if got := sum.Results[i].Message; !strings.Contains(got, "out of cheese") || !strings.Contains(got, "main_test.go:") {
		t.Errorf("message %q", got)
	}
	if sum.Exit() != harness.ExitOwnFault {
		t.Errorf("exit code %d", sum.Exit())
	}
}

func TestRun_ListsWithoutATarget(t *testing.T) {
	sum, err := runTiny(t, func(o *harness.Options) { o.List, o.Target, o.Label = true, harness.Target{}, "must" })
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range sum.List() {
		got = append(got, strings.Join([]string{c.ID, c.Level, c.Source, c.Feature, c.Says}, " "))
	}
	if want := []string{"T-FAIL must observed tiny fails", "T-PASS must documented tiny passes"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

type property struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

// junitReport is what is looked at in a JUnit report.
type junitReport struct {
	Skipped string `xml:"skipped,attr"`
	Suites  []struct {
		Package    string     `xml:"package,attr"`
		Properties []property `xml:"properties>property"`
		Cases      []struct {
			Name       string     `xml:"name,attr"`
			Properties []property `xml:"properties>property"`
			Failure    *struct {
				Message string `xml:"message,attr"`
			} `xml:"failure"`
			Skipped *struct {
				Message string `xml:"message,attr"`
			} `xml:"skipped"`
		} `xml:"testcase"`
	} `xml:"testsuite"`
}

// tinyJUnit runs checks of the tiny suite and reads the report.
func tinyJUnit(t *testing.T) junitReport {
	t.Helper()
	return junitOf(t, func(o *harness.Options) { o.Label = "T-PASS || bad || driver" })
}

func junitOf(t *testing.T, change func(*harness.Options)) (report junitReport) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "report.xml")
	if _, err := runTiny(t, func(o *harness.Options) { o.JUnit = file; change(o) }); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := xml.Unmarshal(text, &report); err != nil {
		t.Fatal(err)
	}
	return report
}

// What fails and is no check is in the JUnit report: whoever reads that alone
// would else see a run in which nothing failed.
func TestRun_JUnitTellsWhatIsNoCheck(t *testing.T) {
	cases := junitOf(t, func(o *harness.Options) { o.Suite = untidy }).Suites[0].Cases
	if len(cases) != 2 || cases[1].Name != "AfterSuite" || cases[1].Failure == nil || cases[1].Failure.Message != "out of paper" {
		t.Fatalf("%+v", cases)
	}
	if cases[0].Name != "untidy T-BEFORE passes" || cases[0].Failure != nil || cases[0].Properties[0].Value != "T-BEFORE" || len(cases[1].Properties) != 0 {
		t.Errorf("%+v", cases)
	}
}

func TestRun_JUnitNamesTheRequirement(t *testing.T) {
	report := tinyJUnit(t)
	got := map[string]string{}
	for _, c := range report.Suites[0].Cases {
		switch {
		case c.Failure != nil:
			got[c.Name] = "failed"
		case c.Skipped != nil:
			got[c.Name] = c.Skipped.Message
		default:
			got[c.Name] = "passed"
		}
	}
	for name, want := range map[string]string{
		"tiny T-PASS passes": "passed", "tiny T-FAIL fails": "failed",
		"tiny T-COULD-NOT lacks a driver": "skipped - could not run: no driver",
	} {
		if got[name] != want {
			t.Errorf("%s: %q, want %q (cases are %v)", name, got[name], want, got)
		}
	}
	if report.Suites[0].Package != "tiny" {
		t.Errorf("package is %q", report.Suites[0].Package)
	}
}

// [H3]
func TestRun_JUnitTellsWhatWasJudged(t *testing.T) {
	report := tinyJUnit(t)
	if suite := fmt.Sprint(report.Suites[0].Properties); report.Skipped == "" || !strings.Contains(suite, "{target nobody} {seed ") {
		t.Errorf("%q skipped, properties %s", report.Skipped, suite)
	}
	for _, c := range report.Suites[0].Cases {
		if said := fmt.Sprint(c.Properties); !strings.Contains(said, "{requirement T-") || !strings.Contains(said, "{level ") {
			t.Errorf("%s has the properties %s", c.Name, said)
		}
	}
}

func TestRun_TableTellsFailuresAndReasons(t *testing.T) {
	sum := harness.Summary{Suite: "vts", Target: "somebody's server", Seed: 7, Results: []harness.Result{
		{ID: "V-1", Says: "works", Verdict: harness.Pass},
		{ID: "V-2", Says: "refuses", Level: "must", Source: "observed", Section: "Errors", Verdict: harness.Fail, Message: "the status is 200; expected 401", Log: "GET /vts → HTTP 200 {}"},
		{ID: "V-3", Says: "suspends", Verdict: harness.CouldNot, Message: "no driver"},
		{ID: "V-4", Says: "resumes", Verdict: harness.CouldNot, Message: "no driver"},
		{ID: "V-5", Says: "is notified", Verdict: harness.NotApplied, Message: "no notices"},
		{ID: "V-6", Says: "not asked for", Verdict: harness.LeftOut},
	}}
	var text bytes.Buffer
	if err := sum.WriteTable(&text); err != nil {
		t.Fatal(err)
	}
	const want = `not applicable (1): no notices

could not run (2): no driver

FAILED  V-2  refuses
    must, observed: Errors
    the status is 200; expected 401
    GET /vts → HTTP 200 {}

vts against somebody's server, cards from seed 7

  1 passed
  1 failed
  2 could not run
  1 not applicable
  1 left out
`
	if text.String() != want {
		t.Errorf("got\n%s\nwant\n%s", &text, want)
	}
}

// [I6] What a check complains of is reported without Go, once, in the order of ids.
func TestRun_ComplaintsAreToldPlainly(t *testing.T) {
	sum := judged(t, harness.Options{Suite: vts.Suite(), Target: strange(t, ours(t), foreignServers[3].answer), Label: "life-cycle || decisions"})
	if !slices.IsSortedFunc(sum.Results, func(a, b harness.Result) int { return strings.Compare(a.ID, b.ID) }) {
		t.Error("the results are in no order")
	}
	for _, r := range sum.Results {
		if strings.Contains(r.Message, "*vts.") || strings.Contains(r.Message, "0x") || strings.Contains(r.Message, "cap:") || strings.Count(r.Message, "HTTP 500") > 1 {
			t.Errorf("%s: %s", r.ID, r.Message)
		}
	}
}

// [I3] What docs/wire marks as assumed is not binding.
func TestRun_WhatIsAssumedBindsNobody(t *testing.T) {
	assumed := []string{
		"V-LIFE-01", "M-LIFE-ACTIVE-unsuspend", "M-LIFE-DEACTIVATED-delete", "M-LIFE-SUSPENDED-suspend", "M-BODY-21", "M-DEC-04",
	}
	found := 0
	for _, suite := range suites.All() {
		for _, r := range judged(t, harness.Options{Suite: suite, List: true}).Results {
			if slices.Contains(assumed, r.ID) {
				if found++; r.Level != "should" || r.Source != "assumed" {
					t.Errorf("%s is %s, %s", r.ID, r.Level, r.Source)
				}
			}
		}
	}
	if found != len(assumed) {
		t.Errorf("%d of %d checks found", found, len(assumed))
	}
}

func TestRun_Refusals(t *testing.T) {
	tests := []struct {
		name   string
		change func(*harness.Options)
		is     error
		says   string
	}{
		{"a label filter that is none", func(o *harness.Options) { o.Label = "must &&" }, harness.ErrUsage, `label filter "must &&"`},
		{"no command for the child", func(o *harness.Options) { o.Child = nil }, harness.ErrUsage, "are needed"},
		{"no suite", func(o *harness.Options) { o.Suite = harness.Suite{} }, harness.ErrUsage, "are needed"},
		{"a target of another network", func(o *harness.Options) { o.Suite.Network = "visa" }, harness.ErrTarget, "needs the section visa"},
		{"an unknown driver", func(o *harness.Options) { o.Target.Control.Kind = "magic" }, harness.ErrTarget, "admin, hook, none"},
		{"a notice port that is taken [I5]", func(o *harness.Options) { o.Target.Notices = &harness.Notices{Listen: taken(t)} }, harness.ErrTarget, "target file: notices.listen: listen tcp"},
		{"a child that dies", func(o *harness.Options) { o.Child = as(t, roleCrash) }, nil, "no idea what to do with 462294******0600"},
		{"a child that is not there", func(o *harness.Options) { o.Child = []string{filepath.Join(t.TempDir(), "nobody")} }, nil, "left no results"},
		{"a suite the child does not know", func(o *harness.Options) { o.Suite.Name = "other" }, nil, "no such suite"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := runTiny(t, tt.change)
			if err == nil || !strings.Contains(err.Error(), tt.says) || tt.is != nil && !errors.Is(err, tt.is) {
				t.Errorf("got %v, want %q", err, tt.says)
			}
			if err != nil && strings.ContainsAny(err.Error(), "\x1b") {
				t.Errorf("the error is coloured: %q", err)
			}
		})
	}
}

// taken is an address on which somebody listens already.
func taken(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(server.Close)
	return server.Listener.Addr().String()
}

func TestRun_EndsWhenItsContextDoes(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := harness.Run(ctx, harness.Options{Suite: tiny, Child: as(t, roleSuite), Target: harness.Target{Control: harness.Control{Kind: harness.ControlNone}}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestFindSuite_NamesTheAccepted(t *testing.T) {
	if _, err := harness.FindSuite("vta", []harness.Suite{{Name: "vts"}, {Name: "mdes"}}); !errors.Is(err, harness.ErrSuite) || !strings.Contains(err.Error(), "vts, mdes") {
		t.Errorf("got %v", err)
	}
	if s, err := harness.FindSuite("mdes", []harness.Suite{{Name: "vts"}, {Name: "mdes"}}); err != nil || s.Name != "mdes" {
		t.Errorf("got %v, %v", s, err)
	}
}
