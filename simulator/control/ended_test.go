package control_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/clock"
	wire "github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/simulator/control"
	"github.com/pantomime-dev/pantomime/simulator/journal"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

// mortal is a control door whose sandboxes come and go, with a receiver that
// never answers.
type mortal struct {
	t        *testing.T
	registry *sandbox.Registry
	factory  *sandbox.Factory
	client   *wire.Client
	receiver string
	reached  chan struct{} // gets something for each notice that reached the receiver
	cut      chan struct{} // gets something for each that was cut
	waiting  sync.WaitGroup
}

func newMortal(t *testing.T, grace time.Duration) *mortal {
	t.Helper()
	m := &mortal{t: t, registry: sandbox.NewRegistry(), reached: make(chan struct{}, 4000), cut: make(chan struct{}, 4000)}
	hanging := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // else the server does not see that the caller hung up
		m.reached <- struct{}{}
		<-r.Context().Done()
		m.cut <- struct{}{}
	}))
	t.Cleanup(hanging.Close)
	m.receiver = hanging.URL
	logger := slog.New(slog.DiscardHandler)
	sender := callback.NewSender(callback.Options{
		Wall: clock.Real(), Renderers: map[string]callback.Renderer{"visa": plain{}, "mastercard": plain{}},
	})
	m.factory = sandbox.NewFactory(sandbox.Shared{
		Registry: m.registry, Sender: sender, Wall: clock.Real(), Logger: logger, JournalCap: 32 << 10, EndGrace: grace,
	})
	door := httptest.NewServer(control.New(control.Options{
		Registry: m.registry, Factory: m.factory, Logger: logger, Version: "v-test", NetworkURL: "http://127.0.0.1:8480", AdminURL: "http://127.0.0.1:8481", Wall: clock.Real(),
	}))
	t.Cleanup(func() {
		ctx, cancel := context.WithCancel(context.Background())
		cancel() // no notice is waited for here
		m.factory.Stop(ctx, ctx)
		m.waiting.Wait()
		door.Close()
		sender.Close()
	})
	m.client = stage.Must(wire.New(door.URL, door.Client(), ""))(t)
	return m
}

// live gives a sandbox all that could outlive it: a token with a notice that is
// never answered, a full journal, and a follower of it that waits.
func (m *mortal) live(id string) {
	m.t.Helper()
	box := stage.Must(m.registry.Find(id))(m.t)
	card, _ := fixture("test/visa/1")
	r, _, err := box.Do(sandbox.Call{
		Op: token.VisaProvisionWithPAN, Effect: sandbox.EffectProvision, Requestor: "wallet", Making: sandbox.Making{Presentation: "ECOM"},
		Subject: sandbox.Subject{Card: sandbox.CardInput{PAN: card, Expiry: token.Expiry{Year: 2049, Month: 12}}},
	})
	if err != nil || r.Problem != nil {
		m.t.Fatal(err, r.Problem)
	}
	if err := box.Act(scenarios.Action{Do: "suspend"}, sandbox.Target{Token: r.Token.Ref}); err != nil {
		m.t.Fatal(err)
	}
	last := ""
	for body := make([]byte, 4<<10); box.Journal().Dropped() == 0; {
		last = box.Journal().Add(&journal.Draft{Request: journal.Raw{Body: body}})
	}
	m.waiting.Go(func() {
		_, _ = m.client.In(id).Requests(context.Background(), wire.ExchangeQuery{After: last, Wait: wire.Duration(30 * time.Second)})
	})
	<-m.reached
}

func heap() uint64 {
	var s runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&s)
	return s.HeapAlloc
}

// [A2] An ended sandbox leaves nothing behind, however it ended: after a thousand
// lives no more is alive than after fifty.
func TestDoor_EndedSandboxesLeaveNothing(t *testing.T) {
	const few, many, spare = 50, 1000, 5 << 20
	for how, end := range map[string]func(*mortal, string){
		"reset": func(m *mortal, id string) { stage.Must(m.client.ResetSandbox(t.Context(), id, wire.Reset{}))(t) },
		"delete": func(m *mortal, id string) {
			if err := m.client.RemoveSandbox(t.Context(), id); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(how, func(t *testing.T) {
			m := newMortal(t, 20*time.Millisecond)
			lives := 0
			until := func(n int) uint64 {
				for ; lives < n; lives++ {
					id := "again"
					if how == "delete" {
						id = fmt.Sprint("box-", lives)
					}
					if lives == 0 || how == "delete" {
						stage.Must(m.client.CreateSandbox(t.Context(), wire.NewSandbox{ID: id, Notify: m.receiver}))(t)
					}
					m.live(id)
					end(m, id)
				}
				m.factory.Wait()
				m.waiting.Wait() // no request waits in a sandbox that has ended
				return heap()
			}
			before, after := until(few), until(many)
			t.Logf("%.1f MiB after %d lives, %.1f MiB after %d", float64(before)/(1<<20), few, float64(after)/(1<<20), many)
			if after > before+spare {
				t.Errorf("%d bytes are alive after %d lives and %d after %d", before, few, after, many)
			}
		})
	}
}

// [A4] Whoever removes a sandbox does not wait for its receivers, nor does anybody
// else; its notices are cut all the same.
func TestDoor_RemovalAnswersAtOnce(t *testing.T) {
	m := newMortal(t, 2*time.Second)
	stage.Must(m.client.CreateSandbox(t.Context(), wire.NewSandbox{ID: "one", Notify: m.receiver}))(t)
	m.live("one")
	wall := clock.Real()
	begin := wall.Now()
	stage.Must(m.client.ResetSandbox(t.Context(), "one", wire.Reset{}))(t)
	if err := m.client.RemoveSandbox(t.Context(), "one"); err != nil {
		t.Fatal(err)
	}
	stage.Must(m.client.CreateSandbox(t.Context(), wire.NewSandbox{ID: "two"}))(t)
	if took := wall.Now().Sub(begin); took > time.Second {
		t.Errorf("three calls took %s while a notice had no answer", took)
	}
	m.waiting.Wait()
	<-m.cut
	if took := wall.Now().Sub(begin); took > 4*time.Second {
		t.Errorf("the notice was cut after %s", took)
	}
}

// A move of the clock that waits for a receiver ends with its sandbox.
func TestDoor_AnAdvanceEndsWithItsSandbox(t *testing.T) {
	m := newMortal(t, time.Millisecond)
	stage.Must(m.client.CreateSandbox(t.Context(), wire.NewSandbox{ID: "one", Notify: m.receiver, Clock: "manual"}))(t)
	m.live("one")
	moved := make(chan error)
	go func() {
		_, err := m.client.In("one").Advance(t.Context(), wire.Advance{By: new(wire.Duration(time.Hour))})
		moved <- err
	}()
	if err := m.client.RemoveSandbox(t.Context(), "one"); err != nil {
		t.Fatal(err)
	}
	if err := <-moved; err == nil {
		t.Error("the clock of a sandbox that is gone has settled")
	}
}
