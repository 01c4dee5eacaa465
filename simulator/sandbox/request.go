package sandbox

import (
	"time"

	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/clock"
)

// Request asks for a new sandbox. Empty members take the scenario's word, then
// the defaults.
type Request struct {
	ID       string // "": one that is free
	Seed     uint64
	Mode     clock.Mode
	Start    time.Time // of a manual clock
	Scenario scenarios.Scenario
	Notify   string // target of the first requestor's notices
}

// House makes, resets and ends sandboxes; the control door asks it to.
type House interface {
	Create(Request) (*Sandbox, error)
	// Reset puts a sandbox back to its beginning, or to that of another scenario.
	Reset(id string, with *scenarios.Scenario) (*Sandbox, error)
	Delete(id string) error
}
