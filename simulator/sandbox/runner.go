package sandbox

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/simulator/callback"
)

// maxSenders bounds the deliveries in progress in one sandbox.
const maxSenders = 32

// runner owns what falls due in a sandbox: it keeps a heap of it and one timer,
// carries out planned actions and sends notices. What is due is in the
// state; the runner is made of it and holds nothing that would be missed.
type runner struct {
	box    *Sandbox
	sender *callback.Sender

	due     agenda                               // guarded by box.mu; planned actions and deliveries by due time
	waiting map[callback.Lane]*callback.Schedule // guarded by box.mu; deliveries that came up behind another of their token

	wake      chan struct{}       // it shall look again
	driver    *semaphore.Weighted // held by whoever takes what is due, until that has happened
	taking    *semaphore.Weighted // held while something is taken and, on a manual clock, told; not while work is waited for
	senders   *semaphore.Weighted // one unit per delivery in progress
	working   atomic.Int64        // deliveries in progress that are work
	advancing atomic.Bool
	giveUp    atomic.Int64 // bytes of notices to drop
	untell    atomic.Int64 // bytes of moments to drop
	restless  atomic.Bool  // the timeline was stopped since somebody looked
	tried     tried
	sendCtx   context.Context // ends when deliveries in progress are cut
	sendStop  context.CancelFunc
	running   sync.WaitGroup
}

func newRunner(box *Sandbox, sender *callback.Sender) *runner {
	r := &runner{
		box: box, sender: sender, wake: make(chan struct{}, 1), waiting: map[callback.Lane]*callback.Schedule{},
		driver: semaphore.NewWeighted(1), taking: semaphore.NewWeighted(1), senders: semaphore.NewWeighted(maxSenders),
	}
	r.sendCtx, r.sendStop = context.WithCancel(context.Background())
	return r
}

func (r *runner) start() { r.running.Go(func() { r.run(r.box.life) }) }

// stop waits for notices in progress until ctx ends, then they are cut, and reports
// what is left. It expects the sandbox's life to be over.
func (r *runner) stop(ctx context.Context) Left {
	if r.senders.Acquire(ctx, maxSenders) == nil {
		r.senders.Release(maxSenders)
	}
	left := r.left()
	r.sendStop()
	r.running.Wait()
	return left
}

// left counts the notices that are due or in progress.
func (r *runner) left() Left {
	r.box.mu.Lock()
	defer r.box.mu.Unlock()
	left, now := Left{Unanswered: r.box.state.deliveries.Count(callback.Sending)}, r.box.clock.Now()
	count := func(s *callback.Schedule) {
		for it := range s.All() {
			if it.ID != "" && !it.Due.After(now) && r.box.state.counts(it) {
				left.Due++
			}
		}
	}
	count(&r.due.notices)
	for _, w := range r.waiting {
		count(w)
	}
	return left
}

// note takes notice of a change: what it schedules goes onto the heap. It wakes
// the runner when something falls due before all that it knows of; the rest it
// finds by itself. It expects box.mu to be held.
func (r *runner) note(c Change) {
	before, _ := r.due.peek()
	for _, p := range c.Planned {
		r.due.push(callback.Item{Due: p.Due, Seq: p.Seq})
	}
	for i := range c.Deliveries {
		if d := &c.Deliveries[i]; d.State == callback.Scheduled {
			r.due.push(callback.Item{Due: d.Due, Seq: d.Seq, ID: d.ID})
		}
	}
	for i := range c.Progress {
		p := &c.Progress[i]
		if p.State == callback.Scheduled {
			r.due.push(callback.Item{Due: p.Due, Seq: p.Seq, ID: p.ID})
		}
		if p.State != callback.Sending {
			r.letFollow(p.ID)
		}
	}
	if first, ok := r.due.peek(); ok && first.Seq != before.Seq {
		r.poke()
	}
}

// poke tells the runner to look at the schedule again.
func (r *runner) poke() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// next drops stale items and returns the first that still counts. It expects
// box.mu to be held.
func (r *runner) next() (callback.Item, bool) {
	for {
		it, ok := r.due.peek()
		if !ok || r.box.state.counts(it) {
			return it, ok
		}
		r.due.drop(it)
		r.letFollow(it.ID)
	}
}

func (r *runner) run(ctx context.Context) {
	for ctx.Err() == nil {
		if r.driver.Acquire(ctx, 1) != nil {
			return
		}
		r.takeDue(ctx)
		r.forget()
		r.shorten()
		r.driver.Release(1)
		if r.box.clock.Wait(ctx, r.nextDue(), r.wake) != nil {
			return
		}
	}
}

// takeDue handles everything that is due by now.
func (r *runner) takeDue(ctx context.Context) {
	atOnce := r.atOnce()
	for r.senders.Acquire(ctx, 1) == nil {
		free := 1
		for free < atOnce && r.senders.TryAcquire(1) {
			free++
		}
		if !r.takeSome(ctx, free) {
			return
		}
	}
}

// takeSome handles up to so many deliveries, or one planned action; false says that
// nothing was due. It lets go of the senders that it has no use for.
func (r *runner) takeSome(ctx context.Context, free int) bool {
	if r.taking.Acquire(ctx, 1) != nil {
		r.senders.Release(int64(free))
		return false
	}
	defer r.taking.Release(1)
	list, action := r.take(r.box.clock.Now(), free, true)
	r.senders.Release(int64(free - len(list)))
	for i := range list {
		if done := r.dispatch(&list[i]); r.box.clock.Mode() == clock.Manual {
			r.await(context.Background(), &list[i], done)
		}
	}
	return len(list) > 0 || action
}

// nextTaken is when the next thing falls due, after what others are taking.
func (r *runner) nextTaken(ctx context.Context) (time.Time, error) {
	if err := r.taking.Acquire(ctx, 1); err != nil {
		return time.Time{}, err
	}
	defer r.taking.Release(1)
	return r.nextDue(), nil
}

func (r *runner) nextDue() time.Time {
	r.box.mu.Lock()
	defer r.box.mu.Unlock()
	it, ok := r.next()
	if !ok {
		return time.Time{}
	}
	return it.Due
}

// take handles what is due first, at limit or before: a planned action is
// carried out, which is reported, or up to most deliveries are marked as being
// sent and returned. Marking many in one change keeps a crowd that falls due at
// once from paying for a change each. Without works, what is work stays.
func (r *runner) take(limit time.Time, most int, works bool) (list []callback.Delivery, acted bool) {
	items, action := r.pick(limit, most, works)
	if action != nil {
		r.carryOut(*action)
		return nil, true
	}
	if len(items) == 0 {
		return nil, false
	}
	err := r.box.commit(func(x *step) error {
		list, x.change.Progress = make([]callback.Delivery, 0, len(items)), make([]callback.Progress, 0, len(items))
		for _, it := range items {
			if d, _ := x.state.deliveries.Get(it.ID); d.State == callback.Scheduled && d.Seq == it.Seq {
				d.State = callback.Sending
				list, x.change.Progress = append(list, d), append(x.change.Progress, d.Progress())
			}
		}
		return nil
	})
	if err != nil {
		r.complain("cannot take deliveries", err, "first", items[0].ID)
		r.box.mu.Lock()
		defer r.box.mu.Unlock()
		for _, it := range items {
			r.due.push(it)
		}
		return nil, false
	}
	if len(list) < len(items) { // some changed between being seen and being taken
		r.box.mu.Lock()
		defer r.box.mu.Unlock()
		for _, it := range items {
			r.letFollow(it.ID)
		}
	}
	return list, len(list) == 0 // all did: look again
}

// pick takes what falls due first off the schedule: one planned action or up to
// most deliveries, no two of one token.
func (r *runner) pick(limit time.Time, most int, works bool) (items []callback.Item, action *Planned) {
	r.box.mu.Lock()
	defer r.box.mu.Unlock()
	var stay []callback.Item
	defer func() {
		for _, it := range stay {
			r.due.push(it)
		}
	}()
	strict, begun := r.box.script.Load().policy.Strict, map[callback.Lane]bool{}
	for len(items) < most {
		it, ok := r.next()
		if !ok || it.Due.After(limit) {
			break
		}
		if it.ID == "" {
			if len(items) == 0 {
				p := r.box.state.planned[it.Seq]
				action = &p
			}
			break
		}
		r.due.drop(it)
		if !works && r.box.state.deliveries.Work(it.ID) {
			stay = append(stay, it)
			continue
		}
		lane, _ := r.box.state.deliveries.Lane(it.ID)
		if begun[lane] || !r.box.state.deliveries.Free(it.ID, strict) {
			r.keepWaiting(lane, it)
			continue
		}
		begun[lane] = true
		items = append(items, it)
	}
	return items, action
}

// carryOut does a planned action. One that the token's status no longer allows
// is dropped with a word in the log.
func (r *runner) carryOut(p Planned) {
	var refused error
	stopped := false
	err := r.box.commit(func(x *step) error {
		x.chain = chain{round: p.Round, since: p.Since}
		if _, still := x.state.planned[p.Seq]; !still {
			return nil
		}
		x.origin = p.origin()
		if refused = x.carry(p); refused != nil {
			x.undo()
		}
		x.change.Dropped = append(x.change.Dropped, p.Seq)
		stopped = x.chain.stopped
		return nil
	})
	if stopped {
		r.restless.Store(true)
		r.box.logger.Error("the timeline was stopped", "why", errRestless, "action", p.Action.Do, "cause", p.Cause, "round", p.Round)
	}
	r.complain("planned action failed", err, "action", p.Action.Do)
	if refused != nil {
		r.box.logger.Warn("planned action had no effect", "action", p.Action.Do, "cause", p.Cause, "why", refused)
	}
}

// complain logs what the runner could not do, unless that is because the
// sandbox has ended.
func (r *runner) complain(what string, err error, about ...any) {
	if err != nil && !errors.Is(err, ErrEnded) {
		r.box.logger.Error("the runner cannot go on with something", append(about, "what", what, "error", err)...)
	}
}
