package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/pantomime-dev/pantomime/requestor/wallet"
	"github.com/pantomime-dev/pantomime/token"
)

// printCurl prints a request without sending it, so that a shell repeats it
// byte for byte.
func (a *app) printCurl(ctx context.Context, w *wallet.Wallet, d wallet.Draft) error {
	req, err := w.Request(ctx, d)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "curl -sS -X %s %s", req.Method, quote(req.URL.String()))
	for _, name := range slices.Sorted(maps.Keys(req.Header)) {
		for _, value := range req.Header[name] {
			fmt.Fprintf(&b, " \\\n  -H %s", quote(name+": "+value))
		}
	}
	if len(body) > 0 {
		fmt.Fprintf(&b, " \\\n  --data-raw %s", quote(string(body)))
	}
	if d.Op.Network() == token.Visa {
		fmt.Fprintln(a.err, "The x-pay-token holds for 8 minutes from now.")
	}
	_, err = fmt.Fprintln(a.out, b.String())
	return err
}

// quote makes a text one word of a shell.
func quote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
