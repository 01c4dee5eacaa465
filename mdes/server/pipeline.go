package server

import (
	"net/http"
	"strconv"

	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

// roomForChecks is how many checks a good request collects.
const roomForChecks = 16

// request is one request on its way through the face.
type request struct {
	server *Server
	x      *door.Exchange
	op     token.Operation // "" where no operation has the path
	env    mdes.Environment

	box       *sandbox.Sandbox
	oauth     *mdes.Authorization
	requestor *sandbox.Requestor // who calls, once that is known
	account   *account           // the requestor's, once it was let in
	checks    token.Checks
	safe      int // so many checks in front hold nothing that a client wrote

	id     string // requestId, as far as it could be read
	jwe    bool   // the request came in JWE, so the answer goes in JWE
	call   sandbox.Call
	asset  string         // the asset asked for
	result sandbox.Result // zero before the step
	plan   token.Plan

	room [roomForChecks]token.Check
}

// answer makes an operation's body out of what the step did.
type answer func(sandbox.Result) (any, *refusal)

// operation is what is particular to one call: read makes a request the call of
// the step and says how to answer it, effect is what the step does. What read
// refuses never reaches the step.
type operation struct {
	read   func(r *request) (answer, *refusal)
	effect sandbox.Effect
}

var operations = map[token.Operation]operation{
	token.MCTokenize:     {tokenize, sandbox.EffectProvision},
	token.MCTransact:     {transact, sandbox.EffectPay},
	token.MCTaskStatus:   {getTaskStatus, sandbox.EffectReadTask},
	token.MCGetToken:     {getToken, sandbox.EffectReadToken},
	token.MCSearchTokens: {searchTokens, sandbox.EffectSearch},
	token.MCSuspend:      {lifecycle, sandbox.EffectMoveEach},
	token.MCUnsuspend:    {lifecycle, sandbox.EffectMoveEach},
	token.MCDelete:       {lifecycle, sandbox.EffectMoveEach},
	token.MCGetAsset:     {getAsset, sandbox.EffectNothing},
	token.MCDigitalArt:   {getDigitalAssets, sandbox.EffectFindCard},
}

// note puts what the step found into the journal entry.
func (r *request) note(result sandbox.Result, plan token.Plan) {
	r.result, r.plan = result, plan
	e := &r.x.Entry
	if late := r.call.Refused; late != nil && result.Problem != late {
		r.checks = r.checks[:len(r.checks)-1] // the step found what counts for more than the check that failed last
	}
	e.At, e.Rule, e.RuleID, e.Decision = result.At, result.Rule, result.RuleID, result.Decision
	e.Entity, e.EntitySeq = result.Entity, result.EntitySeq
	e.Tokens = result.Tokens
}

// conclude turns the step's result into the answer.
func (r *request) conclude(result sandbox.Result, tell answer) door.Reply {
	if r.plan.Fault.Replaces() {
		return r.replaced()
	}
	if result.Problem != nil {
		return r.refuse(refusalOf(result.Problem))
	}
	body, refused := tell(result)
	if refused != nil {
		return r.refuse(refused)
	}
	return r.reply(http.StatusOK, body)
}

// replaced is the answer of a fault that stands in for the step. Those of the
// socket are the door's; the others are what the gateway says when the service
// behind it is unwell (docs/wire/mdes.md "Errors").
func (r *request) replaced() door.Reply {
	fault := r.plan.Fault
	reason, recoverable := mdes.GatewayServiceError, false
	switch fault {
	case token.Fault429:
		reason, recoverable = mdes.GatewayLimitExceeded, true
		if r.plan.RetryAfter == 0 {
			r.plan.RetryAfter = defaultRetryAfter
		}
	case token.Fault504:
		reason = mdes.GatewayTimeout
	case token.Fault502:
		reply := r.reply(http.StatusBadGateway, nil)
		reply.ContentType, reply.Body = "text/html; charset=utf-8", []byte(door.Page)
		return reply
	}
	status, err := strconv.Atoi(string(fault))
	if err != nil {
		return r.reply(http.StatusOK, struct{}{}) // the door strikes before it writes this
	}
	return r.reply(status, mdes.NewGatewayErrors(reason, http.StatusText(status), recoverable))
}

// refuse answers no.
func (r *request) refuse(f *refusal) door.Reply {
	r.x.Entry.Problem, r.x.Entry.Detail = f.key, f.detail
	if f.gateway != nil {
		return r.reply(r.status(f), f.gateway)
	}
	return r.reply(r.status(f), r.application(f))
}

// application is the body of an error of MDES itself
// (docs/wire/mdes.md "Errors").
func (r *request) application(f *refusal) mdes.ErrorResponse {
	item := f.item()
	body := mdes.ErrorResponse{
		ErrorCode: item.ReasonCode, ErrorDescription: item.Description, Errors: []mdes.ErrorItem{item},
		ResponseID: r.responseID(), ResponseHost: r.responseHost(), Tokens: f.tokens,
	}
	if r.op == token.MCTokenize {
		body.SupportsAuthentication = new(mdes.LooseBool)
	}
	return body
}

// reply is every answer of this face.
func (r *request) reply(status int, body any) door.Reply {
	scrubbed(r.checks[r.safe:])
	r.x.Entry.Checks = r.checks
	return door.Reply{
		Status: status, Body: encoded(r.x.Encode(body)),
		Header: http.Header{headerCorrelationID: {r.server.correlationID()}},
		Delay:  r.plan.Delay, Fault: r.plan.Fault, RetryAfter: r.plan.RetryAfter,
		Raw: r.plan.Body, Patch: r.plan.Patch,
	}
}

// scrubbed masks card numbers that a client put where none belongs. It works in
// place.
func scrubbed(checks token.Checks) token.Checks {
	for i := range checks {
		c := &checks[i]
		for _, text := range [...]*string{&c.Name, &c.Expected, &c.Received, &c.Difference, &c.KeyID, &c.Hint} {
			*text = token.Scrub(*text)
		}
	}
	return checks
}

// encode writes JSON that is no answer of its own.
func encode(v any) []byte { return encoded(door.JSON(v)) }

// encoded takes what was written; nothing of this face can fail to encode.
func encoded(body []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return body
}
