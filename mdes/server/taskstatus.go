package server

import (
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
)

// getTaskStatus tells what became of a tokenize (docs/wire/mdes.md "Operations").
func getTaskStatus(r *request) (answer, *refusal) {
	var body mdes.TaskStatusRequest
	if refused := r.decode(&body, &body.RequestID); refused != nil {
		return nil, refused
	}
	if refused := r.caller(body.TokenRequestorID); refused != nil {
		return nil, refused
	}
	r.call.TaskID = body.TaskID
	return func(result sandbox.Result) (any, *refusal) {
		return mdes.TaskStatusResponse{
			ResponseID: r.responseID(), ResponseHost: r.responseHost(), Status: string(result.Task.Status),
		}, nil
	}, nil
}
