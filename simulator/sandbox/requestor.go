package sandbox

import (
	"cmp"
	"time"

	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/seed"
	"github.com/pantomime-dev/pantomime/token"
)

// Requestor is a token requestor with all it needs to talk to every face. But
// for what faces make ready of its keys it never changes while its sandbox
// lives.
type Requestor struct {
	Name       string
	TRID       map[token.Network]token.TRID
	Auth       token.Auth
	Activation *time.Duration
	Notify     map[token.Network]string
	NotifyOwn  *bool
	Merchants  []string // ids of those that its tokens pay at; none: all
	Relation   string   // id of the relation between requestor and network, named in notices

	at    map[string]credentials // by face
	ready cache
}

// tellsOwn says whether the network notifies a requestor of changes it asked
// for itself: as the requestor wants, else as the network does.
func (r *Requestor) tellsOwn(n token.Network) bool {
	if r.NotifyOwn != nil {
		return *r.NotifyOwn
	}
	return networks[n].tellsOwn
}

// target is where a notice goes: the registered base, or what the request that
// made the token named; "" for nowhere.
func (r *Requestor) target(ev token.Event) string {
	return cmp.Or(r.Notify[ev.Network], ev.Token.ReplyTo)
}

// defaultRequestor is who calls when a scenario names none.
func defaultRequestor() scenarios.Requestor {
	r := scenarios.Requestor{Name: "wallet", TRID: map[token.Network]token.TRID{}}
	for n, has := range networks {
		r.TRID[n] = has.trid
	}
	return r
}

// newRequestor makes a requestor of its settings, with credentials at each face
// that derive from the sandbox's seed.
func newRequestor(r scenarios.Requestor, rings []Keyring, ids seed.Source) (*Requestor, error) {
	d := ids.Child("requestor", r.Name)
	made := &Requestor{
		Name: r.Name, TRID: trids(r, d), Auth: cmp.Or(token.Auth(r.Auth), token.AuthVerify), Activation: r.Activation,
		Notify: r.Notify, NotifyOwn: r.NotifyOwn, Relation: r.Relation, Merchants: r.Merchants,
	}
	return made, made.equip(rings, r, d)
}

// trids fills in what a scenario leaves out.
func trids(r scenarios.Requestor, d seed.Source) map[token.Network]token.TRID {
	out := map[token.Network]token.TRID{}
	for n, has := range networks {
		out[n] = token.TRID(has.trids + d.Digits(5, "trid", string(n)))
	}
	for n, id := range r.TRID {
		out[n] = id
	}
	return out
}
