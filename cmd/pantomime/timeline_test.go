package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/control"
	stories "github.com/pantomime-dev/pantomime/play"
	"github.com/pantomime-dev/pantomime/scenarios"
)

// A demo fails with its story: by a step, by a notice that never came, and when
// no performer is there.
func TestDemo_FailsWithItsStory(t *testing.T) {
	const head = "version: 1\nclock: { mode: manual }\ncards: { alice: { network: visa } }\nplay:\n"
	for name, c := range map[string]struct {
		text   string
		gone   bool
		prints string
	}{
		"a step":   {text: head + "  - { call: provision, card: alice, expect-status: inactive }\n", prints: "demo.yaml:5:5: the token is active; expected inactive"},
		"a notice": {text: head + "  - { call: provision, card: alice }\nexpect: { callbacks: { delivered: 1 } }\n", prints: "expected 1, found 0"},
		"nobody":   {text: head + "  - { call: provision, card: alice }\n", gone: true},
	} {
		t.Run(name, func(t *testing.T) {
			s, findings := scenarios.Parse("demo.yaml", []byte(c.text))
			if err := findings.Err(); err != nil {
				t.Fatal(err)
			}
			sim, err := pantomime.Start(pantomime.Options{Scenario: s})
			if err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			a := &app{out: &out, wall: clock.Real()}
			on := stories.Target{Wall: a.wall, TimeLine: stories.NewTimeLine(a.lines())}
			if on.Admin, err = control.New(sim.AdminURL(), nil, ""); err != nil {
				t.Fatal(err)
			}
			if c.gone {
				_ = stop(sim)
			} else {
				defer func() { _ = stop(sim) }()
			}
			err = a.performDemo(t.Context(), on, s)
			if code, _ := exitOf(err); err == nil || code != exitFailed || !strings.Contains(out.String(), c.prints) {
				t.Errorf("%v\n%s", err, &out)
			}
		})
	}
}

func TestSinceBegin(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0.000 s", 4503600 * time.Microsecond: "4.504 s", time.Minute: "1m", 36 * time.Hour: "36h", 240*time.Hour + time.Millisecond: "10d",
		49*time.Hour + 1500*time.Millisecond: "49h0m2s",
	} {
		if got := sinceBegin(d); got != want {
			t.Errorf("%d: %q, want %q", d, got, want)
		}
	}
}
