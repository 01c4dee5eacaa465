package pantomime_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/requestor"
	"github.com/pantomime-dev/pantomime/token"
)

// act has the issuer change a token.
func (c *counter) act(do string, ref token.Ref) {
	c.Helper()
	if _, err := c.admin.Transition(c.Context(), ref, control.Transition{Do: do, Reason: "SUSPECTED_FRAUD"}); err != nil {
		c.Fatal(err)
	}
	c.settled(time.Second)
}

// made is a payment method with a token.
func (c *counter) made(n token.Network) requestor.Method {
	c.Helper()
	m := c.stored(n)
	if p := c.provision(m); !p.Made {
		c.Fatalf("%s: %+v", n, p.Problem)
	}
	return c.again(m)
}

// The requestor hears of what happens to its tokens, and knows them as they are,
// whatever is wrong with the notices.
func TestRequestor_HearsNotices(t *testing.T) {
	for name, wrong := range map[string]string{
		"as they should be": "", "twice": "duplicate: 2", "in the wrong order": "reorder: true", "late": "late: 30s",
		"with a member more": "unknown-field: true", "in a huge batch": "huge-batch: true",
	} {
		t.Run(name, func(t *testing.T) {
			notify := ""
			if wrong != "" {
				notify = ", notify: { " + wrong + " }"
			}
			rules := "timeline:\n  - { on: token.provisioned, after: 1h, do: suspend, by: issuer, reason: SUSPECTED_FRAUD" + notify + " }\n" +
				"  - { on: token.suspended, after: 1h, do: resume, by: issuer" + notify + " }\n"
			c := openCounter(t, rules)
			for _, n := range token.Networks() {
				m := c.made(n)
				c.settled(61 * time.Minute)
				if suspended := c.again(m).Holds; wrong != "reorder: true" && suspended.Status != token.Suspended {
					t.Errorf("%s: after the suspension: %+v", n, suspended)
				}
				c.settled(61 * time.Minute)
				if resumed := c.again(m).Holds; resumed.Status != token.Active || resumed.Ref != m.Holds.Ref {
					t.Errorf("%s: after the resumption: %+v", n, resumed)
				}
			}
		})
	}
}

// Nothing is believed that does not verify, and what is said of a token that nobody
// has is kept for somebody to look at.
func TestRequestor_BelievesOnlyWhatVerifies(t *testing.T) {
	for _, tc := range []struct {
		wrong string
		at    []token.Network // where it makes a difference
		found int             // findings
	}{
		{"wrong-signature", []token.Network{token.Visa}, 0},
		{"stale-time", []token.Network{token.Visa}, 0},
		{"unknown-key", token.Networks(), 0},
		{"cut-ciphertext", []token.Network{token.Mastercard}, 0},
		{"unknown-token", token.Networks(), 1},
	} {
		for _, n := range tc.at {
			c := openCounter(t, "callbacks: { retry: [] }\ntimeline: [{ on: token.provisioned, after: 1h, do: suspend, notify: { "+tc.wrong+": true } }]\n")
			m := c.made(n)
			c.settled(2 * time.Hour)
			if known := c.again(m).Holds.Status; known != token.Active {
				t.Errorf("%s at %s is believed: %s", tc.wrong, n, known)
			}
			if f := c.shop.Report().Findings; len(f) != tc.found || len(f) == 1 && f[0].Kind != requestor.UnknownToken {
				t.Errorf("%s at %s: %+v", tc.wrong, n, f)
			}
		}
	}
}

// A token that becomes active later is active when the network has said so.
func TestRequestor_WaitsForActivation(t *testing.T) {
	c := openCounter(t, "")
	c.shop = c.open("patient")
	for _, n := range token.Networks() {
		m := c.stored(n)
		if p := c.provision(m); !p.Made || p.Status != token.Inactive || p.Method.Holds.WasActive {
			t.Errorf("%s: %+v", n, p)
		}
		c.settled(5 * time.Second)
		if now := c.again(m).Holds; now.Status != token.Active || !now.WasActive {
			t.Errorf("%s: %+v", n, now)
		}
	}
}

// A token that is not active any more is replaced when another one is asked for.
func TestRequestor_ReplacesAnInactiveToken(t *testing.T) {
	for _, do := range []string{"suspend", "delete"} {
		c := openCounter(t, "")
		for i, n := range token.Networks() {
			m := c.made(n)
			c.act(do, m.Holds.Ref)
			p := c.provision(m)
			if !p.Made || p.Status != token.Active || p.Method.Holds.Ref == m.Holds.Ref {
				t.Fatalf("%s at %s: %+v", do, n, p)
			}
			if live := c.live(); len(live) != i+1 || !slices.Contains(live, p.Method.Holds.Ref) {
				t.Errorf("%s at %s: live %v", do, n, live)
			}
		}
	}
}

// In the background means on the queue: nothing is made before it is due, and
// whoever waits for the queue waits for the token.
func TestRequestor_ProvisionsInTheBackground(t *testing.T) {
	c := openCounter(t, "")
	if _, err := c.admin.PutAccount(t.Context(), "shop", []byte("features: { asynchronous: true }")); err != nil {
		t.Fatal(err)
	}
	for _, n := range token.Networks() {
		m := c.stored(n)
		if p := c.provision(m); p.Made || !p.Underway || p.Problem != nil {
			t.Errorf("%s: %+v", n, p)
		}
		c.settled(0)
		if now := c.again(m); now.Waiting || !now.Holds.Usable() {
			t.Errorf("%s: %+v", n, now)
		}
	}
}

func TestRequestor_KeepsPaymentMethods(t *testing.T) {
	c := openCounter(t, "")
	first, second := c.stored(token.Visa), c.stored(token.Visa)
	if first.Token == second.Token {
		t.Error("two payment methods of one card have one name")
	}
	m, err := c.shop.Update(first.Token, requestor.Details{Expiry: token.Expiry{Year: 2031, Month: 3}, Holder: "Alice B"})
	if err != nil || m.Expiry.String() != "03/31" || m.Holder != "Alice B" {
		t.Errorf("%+v: %v", m, err)
	}
	for number, want := range map[string]error{"": requestor.ErrCard, "12a4": requestor.ErrCard, "4999999999999996": requestor.ErrGuarded} {
		if _, err := c.shop.Store(requestor.Card{Number: number}); !errors.Is(err, want) {
			t.Errorf("%s: %v", token.Scrub(number), err)
		}
	}
	if _, err := c.shop.Method("nothing"); !errors.Is(err, requestor.ErrMethod) {
		t.Error(err)
	}
	for i, n := range token.Networks() {
		m := c.made(n)
		gone, err := c.shop.Redact(t.Context(), m.Token)
		if err != nil || gone.State != requestor.Redacted || gone.PAN != "" || gone.Holds != nil || len(gone.Deleting) != 0 {
			t.Errorf("%s: %+v: %v", n, gone, err)
		}
		if live := c.live(); len(live) != 0 {
			t.Errorf("%d: live %v", i, live)
		}
		if _, err := c.shop.Provision(t.Context(), m.Token); !errors.Is(err, requestor.ErrGone) {
			t.Error(err)
		}
	}
}

// A token whose deletion is refused by a failing network is deleted later.
func TestRequestor_DeletesLater(t *testing.T) {
	c := openCounter(t, "rules: [{ when: { operation: delete }, times: 2, then: { fault: reset } }]\n")
	for _, n := range token.Networks()[:1] {
		m := c.made(n)
		if _, problem, err := c.shop.Delete(t.Context(), m.Token); err != nil || problem != nil {
			t.Fatal(err, problem)
		}
		if f := c.shop.Report().Findings; len(f) != 1 || f[0].Kind != requestor.NotDeleted || f[0].Settled != "" {
			t.Errorf("%+v", f)
		}
		c.settled(10 * time.Minute)
		if f := c.shop.Report().Findings; len(c.live()) != 0 || f[0].Settled == "" {
			t.Errorf("live %v, %+v", c.live(), f)
		}
		if _, problem, err := c.shop.Delete(t.Context(), m.Token); err != nil || problem == nil || problem.Key != requestor.NotTokenized {
			t.Errorf("%+v %v", problem, err)
		}
	}
}

// A reissued card's expiry reaches the payment method by the network's notice.
func TestRequestor_HearsOfTheCard(t *testing.T) {
	c := openCounter(t, "timeline: [{ on: token.provisioned, after: 1h, do: update-expiry, card: alice, expiry: \"05/33\" }, { on: token.provisioned, after: 1h, do: update-expiry, card: bob, expiry: \"05/33\" }]\n")
	for _, n := range token.Networks() {
		m := c.made(n)
		c.settled(2 * time.Hour)
		if now := c.again(m); now.Expiry.String() != "05/33" {
			t.Errorf("%s: %+v", n, now.Expiry)
		}
	}
}
