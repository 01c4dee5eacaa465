package main

import (
	"cmp"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/pantomime-dev/pantomime/control"
)

// defaultAdmin is where `serve` listens for commands by default.
const defaultAdmin = "127.0.0.1:8481"

// patience is how long a command waits for an answer; advancing the clock
// takes as long as its --timeout as well.
const patience = 30 * time.Second

// door is where the running server is.
type door struct {
	admin     string
	tokenFile string
	sandbox   string
}

// calls adds the flags of a command that looks at a sandbox of a running server.
func (a *app) calls(cmd *cobra.Command) *cobra.Command {
	cmd.Flags().StringVar(&a.door.sandbox, "sandbox", "", "sandbox to look at (default \"default\")")
	return a.callsServer(cmd)
}

// callsServer adds the flags of a command that calls a running server, but no
// one sandbox of it: it is about all, or takes the id of one as an argument.
func (a *app) callsServer(cmd *cobra.Command) *cobra.Command {
	cmd.Flags().StringVar(&a.door.admin, "admin", "", "address of the server's control door (PANTOMIME_ADMIN, else "+defaultAdmin+")")
	withToken(cmd, &a.door.tokenFile, "file with the control door's bearer token ("+tokenVariable+" holds the token itself)")
	return cmd
}

// client makes a client of the control door that waits so long for an answer.
func (a *app) client(timeout time.Duration) (*control.Client, error) {
	token, err := a.shownToken()
	if err != nil {
		return nil, err
	}
	c, err := control.New(adminURL(cmp.Or(a.door.admin, a.env("PANTOMIME_ADMIN"), defaultAdmin)), &http.Client{
		Timeout:       timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}, token)
	if err != nil {
		return nil, err
	}
	return c.In(a.door.sandbox), nil
}

// adminURL completes an address: a scheme may be left out, and an unspecified
// address, on which a server listens, is dialled as loopback.
func adminURL(text string) string {
	if !strings.Contains(text, "://") {
		text = "http://" + text
	}
	u, err := url.Parse(text)
	if err != nil {
		return text
	}
	if ip, err := netip.ParseAddr(u.Hostname()); err == nil && ip.IsUnspecified() {
		u.Host = strings.TrimSuffix("127.0.0.1:"+u.Port(), ":")
	}
	return u.String()
}
