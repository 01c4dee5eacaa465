package server

import (
	"strconv"
	"sync"

	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// request is one exchange on its way through the face, with what was learned so
// far.
type request struct {
	face.Request[*sandbox.Sandbox]
	server  *Server
	row     row            // zero where no operation has the path
	account *account       // the caller's, from Admit on
	call    sandbox.Call   // as far as it was read
	result  sandbox.Result // zero before the step

	sealing sealing // for fields of the answer
	dynamic bool    // a code of three digits is asked for instead of a TAVV
	action  string  // what an attestation is for
}

func (s *Server) newRequest(x *door.Exchange, as row) *request {
	r := requests.Get().(*request)
	*r = request{Request: face.Request[*sandbox.Sandbox]{In: x}, server: s, row: as}
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

// Read demands the one header that every known client sends, then reads what is
// particular to the operation.
func (r *request) Read() *refusal {
	id := r.In.Header.Get(vts.HeaderRequestID)
	if !vts.ValidRequestID(id) {
		r.Checks.Fail(token.Check{
			Name: CheckRequestID, Expected: "1 to 36 letters, digits and dashes", Received: strconv.Itoa(len(id)) + " characters",
			Hint: "send a new UUID with each call",
		})
		return invalid("x-request-id")
	}
	return r.row.Read(r)
}

// Step hands the call to the sandbox.
func (r *request) Step() (out face.Outcome, err error) {
	r.call.Op, r.call.Effect, r.call.Requestor, r.call.Facts = r.row.Route.Op, r.row.Effect, r.Caller, r.Facts
	if r.result, out.Plan, err = r.World.Do(r.call); err != nil {
		return out, err
	}
	r.Checks = append(r.Checks, r.result.Story...)
	out.Note, out.Problem = r.result.Note, r.result.Problem
	if len(out.Note.Tokens) == 0 && vts.ValidID(string(r.call.Token)) { // a path may hold anything, a card number too
		out.Note.Tokens = []token.Ref{r.call.Token}
	}
	return out, nil
}

// Answer words what the step did.
func (r *request) Answer() (face.Answer, *refusal) {
	if r.result.Decision == token.Decline {
		return face.Answer{}, refusalOf(token.Refuse(token.Declined, "the issuer declined"))
	}
	answer, refused := r.row.Answer(r)
	answer.Body = r.formed(answer.Body)
	if r.row.Route.Created {
		answer.Status = r.switches().CreateStatus
	}
	return answer, refused
}
