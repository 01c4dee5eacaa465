package sandbox

import (
	"time"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/scenarios"
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
