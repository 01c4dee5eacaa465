package main

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"time"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/seed"
	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/token"
)

// pendingRole keeps n deliveries, first as records alone, then scheduled too.
func pendingRole(settings json.RawMessage) (role, error) {
	var n int
	if err := json.Unmarshal(settings, &n); err != nil {
		return role{}, err
	}
	ids, err := seed.New(seed.Default)
	if err != nil {
		return role{}, err
	}
	wall := clock.Real()
	book, schedule := callback.NewBook(), &callback.Schedule{}
	items := make([]callback.Item, n)
	empty, began := heap(), wall.Now()
	for i := range items {
		d := callback.New(ids.Hex(32, "delivery", fmt.Sprint(i)), someEvent(ids, i, began), "http://127.0.0.1:9000/visa")
		d.Due, d.Seq = began.Add(time.Duration(ids.Uint64("due", d.ID)%uint64(48*time.Hour))), uint64(i+1)
		book.Put(d)
		items[i] = callback.Item{Due: d.Due, Seq: d.Seq, ID: d.ID}
	}
	records := heap()
	for _, it := range items {
		schedule.Push(it)
	}
	took := wall.Now().Sub(began)
	got := filled{Bytes: records - empty, Extra: heap() - records, Took: took}
	return role{ready: got, end: func() {
		runtime.KeepAlive(book)
		runtime.KeepAlive(schedule)
		runtime.KeepAlive(items)
	}}, nil
}

// someEvent is the suspension of a token, as the vault would tell it.
func someEvent(ids seed.Source, i int, at time.Time) *token.Event {
	n := fmt.Sprint(i)
	return &token.Event{
		ID: ids.Hex(32, "event", n), Type: token.TokenSuspended, Network: token.Visa, Sandbox: "default", Requestor: "wallet",
		At: at, By: token.ByIssuer, Reason: "SUSPECTED_FRAUD",
		Token: token.TokenState{
			Ref: token.Ref(ids.Hex(32, "token", n)), TRID: "40010000001", Status: token.Suspended,
			StatusAt: at, Last4: ids.Digits(4, "token", n), Expiry: expiry,
		},
		Card: token.AccountState{Ref: token.CardRef(ids.Hex(32, "card", n)), First6: "462294", Last4: ids.Digits(4, "card", n), Expiry: expiry},
	}
}

// pending measures what it costs to have many callbacks waiting.
func (b *bench) pending(ctx context.Context) ([]Row, error) {
	var got filled
	c, err := b.startOn(ctx, allCores(), "pending", b.size.Pending, &got)
	if err != nil {
		return nil, err
	}
	defer c.stop()
	extra := float64(got.Extra) / (1 << 20)
	return []Row{{
		Goal: "P6", Measured: fmt.Sprintf("%d pending callbacks: memory over their records", b.size.Pending),
		Ratio: extra, Unit: "MiB", Limit: 64,
		Ours: fmt.Sprintf("%.0f B each, records %.0f B each", float64(got.Extra)/float64(b.size.Pending), float64(got.Bytes)/float64(b.size.Pending)),
	}}, nil
}
