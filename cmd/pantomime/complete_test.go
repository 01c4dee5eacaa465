package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// [J3] A shell completes what there is: of the language, and of the running server.
func TestComplete(t *testing.T) {
	admin := at(t)
	for _, args := range [][]string{
		{"call", "provision", "--card", "test/visa/1"}, {"trigger", "token.suspended", "--card", "test/visa/1"}, {"sandbox", "new", "qa"},
	} {
		if code, _, said := command(t, admin, args...); code != exitGood {
			t.Fatal(said)
		}
	}
	for line, want := range map[string]string{
		"call": "provision", "call provision --card": "magic/visa/declined", "call status --token": "d682253f58dcedf0d2aedd17b34d4b5e",
		"fail-next provision --error": "limit_exceeded", "fail-next provision --fault": "hang", "fail-next": "cryptogram", "trigger": "token.suspended",
		"explain": "r-1", "explain token": "last", "callbacks show": "77cdc018f904df76e9ac185b4a310cf7", "resend": "last", "journal --after": "r-1",
		"journal --requestor": "wallet", "call authorize --acquirer": "second", "clock now --sandbox": "qa", "sandbox rm": "qa", "serve --scenario": "suspended-for-fraud", "play": "visa-declined",
		"list scenarios": "visa-declined", "conform server --suite": "mdes", "callbacks --state": "delivered", "callbacks --event": "token.suspended", "journal -o": "yaml",
	} {
		_, out, said := command(t, admin, append(append([]string{"__complete"}, strings.Fields(line)...), "")...)
		if !slices.Contains(strings.Split(out, "\n"), want) {
			t.Errorf("%s has no %s: %s%s", line, want, out, said)
		}
	}
	if _, out, _ := command(t, "127.0.0.1:1", "__complete", "call", "provision", "--card", ""); !strings.Contains(out, "test/visa/1\n") {
		t.Errorf("without a server: %s", out)
	}
}

// [J3] The examples of help are lines that are taken.
func TestHelp_Examples(t *testing.T) {
	root, found := newRoot(&app{}), 0
	var walk func(cmd *cobra.Command)
	walk = func(cmd *cobra.Command) {
		for _, child := range cmd.Commands() {
			walk(child)
		}
		for line := range strings.Lines(cmd.Example) {
			found++
			line, _, _ = strings.Cut(strings.TrimSpace(line), " >")
			args := strings.Fields(strings.TrimPrefix(line, "pantomime "))
			l := takeApart(root, args)
			if l.cmd != cmd && l.cmd.Parent() != cmd.Parent() || slices.ContainsFunc(l.flags, func(f flagUse) bool { return !f.known }) {
				t.Errorf("%s: %s", cmd.CommandPath(), line)
			}
		}
	}
	walk(root)
	if found < 15 {
		t.Errorf("only %d examples", found)
	}
}
