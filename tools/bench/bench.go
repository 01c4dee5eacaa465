package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strconv"
	"time"

	"github.com/pantomime-dev/pantomime/clock"
)

// options say how thoroughly to measure.
type options struct {
	Rounds   int
	Short    bool
	Conform  string // command line of a conformance run; "" builds the product and judges it
	Profiles string // folder for profiles; "" keeps none
}

// bench is one run: what all experiments share.
type bench struct {
	options
	size     sizes
	wall     clock.Wall
	self     string // our own binary, started again for each child
	progress io.Writer
}

// experiment measures the rows of one or more goals.
type experiment struct {
	name string // "P1 P2 provisioning", matched by -run
	run  func(*bench, context.Context) ([]Row, error)
}

var experiments = []experiment{
	{"P1 P2 visa", (*bench).visa},
	{"P3 mastercard", (*bench).mastercard},
	{"accounts", (*bench).accounts},
	{"payments", (*bench).payments},
	{"P4 rules", (*bench).rules},
	{"P5 tokens", (*bench).tokens},
	{"P6 pending callbacks", (*bench).pending},
	{"P6 due callbacks", (*bench).due},
	{"P6 delivered callbacks", (*bench).delivered},
	{"P7 start", (*bench).startUp},
	{"P8 share", (*bench).share},
	{"P9 open loop", (*bench).openLoop},
	{"P10 conformance", (*bench).conformance},
}

func newBench(o options, progress io.Writer) (*bench, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	size := full
	if o.Short {
		size, o.Rounds = brief, 1
	}
	return &bench{options: o, size: size, wall: clock.Real(), self: self, progress: progress}, nil
}

// measure runs the experiments whose names match, one after the other.
func (b *bench) measure(ctx context.Context, pattern *regexp.Regexp) ([]Row, error) {
	defer b.pinSelf()()
	var rows []Row
	for _, e := range experiments {
		if !pattern.MatchString(e.name) {
			continue
		}
		started := b.wall.Now()
		found, err := e.run(b, ctx)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", e.name, err)
		}
		rows = append(rows, found...)
		fmt.Fprintf(b.progress, "%-24s %6.1f s, load %s\n", e.name, b.wall.Now().Sub(started).Seconds(), loadAverage())
	}
	return rows, nil
}

// The cores: servers have one to themselves, the generator another.
const (
	serverCore    = "0"
	generatorCore = "1"
)

// pinning reports whether processes can be bound to cores here.
func pinning() bool {
	_, err := exec.LookPath("taskset")
	return err == nil && runtime.NumCPU() > 1
}

// pinSelf keeps the generator off the servers' core; the result undoes it.
func (b *bench) pinSelf() func() {
	if !pinning() {
		fmt.Fprintln(b.progress, "no taskset or a single core: nothing is bound to a core")
		return func() {}
	}
	bind := func(cores string) {
		cmd := exec.CommandContext(context.Background(), "taskset", "-a", "-c", "-p", cores, strconv.Itoa(os.Getpid()))
		if out, err := cmd.CombinedOutput(); err != nil {
			fmt.Fprintf(b.progress, "taskset: %v: %s", err, out)
		}
	}
	bind(generatorCore)
	return func() { bind(allCores()) }
}

func allCores() string { return "0-" + strconv.Itoa(runtime.NumCPU()-1) }

// loadAverage is the machine's load, for whoever judges the figures.
func loadAverage() string {
	data, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	var load string
	_, _ = fmt.Sscan(string(data), &load)
	return load
}

// sizes are how much is measured.
type sizes struct {
	Round, Warm  time.Duration // of load on a server, in each round
	Tokenizes    int           // each needs a request of its own
	Payments     int           // likewise, in each round
	Cards        int           // requests prepared for each operation
	Connections  int
	Rules        []int // the first is the reference
	Tokens       int   // P5
	Pending      int   // P6
	Due          int   // P6
	DueWithin    []time.Duration
	Delivered    int // P6, at 300 a second
	YAMLRules    int // P7
	ServedTokens int // P7
	Profiled     time.Duration
	Open         time.Duration // P9, a round at 300 a second
}

var full = sizes{
	Round: time.Second, Warm: time.Second, Tokenizes: 400, Payments: 3000, Cards: 64, Connections: 32, Rules: []int{10, 1000, 100_000},
	Tokens: 1_000_000, Pending: 1_000_000, Due: 100_000, DueWithin: []time.Duration{time.Minute, time.Second},
	Delivered: 3000, YAMLRules: 10_000, ServedTokens: 100_000, Profiled: 5 * time.Second, Open: 4 * time.Second,
}

var brief = sizes{
	Round: 50 * time.Millisecond, Warm: 20 * time.Millisecond, Tokenizes: 4, Payments: 40, Cards: 4, Connections: 4, Rules: []int{10, 100, 1000},
	Tokens: 1000, Pending: 1000, Due: 200, DueWithin: []time.Duration{200 * time.Millisecond, 50 * time.Millisecond},
	Delivered: 20, YAMLRules: 20, ServedTokens: 100, Profiled: 300 * time.Millisecond, Open: 100 * time.Millisecond,
}
