package callback

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/pantomime-dev/pantomime/token"
)

// maxVerdict is how long the answer of an issuer's endpoint may be.
const maxVerdict = 64 << 10

// Inquirer words what the endpoint of an issuer is asked, and reads what it says.
type Inquirer interface {
	// Word writes an inquiry and signs it with the issuer's secret.
	Word(q token.Inquiry, secret string) (header http.Header, body []byte, err error)
	// Read reports a verdict; the error says why an answer is none.
	Read(kind token.InquiryKind, body []byte) (token.Verdict, error)
}

// Ask sends an inquiry to an issuer's endpoint, by the rules for targets, and waits
// for its answer for so long of wall time. It never fails: what went wrong is in
// what was heard.
func (s *Sender) Ask(ctx context.Context, target string, q token.Inquiry, secret string, within time.Duration) token.Heard {
	header, body, err := s.inquirer.Word(q, secret)
	if err != nil {
		return token.Heard{State: token.InquiryFailed, Why: err.Error()}
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(s.asking, cancel)()
	status, answer, err := s.exchange(ctx, Request{Method: http.MethodPost, URL: target, Header: header, Body: body}, within, maxVerdict+1)
	heard := token.Heard{State: token.InquiryFailed, Status: status}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		heard.State, heard.Why = token.InquiryTimedOut, explain(err)
	case err != nil:
		heard.Why = explain(err)
	case status >= 300 && status < 400:
		heard.Why = "no redirect is followed"
	case status != http.StatusOK:
		heard.Why = "the status of an answer is 200"
	case len(answer) > maxVerdict:
		heard.Why = fmt.Sprintf("it is longer than %d bytes", maxVerdict)
	default:
		if heard.Verdict, err = s.inquirer.Read(q.Kind, answer); err != nil {
			heard.Why = err.Error()
			break
		}
		heard.State = token.InquiryResponded
	}
	return heard
}
