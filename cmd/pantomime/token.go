package main

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/control"
)

// tokenVariable is where commands look for the control door's bearer token.
// There is no flag for the token itself: every process could read that.
const tokenVariable = "PANTOMIME_ADMIN_TOKEN"

// tokenFlag names the file that holds the token, for the server and its callers.
const tokenFlag = "admin-token-file"

// longestTokenFile bounds how much of a file is taken for a token.
const longestTokenFile = 4 << 10

// readToken reads a token from a file, which may end in a newline.
func (a *app) readToken(path string) (string, error) {
	data, open, err := readAtMost(path, longestTokenFile)
	if err != nil {
		return "", usage("--%s: %w", tokenFlag, err)
	}
	text := string(bytes.TrimSpace(data))
	if err := control.CheckToken(text); err != nil {
		return "", usage("--%s %s: %w", tokenFlag, path, err)
	}
	if open {
		fmt.Fprintf(a.err, "warning: other users of this machine can reach the token in %s; close it with: chmod 600 %s\n", path, quote(path))
	}
	return text, nil
}

// shownToken is the bearer token that a command shows to the control door.
func (a *app) shownToken() (string, error) {
	if a.door.tokenFile == "" {
		return strings.TrimSpace(a.env(tokenVariable)), nil
	}
	return a.readToken(a.door.tokenFile)
}

// tellToken says what callers from other machines need. A token that was drawn
// is shown here and nowhere else, on stderr, where no pipe picks it up.
func (a *app) tellToken(sim *pantomime.Simulator, file, publicURL string) {
	if sim.AdminToken() == "" {
		return
	}
	assigned, why := sim.AdminToken(), "a new one, shown only now:"
	if file != "" {
		assigned, why = "\"$(cat "+quote(file)+")\"", "the one in the file:"
	}
	fmt.Fprintf(a.err, "The control door asks for a bearer token, %s\n  export %s=%s\n", why, tokenVariable, assigned)
	if publicURL == "" {
		fmt.Fprintln(a.err, "By a host name other machines reach it only with --public-url, under the host of that URL.")
	}
}

// withToken adds the flag that names the token's file.
func withToken(cmd *cobra.Command, file *string, about string) {
	cmd.Flags().StringVar(file, tokenFlag, "", about)
}
