// Package delivery holds the checks of how notices reach a token requestor: that
// they say what already is, and how often they are tried. They are the same for
// both networks, of which neither publishes a schedule. What a notice says is
// the suites' to judge.
package delivery

import (
	"context"
	"net/http"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/token"
)

// Notices are those about the tokens of one network.
type Notices struct {
	Config  *harness.Config
	Network token.Network
	Make    func(context.Context) token.Ref // a token of a fresh card
}

func (n Notices) operator() harness.Operator { return n.Config.Operator(n.Network) }

// Failing suspends a token as its issuer; the receiver answers 500 to the first
// notices about it.
func (n Notices) Failing(ctx context.Context, times int) token.Ref {
	GinkgoHelper()
	receiver, ref := n.Config.Receiver(), n.Make(ctx)
	for range times {
		receiver.Plan(string(ref), harness.Reply{Status: http.StatusInternalServerError})
	}
	n.operator().Suspend(ctx, ref, "SUSPECTED_FRAUD")
	n.Config.Await(ctx, string(ref), 1)
	return ref
}

// None expects that no notice came about a token and none is in progress: one
// about another token that comes after is as good as waiting.
func (n Notices) None(ctx context.Context, ref token.Ref) {
	GinkgoHelper()
	n.Failing(ctx, 0)
	Expect(n.Config.Receiver().About(string(ref))).To(BeEmpty())
}

// InTime expects the notice that a delayed token became active, and none before.
func (n Notices) InTime(ctx context.Context, ref token.Ref) {
	GinkgoHelper()
	activation := n.Config.Activation(n.Network)
	n.operator().Elapse(ctx, activation/2)
	Expect(n.Config.Receiver().About(string(ref))).To(BeEmpty(), "notified before its time")
	n.operator().Elapse(ctx, activation)
	n.Config.Await(ctx, string(ref), 1)
}

// AfterState asks for the token from inside the receiver, before the notice is
// answered: it must be suspended by then. The receiver is no check, so ask must
// expect nothing.
func (n Notices) AfterState(ctx context.Context, suspended string, ask func(token.Ref) (string, error)) {
	GinkgoHelper()
	ref := n.Make(ctx)
	type seen struct {
		status string
		err    error
	}
	saw := make(chan seen, 1)
	n.Config.Receiver().Plan(string(ref), harness.Reply{Before: func(harness.Notice) {
		status, err := ask(ref)
		saw <- seen{status, err}
	}})
	n.operator().Suspend(ctx, ref, "SUSPECTED_FRAUD")
	n.Config.Await(ctx, string(ref), 1)
	var got seen
	Eventually(ctx, saw).WithTimeout(n.Config.Target.Timeouts.Due()).Should(Receive(&got))
	Expect(got.err).NotTo(HaveOccurred(), "asking from inside the receiver")
	Expect(got.status).To(Equal(suspended))
}

// Retried expects further attempts after one and five minutes.
func (n Notices) Retried(ctx SpecContext) {
	ref := n.Failing(ctx, 2)
	n.operator().Advance(ctx, 59*time.Second)
	Expect(n.Config.Notices.About(string(ref))).To(HaveLen(1), "tried again too early")
	n.operator().Advance(ctx, time.Second)
	n.Config.Await(ctx, string(ref), 2)
	n.operator().Advance(ctx, 5*time.Minute)
	n.Config.Await(ctx, string(ref), 3)
}

// Accepted expects no attempt after one that went well.
func (n Notices) Accepted(ctx SpecContext) {
	ref := n.Failing(ctx, 1)
	n.operator().Advance(ctx, time.Minute)
	n.Config.Await(ctx, string(ref), 2)
	n.operator().Advance(ctx, 24*time.Hour)
	Expect(n.Config.Notices.About(string(ref))).To(HaveLen(2), "an accepted notice was sent again")
}

// TriedTwice returns the first two attempts of one notice, which are apart by
// more than some wall time, for what is dated by it.
func (n Notices) TriedTwice(ctx context.Context, apart time.Duration) (one, two harness.Notice) {
	GinkgoHelper()
	ref := n.Failing(ctx, 1)
	Expect(n.Config.Wall.Sleep(ctx, apart)).To(Succeed())
	n.operator().Advance(ctx, time.Minute)
	came := n.Config.Await(ctx, string(ref), 2)
	return came[0], came[1]
}

// Resent returns a notice and its repetition that the operator asked for.
func (n Notices) Resent(ctx context.Context) (one, two harness.Notice) {
	GinkgoHelper()
	ref := n.Failing(ctx, 0)
	n.operator().Resend(ctx, ref)
	came := n.Config.Await(ctx, string(ref), 2)
	return came[0], came[1]
}
