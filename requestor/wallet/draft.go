package wallet

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	acq "github.com/pantomime-dev/pantomime/acquirer"
	"github.com/pantomime-dev/pantomime/token"
)

// Draft is a request before it is encrypted and signed. Whoever wants it wrong
// changes it: what goes out is encrypted and signed as if it were right.
type Draft struct {
	Op     token.Operation
	Handle string            // fills the parameter of the path, where there is one
	Text   []byte            // JSON of the body in the clear; nil for none
	Header map[string]string // further headers, added after signing

	seals string // dotted path of the member that is encrypted; taken out of Text, nothing is
}

// Draft makes the smallest request of an operation that the network takes. It
// does not look whether the subject has what the operation needs; see
// [Subject.Missing]. The error wraps [ErrNetwork].
func (w *Wallet) Draft(op token.Operation, about Subject) (Draft, error) {
	s, err := w.at(op)
	if err != nil {
		return Draft{}, err
	}
	return s.draft(op, about)
}

// Request encrypts and signs a draft. Whoever changes the request afterwards
// breaks the signature.
func (w *Wallet) Request(ctx context.Context, d Draft) (*http.Request, error) {
	s, err := w.at(d.Op)
	if err != nil {
		return nil, err
	}
	text, err := d.sealed(s)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", d.Op, err)
	}
	req, err := s.request(ctx, d.Op, d.Handle, text)
	if err != nil {
		return nil, err
	}
	for name, value := range d.Header {
		req.Header.Set(name, value)
	}
	if req.Header.Get(acq.IdempotencyHeader) != "" {
		req.GetBody = nil // else Go's transport sends it again by itself when a connection breaks
	}
	return req, nil
}

// sealed puts ciphertext in the place of the member that is encrypted.
func (d Draft) sealed(s side) ([]byte, error) {
	if d.seals == "" {
		return d.Text, nil
	}
	var body map[string]any
	dec := json.NewDecoder(bytes.NewReader(d.Text))
	dec.UseNumber()
	if err := dec.Decode(&body); err != nil {
		return nil, err
	}
	holder, name, ok := find(body, d.seals)
	if !ok {
		return d.Text, nil
	}
	value, err := s.seal(holder[name])
	if err != nil {
		return nil, err
	}
	holder[name] = value
	return json.Marshal(body)
}
