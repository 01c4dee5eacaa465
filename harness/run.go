package harness

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/onsi/ginkgo/v2/types"
)

// ErrUsage says that settings of a run cannot work.
var ErrUsage = errors.New("conformance run")

// Options say what to run.
type Options struct {
	Suite  Suite
	Target Target
	Label  string // filter over labels, "must && !notices"; "": all checks
	List   bool   // only list the checks; Target is not needed
	JUnit  string // file for a JUnit report; "": none
	Seed   uint64 // repeats a run's cards; 0: drawn

	// Child is the command line of a process that calls [Child] with its
	// standard input: Ginkgo keeps its signal handlers after a run, so a suite
	// gets a process of its own.
	Child []string
	Log   io.Writer // what Ginkgo prints; nil: dropped
}

// patience is how long a suite's process may take to end once it was asked to.
const patience = 15 * time.Second

// Run runs a suite against a target in a child process and returns what came
// of it. The error wraps [ErrUsage] or [ErrTarget] for settings that cannot
// work; any other is a fault of our own. When ctx ends, the suite is
// interrupted and what it has judged so far is returned.
func Run(ctx context.Context, o Options) (Summary, error) {
	if err := o.check(); err != nil {
		return Summary{}, err
	}
	dir, err := os.MkdirTemp("", "pantomime-conform-")
	if err != nil {
		return Summary{}, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	s := settings{
		Suite: o.Suite.Name, Target: o.Target, Label: o.Label, List: o.List, Seed: o.Seed,
		Results: filepath.Join(dir, "results.json"), JUnit: o.JUnit,
	}
	if s.JUnit != "" {
		if s.JUnit, err = filepath.Abs(o.JUnit); err != nil {
			return Summary{}, err
		}
	}
	complaint, ended := o.start(ctx, s)
	text, err := os.ReadFile(s.Results)
	if err != nil {
		return Summary{}, fmt.Errorf("the suite's process left no results: %w: %s", errors.Join(ended, ctx.Err()), complaint)
	}
	var l left
	if err := json.Unmarshal(text, &l); err != nil {
		return Summary{}, err
	}
	switch {
	case l.Refused != "":
		return Summary{}, fmt.Errorf("%w: %s", ErrTarget, strings.TrimPrefix(l.Refused, ErrTarget.Error()+": "))
	case len(l.Labels) > 0:
		return Summary{}, &NoCheckError{o.Label, l.Labels}
	}
	return l.Summary, nil
}

// NoCheckError says that a label filter selects no check. It is an [ErrUsage].
type NoCheckError struct {
	Filter string
	Labels []string // that there are
}

// Error names the filter.
func (e *NoCheckError) Error() string {
	return fmt.Sprintf("label filter %q selects no check", e.Filter)
}

// Unwrap is [ErrUsage].
func (e *NoCheckError) Unwrap() error { return ErrUsage }

// Unknown lists the words of the filter that are no label.
func (e *NoCheckError) Unknown() []string {
	words := strings.FieldsFunc(e.Filter, func(r rune) bool { return strings.ContainsRune("&|!(),", r) })
	var unknown []string
	for _, word := range words {
		if word = strings.TrimSpace(word); word != "" && !slices.Contains(e.Labels, strings.ToLower(word)) && !slices.Contains(e.Labels, word) {
			unknown = append(unknown, word)
		}
	}
	return unknown
}

func (o Options) check() error {
	if len(o.Child) == 0 || o.Suite.Register == nil {
		return fmt.Errorf("%w: a suite and the command that runs it are needed", ErrUsage)
	}
	if _, err := types.ParseLabelFilter(o.Label); err != nil {
		return fmt.Errorf("%w: label filter %q: %s", ErrUsage, o.Label, plainText(err))
	}
	if o.List {
		return nil
	}
	if !o.Target.has(o.Suite) {
		return fmt.Errorf("%w: the suite %s needs the section %s", ErrTarget, o.Suite.Name, o.Suite.Network)
	}
	_, err := NewDriver(o.Target.Control)
	return err
}

var colours = regexp.MustCompile("\x1b\\[[0-9;]*m")

// plainText is the first sentences of Ginkgo's error, which is formatted for a
// terminal.
func plainText(err error) string {
	text, _, _ := strings.Cut(colours.ReplaceAllString(err.Error(), ""), "Learn more")
	return strings.Join(strings.Fields(text), " ")
}

// has reports whether the target describes what a suite judges.
func (t Target) has(s Suite) bool {
	return s.Network == "" || s.Network == "visa" && t.Visa != nil || s.Network == "mastercard" && t.Mastercard != nil
}

// start runs the child to its end; complaint is what it said on standard error.
func (o Options) start(ctx context.Context, s settings) (complaint string, ended error) {
	input, err := json.Marshal(s)
	if err != nil {
		return "", err
	}
	child := exec.CommandContext(ctx, o.Child[0], o.Child[1:]...)
	child.Stdin = bytes.NewReader(input)
	child.Cancel = func() error { return child.Process.Signal(os.Interrupt) }
	child.WaitDelay = patience
	var said shortBuffer
	child.Stderr = &said
	child.Stdout = o.Log
	ended = child.Run()
	return said.text(), ended
}
