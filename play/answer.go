package play

import (
	"fmt"
	"net/http"

	"github.com/pantomime-dev/pantomime/requestor/wallet"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/token"
)

// answer is what came of a call.
type answer struct {
	wallet.Answer
	unmade string // why no request was made; never what a step expects
}

// String is one line about it.
func (a answer) String() string {
	if a.unmade != "" {
		return "not asked"
	}
	return a.Answer.String()
}

// judge says why an answer is not as expected; "" when it is.
func judge(s scenarios.Step, a answer) string {
	want := s.Expect
	switch {
	case a.unmade != "":
		return "the request cannot be made: " + a.unmade
	case want.HTTP != 0 && a.Status != want.HTTP:
		return fmt.Sprintf("answered %s; expected HTTP %d", a, want.HTTP)
	case want.Error != "" && !is(s.Call.Network(), want.Error, a):
		return fmt.Sprintf("answered %s; expected %s", a, want.Error)
	case want.Error == "" && want.HTTP < 400 && !a.Good():
		return fmt.Sprintf("answered %s; expected success", a)
	case want.Decision != "" && a.Decision != want.Decision:
		return fmt.Sprintf("the issuer said %q; expected %s", a.Decision, want.Decision)
	}
	for _, m := range want.Body {
		if why := unlike(a.Body, m); why != "" {
			return why
		}
	}
	return ""
}

// is reports whether an answer is the error a key names.
func is(network token.Network, key token.Key, a answer) bool {
	switch key {
	case scenarios.NoAnswer:
		return a.Silent != nil
	case token.LimitExceeded:
		return a.Status == http.StatusTooManyRequests
	case token.GatewayTimeout:
		return a.Status == http.StatusGatewayTimeout
	case scenarios.Unreadable, token.JSONParseError:
		return a.Unreadable != ""
	}
	return a.Code == wallet.Spelling(network, key)
}
