package play

import (
	"encoding/json"
	"fmt"

	"github.com/pantomime-dev/pantomime/token"
)

// The handles that one call gives and another one needs, as the networks call
// them.
const (
	handleEnrolment      = "vPanEnrollmentID"
	handleCard           = "panUniqueReference"
	handleMethod         = "stepUpRequestID"
	handleTask           = "taskId"
	handleVisaToken      = "vProvisionedTokenID"
	handleMastercard     = "tokenUniqueReference"
	handleMastercardList = "tokenUniqueReferences"
)

// givers are the calls after which a requestor has a handle.
var givers = map[string]string{
	handleEnrolment: "enroll or provision", handleCard: "provision", handleMethod: "provision with a step-up, or getStepUpOptions",
	handleTask: "tokenize", handleVisaToken: "provision", handleMastercard: "provision",
}

// handles are what a requestor has to name things by. Each belongs to one
// requestor and one card: of two cards under way at once, neither takes the
// other's.
type handles map[handleKey]string

type handleKey struct {
	requestor string
	card      token.PAN // as the sandbox knows the card, whatever its number now
	name      string
}

// need is a handle without which a request makes no sense.
type need struct {
	name   string
	value  string
	card   token.PAN
	member string // dotted path of the member that holds it; "" is the path of the request
}

// lacking tells which of its handles a request lacks, unless the step itself
// says what stands in their place; "" for none.
func (p *player) lacking(requestor string, needs []need, patch []byte) string {
	var own map[string]any
	_ = json.Unmarshal(patch, &own) // nil where the step says nothing
	for _, n := range needs {
		if n.value != "" {
			continue
		}
		if n.member != "" {
			if _, _, said := find(own, n.member); said {
				continue
			}
		}
		return fmt.Sprintf("%s has no %s at %s; %s gives one", p.name(n.card), n.name, requestor, givers[n.name])
	}
	return ""
}

// remember keeps the handles of an answer.
func (s subject) remember(a answer) {
	body, ok := a.body.(map[string]any)
	if !ok {
		return
	}
	for _, name := range []string{handleEnrolment, handleCard} {
		if v, ok := body[name].(string); ok {
			s.keep(name, v)
		}
	}
	if list, ok := body["stepUpRequest"].([]any); ok && len(list) > 0 {
		if first, ok := list[0].(map[string]any); ok {
			id, _ := first["identifier"].(string)
			s.keep(handleMethod, id)
		}
	}
}

// sent keeps the handle that a requestor makes itself, as it went out.
func (s subject) sent(op token.Operation, text []byte) {
	var body struct {
		TaskID string `json:"taskId"`
	}
	if op == token.MCTokenize && json.Unmarshal(text, &body) == nil {
		s.keep(handleTask, body.TaskID)
	}
}

func (s subject) keep(name, value string) {
	s.handles[handleKey{s.requestor, s.card.ID, name}] = value
}

// handle is one that an earlier call gave for the card.
func (s subject) handle(name string) string {
	return s.handles[handleKey{s.requestor, s.card.ID, name}]
}

// enrolment is the requestor's handle of the card: the one it was told of or,
// where the answer was lost, that of its token.
func (s subject) enrolment(name string) need {
	n := need{name: name, card: s.card.ID, value: s.handle(name)}
	if n.value == "" && !s.borrowed {
		n.value = string(s.token.Enrolment)
	}
	return n
}

// ref is the handle of the newest token.
func (s subject) ref(name string) need {
	return need{name: name, card: s.card.ID, value: string(s.token.Ref)}
}

// in says which member of the body holds the handle.
func (n need) in(member string) need {
	n.member = member
	return n
}
