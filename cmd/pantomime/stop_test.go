package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	ossignal "os/signal"
	"path/filepath"
	"regexp"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/internal/sweep"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/requestor/wallet"
	"github.com/pantomime-dev/pantomime/token"
)

// counting is a receiver that knows how many different notices came.
type counting struct {
	url     string
	holds   bool          // it answers none before release
	release chan struct{} // closed at the end

	mu  sync.Mutex
	ids map[string]bool // guarded by mu
}

func newCounting(t *testing.T, holds bool) *counting {
	t.Helper()
	c := &counting{holds: holds, release: make(chan struct{}), ids: map[string]bool{}}
	server := httptest.NewServer(c)
	c.url = server.URL
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(c.release) }) // before the server waits for its requests
	return c
}

// ServeHTTP takes a notice.
func (c *counting) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	var notice struct{ RequestID string }
	body, err := io.ReadAll(r.Body)
	if err != nil || json.Unmarshal(body, &notice) != nil {
		return
	}
	c.mu.Lock()
	c.ids[notice.RequestID] = true
	c.mu.Unlock()
	if c.holds {
		<-c.release
	}
}

func (c *counting) distinct() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.ids)
}

// loaded is a server of its own process with tokens to move.
type loaded struct {
	cmd    *exec.Cmd
	stderr *screen
	admin  *control.Client
	refs   []token.Ref
}

func startLoaded(t *testing.T, tokens int, args ...string) *loaded {
	t.Helper()
	file := filepath.Join(t.TempDir(), "ports.json")
	out := newScreen()
	l := &loaded{stderr: newScreen()}
	l.cmd = exec.CommandContext(t.Context(), "pantomime", append([]string{
		"serve", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--ports-file", file,
	}, args...)...)
	l.cmd.Stdout, l.cmd.Stderr = out, l.stderr
	if err := l.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.cmd.Process.Kill() })
	if !out.has(t.Context(), "pantomime explain last") {
		t.Fatal(l.stderr)
	}
	var at ports
	if err := json.Unmarshal(stage.Must(os.ReadFile(file))(t), &at); err != nil {
		t.Fatal(err)
	}
	l.admin = stage.Must(control.New(at.Admin, nil, ""))(t)
	env := stage.Must(l.admin.Env(t.Context()))(t)
	who, _ := env.Requestor("")
	w := stage.Must(wallet.New(wallet.Config{
		BaseURL: env.BaseURL, Env: mdes.MTF, Credentials: pantomime.Credentials(who), Wall: clock.Real(),
	}))(t)
	for n := range tokens {
		pan := stage.Must(fixtures.Synthetic(token.Mastercard, n))(t)
		made := stage.Must(w.Mastercard().Tokenize(t.Context(), mdes.TokenizeRequest{TaskID: fmt.Sprint("task-", n)}, &mdes.FundingAccountData{
			CardAccountData: &mdes.CardAccountData{AccountNumber: mdes.Sensitive(pan.Digits()), ExpiryMonth: "12", ExpiryYear: "39"},
			Source:          "ACCOUNT_ON_FILE",
		}))(t)
		l.refs = append(l.refs, token.Ref(made.TokenUniqueReference))
	}
	return l
}

// move suspends and resumes the tokens until no server answers, and reports once
// when so many moves were answered. It says how many were.
func (l *loaded) move(ctx context.Context, after int64, report func()) int64 {
	var answered atomic.Int64
	var workers sync.WaitGroup
	for _, ref := range l.refs {
		workers.Go(func() {
			for n := 0; ; n++ {
				if _, err := l.admin.Transition(ctx, ref, control.Transition{Do: []string{"suspend", "resume"}[n%2]}); err != nil {
					return
				}
				if answered.Add(1) == after {
					report()
				}
			}
		})
	}
	workers.Wait()
	return answered.Load()
}

// lastLine is what the log says at the end.
var lastLine = regexp.MustCompile(`msg=stopped left=([0-9]+) unanswered=([0-9]+)\n`)

// [A3] Whoever is asked to stop lets go what is due, and counts what is left: no
// notice of an answered move is lost without a word.
func TestServe_StoppedUnderLoadLosesNoNoticeWithoutAWord(t *testing.T) {
	signals := []syscall.Signal{syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP}
	for round := range sweep.Rounds(t, 2*len(signals), 200) {
		signal, holds := signals[round%len(signals)], round/len(signals)%2 == 1
		t.Run(fmt.Sprint(round, " ", signal, " ", holds), func(t *testing.T) {
			if ossignal.Ignored(signal) {
				t.Skip("whoever started this test has the signal ignored, as nohup does, and a child inherits that")
			}
			receiver := newCounting(t, holds)
			args := []string{"--notify", receiver.url}
			if holds {
				args = append(args, "--stop-time", "1s")
			}
			l := startLoaded(t, 16, args...)
			moved := l.move(t.Context(), int64(100+37*round%900), func() { _ = l.cmd.Process.Signal(signal) })
			_ = l.cmd.Wait()
			said := lastLine.FindAllStringSubmatch(l.stderr.String(), -1)
			if len(said) != 1 {
				t.Fatalf("what is left is not reported once:\n%s", l.stderr)
			}
			left, _ := strconv.Atoi(said[0][1])
			unanswered, _ := strconv.Atoi(said[0][2])
			code := l.cmd.ProcessState.ExitCode()
			t.Logf("%d moves, %d notices received, %d left, %d of them without an answer, exit code %d", moved, receiver.distinct(), left, unanswered, code)
			if int64(receiver.distinct()+left-unanswered) != moved {
				t.Errorf("%d notices received and %d left of %d", receiver.distinct(), left-unanswered, moved)
			}
			if want := map[bool]int{false: exitGood, true: exitIncomplete}[left > 0]; code != want || holds != (left > 0) {
				t.Errorf("exit code %d with %d left", code, left)
			}
		})
	}
}
