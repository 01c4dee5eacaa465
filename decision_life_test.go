package pantomime_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/acquirer"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/issuer"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/simulator/store"
	"github.com/pantomime-dev/pantomime/token"
)

// holds lets the endpoint wait until it may go on, and then approve.
func (b *bank) holds() (goOn func()) {
	on := make(chan struct{})
	b.answers(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		q, _ := issuer.DecodeInquiry(body)
		b.asked <- q
		select {
		case <-on:
			_, _ = io.WriteString(w, `{"decision":"approve"}`)
		case <-r.Context().Done():
		}
	})
	return sync.OnceFunc(func() { close(on) })
}

// later carries something out and hands its result over.
func later[T any](do func() T) <-chan T {
	out := make(chan T, 1)
	go func() { out <- do() }()
	return out
}

// secondMeets is a rule that shows whether a payment was counted once.
const secondMeets = "[{ name: second, when: { operation: authorize, card: alice, attempt: 2 }, then: { error: stolen_card } }]"

// While an endpoint is asked the clock reports so, other requests are served, and an
// advance waits; what was matched and counted is counted once.
func TestDecision_PendingHoldsUpTheClockAndNothingElse(t *testing.T) {
	b, c := newBank(t, "20s", "decline")
	goOn := b.holds()
	defer goOn()
	stage.Must(c.admin.PostRules(t.Context(), []byte(secondMeets)))(t)
	payment := later(func() string { return c.paid("alice", 1000) })
	asked := <-b.asked
	now := stage.Must(c.admin.Clock(t.Context()))(t)
	if len(now.Asked) != 1 || now.Asked[0].ID != asked.ID || now.Asked[0].Issuer != "mine" || now.Asked[0].Operation != token.Authorize {
		t.Errorf("the clock reports %+v of inquiry %s", now.Asked, asked.ID)
	}
	if got := c.provisioned("wallet", "carol"); got != "ACTIVE" {
		t.Errorf("meanwhile, at another issuer: %s", got)
	}
	if got := c.paid("alice", 1000); got != "stolen_card" {
		t.Errorf("the second payment while the first one waits: %s", got)
	}
	hour := control.Duration(time.Hour)
	short := control.Duration(20 * time.Millisecond)
	waits := stage.Must(c.admin.Advance(t.Context(), control.Advance{By: &hour, Timeout: &short}))(t)
	if waits.Settled || !waits.Now.Equal(waits.From) || !strings.Contains(waits.Why, "endpoint of an issuer") {
		t.Errorf("an advance that does not wait: %+v", waits)
	}
	goOn()
	if got := <-payment; got != "approved" {
		t.Errorf("the first payment: %s", got)
	}
	if moved := stage.Must(c.admin.Advance(t.Context(), control.Advance{By: &hour}))(t); !moved.Settled {
		t.Errorf("nothing is pending: %+v", moved)
	}
	if got := c.paid("alice", 1000); got != "approved" {
		t.Errorf("the third payment: %s", got)
	}
	if now := stage.Must(c.admin.Clock(t.Context()))(t); len(now.Asked) != 0 {
		t.Errorf("still asked: %+v", now.Asked)
	}
}

// A cryptogram is spent before its issuer is asked, so it pays once however long that
// takes; and what becomes of the token meanwhile comes too late.
func TestDecision_PendingCryptogramIsSpent(t *testing.T) {
	b, c := newBank(t, "20s", "decline")
	one, paying := c.token("wallet", "bob")
	<-b.asked // the provisioning
	goOn := b.holds()
	defer goOn()
	payment := later(func() string { return c.declined("wallet", paying) })
	<-b.asked
	if got := c.declined("wallet", paying); got != "cryptogram_used" {
		t.Errorf("the same cryptogram again: %q", got)
	}
	stage.Must(c.admin.Transition(t.Context(), one.Token.Ref, control.Transition{Do: "suspend"}))(t)
	goOn()
	if got := <-payment; got != "" {
		t.Errorf("the payment that waited: %s", got)
	}
}

// A request that is sent again while its issuer is asked pays nothing, and gets the
// answer of the first one once that is there.
func TestDecision_PendingIdempotencyKey(t *testing.T) {
	b, c := newBank(t, "20s", "decline")
	m := c.merchant("wallet")
	goOn := b.holds()
	defer goOn()
	keyed := func() (status int, id string) {
		body := fmt.Sprintf(`{"amount":{"value":1000,"currency":"EUR"},"merchant":{"id":"m","category":"5411","country":"DE"},`+
			`"instrument":{"type":"card","number":"%s","expiryMonth":"12","expiryYear":"2029"}}`, c.cards["alice"].PAN.Digits())
		req := stage.Must(m.client.NewRequest(t.Context(), token.Authorize, "", []byte(body)))(t)
		req.Header.Set(acquirer.IdempotencyHeader, "order-1")
		resp := stage.Must(http.DefaultClient.Do(req))(t)
		defer resp.Body.Close()
		var answer acquirer.AuthorizeResponse
		_ = json.NewDecoder(resp.Body).Decode(&answer)
		return resp.StatusCode, answer.ID
	}
	first := later(func() string { status, id := keyed(); return fmt.Sprint(status, id) })
	<-b.asked
	if status, id := keyed(); status != http.StatusConflict || id != "" {
		t.Errorf("while the first one waits: %d %s", status, id)
	}
	goOn()
	want := <-first
	if status, id := keyed(); status != http.StatusCreated || fmt.Sprint(status, id) != want {
		t.Errorf("afterwards: %d %s, want %s", status, id, want)
	}
	if len(b.asked) != 0 {
		t.Errorf("%d more inquiries", len(b.asked))
	}
}

// More for a payment is asked for at the endpoint too, as the whole of it.
func TestDecision_OfAnIncrement(t *testing.T) {
	b, c := newBank(t, "20s", "decline")
	m := c.merchant("wallet")
	id := m.paid("wallet", "bob", 1000)
	<-b.asked
	got, err := m.act(id, act{op: token.Increment, amount: "500"})
	if q := <-b.asked; err != nil || q.Payment == nil || q.Payment.Amount.Value != 1500 || q.Payment.Merchant.ID != "merchant-1" || got.ID != id {
		t.Errorf("%v %+v after %+v", err, got, q.Payment)
	}
	b.decides(`{"decision":"decline","reason":"exceeds_limit"}`)
	if got, err := m.act(id, act{op: token.Increment, amount: "500"}); err != nil || got.Reason != "exceeds_limit" {
		t.Errorf("a declined increment: %v %+v", err, got)
	}
}

// Two provisionings of a card at once are two inquiries and one token.
func TestDecision_TwoPendingForOneCard(t *testing.T) {
	b, c := newBank(t, "20s", "decline")
	goOn := b.holds()
	defer goOn()
	first, second := later(func() string { return c.provisioned("wallet", "alice") }), later(func() string { return c.provisioned("wallet", "alice") })
	if one, other := <-b.asked, <-b.asked; one.ID == other.ID {
		t.Errorf("both are inquiry %s", one.ID)
	}
	goOn()
	if got := <-first + <-second; got != "ACTIVEACTIVE" {
		t.Errorf("want both approved: %s", got)
	}
	if all := stage.Must(c.admin.Tokens(t.Context(), control.TokenQuery{}))(t); all.Total != 1 {
		t.Errorf("%d tokens", all.Total)
	}
}

// A stop does not wait for an endpoint any longer than its time, and the client has
// an answer.
func TestDecision_PendingAtAStop(t *testing.T) {
	b, c := newBank(t, "25s", "decline")
	defer b.holds()()
	payment := later(func() string { return c.paid("alice", 1000) })
	<-b.asked
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	box := c.sim.Sandbox()
	if err := c.sim.Stop(ctx); err != nil || ctx.Err() != nil {
		t.Errorf("%v; after its time: %v", err, ctx.Err())
	}
	if got := <-payment; got != "response_too_late" {
		t.Errorf("the payment: %s", got)
	}
	if left := box.Asked(); len(left) != 0 {
		t.Errorf("still asked: %+v", left)
	}
}

// What an endpoint is asked for a sandbox that ends comes to nothing: the request is
// one of the sandbox that is there then, or of none.
func TestDecision_PendingAtAResetAndADelete(t *testing.T) {
	b, c := newBank(t, "25s", "decline")
	goOn := b.holds()
	payment := later(func() string { return c.paid("alice", 1000) })
	<-b.asked
	stage.Must(c.admin.ResetSandbox(t.Context(), "default", control.Reset{}))(t)
	<-b.asked // by the new one
	goOn()
	if got := <-payment; got != "approved" {
		t.Errorf("after the reset: %s", got)
	}
	if all := stage.Must(c.admin.Requests(t.Context(), control.ExchangeQuery{}))(t); all.Total != 1 {
		t.Errorf("the new sandbox reports %+v", all)
	}
	defer b.holds()()
	other := c.in("mortal")
	gone := later(func() string { return other.provisioned("wallet", "alice") })
	<-b.asked
	if err := c.admin.RemoveSandbox(t.Context(), "mortal"); err != nil {
		t.Fatal(err)
	}
	if got := <-gone; got != "404" {
		t.Errorf("after the delete: %s", got)
	}
}

// Another owner that goes on from the log decides what it finds pending by late; the
// client has that answer, and nothing is matched or counted twice.
func TestDecision_PendingWhenAnotherOwnerGoesOn(t *testing.T) {
	for late, want := range map[string][2]string{"approve": {"approved", "ACTIVE"}, "decline": {"response_too_late", "serviceError"}} {
		t.Run(late, func(t *testing.T) {
			log := stage.Must(store.NewEncoded(sandbox.Codec{}, [32]byte{1}, slog.New(slog.DiscardHandler)))(t)
			b, c := newBankWith(t, "25s", late, "", pantomime.Options{Log: log})
			defer b.holds()()
			stage.Must(c.admin.PostRules(t.Context(), []byte(secondMeets)))(t)
			stage.Must(c.admin.FailNext(t.Context(), control.FailNext{Operation: "authorize", Card: "alice", Delay: 1}))(t) // it counts
			payment, made := later(func() string { return c.paid("alice", 1000) }), later(func() string { return c.provisioned("shop", "alice") })
			<-b.asked
			<-b.asked
			stage.Must(c.sim.Factory().Reopen(sandbox.Default))(t)
			if got := [2]string{<-payment, <-made}; got != want {
				t.Errorf("%q, want %q", got, want)
			}
			all := stage.Must(c.admin.Requests(t.Context(), control.ExchangeQuery{}))(t)
			if len(b.asked) > 0 || all.Total != 2 || len(c.sim.Sandbox().Asked()) > 0 {
				t.Errorf("%d exchanges, %d more inquiries", all.Total, len(b.asked))
			}
			if left := stage.Must(c.admin.Faults(t.Context(), control.Page{}))(t); left.Total != 0 {
				t.Errorf("a rule that was used is left: %+v", left)
			}
			if got := c.paid("alice", 1000); got != "stolen_card" {
				t.Errorf("the second payment: %s", got)
			}
		})
	}
}

// What becomes of many at once is what becomes of one after the other.
func TestDecision_ManyAtOnce(t *testing.T) {
	const cards = 24
	var told [2]string
	for i, workers := range []int{1, 64} {
		more := ""
		for n := range cards {
			more += fmt.Sprintf("  c%d: { network: %s, expiry: \"12/29\", issuer: mine }\n", n, token.Networks()[n%2])
		}
		b, c := newBankWith(t, "20s", "decline", more, pantomime.Options{})
		b.answers(func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			q, _ := issuer.DecodeInquiry(body)
			_, _ = io.WriteString(w, map[bool]string{true: `{"decision":"approve"}`, false: `{"decision":"decline","reason":"lost_card"}`}[q.ID < "8"])
		})
		var wg sync.WaitGroup
		jobs := make(chan string)
		for range workers {
			wg.Go(func() {
				for card := range jobs {
					c.provisioned("wallet", card)
					c.paid(card, 1000)
				}
			})
		}
		for n := range cards {
			jobs <- fmt.Sprint("c", n)
		}
		close(jobs)
		wg.Wait()
		journal := stage.Must(c.admin.Journal(t.Context()))(t)
		for _, e := range journal.Items {
			told[i] += fmt.Sprintln(e.Entity, e.Seq, e.Operation, e.Requestor, e.Status, e.Problem)
		}
		var refs []string
		for _, one := range stage.Must(c.admin.Tokens(t.Context(), control.TokenQuery{}))(t).Items {
			refs = append(refs, string(one.Ref))
		}
		slices.Sort(refs)
		told[i] += strings.Join(refs, "\n")
		if journal.Total != 2*cards || len(refs) == 0 || len(refs) == cards {
			t.Errorf("%d workers: %d exchanges, %d tokens", workers, journal.Total, len(refs))
		}
	}
	if told[0] != told[1] {
		t.Errorf("one:\n%.2000s\nmany:\n%.2000s", told[0], told[1])
	}
}

// An advance waits for what was asked before it, not for a moment at which nothing is
// asked: under load there is none.
func TestDecision_AnAdvanceWaitsForWhatWasAskedBefore(t *testing.T) {
	b, c := newBank(t, "20s", "decline")
	pays := func() (answer func() string) {
		goOn := b.holds()
		payment := later(func() string { return c.paid("alice", 1000) })
		<-b.asked
		return func() string {
			goOn()
			return <-payment
		}
	}
	last := pays()
	hour, limit := control.Duration(time.Hour), control.Duration(2*time.Second)
	advance := later(func() control.Settlement {
		moved, err := c.admin.Advance(t.Context(), control.Advance{By: &hour, Timeout: &limit})
		if err != nil {
			t.Error(err)
		}
		return moved
	})
	for {
		next := pays()
		if got := last(); got != "approved" {
			t.Errorf("a payment: %s", got)
		}
		last = next
		select {
		case moved := <-advance:
			if !moved.Settled || !moved.Now.Equal(moved.From.Add(time.Hour)) {
				t.Errorf("what is asked for later holds up the clock: %+v", moved)
			}
			last()
			return
		default:
		}
	}
}
