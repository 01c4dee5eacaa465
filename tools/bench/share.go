package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
)

// What P8 counts: masking and keeping the journal, and finding the sandbox. The
// patterns are matched against every function on a sample's stack, so a function
// brings along all that it calls. There is no linter of requests yet.
const (
	recording = `simulator/journal\.|door\.\(\*Exchange\)\.(describe|Sent|Answered)|door\.Face\.record`
	finding   = `door\.(rawPath|splitPrefix|inHost|addressOf)|http\.\(\*Request\)\.WithContext|context\.WithValue|sandbox\.\(\*Registry\)`
	collector = `runtime\.(gcBgMarkWorker|bgsweep|bgscavenge)$`
)

// share profiles a server under P1's load.
func (b *bench) share(ctx context.Context) ([]Row, error) {
	row := Row{Goal: "P8", Measured: "journal and addressing, share of P1's CPU", Unit: "%", Limit: 15}
	if _, err := exec.LookPath("go"); err != nil {
		row.Missing = "no go command to read the profile with"
		return []Row{row}, nil
	}
	folder, err := os.MkdirTemp("", "pantomime-bench-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	profile := filepath.Join(folder, "provision.pprof")
	if err := b.profiled(ctx, profile, b.visaLoad(0)); err != nil {
		return nil, err
	}
	var parts []float64
	for _, pattern := range []string{recording, finding, recording + "|" + finding, collector} {
		percent, err := matching(ctx, profile, pattern)
		if errors.Is(err, errNoSamples) {
			row.Missing = "the profile has no samples"
			return []Row{row}, nil
		}
		if err != nil {
			return nil, err
		}
		parts = append(parts, percent)
	}
	if parts[2] == 0 {
		row.Missing = "the profile has too few samples"
		return []Row{row}, nil
	}
	// What the collector costs is spread over all in proportion.
	row.Ratio = parts[2] * 100 / (100 - parts[3])
	row.Ours = fmt.Sprintf("journal %.1f %%, addressing %.1f %%, collector %.1f %%, spread over all", parts[0], parts[1], parts[3])
	row.Reference = "CPU profile of P1"
	return []Row{row}, nil
}

var (
	errNoSamples = errors.New("profile without samples")
	accounting   = regexp.MustCompile(`(?m)^Showing nodes accounting for [^,]+, ([0-9.]+)% of `)
)

// matching is the percentage of samples with a function that matches.
func matching(ctx context.Context, profile, pattern string) (float64, error) {
	out, err := exec.CommandContext(ctx, "go", "tool", "pprof", "-top", "-nodefraction=0", "-nodecount=100000", "-focus="+pattern, profile).CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("pprof: %w: %.300s", err, out)
	}
	found := accounting.FindSubmatch(out)
	if found == nil {
		if noMatch.Match(out) {
			return 0, nil
		}
		return 0, errNoSamples
	}
	return strconv.ParseFloat(string(found[1]), 64)
}

var noMatch = regexp.MustCompile(`Focus expression matched no samples`)
