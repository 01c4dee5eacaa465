package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/clock"
)

// onTerminal runs a command whose output is a terminal of so many columns.
func onTerminal(t *testing.T, admin string, columns int, colour bool, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	env := func(name string) string { return map[string]string{"PANTOMIME_ADMIN": admin}[name] }
	a := &app{out: terminal{&out, columns}, err: &errs, env: env, wall: clock.Real(), version: "v-test", colour: colour}
	if code := run(t.Context(), a, args); code > exitFailed {
		t.Errorf("%v: exit code %d: %s", args, code, errs.String())
	}
	return out.String()
}

// [J2] No table is wider than the terminal, nothing of it is lost but what a
// column leaves out, and a pipe gets all of it, on one line for each row.
func TestTables_KnowTheTerminal(t *testing.T) {
	admin := at(t)
	for _, args := range [][]string{
		{"call", "provision", "--card", "test/visa/1"},
		{"call", "provision", "--card", "test/mastercard/1"},
		{"trigger", "token.suspended", "--card", "test/visa/1"},
	} {
		if code, _, said := command(t, admin, args...); code != exitGood {
			t.Fatal(said)
		}
	}
	for _, line := range []string{
		"list scenarios", "list cards", "list errors", "list events", "list faults", "list operations", "list personas", "list variants",
		"journal", "journal --canonical", "callbacks", "coverage", "sandbox ls",
	} {
		args := strings.Fields(line)
		_, piped, _ := command(t, admin, args...)
		for _, columns := range []int{60, 80, 120, 200} {
			shown := onTerminal(t, admin, columns, false, args...)
			for row := range strings.Lines(shown) {
				if n := length(strings.TrimSuffix(row, "\n")); n > columns {
					t.Errorf("%s: %d columns on a terminal of %d: %s", line, n, columns, row)
				}
			}
			if strings.Count(shown, "\n") < strings.Count(piped, "\n") {
				t.Errorf("%s: rows are missing on a terminal of %d columns:\n%s", line, columns, shown)
			}
		}
	}
	if _, piped, _ := command(t, admin, "callbacks"); !strings.Contains(piped, "462294******0600") || strings.Count(piped, "\n") != 2 {
		t.Errorf("in a pipe: %s", piped)
	}
}

// [J2] What does not fit goes on below itself.
func TestTables_HangingIndent(t *testing.T) {
	got := onTerminal(t, "", 60, false, "list", "operations", "--network", "mastercard")
	want := `OPERATION                    NEUTRAL     ABOUT
mastercard/tokenize          provision   check a card and
                                         make a token
mastercard/transact          cryptogram  cryptogram
                                         (DSRP/UCAF) for a
                                         payment
`
	if !strings.HasPrefix(got, want) {
		t.Errorf("got\n%s\nwant\n%s…", got, want)
	}
}

// [J2] What went well and what did not has its colour, and none of it in a pipe.
func TestColour(t *testing.T) {
	admin := at(t)
	for line, want := range map[string]string{
		"check visa-declined":      good + "ok\x1b[0m: ",
		"play suspended-for-fraud": "  1  " + good + "ok\x1b[0m  call ",
	} {
		args := strings.Fields(line)
		if got := onTerminal(t, admin, 80, true, args...); !strings.Contains(got, want) {
			t.Errorf("%s: %q", line, got)
		}
		if got := onTerminal(t, admin, 80, false, args...); strings.Contains(got, "\x1b") {
			t.Errorf("%s without colour: %q", line, got)
		}
	}
}
