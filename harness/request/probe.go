package request

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/onsi/ginkgo/v2"

	"github.com/pantomime-dev/pantomime/harness"
)

// Probe makes a suite's probe: ask asks, well signed, for an unknown token.
// Whom the target does not know by signature it tells nothing else, so no check
// could judge it; unknown reports whether it said so, and settings name what to look
// at then. E is the error of the network's client.
func Probe[E error](
	settings string, ask func(context.Context, harness.Target, *http.Client) error, unknown func(E) bool,
) func(context.Context, harness.Target, *http.Client) error {
	return func(ctx context.Context, t harness.Target, via *http.Client) error {
		err := ask(ctx, t, via)
		var e E
		if errors.As(err, &e) && unknown(e) {
			return fmt.Errorf("%w: %w; is it %s, or the clock of this machine?", harness.ErrStranger, err, settings)
		}
		return err
	}
}

// Refused is the error of a call that must not succeed, as the network's client
// reports it; expected says what for.
func Refused[E error](err error, expected any) E {
	ginkgo.GinkgoHelper()
	var e E
	switch {
	case err == nil:
		ginkgo.Fail(fmt.Sprintf("it was answered; expected a refusal with %v", expected))
	case !errors.As(err, &e):
		ginkgo.Fail(fmt.Sprintf("expected a refusal with %v, received: %v", expected, err))
	}
	return e
}
