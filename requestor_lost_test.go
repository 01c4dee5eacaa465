package pantomime_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/requestor"
	"github.com/pantomime-dev/pantomime/token"
)

// lostAnswers are the ways in which an answer of a provisioning gets lost, with the
// keys that the merchant gets, Visa's and Mastercard's (dialects.md is the
// source of the keys). Where a key is "", the answer can be read all the same.
var lostAnswers = []struct {
	fault token.Fault
	keys  [2]token.Key
	known bool // the answer says that nothing was done
}{
	{fault: token.FaultReset, keys: [2]token.Key{requestor.NetworkServiceError, requestor.NetworkServiceError}},
	{fault: token.FaultHang, keys: [2]token.Key{requestor.NetworkServiceError, requestor.NetworkServiceError}},
	{fault: token.FaultDropResponse, keys: [2]token.Key{requestor.NetworkServiceError, requestor.NetworkServiceError}},
	{fault: token.FaultTruncate, keys: [2]token.Key{requestor.NetworkServiceError, requestor.NetworkServiceError}},
	{fault: token.FaultHTML, keys: [2]token.Key{token.JSONParseError, token.JSONParseError}},
	{fault: token.FaultEmpty, keys: [2]token.Key{token.JSONParseError, token.JSONParseError}},
	{fault: token.FaultMalformedJSON, keys: [2]token.Key{token.JSONParseError, token.JSONParseError}},
	{fault: token.FaultWrongContentType, keys: [2]token.Key{"", token.JSONParseError}},
	{fault: token.FaultBadCiphertext, keys: [2]token.Key{token.JSONParseError, token.JSONParseError}},
	{fault: token.FaultWrongKey, keys: [2]token.Key{token.JSONParseError, token.JSONParseError}},
	{fault: token.Fault500, keys: [2]token.Key{token.ServiceError, token.InternalServerError}},
	{fault: token.Fault502, keys: [2]token.Key{token.ServiceError, token.InternalServerError}},
	{fault: token.Fault503, keys: [2]token.Key{token.ServiceError, token.InternalServerError}},
	{fault: token.Fault504, keys: [2]token.Key{token.ServiceError, token.GatewayTimeout}},
	{fault: token.Fault429, keys: [2]token.Key{token.ServiceError, token.LimitExceeded}, known: true},
}

// However the answer of a provisioning gets lost, and whether the network did its
// work or not: the payment method is kept, the merchant gets a key, a finding
// says what may have happened and how it came out, and never are there two tokens.
func TestRequestor_ALostAnswerLeavesNoSecondToken(t *testing.T) {
	for _, lost := range lostAnswers {
		for i, n := range token.Networks() {
			for _, done := range []bool{false, true} {
				if lost.known && done {
					continue // a network that says no and does it
				}
				t.Run(fmt.Sprintf("%s/%s/done=%v", lost.fault, n, done), func(t *testing.T) {
					t.Parallel()
					c := openCounter(t, fmt.Sprintf(
						"  eve: { network: visa, pan: test/visa/2 }\nrules: [{ when: { operation: provision, network: %s }, times: 1, then: { fault: %q, commit: %v } }]\n", n, lost.fault, done,
					))
					if lost.fault == token.FaultHang {
						c.shop = c.open("hasty")
					}
					c.loses(n, lost.keys[i], lost.known, done)
				})
			}
		}
	}
}

// loses has a token made whose answer gets lost, and looks at what is left.
func (c *counter) loses(n token.Network, key token.Key, known, done bool) {
	c.Helper()
	m := c.stored(n)
	p := c.provision(m)
	if key == "" {
		if !p.Made {
			c.Fatalf("%+v", p.Problem)
		}
		return
	}
	if p.Made || p.Problem == nil || p.Problem.Key != key || p.Problem.Lost == known {
		c.Fatalf("the merchant got %+v, want %s", p.Problem, key)
	}
	if now := c.again(m); now.PAN.Digits() != c.cards[n].Number || now.State != requestor.Retained {
		c.Fatalf("the payment method is not kept: %+v", now)
	}
	c.settled(time.Second)
	live, now := c.live(), c.again(m)
	switch {
	case len(live) > 1, len(live) == 1 && (now.Holds == nil || now.Holds.Ref != live[0]), len(live) == 0 && now.Holds != nil:
		c.Errorf("live at the network: %v; the payment method holds %+v", live, now.Holds)
	case done && !known && len(live) != 1:
		c.Errorf("the network did its work, and live is %v", live)
	case now.Pending != nil:
		c.Error("it is not found out")
	}
	findings := c.shop.Report().Findings
	if wanted := 1; known {
		wanted = 0
		if len(findings) != wanted {
			c.Errorf("findings about an answer that came: %+v", findings)
		}
	} else if len(findings) != wanted || findings[0].Kind != requestor.LostAnswer || findings[0].Method != m.Token || findings[0].Settled == "" {
		c.Errorf("findings: %+v", findings)
	}
	if again := c.provision(m); !again.Made || len(c.live()) != 1 {
		c.Errorf("asked again: %+v, live %v", again.Problem, c.live())
	}
}

// While it cannot be found out what became of a lost answer, nothing else is asked
// for, and the finding stays open.
func TestRequestor_AsksForNothingBeforeItKnows(t *testing.T) {
	for _, n := range token.Networks() {
		c := openCounter(t, fmt.Sprintf("rules: [{ when: { network: %s, operation: provision, attempt: 1 }, then: { fault: drop-response } }, { when: { network: %s, operation: [searchTokens, provisionTokenWithPan] }, then: { fault: 503 } }]\n", n, n))
		m := c.stored(n)
		for range 3 {
			if p := c.provision(m); p.Made || !p.Problem.Lost {
				t.Fatalf("%s: %+v", n, p.Problem)
			}
		}
		if live := c.live(); len(live) != 1 {
			t.Errorf("%s: live tokens %v", n, live)
		}
		if f := c.shop.Report().Findings; len(f) == 0 || f[0].Settled != "" {
			t.Errorf("%s: %+v", n, f)
		}
		stage.Must(c.admin.PostRules(t.Context(), []byte(`{ when: { operation: [searchTokens, provisionTokenWithPan] }, then: { delay: 1ms } }`)))(t)
		c.settled(time.Hour)
		if live, now := c.live(), c.again(m); len(live) != 1 || now.Holds == nil || now.Holds.Ref != live[0] {
			t.Errorf("%s: in the end live is %v, and the method holds %+v", n, live, now.Holds)
		}
	}
}

// Where Visa makes another token each time, a lost one is found by its notice.
func TestRequestor_FindsALostTokenByItsNotice(t *testing.T) {
	c := openCounter(t, "networks: { visa: { repeat: new, created-notices: all } }\nrules: [{ when: { operation: provision }, times: 1, then: { fault: drop-response } }]\n")
	m := c.stored(token.Visa)
	if p := c.provision(m); p.Problem == nil || !p.Problem.Lost {
		t.Fatalf("%+v", p)
	}
	c.settled(time.Minute)
	if live, now := c.live(), c.again(m); len(live) != 1 || now.Holds == nil || now.Holds.Ref != live[0] {
		t.Errorf("live %v, the method holds %+v; %+v", live, now.Holds, c.shop.Report().Findings)
	}
}

// Where no connection can be made, nothing was asked for; that is found out too.
func TestRequestor_FindsOutWhatNeverArrived(t *testing.T) {
	for _, n := range token.Networks() {
		var down atomic.Bool
		c := openCounterWith(t, "", func(o *pantomime.Options) {
			o.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
				if down.Load() {
					return nil, errors.New("connection refused")
				}
				return new(net.Dialer).DialContext(ctx, network, address)
			}
		})
		down.Store(true)
		m := c.stored(n)
		if p := c.provision(m); p.Problem == nil || p.Problem.Key != requestor.NetworkServiceError || p.Problem.Status != 0 {
			t.Errorf("%s: %+v", n, p.Problem)
		}
		c.settled(10 * time.Second)
		if f := c.shop.Report().Findings; len(f) != 1 || f[0].Settled != "" || len(c.live()) != 0 {
			t.Errorf("%s: while it is down: %+v", n, f)
		}
		down.Store(false)
		c.settled(time.Hour)
		if f := c.shop.Report().Findings; f[0].Settled == "" || c.again(m).Pending != nil {
			t.Errorf("%s: when it is up again: %+v", n, f)
		}
	}
}

// What is lost in the background is found out in the background.
func TestRequestor_LosesInTheBackground(t *testing.T) {
	for _, n := range token.Networks() {
		c := openCounter(t, "rules: [{ when: { operation: provision }, times: 1, then: { fault: truncate } }]\n")
		c.switched("features: { asynchronous: true }")
		m := c.stored(n)
		if p := c.provision(m); !p.Underway {
			t.Errorf("%s: %+v", n, p)
		}
		c.settled(time.Minute)
		if live, now := c.live(), c.again(m); len(live) != 1 || now.Holds == nil || now.Holds.Ref != live[0] || len(now.Findings) != 1 {
			t.Errorf("%s: live %v, %+v", n, live, now)
		}
		if p := c.shop.Report().Provisioning; p.Total != 1 || p.Succeeded != 1 || p.Failed != 0 || len(p.ByReason) != 0 || p.ByMonth["2026-03"] != 1 || p.ByNetwork[string(n)] != 1 {
			t.Errorf("%s: what was lost and found is counted as %+v", n, p)
		}
	}
}

// A cut connection when a token is read, pays or is deleted makes no second token
// and loses none.
func TestRequestor_LosesOtherAnswers(t *testing.T) {
	for _, n := range token.Networks() {
		for _, fault := range []token.Fault{token.FaultReset, token.FaultDropResponse, token.FaultTruncate, token.FaultMalformedJSON, token.Fault503} {
			c := openCounter(t, "")
			m := c.made(n)
			c.fails(control.FailNext{Operation: "status", Network: n, Fault: fault})
			if now, _, err := c.shop.Refresh(t.Context(), m.Token); err != nil || now.Holds.Status != token.Active { // Go asks a GET again by itself
				t.Errorf("%s %s: %+v %v", n, fault, now.Holds, err)
			}
			c.fails(control.FailNext{Operation: "cryptogram", Network: n, Fault: fault})
			if p := c.pays(m, requestor.AbilityPurchase); !p.Approved || p.Decision.Key != requestor.CryptogramError {
				t.Errorf("%s %s: %+v", n, fault, p)
			}
			c.fails(control.FailNext{Operation: "delete", Network: n, Fault: fault})
			if _, problem, err := c.shop.Delete(t.Context(), m.Token); err != nil || problem != nil {
				t.Errorf("%s %s: %+v %v", n, fault, problem, err)
			}
			c.settled(time.Hour)
			if f := c.shop.Report().Findings; len(c.live()) != 0 || len(f) != 1 || f[0].Kind != requestor.NotDeleted || f[0].Settled == "" {
				t.Errorf("%s %s: live %v, %+v", n, fault, c.live(), f)
			}
		}
	}
}

// Work in the background may ask for what is answered only after its notice.
func TestRequestor_WorkWaitsForNoNoticeOfItsOwn(t *testing.T) {
	for _, n := range token.Networks() {
		c := openCounter(t, fmt.Sprintf("rules: [{ when: { network: %s, operation: delete }, then: { notify: { before-response: true } } }]\n", n))
		m := c.made(n)
		c.fails(control.FailNext{Operation: "delete", Network: n, Fault: token.Fault503})
		if _, problem, err := c.shop.Delete(t.Context(), m.Token); err != nil || problem != nil {
			t.Errorf("%s: %+v %v", n, problem, err)
		}
		c.settled(time.Minute)
		if f, now := c.shop.Report().Findings, c.again(m); len(c.live()) != 0 || len(now.Deleting) != 0 || len(f) != 1 || f[0].Settled == "" {
			t.Errorf("%s: live %v, %+v, %+v", n, c.live(), now.Deleting, f)
		}
	}
}

// Background work of one card that has to wait for another's answer, which waits for
// its notice, is done on either clock: so many at once that all senders are taken.
func TestRequestor_ManyWorksWaitForNotices(t *testing.T) {
	for _, mode := range []clock.Mode{clock.Manual, clock.System} {
		c := openCounterWith(t, "networks: { visa: { repeat: new } }\ntimeline: [{ on: token.provisioned, do: suspend, by: issuer, notify: { before-response: true } }]\n", func(o *pantomime.Options) { o.ClockMode = mode })
		c.switched("features: { asynchronous: true }")
		var all []requestor.Method
		for range 40 {
			m := c.stored(token.Visa)
			c.provision(m)
			all = append(all, m)
		}
		now := c.open("hasty")
		m := stage.Must(now.Store(c.cards[token.Visa]))(t)
		if p, err := now.Provision(t.Context(), m.Token); err != nil || !p.Made {
			t.Errorf("%s: at once: %+v %v", mode, p.Problem, err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		err := c.sim.Sandbox().Idle(ctx)
		if cancel(); err != nil {
			t.Fatalf("%s: %v", mode, err)
		}
		for _, m := range all {
			if c.again(m).Holds == nil {
				t.Errorf("%s: %+v", mode, c.again(m))
			}
		}
	}
}

// A lost answer is found out even if the account may not ask for tokens any more.
func TestRequestor_RemembersWhatGotLost(t *testing.T) {
	c := openCounter(t, "rules: [{ when: { operation: [tokenize, searchTokens] }, times: 2, then: { fault: drop-response } }]\n")
	m := c.stored(token.Mastercard)
	c.provision(m)
	c.switched("features: { service: false }")
	if p := c.provision(m); p.Problem == nil || p.Problem.Key != requestor.NotEnabledFeature || p.Method.Pending == nil && p.Method.Holds == nil {
		t.Errorf("%+v", p)
	}
	c.settled(time.Hour)
	if live, now := c.live(), c.again(m); len(live) != 1 || now.Holds == nil || now.Holds.Ref != live[0] {
		t.Errorf("live %v, %+v", live, now)
	}
}
