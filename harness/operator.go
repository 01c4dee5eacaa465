package harness

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/onsi/ginkgo/v2"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/token"
)

// Operator is a driver as checks use it: what the driver cannot do ends the
// check as one that could not run, what fails, fails it.
type Operator struct {
	config  *Config
	network token.Network
}

// Operator plays the target's operator for one network.
func (c *Config) Operator(network token.Network) Operator { return Operator{c, network} }

func (o Operator) must(ctx context.Context, c Command) {
	ginkgo.GinkgoHelper()
	c.Network = o.network
	switch err := o.do(ctx, c); {
	case errors.Is(err, ErrCannot):
		CouldNotRun("%s", token.Scrub(err.Error()))
	case err != nil:
		ginkgo.Fail("the control driver could not " + string(c.Do) + ": " + token.Scrub(err.Error()))
	}
}

// do asks the driver, which may take as long as the target for a call, and is
// not asked any more once it has let that pass several times in a row.
func (o Operator) do(ctx context.Context, c Command) error {
	within := o.config.Target.Timeouts.CallTime()
	if o.config.deaf.lasts() {
		return fmt.Errorf("%w: %s: the driver let %s pass %d times in a row: %w", ErrCannot, c.Do, within, mostSilence, context.DeadlineExceeded)
	}
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	err := o.config.Driver.Do(ctx, c)
	o.config.deaf.hear(ctx.Err())
	if err != nil && tooLate(ctx.Err()) {
		return fmt.Errorf("%w: %s: nothing within %s: %w", ErrCannot, c.Do, within, context.DeadlineExceeded)
	}
	return err
}

// Activate makes an inactive token active.
func (o Operator) Activate(ctx context.Context, ref token.Ref) {
	ginkgo.GinkgoHelper()
	o.must(ctx, Command{Do: DoActivate, Token: ref})
}

// Suspend suspends a token as its issuer.
func (o Operator) Suspend(ctx context.Context, ref token.Ref, reason string) {
	ginkgo.GinkgoHelper()
	o.must(ctx, Command{Do: DoSuspend, Token: ref, Reason: reason})
}

// Resume lifts the issuer's suspension.
func (o Operator) Resume(ctx context.Context, ref token.Ref, reason string) {
	ginkgo.GinkgoHelper()
	o.must(ctx, Command{Do: DoResume, Token: ref, Reason: reason})
}

// Delete ends a token as its issuer.
func (o Operator) Delete(ctx context.Context, ref token.Ref, reason string) {
	ginkgo.GinkgoHelper()
	o.must(ctx, Command{Do: DoDelete, Token: ref, Reason: reason})
}

// ChangeCard changes the card behind a token: [DoNewExpiry], [DoReplacePAN],
// [DoNewMetadata], [DoClose].
func (o Operator) ChangeCard(ctx context.Context, what Action, ref token.Ref) {
	ginkgo.GinkgoHelper()
	o.must(ctx, Command{Do: what, Token: ref})
}

// FailNext makes the next provisioning of a card that the target knows answer
// a documented key.
func (o Operator) FailNext(ctx context.Context, card Card, key token.Key) {
	ginkgo.GinkgoHelper()
	o.must(ctx, Command{Do: DoFailNext, Card: card.Number, Error: key})
}

// Decide is the issuer's word on the next provisioning of a card that the
// target knows.
func (o Operator) Decide(ctx context.Context, card Card, decision token.Decision) {
	ginkgo.GinkgoHelper()
	o.must(ctx, Command{Do: DoDecide, Card: card.Number, Decision: decision})
}

// Rule makes provisioning a card answer a documented key until the check ends
// or the returned function is called.
func (o Operator) Rule(ctx context.Context, card Card, key token.Key) (lift func(context.Context)) {
	ginkgo.GinkgoHelper()
	o.must(ctx, Command{Do: DoRule, Card: card.Number, Error: key})
	lift = func(ctx context.Context) {
		ginkgo.GinkgoHelper()
		o.must(ctx, Command{Do: DoUnrule, Card: card.Number})
	}
	ginkgo.DeferCleanup(func(ctx ginkgo.SpecContext) { lift(ctx) })
	return lift
}

// Advance moves the target's clock.
func (o Operator) Advance(ctx context.Context, by time.Duration) {
	ginkgo.GinkgoHelper()
	o.must(ctx, Command{Do: DoAdvance, For: control.Duration(by)})
}

// longestWait is how long a check waits for real where the target's clock
// cannot be moved.
const longestWait = 30 * time.Second

// Elapse lets time pass on the target: by its clock where the driver can move
// it, else by waiting, if that does not take too long.
func (o Operator) Elapse(ctx context.Context, by time.Duration) {
	ginkgo.GinkgoHelper()
	err := o.do(ctx, Command{Do: DoAdvance, Network: o.network, For: control.Duration(by)})
	switch {
	case err == nil:
	case astray(err), tooLate(err):
		CouldNotRun("%s", token.Scrub(err.Error()))
	case !errors.Is(err, ErrCannot):
		ginkgo.Fail("the control driver could not advance: " + err.Error())
	case by > longestWait:
		CouldNotRun("the target's clock cannot be moved, and %s is too long to wait", by)
	default:
		if err := o.config.Wall.Sleep(ctx, by+by/4); err != nil {
			ginkgo.Fail("the check ended while it waited: " + err.Error())
		}
	}
}

// Resend sends the last notice about a token again.
func (o Operator) Resend(ctx context.Context, ref token.Ref) {
	ginkgo.GinkgoHelper()
	o.must(ctx, Command{Do: DoResend, Token: ref})
}
