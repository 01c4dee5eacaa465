package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"

	jsonpatch "github.com/evanphx/json-patch/v5"

	"github.com/pantomime-dev/pantomime/requestor/wallet"
	"github.com/pantomime-dev/pantomime/token"
)

// draft is the request with what the command line merges into it.
func (in callFlags) draft(w *wallet.Wallet, op token.Operation, about wallet.Subject) (wallet.Draft, error) {
	d, err := w.Draft(op, about)
	if err != nil {
		return d, err
	}
	if in.body != "" {
		if d.Text == nil {
			return d, usage("%s has no body", op.Info().Wire)
		}
		if d.Text, err = jsonpatch.MergePatch(d.Text, []byte(in.body)); err != nil {
			return d, usage("--body: must be a JSON object: %w", err)
		}
	}
	for _, text := range in.header {
		name, value, found := strings.Cut(text, ":")
		if name = strings.TrimSpace(name); !found || name == "" || strings.ContainsAny(name, " \t") {
			return d, usage("--header %q: must be NAME: VALUE", token.Scrub(text))
		}
		if d.Header == nil {
			d.Header = map[string]string{}
		}
		d.Header[name] = strings.TrimSpace(value)
	}
	return d, nil
}

// answerWatch keeps of an answer what the client does not hand on.
type answerWatch struct{ retryAfter string }

// RoundTrip is [http.DefaultTransport]'s.
func (w *answerWatch) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err == nil {
		w.retryAfter = resp.Header.Get("Retry-After")
	}
	return resp, err
}

// reported adds to an error when the network wants to be asked again.
func (w *answerWatch) reported(err error) error {
	if err == nil || w.retryAfter == "" {
		return err
	}
	return fmt.Errorf("%w (Retry-After: %s)", err, w.retryAfter)
}

// notDone makes any error of a call a failure of what was asked for: a network
// that refuses, a connection that a fault cut, an answer that cannot be read.
func notDone(err error) error {
	var no wallet.Declined
	switch {
	case err == nil:
		return nil
	case errors.As(err, &no): // the answer is printed and says why
		return failed("%w", err)
	}
	return &exit{code: exitFailed, err: lost(err), hint: "`pantomime explain last` says why."}
}

// lost says in words that no answer came.
func lost(err error) error {
	var late net.Error
	switch {
	case errors.As(err, &late) && late.Timeout():
		return instead(err, late, "no answer came in time")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return instead(err, io.ErrUnexpectedEOF, "the connection was closed before the answer had come to its end")
	case errors.Is(err, io.EOF):
		return instead(err, io.EOF, "the connection was closed before an answer came")
	case errors.Is(err, syscall.ECONNRESET):
		return fmt.Errorf("the connection was closed before an answer came: %w", err)
	}
	return err
}

// instead ends an error with other words than its cause has.
func instead(err, cause error, words string) error {
	return errors.New(strings.TrimSuffix(err.Error(), cause.Error()) + words)
}
