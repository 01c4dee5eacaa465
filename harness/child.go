package harness

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/pantomime-dev/pantomime/clock"
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
	Results string `json:"results"` // file for what is [left]
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
	config := EmptyConfig()
	if !s.List {
		if config, err = NewConfig(ctx, s.Target, clock.Real(), s.Seed); errors.Is(err, ErrTarget) {
			return s.leave(left{Refused: err.Error()})
		} else if err != nil {
			return err
		}
	}
	t := newTree(suite, config, s)
	if len(t.selected) == 0 {
		return errors.Join(config.Close(), s.leave(left{Labels: labelsOf(t.preview)}))
	}
	sum := Summary{Suite: suite.Name, Target: s.Target.Name, Seed: config.Seed}
	report := t.preview
	if !s.List {
		report, sum.Interrupted = t.run(ctx)
	}
	sum.Results = resultsOf(report)
	if err := errors.Join(config.Close(), s.writeJUnit(report, config.Seed)); err != nil {
		return err
	}
	return s.leave(left{Summary: sum})
}

// left is what the process of a suite leaves to the one that started it.
type left struct {
	Summary Summary  `json:"summary"`
	Refused string   `json:"refused,omitempty"` // why the target file cannot work
	Labels  []string `json:"labels,omitempty"`  // all there are, when none was selected
}

func (s settings) leave(l left) error {
	text, err := json.Marshal(l)
	if err != nil {
		return err
	}
	return os.WriteFile(s.Results, text, 0o600)
}
