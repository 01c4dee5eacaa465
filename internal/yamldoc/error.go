package yamldoc

import (
	"fmt"
	"strings"
)

// Error is one complaint about one place of a file.
type Error struct {
	File    string
	Line    int // from 1
	Column  int // from 1
	Message string
}

// Error writes "file:line:column: message", the form editors follow.
func (e *Error) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Message)
}

func errorAt(file string, line, column int, format string, args ...any) *Error {
	return &Error{File: file, Line: line, Column: column, Message: fmt.Sprintf(format, args...)}
}

// Errors is every complaint about a file, in the order of the file.
type Errors []*Error

// Error writes one complaint a line.
func (e Errors) Error() string {
	lines := make([]string, len(e))
	for i, one := range e {
		lines[i] = one.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap lets errors.As find the single complaints.
func (e Errors) Unwrap() []error {
	out := make([]error, len(e))
	for i, one := range e {
		out[i] = one
	}
	return out
}

// MaxErrors bounds the list, as one mistake may be in every line.
const MaxErrors = 100

// add appends a complaint, or says once that no more are listed.
func (e *Errors) add(one *Error) {
	switch {
	case len(*e) < MaxErrors:
		*e = append(*e, one)
	case len(*e) == MaxErrors:
		one.Message = "from here on, more mistakes are not listed"
		*e = append(*e, one)
	}
}

// orNil keeps an empty list from becoming a non-nil error.
func (e Errors) orNil() error {
	if len(e) == 0 {
		return nil
	}
	return e
}
