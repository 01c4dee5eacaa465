package face

import (
	"cmp"
	"net/http"
	"time"

	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/simulator/journal"
	"github.com/pantomime-dev/pantomime/token"
)

// defaultRetryAfter is what the fault 429 asks for when a rule names no time; no
// network publishes a quota or a header.
const defaultRetryAfter = time.Second

// pageType is the content type of what is no JSON.
const pageType = "text/html; charset=utf-8"

// conclude turns what the step said into a reply, with everything a rule wants
// to happen to it on the wire.
func (s *Skeleton[W, R, F]) conclude(r R, out Outcome) door.Reply {
	reply := s.outcome(r, out)
	p := out.Plan
	reply.Delay, reply.Fault, reply.RetryAfter = p.Delay, p.Fault, cmp.Or(p.RetryAfter, reply.RetryAfter)
	reply.Raw, reply.Patch = p.Body, p.Patch
	return reply
}

func (s *Skeleton[W, R, F]) outcome(r R, out Outcome) door.Reply {
	if out.Plan.Fault.Replaces() {
		return s.outage(r, out.Plan.Fault) // whatever came of a step committed all the same
	}
	if out.Problem != nil {
		return s.refuse(r, r.Problem(out.Problem))
	}
	answer, refused := r.Answer()
	if refused != s.fine {
		return s.refuse(r, refused)
	}
	body, err := door.JSON(answer.Body)
	if err != nil {
		return s.broken(r.Common().In, err)
	}
	return s.reply(r, cmp.Or(answer.Status, http.StatusOK), body)
}

// outage answers what replaces the service when it is failing. The journal
// names the fault and no problem.
func (s *Skeleton[W, R, F]) outage(r R, fault token.Fault) door.Reply {
	if fault == token.Fault502 {
		return s.say(r, Words{Status: http.StatusBadGateway, Page: true})
	}
	status, own := outages[fault]
	if !own {
		return s.say(r, Words{Status: http.StatusOK, Body: struct{}{}})
	}
	reply := s.say(r, r.Say(r.Trouble(Trouble{Kind: Outage, Status: status})))
	if fault == token.Fault429 {
		reply.RetryAfter = defaultRetryAfter
	}
	return reply
}

// refuse answers a refusal and notes it.
func (s *Skeleton[W, R, F]) refuse(r R, refused F) door.Reply {
	tell(&r.Common().In.Entry, refused)
	return s.say(r, r.Say(refused))
}

// tell has the journal say why a request is refused. What a request held may be part
// of the detail, such as the name of an unknown member, and that a card number.
func tell(e *journal.Draft, refused interface{ Reason() (token.Key, string) }) {
	problem, detail := refused.Reason()
	e.Problem, e.Detail = problem, token.Scrub(detail)
}

func (s *Skeleton[W, R, F]) say(r R, w Words) door.Reply {
	switch {
	case w.Page:
		reply := s.reply(r, w.Status, []byte(door.Page))
		reply.ContentType = pageType
		return reply
	case w.Body == nil:
		return s.reply(r, w.Status, nil)
	}
	body, err := door.JSON(w.Body)
	if err != nil {
		return s.broken(r.Common().In, err)
	}
	return s.reply(r, w.Status, body)
}

// reply is every answer of the face.
func (s *Skeleton[W, R, F]) reply(r R, status int, body []byte) door.Reply {
	q := r.Common()
	q.In.Entry.Checks = q.Checks
	return door.Reply{Status: status, Header: r.Stamp(), Body: body}
}

// broken answers a fault of our own and says so in the log. What was learned of
// the request may be half of the truth, so it begins again with nothing.
func (s *Skeleton[W, R, F]) broken(x *door.Exchange, why error) door.Reply {
	s.Logger.Error("cannot answer", "operation", x.Entry.Op, "error", why)
	r := s.o.New(x)
	refused := r.Trouble(Trouble{Kind: Broken, Status: http.StatusInternalServerError, Detail: "a fault of the simulator: " + why.Error()})
	tell(&x.Entry, refused)
	w := r.Say(refused)
	body, _ := door.JSON(w.Body) // strings and numbers always encode
	return door.Reply{Status: w.Status, Header: r.Stamp(), Body: body}
}
