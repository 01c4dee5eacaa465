package main

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/internal/sweep"
)

// TestMain lets the test binary be its own children.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == childWord {
		os.Exit(start(os.Args[1:]))
	}
	os.Exit(m.Run())
}

// TestSweep_MeasuresEveryGoal runs all at small sizes. It judges no figure:
// that is what the real run is for. Like every long sweep it runs without the
// race detector, which TestCommand_KeepsProfiles keeps on load and servers.
func TestSweep_MeasuresEveryGoal(t *testing.T) {
	sweep.Mark(t)
	if _, err := os.Stat("/proc/self/status"); err != nil {
		t.Skip("memory is read from /proc, which is not here")
	}
	var out bytes.Buffer
	if err := command(t.Context(), []string{"-short", "-json"}, &out, testWriter{t}); err != nil {
		t.Fatal(err)
	}
	var rows []Row
	if err := json.Unmarshal(out.Bytes(), &rows); err != nil {
		t.Fatal(err)
	}
	_, lacks := exec.LookPath("go")
	hasGo := lacks == nil
	want := map[string]int{"P1": 1, "P2": 1, "P3": 2, "P4": 3, "P5": 2, "P6": 4, "P7": 4, "P8": 1, "P9": 2, "P10": 1, "": 9}
	got := map[string]int{}
	for _, r := range rows {
		got[r.Goal]++
		mayMiss := !hasGo && r.Goal == "P10" || r.Goal == "P8" // need a command that need not be there
		if r.Missing != "" && !mayMiss {
			t.Errorf("%s %s: %s", r.Goal, r.Measured, r.Missing)
		}
		if r.Missing == "" && (r.Ratio <= 0 || math.IsInf(r.Ratio, 0) || r.Ours == "") {
			t.Errorf("%s %s: no figure: %+v", r.Goal, r.Measured, r)
		}
		if strings.Contains(r.Measured, "LOST") {
			t.Errorf("%s: %s", r.Measured, r.Ours)
		}
	}
	for goal, n := range want {
		if got[goal] != n {
			t.Errorf("goal %q has %d rows, want %d", goal, got[goal], n)
		}
	}
}

func TestCommand_RunsOnlyWhatMatches(t *testing.T) {
	var out bytes.Buffer
	if err := command(t.Context(), []string{"-short", "-run", "P10", "-conform", "sleep 0"}, &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	if text := out.String(); strings.Count(text, "\n") != 3 || strings.Contains(text, "not measured") {
		t.Errorf("want two lines of heading and one of P10:\n%s", text)
	}
}

func TestCommand_KeepsProfiles(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "new")
	if err := command(t.Context(), []string{"-short", "-run", "P[13] ", "-profiles", folder}, io.Discard, testWriter{t}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"P1", "P2", "P3-tokenize", "P3-transact"} {
		for _, kind := range []string{"", ".allocs"} {
			if info, err := os.Stat(filepath.Join(folder, name+".pprof"+kind)); err != nil || info.Size() == 0 {
				t.Errorf("%s%s: %v", name, kind, err)
			}
		}
	}
}

func TestCommand_RefusesWhatCannotBeMeasured(t *testing.T) {
	for name, args := range map[string][]string{
		"a pattern that is none": {"-run", "("}, "two rounds": {"-rounds", "2"}, "an unknown flag": {"-fast"},
		"a conformance run that fails": {"-short", "-run", "P10", "-conform", "/nowhere/pantomime conform"},
	} {
		if err := command(t.Context(), args, io.Discard, io.Discard); err == nil {
			t.Errorf("%s: it was taken", name)
		}
	}
}

func TestRow_Verdict(t *testing.T) {
	for name, c := range map[string]struct {
		row  Row
		want string
	}{
		"above what is wanted at least": {Row{Ratio: 0.36, Limit: 0.35, AtLeast: true}, "yes"},
		"a little below":                {Row{Ratio: 0.32, Limit: 0.35, AtLeast: true}, "within 10 %"},
		"far below":                     {Row{Ratio: 0.31, Limit: 0.35, AtLeast: true}, "NO"},
		"below what is wanted at most":  {Row{Ratio: 699, Limit: 700}, "yes"},
		"a little above":                {Row{Ratio: 769, Limit: 700}, "within 10 %"},
		"far above":                     {Row{Ratio: 771, Limit: 700}, "NO"},
		"without a goal":                {Row{Ratio: 1}, "-"},
		"without a figure":              {Row{Limit: 60, Missing: "no command"}, "not measured"},
	} {
		if got := c.row.Verdict(); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestPercentile_IsTheSmallestThatEnoughDoNotExceed(t *testing.T) {
	var list []time.Duration
	for i := range 200 {
		list = append(list, time.Duration(200-i))
	}
	for p, want := range map[float64]time.Duration{0: 1, 50: 100, 99: 198, 100: 200} {
		if got := percentile(list, p); got != want {
			t.Errorf("p%g: %d, want %d", p, got, want)
		}
	}
	if percentile(nil, 99) != 0 || median([]int{3, 1, 2}) != 2 || median([]int(nil)) != 0 {
		t.Error("empty lists and medians")
	}
}

type testWriter struct{ t *testing.T }

func (w testWriter) Write(p []byte) (int, error) {
	w.t.Log(strings.TrimSpace(string(p)))
	return len(p), nil
}
