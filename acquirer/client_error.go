package acquirer

import (
	"encoding/json"
	"strings"

	"github.com/pantomime-dev/pantomime/wire"
)

// Error is the error of every call that did not succeed.
type Error struct {
	wire.Failure
	ErrorInfo
}

// Error reports operation, status and cause in one line.
func (e *Error) Error() string {
	text := ""
	if e.Code != "" {
		text = e.Code + ": " + e.Message
	}
	if len(e.Fields) > 0 {
		text += " [" + strings.Join(e.Fields, ", ") + "]"
	}
	return e.Tell(text)
}

// Says is the code of a refusal and its message.
func (e *Error) Says() (reason, message string) { return e.Code, e.Message }

// read decodes a good answer into v, and makes errors of the others.
func (e *Error) read(answer wire.Answer, v any) error {
	var refusal ErrorBody
	if !answer.OK() {
		v = &refusal
	}
	err := json.Unmarshal(answer.Body, v)
	switch {
	case err != nil, !answer.OK() && refusal.Error.Code == "":
		e.Err = wire.ErrNotJSON
	case answer.OK():
		return nil
	}
	e.ErrorInfo = refusal.Error
	return e
}
