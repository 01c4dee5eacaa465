package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/pantomime-dev/pantomime/clock"
)

// filled is what a number of values occupy.
type filled struct {
	Bytes uint64        // of live heap they added
	Took  time.Duration // to make them
	Extra uint64        // pending: what being scheduled adds to the records
}

// tokensRole fills a sandbox, all else in it being as it is in the product, and
// keeps it.
func tokensRole(settings json.RawMessage) (role, error) {
	var n int
	if err := json.Unmarshal(settings, &n); err != nil {
		return role{}, err
	}
	box, err := newBox(nil, "")
	if err != nil {
		return role{}, err
	}
	wall := clock.Real()
	before, began := heap(), wall.Now()
	if err := fill(box, n, nil); err != nil {
		return role{}, err
	}
	took := wall.Now().Sub(began)
	return role{ready: filled{Bytes: heap() - before, Took: took}, end: func() { runtime.KeepAlive(box) }}, nil
}

// tokens measures what a token occupies with its card, its enrolment, and every
// index and counter that serves them.
func (b *bench) tokens(ctx context.Context) ([]Row, error) {
	var got filled
	c, err := b.startOn(ctx, allCores(), "tokens", b.size.Tokens, &got)
	if err != nil {
		return nil, err
	}
	defer c.stop()
	used, err := resident(c.cmd.Process.Pid)
	if err != nil {
		return nil, err
	}
	each := float64(got.Bytes) / float64(b.size.Tokens)
	name := fmt.Sprintf("%d active tokens, a card each", b.size.Tokens)
	return []Row{
		{
			Goal: "P5", Measured: name + ": heap a token", Ratio: each, Unit: "B", Limit: 700,
			Ours: fmt.Sprintf("%.0f MiB, made at %.0f/s", float64(got.Bytes)/(1<<20), float64(b.size.Tokens)/got.Took.Seconds()),
		},
		{Goal: "P5", Measured: name + ": RSS", Ratio: float64(used) / (1 << 30), Unit: "GiB", Limit: 1.5, Ours: mebibytes(used)},
	}, nil
}

func mebibytes(n uint64) string { return fmt.Sprintf("%.0f MiB", float64(n)/(1<<20)) }

// resident is the memory that a process holds.
func resident(pid int) (uint64, error) {
	data, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(data)) {
		if text, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kib, err := strconv.ParseUint(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(text), "kB")), 10, 64)
			return kib << 10, err
		}
	}
	return 0, fmt.Errorf("process %d: no VmRSS", pid)
}
