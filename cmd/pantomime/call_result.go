package main

import (
	"encoding/json"
	"fmt"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/requestor/wallet"
	"github.com/pantomime-dev/pantomime/token"
)

// called is the result of a call for programs, also of one that failed.
type called struct {
	Operation token.Operation `json:"operation"`
	Requestor string          `json:"requestor"`
	Ref       token.Ref       `json:"ref,omitempty"`
	Status    string          `json:"status,omitempty"`
	Answer    any             `json:"answer,omitempty"`
	Opened    map[string]any  `json:"opened,omitempty"`
	TaskID    string          `json:"taskId,omitempty"` // that the requestor made for the request
	Retry     string          `json:"retryAfter,omitempty"`
	Error     *wallet.Refusal `json:"error,omitempty"`
}

// printCalled prints what an operation came to. Numbers, cryptograms and
// ciphertext are masked as in the journal, unless they are asked for.
func (a *app) printCalled(f *format, c called, headline string, in callFlags) error {
	shown := any(c)
	if f.forPeople() {
		fmt.Fprintf(a.out, "%s: %s\n", c.Operation, headline)
		if in.quiet {
			return nil
		}
		shown = struct {
			Answer any            `json:"answer"`
			Opened map[string]any `json:"opened,omitempty"`
		}{c.Answer, c.Opened}
	}
	data, err := json.Marshal(shown)
	if err != nil {
		return fmt.Errorf("encoding an answer: %w", err)
	}
	if !in.reveal {
		data = []byte(pantomime.Masks().Mask(data))
	}
	if f.value == formYAML {
		return a.print(f, json.RawMessage(data), nil)
	}
	return printJSON(a.out, json.RawMessage(data))
}
