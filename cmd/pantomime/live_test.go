package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/token"
)

// screen is an output that can be waited on.
type screen struct {
	mu      sync.Mutex
	text    bytes.Buffer  // guarded by mu
	changed chan struct{} // guarded by mu; closed and replaced at each Write
}

func newScreen() *screen { return &screen{changed: make(chan struct{})} }

// Write takes what a command prints.
func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.changed)
	s.changed = make(chan struct{})
	return s.text.Write(p)
}

// String is what was printed so far.
func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// has waits until a text was printed.
func (s *screen) has(ctx context.Context, text string) bool { return s.hasTimes(ctx, text, 1) }

// hasTimes waits until a text was printed so many times.
func (s *screen) hasTimes(ctx context.Context, text string, times int) bool {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for {
		s.mu.Lock()
		found, changed := strings.Count(s.text.String(), text) >= times, s.changed
		s.mu.Unlock()
		if found {
			return true
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return false
		}
	}
}

// running is a command that goes on until it is stopped.
type running struct {
	out, err *screen
	code     chan int
	stop     context.CancelFunc
}

// begin starts a command in this process.
func begin(t *testing.T, admin string, args ...string) *running {
	t.Helper()
	return beginIn(t, map[string]string{"PANTOMIME_ADMIN": admin}, args...)
}

// beginIn starts one that sees these variables.
func beginIn(t *testing.T, variables map[string]string, args ...string) *running {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r := &running{out: newScreen(), err: newScreen(), code: make(chan int, 1), stop: cancel}
	env := func(name string) string { return variables[name] }
	go func() {
		r.code <- run(ctx, &app{out: r.out, err: r.err, env: env, wall: clock.Real(), version: "v-test"}, args)
	}()
	return r
}

// finish stops a command and returns its exit code.
func (r *running) finish() int {
	r.stop()
	return <-r.code
}

// command runs one that ends by itself.
func command(t *testing.T, admin string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	r := begin(t, admin, args...)
	code = <-r.code
	r.stop()
	return code, r.out.String(), r.err.String()
}

func TestServe(t *testing.T) {
	file := filepath.Join(t.TempDir(), "ports.json")
	r := begin(t, "", "serve", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--ports-file", file,
		"--scenario", "suspended-for-fraud", "--scenario", "testdata/wallet.yaml", "--clock", "manual@2026-05-01T00:00:00Z", "--seed", "99",
		"--notify", "http://127.0.0.1:9/here/4622943120000600", "--callback-allow", "10.0.0.0/8", "--log-format", "json")
	if !r.out.has(t.Context(), "pantomime explain last") {
		t.Fatal(r.err)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var at ports
	if err := json.Unmarshal(data, &at); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"not a payment system", at.Network + "/mdes", at.Admin, "suspended for fraud; one wallet", "manual clock, seed 99",
		"40010099999", "http://127.0.0.1:9/here/462294******0600", "export PANTOMIME_ADMIN=" + at.Admin, "call provision --card alice",
	} {
		if !strings.Contains(r.out.String(), want) {
			t.Errorf("the banner does not say %q:\n%s", want, r.out)
		}
	}
	if code, out, _ := command(t, at.Admin, "clock", "now"); code != 0 || !strings.HasPrefix(out, "2026-05-01T00:00:00Z (manual)") {
		t.Errorf("the clock: %d %s", code, out)
	}
	if code, out, _ := command(t, at.Admin, "health"); code != 0 || out != "ok, version v-test\n" {
		t.Errorf("health: %d %s", code, out)
	}
	if code := r.finish(); code != 0 {
		t.Errorf("asked to stop, it exits with %d: %s", code, r.err)
	}
	if !strings.Contains(r.err.String(), `"msg":"stopping"`) {
		t.Errorf("the log is not JSON: %s", r.err)
	}
	if _, err := os.Stat(file); !os.IsNotExist(err) {
		t.Errorf("the ports file outlives the server: %v", err)
	}
	if code, _, _ := command(t, at.Admin, "health"); code != 1 {
		t.Errorf("health after the end: %d", code)
	}
}

// Nothing listens off loopback unless asked, and then it says so.
func TestServe_Interfaces(t *testing.T) {
	for listen, open := range map[string]bool{":0": false, "localhost:0": false, "0.0.0.0:0": true} {
		r := begin(t, "", "serve", "--listen", listen, "--admin", "127.0.0.1:0")
		if !r.out.has(t.Context(), "pantomime explain last") {
			t.Fatal(r.err)
		}
		if code := r.finish(); code != 0 {
			t.Errorf("%s: it exits with %d: %s", listen, code, r.err)
		}
		said := strings.Contains(r.out.String(), "  Network door  ")
		if warned := strings.Contains(r.err.String(), "reachable from other machines"); said != open || warned != open {
			t.Errorf("%s: said %t, warned %t, want %t\n%s%s", listen, said, warned, open, r.out, r.err)
		}
	}
}

func TestServe_PortTaken(t *testing.T) {
	r := begin(t, "", "serve", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0")
	if !r.out.has(t.Context(), "export PANTOMIME_ADMIN=") {
		t.Fatal(r.err)
	}
	_, after, _ := strings.Cut(r.out.String(), "export PANTOMIME_ADMIN=http://")
	admin, _, _ := strings.Cut(after, "\n")
	code, _, stderr := command(t, "", "serve", "--listen", "127.0.0.1:0", "--admin", admin)
	if code != exitUsage || !strings.Contains(stderr, "--listen 127.0.0.1:0") {
		t.Errorf("on a port that is taken: %d %s", code, stderr)
	}
	if code := r.finish(); code != 0 {
		t.Errorf("the first server exits with %d", code)
	}
}

func TestJournal_Follow(t *testing.T) {
	r := begin(t, "", "serve", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0")
	if !r.out.has(t.Context(), "export PANTOMIME_ADMIN=") {
		t.Fatal(r.err)
	}
	_, after, _ := strings.Cut(r.out.String(), "export PANTOMIME_ADMIN=")
	admin, _, _ := strings.Cut(after, "\n")
	text, lines := begin(t, admin, "journal", "--follow"), begin(t, admin, "journal", "-f", "-o", "json")
	if !text.out.has(t.Context(), "OUTCOME") {
		t.Fatal(text.err)
	}
	for n, card := range []string{"test/visa/1", "test/mastercard/1"} {
		if code, _, stderr := command(t, admin, "call", "provision", "--card", card); code != 0 {
			t.Fatal(stderr)
		}
		id := []string{"r-1", "r-2"}[n]
		if !text.out.has(t.Context(), "\n"+id+" ") || !lines.out.has(t.Context(), `{"id":"`+id+`"`) {
			t.Errorf("%s is not followed", id)
		}
	}
	for _, f := range []*running{text, lines} {
		if code := f.finish(); code != 0 {
			t.Errorf("asked to stop, it exits with %d: %s", code, f.err)
		}
	}
	r.finish()
}

// After its story the demo serves on, and its receiver goes on verifying.
func TestDemo_ServesOn(t *testing.T) {
	r := begin(t, "", "demo", "--fast", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0")
	if !r.out.has(t.Context(), "pantomime explain last") {
		t.Fatalf("%s%s", r.out, r.err)
	}
	_, after, _ := strings.Cut(r.out.String(), "export PANTOMIME_ADMIN=")
	admin, _, _ := strings.Cut(after, "\n")
	for _, args := range [][]string{
		{"call", "provision", "--card", "alice"},
		{"clock", "advance", "1h"},
		{"trigger", "token.suspended", "--card", "alice"},
		{"clock", "advance", "0s"},
	} {
		if code, _, stderr := command(t, admin, args...); code != 0 {
			t.Fatal(stderr)
		}
	}
	// A notice is reported after it was answered, so the clock may be there first.
	if !r.out.hasTimes(t.Context(), "x-pay-token verified", 6) {
		t.Errorf("not six Visa notices were verified:\n%s", r.out)
	}
	// [J] What the story was expected to come to binds nobody who goes on.
	if code, out, said := command(t, admin, "verify"); code != exitIncomplete || out != "" || said != "pantomime: the scenario expects nothing\n" {
		t.Errorf("verify after the demo: %d %s%s", code, out, said)
	}
	if code := r.finish(); code != 0 {
		t.Errorf("asked to stop, it exits with %d: %s", code, r.err)
	}
}

// A story that somebody stopped has not failed; it did not come to its end.
func TestDemo_StoppedInItsStory(t *testing.T) {
	r := begin(t, "", "demo", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0")
	if !r.out.has(t.Context(), "provision a token for") {
		t.Fatalf("%s%s", r.out, r.err)
	}
	code := r.finish()
	if code != exitIncomplete || r.err.String() != "pantomime: the demo was stopped before the end of its story\n" {
		t.Errorf("stopped in its story, it exits with %d: %s", code, r.err)
	}
}

// [B9] A play that somebody stopped says what was played and what was not.
func TestPlay_StoppedOnTheWay(t *testing.T) {
	file := filepath.Join(t.TempDir(), "story.yaml")
	const story = `version: 1
name: half of a story
cards: { alice: { network: visa, pan: test/visa/1 } }
rules: [ { when: { operation: cryptogram }, then: { fault: hang } } ]
play:
  - { call: provision, card: alice }
  - { call: cryptogram, card: alice, timeout: 60s, expect-error: no-answer }
  - { call: status, card: alice }
`
	if err := os.WriteFile(file, []byte(story), 0o600); err != nil {
		t.Fatal(err)
	}
	r := begin(t, "", "play", file)
	if !r.out.has(t.Context(), "  1  ok") {
		t.Fatalf("%s%s", r.out, r.err)
	}
	code := r.finish()
	want := `pantomime: "half of a story" was stopped: 1 of 3 steps were played, 2 were not, from ` + file + ":7:5 on\n"
	if code != exitIncomplete || r.err.String() != want || strings.Count(r.out.String(), "\n") != 1 {
		t.Errorf("stopped on the way, it exits with %d: %s%s", code, r.out, r.err)
	}
}

func TestRun_OwnFault(t *testing.T) {
	var stderr bytes.Buffer
	broken := &app{out: &stderr, err: &stderr, env: nil, version: "v-test"} // no environment to ask
	if code := run(t.Context(), broken, []string{"clock", "now"}); code != exitFault || !strings.Contains(stderr.String(), "a fault of our own") {
		t.Errorf("a panic exits with %d: %s", code, stderr.String())
	}
}

// A requestor whose fields are encrypted under RSA reads its answers too.
func TestCall_RSA(t *testing.T) {
	sim, err := pantomime.Start(pantomime.Options{Scenario: scenarios.Scenario{
		Requestors: []scenarios.Requestor{{Name: "wallet", RSA: true}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = stop(sim) })
	for _, args := range [][]string{{"call", "provision", "--card", "test/visa/1"}, {"call", "cryptogram", "--card", "test/visa/1"}} {
		if code, out, stderr := command(t, sim.AdminURL(), args...); code != 0 || !strings.Contains(out, `"token": "489537******`) {
			t.Errorf("%v: %d %s%s", args, code, out, stderr)
		}
	}
	dir := t.TempDir()
	code, out, stderr := command(t, sim.AdminURL(), "env", "--write", dir)
	if code != 0 || !strings.Contains(out, "PANTOMIME_VISA_DECRYPTION_KEY_ID=") || !strings.Contains(out, "PANTOMIME_VISA_ENCRYPTION_CERTIFICATE_FILE=") {
		t.Errorf("env: %d %s%s", code, out, stderr)
	}
	if key, err := os.ReadFile(filepath.Join(dir, "visa-decryption-key.pem")); err != nil || !strings.Contains(string(key), "PRIVATE KEY") {
		t.Errorf("the key: %v", err)
	}
}

// The way of a cardholder who is asked for a code, from choice to payment.
func TestCall_StepUp(t *testing.T) {
	sim, err := pantomime.Start(pantomime.Options{Scenario: scenarios.Scenario{
		Issuers: []scenarios.Issuer{{Name: "careful", Decision: token.StepUp, Methods: []string{"sms"}}},
		Cards:   []scenarios.Card{{Name: "alice", Network: token.Visa, PAN: "4622943120000600", Expiry: scenarios.DefaultExpiry(), Issuer: "careful"}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = stop(sim) })
	do := func(args ...string) string {
		t.Helper()
		code, out, stderr := command(t, sim.AdminURL(), append([]string{"call"}, args...)...)
		if code != 0 {
			t.Fatalf("%v: %d %s", args, code, stderr)
		}
		return out
	}
	do("provision", "--card", "alice")
	var options struct {
		Answer struct {
			StepUpRequest []struct{ Identifier string }
		}
	}
	if err := json.Unmarshal([]byte(do("getStepUpOptions", "--card", "alice", "-o", "json")), &options); err != nil {
		t.Fatal(err)
	}
	do("selectStepUpMethod", "--card", "alice", "--id", options.Answer.StepUpRequest[0].Identifier)
	do("validateOTP", "--card", "alice", "--code", "456789")
	if out := do("status", "--card", "alice"); !strings.Contains(out, "is ACTIVE") {
		t.Errorf("after the right code: %s", out)
	}
	do("cryptogram", "--card", "alice")
}
