package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/clock"
)

// deliveries is how many callbacks a second are delivered in earnest.
const deliveries = 300

// deliveredRole is the product together with a receiver of its callbacks.
func deliveredRole(settings json.RawMessage) (role, error) {
	var count int
	if err := json.Unmarshal(settings, &count); err != nil {
		return role{}, err
	}
	receiver, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return role{}, err
	}
	sim, err := pantomime.Start(pantomime.Options{Notify: "http://" + receiver.Addr().String()})
	if err != nil {
		return role{}, err
	}
	box := sim.Sandbox()
	l, numbers := newLedger(clock.Real(), count), map[string]int{}
	refs, err := l.fill(box)
	if err != nil {
		return role{}, err
	}
	for i, ref := range refs {
		numbers[string(ref)] = i
	}
	server := &http.Server{ReadHeaderTimeout: 10 * time.Second, Handler: received(l, numbers)}
	go func() { _ = server.Serve(receiver) }()
	if err := l.schedule(box, refs, time.Second*time.Duration(count)/deliveries); err != nil {
		return role{}, err
	}
	before, err := processorTime()
	if err != nil {
		return role{}, err
	}
	l.settled(box)
	after, err := processorTime()
	got := l.sum()
	got.CPU = after - before
	return role{ready: got, end: func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_ = sim.Stop(ctx)
		_ = server.Close()
	}}, err
}

// received notes the token that a notice is about.
func received(l *ledger, numbers map[string]int) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var notice struct{ VProvisionedTokenID string }
		body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
		if err == nil {
			err = json.Unmarshal(body, &notice)
		}
		i, known := numbers[notice.VProvisionedTokenID]
		if err != nil || !known {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		l.arrived(i)
	})
}

// delivered measures callbacks over HTTP, rendered, signed and answered.
func (b *bench) delivered(ctx context.Context) ([]Row, error) {
	var got lateness
	c, err := b.startOn(ctx, allCores(), "delivered", b.size.Delivered, &got)
	if err != nil {
		return nil, err
	}
	c.stop()
	row := Row{
		Goal: "P6", Measured: fmt.Sprintf("%d callbacks delivered at %d/s: p99 until received", b.size.Delivered, deliveries),
		Ratio: milliseconds(got.P99), Unit: "ms", Limit: 15, Ours: got.shown(b.size.Delivered),
	}
	return []Row{row.noneLost(got)}, nil
}
