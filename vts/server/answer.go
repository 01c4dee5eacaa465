package server

import (
	"cmp"
	"net/http"
	"time"

	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// answer is a success before it is encoded.
type answer struct {
	body any
	card metaData // added as last member, if there is one
}

// answer turns what the step found into a reply, with everything a scenario
// wants to happen to it on the wire.
func (s *Server) answer(r *request, op operation, result sandbox.Result, plan token.Plan) door.Reply {
	reply := s.outcome(r, op, result, plan)
	reply.Delay, reply.Fault, reply.RetryAfter = plan.Delay, plan.Fault, cmp.Or(plan.RetryAfter, reply.RetryAfter)
	reply.Raw, reply.Patch = plan.Body, plan.Patch
	return reply
}

func (s *Server) outcome(r *request, op operation, result sandbox.Result, plan token.Plan) door.Reply {
	problem := result.Problem
	switch {
	case plan.Fault.Replaces():
		return s.outage(r, plan.Fault) // whatever came of a step committed nevertheless
	case problem != nil:
		return s.refuse(r, r.refusalOf(problem).withStatus(plan.Status))
	case result.Decision == token.Decline:
		return s.refuse(r, refusalOf(token.Refuse(token.Declined, "the issuer declined")))
	}
	r.damage, r.shown = plan.Fault, plan.Metadata
	made, problem := op.answer(r, result)
	if problem != nil {
		return s.refuse(r, refusalOf(problem))
	}
	body, err := encode(r.x, made)
	if err != nil {
		return s.broken(r.x, err)
	}
	status := http.StatusOK
	if r.route.Created {
		status = r.account.switches().CreateStatus
	}
	reply := s.reply(r, status, body)
	if made.card.open {
		reply.Open = len(made.card.text) + 1
	}
	return reply
}

// refuse answers a refusal and notes it.
func (s *Server) refuse(r *request, f *refusal) door.Reply {
	r.x.Entry.Problem, r.x.Entry.Detail = f.key, f.detail
	if f.page {
		reply := s.reply(r, f.status, []byte(door.Page))
		reply.ContentType = pageType
		return reply
	}
	body, err := r.x.Encode(f.body)
	if err != nil {
		return s.broken(r.x, err)
	}
	return s.reply(r, f.status, body)
}

func (s *Server) reply(r *request, status int, body []byte) door.Reply {
	r.x.Entry.Checks = r.checks
	return door.Reply{Status: status, Header: s.header(r.x.Header), Body: body}
}

// broken answers a fault of our own and says so in the log.
func (s *Server) broken(x *door.Exchange, err error) door.Reply {
	s.logger.Error("cannot answer", "operation", x.Entry.Op, "error", err)
	x.Entry.Problem, x.Entry.Detail = token.ServiceError, "a fault of the simulator: "+err.Error()
	body, _ := x.Encode(internal(err).body) // strings and numbers always encode
	return door.Reply{Status: http.StatusInternalServerError, Header: s.header(x.Header), Body: body}
}

// encode writes an answer, with its card's data as the last member.
func encode(x *door.Exchange, a answer) ([]byte, error) {
	body, err := x.Encode(a.body)
	if err != nil || a.card.text == nil {
		return body, err
	}
	body = append(body[:len(body)-1], `,"cardMetaData":`...)
	return append(append(body, a.card.text...), '}'), nil
}

// pageType is the content type of what is no JSON.
const pageType = "text/html; charset=utf-8"

// defaultRetryAfter is what 429 asks for when a scenario names no time; the
// network publishes neither quota nor header (docs/wire/vts.md "Errors").
const defaultRetryAfter = time.Second

// outage answers what stands in for the service when it is unwell. The journal
// names the fault and no problem. The faults that need the socket get an answer
// nobody sees.
func (s *Server) outage(r *request, fault token.Fault) door.Reply {
	f := &refusal{status: http.StatusOK}
	switch fault {
	case token.Fault429:
		f = platform(http.StatusTooManyRequests, "")
	case token.Fault500:
		f = refusalOf(token.Refuse(token.ServiceError, ""))
	case token.Fault502:
		f = &refusal{status: http.StatusBadGateway, page: true}
	case token.Fault503:
		f = refusalOf(token.Refuse(token.Key(vts.ReasonNotReady), ""))
	case token.Fault504:
		return s.reply(r, http.StatusGatewayTimeout, nil)
	}
	f.key, f.detail = "", ""
	reply := s.refuse(r, f)
	if fault == token.Fault429 {
		reply.RetryAfter = defaultRetryAfter
	}
	return reply
}
