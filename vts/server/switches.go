package server

import (
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
)

// switchesOf are a sandbox's choices of what is not public about this wire.
func switchesOf(box *sandbox.Sandbox) *scenarios.VisaSwitches { return &box.Switches().Visa }

func (r *request) switches() *scenarios.VisaSwitches { return switchesOf(r.World) }
