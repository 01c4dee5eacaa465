package play_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/play"
	"github.com/pantomime-dev/pantomime/requestor/wallet"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/token"
)

// reported is a line as it is compared.
func reported(l play.Line) string {
	return strings.Join([]string{l.When.String(), l.From, l.To, l.What, l.Outcome, l.Why}, " | ")
}

const standing = "version: 1\nclock: { mode: manual, start: 2026-03-01T09:00:00Z }\n"

// timeLines are plays with the lines that are printed for them.
var timeLines = map[string]struct{ text, lines string }{
	"one card at a network": {standing + `cards: { alice: { network: visa, activation: 36h } }
play:
  - { call: provision, card: alice }
  - { advance: 2d, card: alice, expect-status: active }
  - { call: cryptogram, card: alice, times: 2 }
  - { act: suspend, card: alice, reason: SUSPECTED_FRAUD }
  - { call: cryptogram, card: alice, expect-error: not_allowed }
`, `
0s | wallet | visa | provision a token for alice | made, to be active in 36h | 
0s | operator | clock | advance 2d | token is active | 
36h0m0s | visa | wallet | notice TOKEN_STATUS_UPDATED | x-pay-token verified | 
48h0m0s | wallet | visa | ask for a cryptogram, 2 times | cryptogram number 2, ECI 07 | 
48h0m0s | issuer | visa | suspend the token | SUSPECTED_FRAUD | 
48h0m0s | visa | wallet | notice TOKEN_STATUS_UPDATED | x-pay-token verified | 
48h0m0s | wallet | visa | ask for a cryptogram | refused: notAllowed | 
`},
	"several cards and requestors": {standing + `requestors: { wallet: {}, shop: {} }
issuers: { careful: { decision: step-up } }
cards: { bob: { network: mastercard }, carol: { network: mastercard, issuer: careful } }
play:
  - { call: provision, card: bob, requestor: shop }
  - { call: provision, card: carol, requestor: shop, expect-decision: step-up }
  - { call: suspend, card: [bob, carol], requestor: shop }
  - { call: status, card: bob, requestor: shop, expect-status: suspended }
  - { act: replace-pan, card: bob }
  - { call: getDigitalAssets, card: carol }
  - { advance: 0 }
  - { call: delete, card: carol, requestor: shop, expect-status: deactivated }
  - { call: suspend, card: [bob, carol], requestor: shop }
`, `
0s | shop | mastercard | provision a token for bob | made | 
0s | shop | mastercard | provision a token for carol | made, the issuer demands a step-up | 
0s | shop | mastercard | suspend the token of bob, carol | done | 
0s | shop | mastercard | read the token of bob | token is suspended | 
0s | issuer | mastercard | replace pan of bob | done | 
0s | wallet | mastercard | getDigitalAssets of carol | done | 
0s | operator | clock | wait for what is due | done | 
0s | shop | mastercard | delete the token of carol | token is deactivated | 
0s | shop | mastercard | suspend the token of bob, carol | 1 of 2 refused: INVALID_TOKEN_STATUS | 
`},
	"a step that fails": {standing + `cards: { alice: { network: visa, activation: 1h } }
play:
  - { call: enroll, card: alice }
  - { call: status, card: alice }
  - { advance: 1d }
`, `
0s | wallet | visa | enrol alice | done | 
0s | wallet | visa | read the token | not asked | x.yaml:6:5: the request cannot be made: alice has no vProvisionedTokenID at wallet; provision gives one
`},
	"a notice that is wrong": {standing + `cards: { alice: { network: visa } }
rules: [ { when: { operation: delete, network: visa }, then: { notify: { wrong-signature: true, before-response: true } } } ]
play:
  - { call: provision, card: alice }
  - { call: delete, card: alice, expect-status: deactivated }
`, `
0s | wallet | visa | provision a token for alice | made | 
0s | wallet | visa | delete the token | token is deactivated | 
0s | visa | wallet | notice | does not verify: x-pay-token does not hold | 
`},
}

// What a step brings about is reported after it and before the next one, at the
// time of the sandbox, with the names that the file gives to the parties.
func TestRun_TellsATimeLine(t *testing.T) { // [J5]
	for name, c := range timeLines {
		t.Run(name, func(t *testing.T) {
			s, findings := scenarios.Parse("x.yaml", []byte(c.text))
			if err := findings.Err(); err != nil {
				t.Fatal(err)
			}
			got := "\n"
			if _, err := play.Run(t.Context(), s, nil, func(play.Step) {}, func(l play.Line) { got += reported(l) + "\n" }); err != nil {
				t.Fatal(err)
			}
			if got != c.lines {
				t.Errorf("reported%s\nwant%s", got, c.lines)
			}
		})
	}
}

// sleeper is a wall that notes how long it was to wait, and does not.
type sleeper struct {
	clock.Wall
	mu    sync.Mutex
	slept time.Duration // guarded by mu
}

// Sleep returns at once.
func (w *sleeper) Sleep(ctx context.Context, d time.Duration) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.slept += d
	return ctx.Err()
}

// Where time is to pass by itself, no clock is moved. What arrives when the
// story is over is reported of too.
func TestPerform_WaitsInWallTime(t *testing.T) {
	s, findings := scenarios.Parse("x.yaml", []byte("version: 1\ncards: { alice: { network: visa } }\nplay:\n"+
		"  - { call: provision, card: alice }\n  - { advance: 90m }\n  - { advance: 30m, card: alice, expect-status: active }\n"))
	if err := findings.Err(); err != nil {
		t.Fatal(err)
	}
	var lines []play.Line
	line := play.NewTimeLine(func(l play.Line) { lines = append(lines, l) })
	inbox, err := wallet.OpenInbox(wallet.InboxOptions{Tell: line.Notice})
	if err != nil {
		t.Fatal(err)
	}
	defer inbox.Close()
	net := pantomime.Run(t, "", pantomime.With(func(o *pantomime.Options) { o.Scenario, o.Notify = s, inbox.URL() }))
	wall := &sleeper{Wall: clock.Real()}
	on := play.Target{Admin: net.Control, Wall: wall, Waits: true, TimeLine: line, Inbox: inbox}
	report, err := play.Perform(t.Context(), on, s, func(play.Step) {})
	if err != nil || !report.OK() {
		t.Fatalf("%+v, %v", report, err)
	}
	if last := lines[len(lines)-1]; wall.slept != 2*time.Hour || last.When >= time.Hour || last.What != "wait 30m" {
		t.Errorf("slept %s, then reported %+v", wall.slept, last)
	}
	if _, err := net.Control.Trigger(t.Context(), control.Event{Event: token.TokenSuspended, Card: "alice"}); err != nil {
		t.Fatal(err)
	}
	if _, err := net.Control.Advance(t.Context(), control.Advance{By: new(control.Duration(0))}); err != nil {
		t.Fatal(err)
	}
	if last := lines[len(lines)-1]; last.What != "notice TOKEN_STATUS_UPDATED" || last.To != "wallet" {
		t.Errorf("the last line is %+v", last)
	}
}
