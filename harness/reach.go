package harness

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"time"

	"github.com/onsi/ginkgo/v2/types"

	"github.com/pantomime-dev/pantomime/token"
)

// longestReach bounds how long a run waits for somebody to take a connection.
const longestReach = 10 * time.Second

// reach connects once to where a suite's requests go. Without anybody there no
// check can judge anything, and none may be said to have failed. What a server
// answers, if anything, is the checks' to judge.
func (t Target) reach(ctx context.Context, network token.Network) error {
	var base string
	switch {
	case network == token.Visa && t.Visa != nil:
		base = t.Visa.URL
	case network == token.Mastercard && t.Mastercard != nil:
		base = t.Mastercard.URL
	default:
		return nil
	}
	u, err := url.Parse(base)
	if err != nil {
		return fmt.Errorf("where the target is: %w", err)
	}
	dialer := &net.Dialer{Timeout: min(longestReach, t.Timeouts.CallTime())}
	port, dial := "80", dialer.DialContext
	if u.Scheme == "https" {
		port, dial = "443", (&tls.Dialer{NetDialer: dialer}).DialContext
	}
	if u.Port() != "" {
		port = u.Port()
	}
	conn, err := dial(ctx, "tcp", net.JoinHostPort(u.Hostname(), port))
	if err != nil {
		return fmt.Errorf("%s cannot be reached: %w", u.Redacted(), err)
	}
	return conn.Close()
}

// ErrStranger says that the target refuses the signature of a good request:
// whatever it were asked, it would say no more.
var ErrStranger = errors.New("the target does not take our signature")

// probe says why no check could judge the target: it cannot be reached, does
// not answer, or refuses the credentials. Each is reported once here, and would be
// the failure of every check otherwise. Any other answer is the checks' to judge.
func (c *Config) probe(ctx context.Context, suite Suite) error {
	if err := c.Target.reach(ctx, suite.Network); err != nil || suite.Probe == nil {
		return err
	}
	within := c.Target.Timeouts.CallTime()
	switch err := suite.Probe(ctx, c.Target, httpClient(within, &silence{})); {
	case errors.Is(err, ErrStranger):
		return err
	case tooLate(err):
		return fmt.Errorf("the target takes connections and did not answer a request within %s", within)
	}
	return ctx.Err()
}

// unrun makes a preview the report of a run that could not begin: what was
// asked for could not run.
func unrun(preview types.Report, why error) types.Report {
	for i := range preview.SpecReports {
		spec := &preview.SpecReports[i]
		if spec.LeafNodeType == types.NodeTypeIt && spec.State == types.SpecStatePassed {
			spec.State, spec.Failure.Message = types.SpecStateSkipped, couldNotRun+token.Scrub(why.Error())
		}
	}
	return preview
}
