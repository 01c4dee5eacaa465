package server

import (
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/vts"
)

// switchesOf are a sandbox's choices of what is not public about this wire.
func switchesOf(box *sandbox.Sandbox) *scenarios.VisaSwitches { return &box.Switches().Visa }

// leniency is where this face follows careless clients.
func (r *request) leniency() vts.Leniency {
	s := r.switches()
	return vts.Leniency{AnyScalar: !s.ExactFields, Spellings: s.OtherSpellings}
}

func (r *request) switches() *scenarios.VisaSwitches { return switchesOf(r.World) }
