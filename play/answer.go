package play

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/token"
)

// answer is what came back, as a requestor sees it.
type answer struct {
	status     int
	code       string // reason, errorCode or gateway code; "" for a success
	unmade     string // why no request was made; never what a step expects
	silent     error  // no answer came
	unreadable string // why the answer is not what the operation answers
	body       any    // decoded, with what was encrypted in the place of its ciphertext
	decision   token.Decision
}

// String is one line about it.
func (a answer) String() string {
	switch {
	case a.unmade != "":
		return "not asked"
	case a.silent != nil:
		return "no answer"
	case a.unreadable != "":
		return strconv.Itoa(a.status) + " unreadable: " + a.unreadable
	case a.code != "":
		return strconv.Itoa(a.status) + " " + a.code
	}
	return strings.TrimSpace(strconv.Itoa(a.status) + " " + string(a.decision))
}

// maxAnswer bounds what is read of an answer.
const maxAnswer = 4 << 20

// send makes one request on a connection of its own: a reused one that breaks
// would be tried again behind our back.
func send(ctx context.Context, req *http.Request, timeout time.Duration) (answer, []byte) {
	if timeout == 0 {
		timeout = 10 * time.Second
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	resp, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(req.WithContext(ctx))
	if err != nil {
		return answer{silent: err}, nil
	}
	defer resp.Body.Close()
	a := answer{status: resp.StatusCode}
	text, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	switch {
	case ctx.Err() != nil:
		return answer{silent: ctx.Err()}, nil
	case err != nil:
		a.unreadable = "cut short"
	case !strings.HasPrefix(resp.Header.Get("Content-Type"), "application/json"):
		a.unreadable = "content type " + resp.Header.Get("Content-Type")
	case json.Unmarshal(text, &a.body) != nil:
		a.unreadable = "no JSON"
	}
	return a, text
}

// wireCodes spell documented keys as their network does; keys that are not
// here are spelt alike (docs/wire/vts.md "Errors", docs/wire/mdes.md "Errors").
var wireCodes = map[token.Network]map[token.Key]string{
	token.Visa: {
		token.InvalidParameter: "invalidParameter", token.CardVerificationFailed: "cardVerificationFailed", token.CardNotEligible: "cardNotEligible",
		token.NotAllowed: "notAllowed", token.Declined: "declined", token.TRConfigIssue: "trConfigIssue", token.CardNotAllowed: "cardNotAllowed",
		token.ServiceError: "serviceError",
	},
	token.Mastercard: {
		token.NoResponseFromIssuer: "NO_RESPONSE_FROM_ISSUER", token.DuplicateRequest: "DUPLICATE_REQUEST",
		token.InternalServerError: "INTERNAL_SERVICE_FAILURE", token.JSONParseError: "INVALID_JSON",
	},
}

// judge says why an answer is not as expected; "" when it is.
func judge(s scenarios.Step, a answer) string {
	want := s.Expect
	switch {
	case a.unmade != "":
		return "the request cannot be made: " + a.unmade
	case want.HTTP != 0 && a.status != want.HTTP:
		return fmt.Sprintf("answered %s; expected HTTP %d", a, want.HTTP)
	case want.Error != "" && !is(s.Call.Network(), want.Error, a):
		return fmt.Sprintf("answered %s; expected %s", a, want.Error)
	case want.Error == "" && want.HTTP < 400 && !a.good():
		return fmt.Sprintf("answered %s; expected success", a)
	case want.Decision != "" && a.decision != want.Decision:
		return fmt.Sprintf("the issuer said %q; expected %s", a.decision, want.Decision)
	}
	for _, m := range want.Body {
		value, present := door.Member(a.body, m.Name)
		switch {
		case m.Present != nil && present != *m.Present,
			m.Equals != nil && (!present || value != *m.Equals),
			m.Pattern != nil && (!present || !m.Pattern.MatchString(value)):
			return fmt.Sprintf("%s in the answer is %q (present: %t), not as expected", m.Name, token.Scrub(value), present)
		}
	}
	return ""
}

func (a answer) good() bool {
	return a.silent == nil && a.unreadable == "" && a.code == "" && a.status < 300
}

// is tells whether an answer is the error a key names.
func is(network token.Network, key token.Key, a answer) bool {
	switch key {
	case scenarios.NoAnswer:
		return a.silent != nil
	case scenarios.Unreadable:
		return a.unreadable != ""
	case token.LimitExceeded:
		return a.status == http.StatusTooManyRequests
	case token.GatewayTimeout:
		return a.status == http.StatusGatewayTimeout
	case token.JSONParseError:
		if network == token.Visa {
			return a.unreadable != ""
		}
	}
	code, known := wireCodes[network][key]
	if !known {
		code = string(key)
	}
	return a.code == code
}
