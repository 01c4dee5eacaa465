package harness

import (
	"context"

	"github.com/onsi/ginkgo/v2"
)

// Receiver is the notice endpoint. A target that sends none makes the check
// not applicable.
func (c *Config) Receiver() *Receiver {
	if c.Notices == nil {
		NotApplicable("the target file has no notices section")
	}
	return c.Notices
}

// Await returns the notices about a token or card once there are n; too few in
// due time fail the check.
func (c *Config) Await(ctx context.Context, id string, n int) []Notice {
	ginkgo.GinkgoHelper()
	came, err := c.Receiver().Wait(ctx, id, n, c.Target.Timeouts.Due())
	if err != nil {
		ginkgo.Fail(err.Error())
	}
	return came
}
