package server

import (
	"sync"

	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
)

// request is one exchange on its way through the face, with what was learned so
// far.
type request struct {
	face.Request[*sandbox.Sandbox]
	server  *Server
	row     row // zero where no operation has the path
	env     mdes.Environment
	oauth   *mdes.Authorization
	account *account       // the caller's, from Admit on
	call    sandbox.Call   // as far as it was read
	result  sandbox.Result // zero before the step

	requestID     string      // as far as it could be read
	jwe           bool        // the request came in JWE, so the answer goes in JWE
	digest        mdes.Digest // of the request's payload
	unpredictable *[4]byte    // number that a cryptogram is made with; nil: one of ours
}

func (s *Server) newRequest(x *door.Exchange, as row, env mdes.Environment) *request {
	r := requests.Get().(*request)
	*r = request{Request: face.Request[*sandbox.Sandbox]{In: x}, server: s, row: as, env: env}
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

// Step hands the call to the sandbox.
func (r *request) Step() (out face.Outcome, err error) {
	r.call.Op, r.call.Effect, r.call.Requestor, r.call.Facts = r.row.Route.Op, r.row.Effect, r.Caller, r.Facts
	r.call.Env = string(r.env)
	if r.result, out.Plan, err = r.World.Do(r.call); err != nil {
		return out, err
	}
	if late := r.call.Refused; late != nil && r.result.Problem != late {
		r.Checks = r.Checks[:len(r.Checks)-1] // the step found what counts for more than the check that failed last
	}
	r.Checks = append(r.Checks, r.result.Story...)
	out.Note, out.Problem = r.result.Note, r.result.Problem
	return out, nil
}

// Answer words what the step did.
func (r *request) Answer() (face.Answer, *refusal) {
	answer, refused := r.row.Answer(r)
	answer.Body = r.formed(answer.Body)
	return answer, refused
}
