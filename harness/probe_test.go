package harness_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/harness/suites"
	"github.com/pantomime-dev/pantomime/harness/suites/vts"
)

// tableOf is a run's report as people read it.
func tableOf(t *testing.T, sum harness.Summary) string {
	t.Helper()
	var text strings.Builder
	if err := sum.WriteTable(&text); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

// [I5] What keeps every check from judging is reported once, as the cause, and soon.
func TestRun_OneCauseForAll(t *testing.T) {
	foreignServer := func(t *testing.T) harness.Target {
		target := ours(t)
		visa, mastercard := *target.Visa, *target.Mastercard
		visa.Signing.Secret = "a secret that this server never gave out"
		mastercard.SigningKey = mastercard.DecryptionKey
		target.Visa, target.Mastercard = &visa, &mastercard
		return target
	}
	for _, tt := range []struct {
		name   string
		target func(*testing.T) harness.Target
		says   string
	}{
		{"a target that never answers", silent, "the target takes connections and did not answer a request within 200ms"},
		{"wrong credentials", foreignServer, "the target does not take our signature: "},
	} {
		for _, suite := range suites.All() {
			t.Run(tt.name+" "+suite.Name, func(t *testing.T) {
				sum := judged(t, harness.Options{Suite: suite, Target: tt.target(t)})
				text := tableOf(t, sum)
				if sum.Exit() != harness.ExitIncomplete || sum.Count(harness.CouldNot) != len(sum.Results) || strings.Count(text, tt.says) != 1 {
					t.Errorf("exit code %d, %d of %d could not run:\n%s", sum.Exit(), sum.Count(harness.CouldNot), len(sum.Results), text)
				}
			})
		}
	}
}

// silent is a target that accepts and never answers.
func silent(t *testing.T) harness.Target {
	t.Helper()
	return mute(t, ours(t), 0)
}

// mute makes a target fall silent after some answers.
func mute(t *testing.T, target harness.Target, after int64) harness.Target {
	t.Helper()
	over := make(chan struct{})
	var answered atomic.Int64
	target = behind(t, target, func(*passing) {
		if answered.Add(1) > after {
			<-over
		}
	})
	t.Cleanup(func() { close(over) }) // before the server waits for its requests
	target.Timeouts.Call = control.Duration(200 * time.Millisecond)
	return target
}

// [I5] A target that falls silent in the middle is not waited for with every
// check.
func TestRun_FallsSilentInTheMiddle(t *testing.T) {
	sum := judged(t, harness.Options{Suite: vts.Suite(), Target: mute(t, ours(t), 10), Label: "authentication"})
	const says = "the target did not answer 3 requests in a row, each within 200ms"
	if n := sum.Count(harness.Fail); sum.Exit() != harness.ExitFailed || n != 3 || sum.Count(harness.CouldNot) < 20 || strings.Count(tableOf(t, sum), says) != 1 {
		t.Errorf("exit code %d, %d failed, %d could not run:\n%s", sum.Exit(), n, sum.Count(harness.CouldNot), tableOf(t, sum))
	}
}

// [I5] A control door that never answers is not waited for with every check.
func TestRun_ASilentControlDoor(t *testing.T) {
	over := make(chan struct{})
	door := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-over }))
	t.Cleanup(door.Close)
	t.Cleanup(func() { close(over) })
	target := ours(t)
	target.Control.URL = door.URL
	target.Timeouts.Call = control.Duration(200 * time.Millisecond)
	sum := judged(t, harness.Options{Suite: vts.Suite(), Target: target, Label: "issuer || errors"})
	if sum.Count(harness.Fail) > 0 || sum.Exit() != harness.ExitIncomplete || sum.Count(harness.CouldNot) < 15 ||
		!strings.Contains(tableOf(t, sum), "the driver let 200ms pass 3 times in a row") {
		t.Errorf("exit code %d:\n%s", sum.Exit(), tableOf(t, sum))
	}
}

// [I5] Who interrupts a run sees what had been judged by then, and no fault.
func TestRun_Interrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var answered atomic.Int64
	target := behind(t, ours(t), func(*passing) {
		if answered.Add(1) == 20 {
			cancel()
			<-t.Context().Done() // so that the check in progress is interrupted too
		}
	})
	sum, err := harness.Run(ctx, harness.Options{Suite: vts.Suite(), Target: target, Label: "authentication || transport", Child: as(t, roleSuite)})
	if err != nil {
		t.Fatal(err)
	}
	if sum.Exit() != harness.ExitIncomplete || !sum.Interrupted || sum.Count(harness.Pass) < 5 || sum.Count(harness.CouldNot) < 20 ||
		sum.Count(harness.Fail)+sum.Count(harness.ErrorOfEngine) > 0 {
		t.Errorf("exit code %d, interrupted %t:\n%s", sum.Exit(), sum.Interrupted, tableOf(t, sum))
	}
}
