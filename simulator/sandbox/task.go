package sandbox

import (
	"github.com/pantomime-dev/pantomime/simulator/vault"
	"github.com/pantomime-dev/pantomime/token"
)

// freshTask refuses a task id that has led to an outcome before. One whose
// request failed may be used again.
func (x *step) freshTask(c Call) *token.Problem {
	if c.TaskID == "" {
		return nil
	}
	if t, ok := x.tx.Task(c.Requestor, c.TaskID); ok && t.Status == vault.TaskCompleted {
		return token.Refuse(token.ReusedTask, "the task id was used before")
	}
	return nil
}

// failTask records a request that an application error ended. What the gateway
// refuses never reached the network and leaves no task.
func (x *step) failTask(c Call, p *token.Problem) {
	if c.TaskID == "" || !c.Effect.makesTask() {
		return
	}
	switch p.Key {
	case token.LimitExceeded, token.GatewayTimeout, token.JSONParseError, token.ReusedTask, errAsked.Key:
		return
	}
	if x.freshTask(c) == nil {
		x.tx.PutTask(vault.Task{Requestor: c.Requestor, ID: c.TaskID, Status: vault.TaskFailed})
	}
}

// refusedTask keeps the record of a request that the face refuses. A task id
// that was used before counts for more than what else is wrong.
func (x *step) refusedTask(c Call) *token.Problem {
	if p := x.freshTask(c); p != nil {
		return p
	}
	x.failTask(c, c.Refused)
	return c.Refused
}

// finishTask records an answered request, an issuer's refusal included.
func (x *step) finishTask(c Call) {
	if c.TaskID != "" {
		x.tx.PutTask(vault.Task{Requestor: c.Requestor, ID: c.TaskID, Status: vault.TaskCompleted})
	}
}

// readTask answers what became of a task.
func (x *step) readTask(c Call) (Result, *token.Problem) {
	t, ok := x.tx.Task(c.Requestor, c.TaskID)
	if !ok {
		return Result{}, token.Refuse(token.UnknownTask, "no task of this requestor has this id")
	}
	return Result{Task: t}, nil
}
