package pantomime_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/internal/sweep"
	"github.com/pantomime-dev/pantomime/token"
)

// withHeader adds a header to what a client sends.
type withHeader struct{ name, value string }

// RoundTrip sends a request.
func (h withHeader) RoundTrip(r *http.Request) (*http.Response, error) {
	r.Header.Set(h.name, h.value)
	return http.DefaultTransport.RoundTrip(r)
}

// median is how long a request for an unknown token takes, with a header.
func median(t *testing.T, net *pantomime.Running, header withHeader) time.Duration {
	t.Helper()
	client := visaVia(t, &http.Client{Transport: header}, net.Env.BaseURL[token.PartyVisa], net.Env.Requestors[0].Visa)
	var took []time.Duration
	for range 21 {
		start := clock.Real().Now()
		_, err := client.GetToken(t.Context(), strings.Repeat("0", 32))
		took = append(took, clock.Real().Now().Sub(start))
		if err == nil {
			t.Fatal("an unknown token is there")
		}
	}
	slices.Sort(took)
	return took[len(took)/2]
}

// [D5] Rules distinguished by a header are found, not walked through: the last of
// 40,000 applies, and a request takes about as long as without them.
func TestSweep_RulesDistinguishedByAHeader(t *testing.T) {
	sweep.Mark(t)
	const rules, atOnce, most = 40_000, 5_000, 10 * time.Millisecond
	net := pantomime.Run(t, "")
	for n := 0; n < rules; n += atOnce {
		var text strings.Builder
		for i := n; i < n+atOnce; i++ {
			fmt.Fprintf(&text, "- { when: { network: visa, operation: getToken, header: { x-order: o%d } }, then: { error: declined } }\n", i)
		}
		stage.Must(net.Control.PostRules(t.Context(), []byte(text.String())))(t)
	}
	if took := median(t, net, withHeader{"X-Order", "unknown"}); took > most {
		t.Errorf("a request takes %s", took)
	}
	client := visaVia(t, &http.Client{Transport: withHeader{"X-Order", "o0"}}, net.Env.BaseURL[token.PartyVisa], net.Env.Requestors[0].Visa)
	if _, err := client.GetToken(t.Context(), strings.Repeat("0", 32)); err == nil {
		t.Error("no rule applied")
	}
	if list := stage.Must(net.Control.Requests(t.Context(), control.ExchangeQuery{Limit: 1}))(t); list.Items[0].Rule == "" {
		t.Errorf("no rule applied: %+v", list.Items[0])
	}
}

// [D1] No expression keeps a sandbox waiting: the worst ones are refused, and what
// is left looks at 4 KiB of a value at most.
func TestSweep_Expressions(t *testing.T) {
	sweep.Mark(t)
	const most = 250 * time.Millisecond
	net := pantomime.Run(t, "")
	post := func(expression string) error {
		_, err := net.Control.PostRules(t.Context(), []byte(`{ when: { network: visa, operation: getToken, header: { x-long: { matches: '`+expression+`' } } }, then: { error: declined } }`))
		return err
	}
	if err := post(`(x{0,100}){0,10}y`); err == nil {
		t.Error("the worst expression is taken")
	}
	taken := 0
	for n := range 300 { // as many as the budget of the operation allows
		if post(fmt.Sprintf(`(x+x+)+y%d`, n)) == nil {
			taken++
		}
	}
	if taken == 0 || taken == 300 {
		t.Errorf("%d of 300 expressions are taken", taken)
	}
	if took := median(t, net, withHeader{"X-Long", strings.Repeat("x", 60_000)}); took > most {
		t.Errorf("a request takes %s", took)
	}
}
