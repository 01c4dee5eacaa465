package sandbox

import (
	"context"
	"sync"

	"github.com/pantomime-dev/pantomime/simulator/callback"
)

// dispatch sends a delivery in the background; the channel is closed when its
// outcome is recorded. The caller has acquired one unit of senders.
func (r *runner) dispatch(d *callback.Delivery) <-chan struct{} {
	done := make(chan struct{})
	work := d.Work()
	if work {
		r.working.Add(1)
	}
	go func() {
		defer close(done)
		defer r.senders.Release(1)
		a := r.try(d)
		if work {
			r.working.Add(-1) // before it is on record, so that no notice is taken for it
		}
		r.record(attempted{d.ID, a})
	}()
	return done
}

// try makes one attempt.
func (r *runner) try(d *callback.Delivery) callback.Attempt {
	return r.sender.Send(r.sendCtx, *d, r.box.clock.Now(), r.box.script.Load().policy.Timeout)
}

// await waits for the outcome of a delivery; false says that ctx ended before. While
// it waits for work, notices are told by whoever waits for them.
func (r *runner) await(ctx context.Context, d *callback.Delivery, done <-chan struct{}) bool {
	if d.Work() {
		r.taking.Release(1)
		defer func() { _ = r.taking.Acquire(context.Background(), 1) }() // never fails
	}
	select {
	case <-done:
		return true
	case <-ctx.Done():
		return false
	}
}

// attempted is an attempt that came to its end.
type attempted struct {
	delivery string
	attempt  callback.Attempt
}

// tried gathers the outcomes that arrive while others are being recorded, so
// that a crowd of deliveries shares a change instead of queueing for one each.
type tried struct {
	mu   sync.Mutex
	list []attempted   // guarded by mu; waits for whoever records
	done chan struct{} // guarded by mu; closed when list is recorded, nil while none waits
	busy bool          // guarded by mu; somebody records
}

// record puts an attempt into its delivery's log, schedules a retry and returns
// when that has happened.
func (r *runner) record(o attempted) {
	t := &r.tried
	t.mu.Lock()
	t.list = append(t.list, o)
	if t.busy {
		if t.done == nil {
			t.done = make(chan struct{})
		}
		done := t.done
		t.mu.Unlock()
		<-done
		return
	}
	t.busy = true
	for len(t.list) > 0 {
		list, done := t.list, t.done
		t.list, t.done = nil, nil
		t.mu.Unlock()
		r.recordAll(list)
		if done != nil {
			close(done)
		}
		t.mu.Lock()
	}
	t.busy = false
	t.mu.Unlock()
}

func (r *runner) recordAll(list []attempted) {
	err := r.box.commit(func(x *step) error {
		x.change.Progress = make([]callback.Progress, 0, len(list))
		for _, o := range list {
			d, ok := x.state.deliveries.Get(o.delivery)
			if !ok {
				continue
			}
			p := d.After(o.attempt, x.script.policy)
			if p.State == callback.Scheduled {
				p.Seq = x.nextSeq()
			}
			x.change.Progress = append(x.change.Progress, p)
		}
		return nil
	})
	r.complain("cannot record attempts", err, "first", list[0].delivery)
}
