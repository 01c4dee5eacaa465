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
	for _, notice := range c.Notices.untold(id, came) {
		ginkgo.GinkgoWriter.Printf("notice %s %s %s\n%s", notice.Request.Method, notice.Request.URL.Path, Redact(notice.Body), headersOf(notice.Request.Header))
	}
	if err != nil {
		ginkgo.Fail(err.Error())
	}
	return came
}
