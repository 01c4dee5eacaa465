package server

import (
	"cmp"
	"sync"

	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

// request is one exchange on its way through the face, with what was learned so
// far.
type request struct {
	face.Request[*sandbox.Sandbox]
	server *Server
	row    row            // zero where no operation has the path
	call   sandbox.Call   // as far as it was read
	result sandbox.Result // zero before the step

	reference string // the merchant's own
}

func (s *Server) newRequest(x *door.Exchange, as row) *request {
	r := requests.Get().(*request)
	*r = request{Request: face.Request[*sandbox.Sandbox]{In: x}, server: s, row: as, call: sandbox.Call{Paying: &sandbox.Paying{}}}
	return r
}

// requests are used again; see what package door says of exchanges.
var requests = sync.Pool{New: func() any { return new(request) }}

// End gives the request back, with nothing of it left.
func (r *request) End() {
	*r = request{}
	requests.Put(r)
}

// id is the parameter of the path.
func (r *request) id() string { return r.In.Param(r.row.Route.Param()) }

// Read reads what is particular to the operation.
func (r *request) Read() *refusal { return r.row.Read(r) }

// Step hands the call to the sandbox. What network and issuer looked at is
// among the checks, so that one request shows the whole payment.
func (r *request) Step() (out face.Outcome, err error) {
	r.call.Op, r.call.Effect, r.call.Requestor, r.call.Facts = r.row.Route.Op, r.row.Effect, r.Caller, r.Facts
	if r.result, out.Plan, err = r.World.Do(r.call); err != nil {
		return out, err
	}
	r.In.Entry.Network = r.call.Network
	if paid := r.result.Paid; paid != nil {
		r.In.Entry.Network = cmp.Or(paid.Network, r.call.Network)
	}
	r.Checks = append(r.Checks, r.result.Story...)
	out.Note, out.Problem = r.result.Note, r.result.Problem
	return out, nil
}

// Answer words what the step did.
func (r *request) Answer() (face.Answer, *refusal) { return r.row.Answer(r) }

// networkOf is the network whose range a number is in, a token's or a card's.
func networkOf(number string) token.Network { return token.PAN(number).Network() }
