package wallet

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/pantomime-dev/pantomime/token"
)

const (
	// timeout is how long an answer is waited for unless the caller says otherwise.
	timeout = time.Minute
	// maxAnswer bounds what is read of an answer.
	maxAnswer = 4 << 20
)

// Answer is what came back on a request that may have been made wrong on purpose, read as
// loosely as can be: it says what is there, and judges nothing.
type Answer struct {
	Status     int            // HTTP; 0 without an answer
	Code       string         // reason, errorCode or gateway code; "" for a success
	Silent     error          // no answer came
	Unreadable string         // why the answer is not what the operation answers
	Body       any            // decoded, with what was encrypted in the place of its ciphertext
	Decision   token.Decision // of a provisioning that succeeded
}

// String is one line about it.
func (a Answer) String() string {
	switch {
	case a.Silent != nil:
		return "no answer"
	case a.Unreadable != "":
		return strconv.Itoa(a.Status) + " unreadable: " + a.Unreadable
	case a.Code != "":
		return strconv.Itoa(a.Status) + " " + a.Code
	}
	return strings.TrimSpace(strconv.Itoa(a.Status) + " " + string(a.Decision))
}

// Good reports whether it is a success that can be read.
func (a Answer) Good() bool {
	return a.Silent == nil && a.Unreadable == "" && a.Code == "" && a.Status < 300
}

// Send sends a request of an operation and reads what comes back. It waits no
// longer than the request's context.
func (w *Wallet) Send(op token.Operation, req *http.Request) Answer {
	s, err := w.at(op)
	if err != nil {
		return Answer{Silent: err}
	}
	resp, err := w.http.Do(req)
	if err != nil {
		return Answer{Silent: err}
	}
	defer resp.Body.Close()
	a := Answer{Status: resp.StatusCode}
	text, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	switch {
	case req.Context().Err() != nil:
		return Answer{Silent: req.Context().Err()}
	case err != nil:
		a.Unreadable = "cut short"
	case !strings.HasPrefix(resp.Header.Get("Content-Type"), "application/json"):
		a.Unreadable = "content type " + resp.Header.Get("Content-Type")
	case json.Unmarshal(text, &a.Body) != nil:
		a.Unreadable = "no JSON"
	default:
		s.read(op, &a)
	}
	return a
}
