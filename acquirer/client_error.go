package acquirer

import (
	"encoding/json"
	"strings"

	"github.com/pantomime-dev/pantomime/wire"
)

// Error is an answer that refuses, or a success nobody can read.
type Error struct {
	wire.Failure
	ErrorInfo
}

// Error tells operation, status and cause in one line.
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

// read fills in what a refusal says, if the body says anything.
func (e *Error) read(body []byte) *Error {
	var refusal ErrorBody
	if json.Unmarshal(body, &refusal) != nil || refusal.Error.Code == "" {
		e.Err = wire.ErrNotJSON
	}
	e.ErrorInfo = refusal.Error
	return e
}
