// Package suites lists the conformance suites there are. It must hold no check
// itself, so that a program may link one suite alone.
package suites

import (
	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/harness/suites/mdes"
	"github.com/pantomime-dev/pantomime/harness/suites/vts"
)

// All lists them in the order of help texts.
func All() []harness.Suite { return []harness.Suite{vts.Suite(), mdes.Suite()} }

// Names lists their names.
func Names() []string {
	var names []string
	for _, s := range All() {
		names = append(names, s.Name)
	}
	return names
}
