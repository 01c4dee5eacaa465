// Package stage is where tests let a face play: sandboxes made from YAML, a door
// like the simulator's, answers as they were read, and golden files. Only tests
// import it. It must not know a face, or the test of one would link both, and
// it judges nothing: what is right is in the test.
package stage

import (
	"bytes"
	"log/slog"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
)

// Start is the sandboxes' time, WallStart the machine's: the two differ, so that
// a mix-up shows.
var (
	Start     = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	WallStart = time.Date(2026, 7, 14, 12, 0, 0, 0, time.UTC)
)

// Stage is what a face and its sandboxes share. Its copies share it too.
type Stage struct {
	Registry *sandbox.Registry
	Wall     *clock.Fixed
	Log      *bytes.Buffer // what Logger writes
	Logger   *slog.Logger
}

// New is an empty stage at WallStart.
func New() Stage {
	log := new(bytes.Buffer)
	return Stage{sandbox.NewRegistry(), clock.NewFixed(WallStart), log, slog.New(slog.NewTextHandler(log, nil))}
}

// Base is what a face is built on. The numbers of fixtures may enter.
func (s Stage) Base() face.Base[*sandbox.Sandbox] {
	return face.Base[*sandbox.Sandbox]{Registry: s.Registry, Wall: s.Wall, Logger: s.Logger, Guard: fixtures.NewGuard().Allowed}
}

// Add makes a sandbox, sets it going and puts it into the registry. Its notices
// are the face's. An ID of "" is sandbox.Default.
func (s Stage) Add(t testing.TB, f face.Face, o sandbox.Options) *sandbox.Sandbox {
	t.Helper()
	o.Wall, o.Clock = s.Wall, clock.NewManual(s.Wall, Start)
	box := Box(t, map[string]callback.Renderer{f.Name(): f}, o)
	if err := s.Registry.Add(box); err != nil {
		t.Fatal(err)
	}
	box.Start()
	return box
}

// Serve puts a face behind a door like the simulator's, and returns its URL.
func (s Stage) Serve(t testing.TB, f face.Face) string {
	t.Helper()
	server := httptest.NewServer(face.NewHandler(door.Door{Wall: s.Wall, Logger: s.Logger}, []face.Face{f}))
	t.Cleanup(server.Close)
	return server.URL
}

// Scenario reads a scenario; of nothing it makes one without rules.
func Scenario(t testing.TB, yaml string) scenarios.Scenario {
	t.Helper()
	if yaml == "" {
		yaml = "version: 1\nname: plain\n"
	}
	scenario, findings := scenarios.Parse("test.yaml", []byte(yaml))
	if err := findings.Err(); err != nil {
		t.Fatal(err)
	}
	return scenario
}
