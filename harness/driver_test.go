package harness_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/token"
)

func TestHookDriver_ExitCodes(t *testing.T) {
	note := filepath.Join(t.TempDir(), "note")
	t.Setenv("PANTOMIME_TEST_NOTE", note)
	driver := harness.HookDriver(as(t, roleHook))
	if err := driver.Do(t.Context(), harness.Command{Do: harness.DoSuspend, Token: "abc", Reason: "SUSPECTED_FRAUD"}); err != nil {
		t.Errorf("what is done: %v", err)
	}
	if text, err := os.ReadFile(note); err != nil || string(text) != "abc SUSPECTED_FRAUD" {
		t.Errorf("the hook got %q, %v", text, err)
	}
	err := driver.Do(t.Context(), harness.Command{Do: harness.DoAdvance, For: control.Duration(time.Hour)})
	if !errors.Is(err, harness.ErrCannot) || !strings.Contains(err.Error(), "our clock is the world's") {
		t.Errorf("what cannot be done: %v", err)
	}
	err = driver.Do(t.Context(), harness.Command{Do: harness.DoDelete})
	if err == nil || errors.Is(err, harness.ErrCannot) || !strings.Contains(err.Error(), "card 462294******0600") {
		t.Errorf("what fails: %v", err)
	}
	if err := harness.HookDriver([]string{filepath.Join(t.TempDir(), "nobody")}).Do(t.Context(), harness.Command{}); err == nil || errors.Is(err, harness.ErrCannot) {
		t.Errorf("a command that is not there: %v", err)
	}
}

func TestNoDriver_CanDoNothing(t *testing.T) {
	if err := harness.NoDriver().Do(t.Context(), harness.Command{Do: harness.DoSuspend}); !errors.Is(err, harness.ErrCannot) {
		t.Errorf("got %v", err)
	}
}

// controlDoor answers like the admin API and writes down what it was asked.
func controlDoor(t *testing.T, answers map[string]string) (harness.Driver, *[]string) {
	t.Helper()
	var asked []string
	door := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := make([]byte, 4096)
		n, _ := r.Body.Read(body)
		line := r.Method + " " + strings.TrimPrefix(r.URL.Path, "/__admin/v1")
		asked = append(asked, strings.TrimSpace(line+" "+string(body[:n])))
		answer, ok := answers[line]
		w.Header().Set("Content-Type", "application/json")
		if strings.Contains(answer, `"code"`) {
			w.Header().Set("Content-Type", control.ProblemType)
			w.WriteHeader(http.StatusConflict)
		}
		if !ok {
			answer = "{}"
		}
		_, _ = w.Write([]byte(answer))
	}))
	t.Cleanup(door.Close)
	driver, err := harness.NewDriver(harness.Control{Kind: harness.ControlAdmin, URL: door.URL})
	if err != nil {
		t.Fatal(err)
	}
	return driver, &asked
}

// What the control door says when all went well.
const (
	effect  = `{"at":"2026-03-01T09:00:00Z","tokens":[],"callbacks":[]}`
	settled = `{"now":"2026-03-01T10:00:00Z","settled":true}`
)

func TestAdminDriver_Calls(t *testing.T) {
	const ref = "00112233445566778899aabbccddeeff"
	tests := []struct {
		name    string
		command harness.Command
		want    string
	}{
		{"suspend", harness.Command{Do: harness.DoSuspend, Token: ref, Reason: "FRAUD"}, `POST /tokens/` + ref + `/transitions {"do":"suspend","by":"issuer","reason":"FRAUD"}`},
		{"resume", harness.Command{Do: harness.DoResume, Token: ref}, `POST /tokens/` + ref + `/transitions {"do":"resume","by":"issuer"}`},
		{"delete", harness.Command{Do: harness.DoDelete, Token: ref}, `POST /tokens/` + ref + `/transitions {"do":"delete","by":"issuer"}`},
		{"activate", harness.Command{Do: harness.DoActivate, Token: ref}, `POST /tokens/` + ref + `/transitions {"do":"activate","by":"issuer"}`},
		{"a new expiry", harness.Command{Do: harness.DoNewExpiry, Token: ref}, `POST /events {"event":"pan.expiry-updated","token":"` + ref + `"}`},
		{"a new number", harness.Command{Do: harness.DoReplacePAN, Token: ref}, `POST /events {"event":"pan.replaced","token":"` + ref + `"}`},
		{"new metadata", harness.Command{Do: harness.DoNewMetadata, Token: ref}, `POST /events {"event":"card.metadata-updated","token":"` + ref + `"}`},
		{"a closed account", harness.Command{Do: harness.DoClose, Token: ref}, `POST /events {"event":"account.closed","token":"` + ref + `"}`},
		{
			"fail next",
			harness.Command{Do: harness.DoFailNext, Network: token.Visa, Card: "4622943120000600", Error: token.Declined},
			`POST /faults {"operation":"provision","network":"visa","card":"4622943120000600","error":"declined"}`,
		},
		{
			"a decision",
			harness.Command{Do: harness.DoDecide, Network: token.Visa, Card: "4622943120000600", Decision: token.StepUp},
			`POST /faults {"operation":"provision","network":"visa","card":"4622943120000600","decision":"step-up"}`,
		},
		{"the clock", harness.Command{Do: harness.DoAdvance, For: control.Duration(time.Hour)}, `POST /clock/advance {"by":"1h"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			driver, asked := controlDoor(t, map[string]string{
				"POST /tokens/" + ref + "/transitions": effect, "POST /events": effect,
				"POST /faults": `{"id":"fail-next-1"}`, "POST /clock/advance": settled,
			})
			if err := driver.Do(t.Context(), tt.command); err != nil {
				t.Fatal(err)
			}
			if len(*asked) != 1 || (*asked)[0] != tt.want {
				t.Errorf("asked %q\nwant  %q", *asked, tt.want)
			}
		})
	}
}

func TestAdminDriver_RuleAndItsRemoval(t *testing.T) {
	driver, asked := controlDoor(t, map[string]string{"POST /rules": `{"rules":[{"id":"posted-3"}]}`})
	rule := harness.Command{Do: harness.DoRule, Card: "4622943120000600", Error: token.Declined}
	for _, c := range []harness.Command{rule, {Do: harness.DoUnrule, Card: rule.Card}, {Do: harness.DoUnrule, Card: rule.Card}} {
		if err := driver.Do(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{
		"POST /rules - when: { operation: provision, card: \"test/visa/1\" }\n  then: { error: declined }",
		"DELETE /rules/posted-3",
	}
	if strings.Join(*asked, "|") != strings.Join(want, "|") {
		t.Errorf("asked %q\nwant  %q", *asked, want)
	}
	rule.Card = "4622943120000998"
	if err := driver.Do(t.Context(), rule); !errors.Is(err, harness.ErrCannot) {
		t.Errorf("a card that is not listed: %v", err)
	}
}

func TestAdminDriver_Failures(t *testing.T) {
	busy := `{"type":"about:blank","title":"Conflict","status":409,"detail":"busy","code":"not_allowed"}`
	tests := []struct {
		name, path, answer, want string
		command                  harness.Command
	}{
		{"a refusal", "POST /tokens/x/transitions", busy, "busy", harness.Command{Do: harness.DoSuspend, Token: "x"}},
		{"a clock that did not settle", "POST /clock/advance", `{"settled":false,"now":"2026-03-01T09:00:00Z","why":"no answer yet"}`, "the clock stopped at 2026-03-01T09:00:00Z: no answer yet", harness.Command{Do: harness.DoAdvance}},
		{"nothing to resend", "GET /callbacks", `{"items":[],"total":0}`, "no notice about token x", harness.Command{Do: harness.DoResend, Token: "x"}},
		{"an unknown action", "", "", "is not known", harness.Command{Do: "dance"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			driver, _ := controlDoor(t, map[string]string{tt.path: tt.answer})
			if err := driver.Do(t.Context(), tt.command); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

// Somebody else at the control door cannot do what is asked, whatever it
// answers: the check could not run.
func TestAdminDriver_SomebodyElseAnswers(t *testing.T) {
	const ref = "00112233445566778899aabbccddeeff"
	listed := map[string]string{"GET /callbacks": `{"items":[{"id":"one"}],"total":1}`}
	for _, c := range []harness.Command{
		{Do: harness.DoSuspend, Token: ref},
		{Do: harness.DoNewExpiry, Token: ref},
		{Do: harness.DoFailNext, Card: "4622943120000600", Error: token.Declined},
		{Do: harness.DoDecide, Card: "4622943120000600", Decision: token.StepUp},
		{Do: harness.DoRule, Card: "4622943120000600", Error: token.Declined},
		{Do: harness.DoAdvance, For: control.Duration(time.Hour)},
		{Do: harness.DoResend, Token: ref},
	} {
		driver, _ := controlDoor(t, listed)
		if err := driver.Do(t.Context(), c); !errors.Is(err, harness.ErrCannot) || !errors.Is(err, control.ErrNotControl) {
			t.Errorf("%s answered with {}: %v", c.Do, err)
		}
	}
	door := httptest.NewServer(http.NotFoundHandler())
	door.Close()
	driver, err := harness.NewDriver(harness.Control{Kind: harness.ControlAdmin, URL: door.URL})
	if err != nil {
		t.Fatal(err)
	}
	if err := driver.Do(t.Context(), harness.Command{Do: harness.DoSuspend, Token: ref}); !errors.Is(err, harness.ErrCannot) {
		t.Errorf("no control door: %v", err)
	}
}

func TestAdminDriver_WaitsItsTurnAtTheClock(t *testing.T) {
	turns := 0
	door := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if turns++; turns < 3 {
			w.Header().Set("Content-Type", control.ProblemType)
			w.WriteHeader(http.StatusConflict)
			_, _ = w.Write([]byte(`{"status":409,"detail":"busy","code":"clock_busy"}`))
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(settled))
	}))
	defer door.Close()
	driver, err := harness.NewDriver(harness.Control{Kind: harness.ControlAdmin, URL: door.URL})
	if err != nil {
		t.Fatal(err)
	}
	if err := driver.Do(t.Context(), harness.Command{Do: harness.DoAdvance}); err != nil || turns != 3 {
		t.Errorf("%v after %d turns", err, turns)
	}
}
