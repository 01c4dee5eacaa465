package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/internal/yamldoc"
)

// formed are the commands that print data, each with a line that works, in this
// order, on a sandbox of its own.
var formed = []string{
	"list scenarios", "list scenarios suspended-for-fraud", "list cards", "list errors", "list events", "list faults", "list operations",
	"list personas", "list variants",
	"check wallet.yaml", "play suspended-for-fraud", "version",
	"call provision --card test/visa/1", "call status --card test/visa/1",
	"clock now", "clock advance 1d", "clock to 2027-01-01T00:00:00Z",
	"trigger token.suspended --card test/visa/1", "clock advance 1m", // until the notice is there
	"callbacks", "callbacks show last", "resend last",
	"fail-next provision --fault reset", "explain last", "explain token last", "journal", "verify", "coverage", "env", "health",
	"sandbox new qa", "sandbox ls", "sandbox show qa", "sandbox reset qa", "sandbox rm qa",
}

// unformed print a document of a form of its own, or go on and on; conform server
// starts itself again, so a script tries its forms.
var unformed = []string{"help", "serve", "demo", "schema", "conform target", "conform server"}

// [J4] Each command that prints data prints it as JSON, as YAML that says the
// same, and as text or table, and none accepts another form.
func TestForms(t *testing.T) {
	data, err := os.ReadFile("testdata/wallet.yaml")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	if err := os.WriteFile("wallet.yaml", data, 0o600); err != nil {
		t.Fatal(err)
	}
	admins := map[string]string{}
	for _, form := range []string{"json", "yaml", "table", "text", "xml"} {
		admins[form] = atClock(t)
	}
	for _, line := range formed {
		said := map[string]string{}
		for form, admin := range admins {
			code, out, errs := command(t, admin, append(strings.Fields(line), "-o", form)...)
			if wrong := form == "xml"; wrong != (code == exitUsage && strings.Contains(errs, "accepted: ")) || !wrong && code != exitGood && line != "verify" {
				t.Errorf("%s -o %s: exit code %d: %s", line, form, code, errs)
			}
			said[form] = out
		}
		var fromJSON any
		if err := json.Unmarshal([]byte(said["json"]), &fromJSON); err != nil {
			t.Errorf("%s -o json: %v: %s", line, err, said["json"])
		}
		if again, err := yamldoc.Encode(json.RawMessage(said["json"])); err != nil || keysOf(string(again)) != keysOf(said["yaml"]) {
			t.Errorf("%s: YAML says other than JSON:\n%s\n%s", line, again, said["yaml"])
		}
		if bytes.Count([]byte(said["table"]), []byte("\n")) != strings.Count(said["text"], "\n") || strings.HasPrefix(said["text"], "{") {
			t.Errorf("%s: text and table differ:\n%s\n%s", line, said["text"], said["table"])
		}
	}
}

// keysOf are the outermost keys of a document in YAML; what is below, such as
// the attempts of a notice, differs from run to run.
func keysOf(text string) (keys string) {
	for line := range strings.Lines(text) {
		if key, _, ok := strings.Cut(line, ":"); ok && line[0] != ' ' {
			keys += key + "\n"
		}
	}
	return keys
}

// atClock starts a server with a manual clock and a receiver of notices.
func atClock(t *testing.T) (admin string) {
	t.Helper()
	receiver := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(receiver.Close)
	sim := stage.Must(pantomime.Start(pantomime.Options{
		Notify: receiver.URL, ClockMode: clock.Manual, ClockStart: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC),
	}))(t)
	t.Cleanup(func() { _ = stop(sim) })
	return sim.AdminURL()
}

// No command is missing in the tables above.
func TestForms_OfEveryCommand(t *testing.T) {
	var walk func(path string, cmd *cobra.Command)
	walk = func(path string, cmd *cobra.Command) {
		for _, child := range cmd.Commands() {
			walk(strings.TrimSpace(path+" "+child.Name()), child)
		}
		known := slices.ContainsFunc(slices.Concat(formed, unformed), func(line string) bool { return strings.HasPrefix(line+" ", path+" ") })
		if cmd.RunE != nil && !cmd.Hidden && path != "" && !strings.HasPrefix(path, "completion") && !known {
			t.Errorf("%s has no line here", path)
		}
	}
	walk("", newRoot(&app{}))
}
