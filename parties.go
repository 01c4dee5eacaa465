package pantomime

import (
	"regexp"
	"slices"
	"strings"

	acquirerserver "github.com/pantomime-dev/pantomime/acquirer/server"
	"github.com/pantomime-dev/pantomime/mdes"
	mdesserver "github.com/pantomime-dev/pantomime/mdes/server"
	"github.com/pantomime-dev/pantomime/simulator/control"
	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/simulator/journal"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
	vtsserver "github.com/pantomime-dev/pantomime/vts/server"
)

// party is one party on the wire, with all that the parts want to know of it.
type party struct {
	keys interface {
		sandbox.Keyring // derives its credentials
		control.Face    // shows them to whoever may see them
	}
	secrets journal.Secrets // what no journal shows of its bodies
	proof   sandbox.Proof   // judges the cryptograms of a network; nil for a party that makes none
	face    func(base) face.Face
}

// base is what faces are built on here.
type base = face.Base[*sandbox.Sandbox]

// parties are all there are.
var parties = []party{
	{vtsserver.Keyring, vtsserver.Secrets(), vts.Proof{}, func(on base) face.Face { return vtsserver.New(on) }},
	{mdesserver.Keyring, mdesserver.Secrets(), mdes.Proof{}, func(on base) face.Face { return mdesserver.New(on) }},
	{acquirerserver.Keyring, acquirerserver.Secrets(), nil, func(on base) face.Face { return acquirerserver.New(on) }},
}

// each lists one thing of every party.
func each[T any](of func(party) T) []T {
	all := make([]T, len(parties))
	for i, p := range parties {
		all[i] = of(p)
	}
	return all
}

// proofs are those of all networks.
func proofs() []sandbox.Proof {
	return slices.DeleteFunc(each(func(p party) sandbox.Proof { return p.proof }), func(p sandbox.Proof) bool { return p == nil })
}

// UsualKey is the key by which a requestor names itself in every request to a
// party.
type UsualKey struct {
	Party token.Party
	Named string // "consumer key"
	Value string
}

// UsualKeys are a requestor's, in the order of the parties.
func UsualKeys(r *sandbox.Requestor) (all []UsualKey) {
	for _, p := range parties {
		if member, value := p.keys.Usual(r.Keys(p.keys.Name())); member != "" {
			named := capital.ReplaceAllStringFunc(member, func(s string) string { return " " + strings.ToLower(s) })
			all = append(all, UsualKey{token.Party(p.keys.Name()), named, value})
		}
	}
	return all
}

// capital begins the second word of a member's name.
var capital = regexp.MustCompile("[A-Z]")

// Masks know what no journal shows of the bodies of any face.
func Masks() *journal.Masks {
	return journal.NewMasks(each(func(p party) journal.Secrets { return p.secrets })...)
}
