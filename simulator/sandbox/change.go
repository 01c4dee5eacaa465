package sandbox

import (
	"time"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/authorization"
	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/simulator/outcome"
	"github.com/pantomime-dev/pantomime/simulator/vault"
	"github.com/pantomime-dev/pantomime/token"
)

// Change is everything one step alters, as one value: state, counters and
// scheduled callbacks together. A sandbox's state is the fold of its changes and
// nothing else. [Codec] is its form as bytes.
type Change struct {
	Number uint64 // in the log, from 1
	Epoch  uint64 // of the owner that made it; rises each time a sandbox is opened

	At     time.Time
	Offset time.Duration // of the sandbox's time to the wall's; a manual clock has none
	Begin  *Beginning    // of the first change, nil in all others

	Vault      vault.Delta
	Rules      outcome.Delta
	Payments   authorization.Delta
	Deliveries []callback.Delivery // new ones
	Progress   []callback.Progress // of known ones
	Forgotten  []string            // deliveries dropped to stay within the quota, by id
	Records    []Record            // of token requestors that the simulator plays
	Planned    []Planned
	Dropped    []uint64            // planned actions that are done or replaced, by their sequence
	Timeline   []int               // timeline entries that fired
	Deeds      []Deed              // what happened to tokens and cards
	Untold     int                 // moments dropped to stay within the quota
	Entity     uint64              // entity counted, 0 for none
	Seq        uint64              // schedule sequence after this change
	Asked      []Pending           // requests that wait for the endpoint of an issuer from now on
	Answered   []string            // requests that waited, by the ids of their inquiries
	Scenario   *scenarios.Scenario // that the sandbox begins with, or an adopted version; nil for none
}

// Beginning is what a sandbox is from its first change on, besides the scenario
// and its cards.
type Beginning struct {
	ID     string
	Seed   uint64
	Mode   clock.Mode
	Notify string // target of the first requestor, on networks for which it names none
}

// Planned is an action that will happen by itself.
type Planned struct {
	Due     time.Time
	Seq     uint64            // names it
	Action  *scenarios.Action // read only; many share one
	Token   token.Ref         // acts on this token or, if empty,
	Card    token.PAN         // on this card,
	Payment string            // on this payment,
	Entry   string            // or on this entry of it
	Cause   string            // "activation" or "timeline 3"
	Place   string            // of the timeline's entry in its file
	Round   int               // of a timeline that sets itself off: 1 follows what somebody did, 2 what round 1 did
	Since   time.Time         // when its round 1 was planned; zero before that
}
