package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// called is the result of a call for programs, also of one that failed.
type called struct {
	Operation token.Operation `json:"operation"`
	Requestor string          `json:"requestor"`
	Ref       token.Ref       `json:"ref,omitempty"`
	Status    string          `json:"status,omitempty"`
	Answer    any             `json:"answer,omitempty"`
	Opened    map[string]any  `json:"opened,omitempty"`
	Error     *refusal        `json:"error,omitempty"`
}

// refusal tells why a call failed. Only the message is there when no network
// refused: a connection was cut, or an answer could not be read.
type refusal struct {
	Status        int    `json:"status,omitempty"` // HTTP
	Reason        string `json:"reason,omitempty"` // as on the wire
	Message       string `json:"message"`
	CorrelationID string `json:"correlationId,omitempty"`
}

// refusalOf reads the error of a call, nil for none.
func refusalOf(err error) *refusal {
	var visa *vts.Error
	var mastercard *mdes.CallError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &visa):
		r := &refusal{Status: visa.Status, Reason: string(visa.Reason()), Message: err.Error(), CorrelationID: visa.CorrelationID}
		if visa.Refusal != nil {
			r.Message = visa.Refusal.Message
		} else if visa.Gateway != nil {
			r.Reason, r.Message = visa.Gateway.Code, visa.Gateway.Message
		}
		return r
	case errors.As(err, &mastercard):
		r := &refusal{Status: mastercard.Status, Reason: mastercard.Code(), Message: err.Error(), CorrelationID: mastercard.CorrelationID}
		if app := mastercard.Application; app != nil && app.ErrorDescription != "" {
			r.Message = app.ErrorDescription
		}
		return r
	}
	return &refusal{Message: err.Error()}
}

// printCalled prints what an operation came to. Numbers, cryptograms and
// ciphertext are masked as in the journal, unless they are asked for.
func (a *app) printCalled(f *format, c called, headline string, reveal bool) error {
	shown := any(c)
	if f.value == "text" {
		fmt.Fprintf(a.out, "%s: %s\n", c.Operation, headline)
		shown = struct {
			Answer any            `json:"answer"`
			Opened map[string]any `json:"opened,omitempty"`
		}{c.Answer, c.Opened}
	}
	data, err := encode(shown)
	if err != nil {
		return err
	}
	if !reveal {
		data = []byte(pantomime.Masks().Mask(data))
	}
	var out bytes.Buffer
	if err := json.Indent(&out, data, "", "  "); err != nil {
		return fmt.Errorf("masking an answer: %w", err)
	}
	out.WriteByte('\n')
	_, err = io.Copy(a.out, &out)
	return err
}
