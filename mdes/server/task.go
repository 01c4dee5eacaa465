package server

import (
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/simulator/face"
)

// readTaskStatus asks what became of a tokenize (docs/wire/mdes.md "Operations").
func readTaskStatus(r *request) *refusal {
	var body mdes.TaskStatusRequest
	if refused := r.decode(&body, &body.RequestID); refused != nil {
		return refused
	}
	if refused := r.caller(body.TokenRequestorID); refused != nil {
		return refused
	}
	r.call.TaskID = body.TaskID
	return nil
}

func answerTaskStatus(r *request) (face.Answer, *refusal) {
	return face.Answer{Body: mdes.TaskStatusResponse{
		ResponseID: r.responseID(), ResponseHost: r.responseHost(), Status: string(r.result.Task.Status),
	}}, nil
}
