package pantomime

import (
	mdesserver "github.com/pantomime-dev/pantomime/mdes/server"
	"github.com/pantomime-dev/pantomime/simulator/control"
	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/simulator/journal"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	vtsserver "github.com/pantomime-dev/pantomime/vts/server"
)

// party is one party on the wire, with all that the parts want to know of it.
type party struct {
	keys interface {
		sandbox.Keyring // derives its credentials
		control.Face    // shows them to whoever may see them
	}
	secrets journal.Secrets // what no journal shows of its bodies
	face    func(s *Simulator, guard func(pan string) bool) face.Face
}

// parties are all there are.
var parties = []party{
	{vtsserver.Keyring{}, vtsserver.Secrets(), func(s *Simulator, guard func(string) bool) face.Face {
		return vtsserver.New(vtsserver.Options{Registry: s.registry, Wall: s.options.Wall, Logger: s.options.Logger, Guard: guard})
	}},
	{mdesserver.Keyring{}, mdesserver.Secrets(), func(s *Simulator, guard func(string) bool) face.Face {
		return mdesserver.New(mdesserver.Options{
			Registry: s.registry, Wall: s.options.Wall, Logger: s.options.Logger, Guard: guard, PublicURL: s.options.PublicURL,
		})
	}},
}

// each lists one thing of every party.
func each[T any](of func(party) T) []T {
	all := make([]T, len(parties))
	for i, p := range parties {
		all[i] = of(p)
	}
	return all
}

// Masks know what no journal shows of the bodies of any face.
func Masks() *journal.Masks {
	return journal.NewMasks(each(func(p party) journal.Secrets { return p.secrets })...)
}
