package face

import (
	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/token"
)

// enter lets a request in up to the step, or says why not: where it belongs, how
// large it is, who sent it, what it asks for.
func (s *Skeleton[W, R, F]) enter(r R) F {
	if t := s.place(r); t != nil {
		return r.Trouble(*t)
	}
	if t := whole(r.Common().In); t != nil {
		return r.Trouble(*t)
	}
	if refused := r.Admit(); refused != s.fine {
		return refused
	}
	if refused := s.authenticate(r); refused != s.fine {
		return refused
	}
	r.Common().In.Authenticated = true
	return r.Read()
}

// place finds the world of a request and who sent it, and opens the journal
// there. Where the address leads nowhere the journal is the credential's world's,
// else the default one's.
func (s *Skeleton[W, R, F]) place(r R) *Trouble {
	q, credential := r.Common(), r.Credential()
	var owner W
	caller, known := "", false
	if credential != "" {
		owner, caller, known = s.Registry.Owner(s.o.Name, credential)
	}
	world, err := owner, error(nil)
	if !known || q.In.Sandbox != "" && q.In.Sandbox != owner.ID() {
		world, err = s.Registry.Find(q.In.Sandbox)
	}
	switch {
	case err != nil && known:
		s.open(q.In, owner)
		return noWorld(q.In.Sandbox)
	case err != nil:
		if world, err = s.Registry.Find(""); err == nil {
			s.open(q.In, world)
		}
		return noWorld(q.In.Sandbox)
	}
	q.World, q.Auth = world, token.AuthVerify
	s.open(q.In, world)
	if known && owner.ID() != world.ID() {
		return foreign(world.ID(), owner.ID(), credential)
	}
	if q.Caller = caller; !known {
		q.Caller = world.Trusting()
	}
	if q.Caller != "" {
		q.In.Entry.Requestor, q.Auth = q.Caller, world.Auth(q.Caller)
	}
	return nil
}

// open makes a world's journal the request's.
func (s *Skeleton[W, R, F]) open(x *door.Exchange, world W) {
	e := &x.Entry
	x.Journal = world.Journal()
	e.Sandbox, e.Network, e.At = world.ID(), s.o.Network, world.Now()
}

// whole finds fault with a body of which not all was read.
func whole(x *door.Exchange) *Trouble {
	switch {
	case x.TooLarge:
		return tooLarge()
	case x.Broken != nil:
		return unreadable(x)
	}
	return nil
}

// authenticate judges who sent the request as strictly as the caller's mode says.
func (s *Skeleton[W, R, F]) authenticate(r R) F {
	mode := r.Common().Auth
	if mode == token.AuthOff {
		return s.fine
	}
	refused := r.Verify()
	if mode == token.AuthWarn {
		return s.fine
	}
	return refused
}
