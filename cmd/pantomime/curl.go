package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/pantomime-dev/pantomime/token"
)

// errCaught ends a call whose request was to be seen, not sent.
var errCaught = errors.New("the request is kept, not sent")

// catcher keeps the request that a client would send.
type catcher struct {
	request *http.Request
	body    string
}

// RoundTrip keeps the request.
func (c *catcher) RoundTrip(r *http.Request) (*http.Response, error) {
	c.request = r
	if r.Body != nil {
		body, err := io.ReadAll(r.Body)
		_ = r.Body.Close()
		if err != nil {
			return nil, err
		}
		c.body = string(body)
	}
	return nil, errCaught
}

// printCurl prints the request so that a shell repeats it byte for byte.
func (a *app) printCurl(op token.Operation, c *catcher) error {
	var b strings.Builder
	fmt.Fprintf(&b, "curl -sS -X %s %s", c.request.Method, quote(c.request.URL.String()))
	for _, name := range slices.Sorted(maps.Keys(c.request.Header)) {
		for _, value := range c.request.Header[name] {
			fmt.Fprintf(&b, " \\\n  -H %s", quote(name+": "+value))
		}
	}
	if c.body != "" {
		fmt.Fprintf(&b, " \\\n  --data-raw %s", quote(c.body))
	}
	if op.Network() == token.Visa {
		fmt.Fprintln(a.err, "The x-pay-token holds for 8 minutes from now.")
	}
	_, err := fmt.Fprintln(a.out, b.String())
	return err
}

// quote makes a text one word of a shell.
func quote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
