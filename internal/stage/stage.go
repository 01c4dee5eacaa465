// Package stage is where tests let a face play: sandboxes made from YAML, a door
// like the simulator's, answers as they were read, and golden files. Only tests
// import it. It must not know a face, or the test of one would link both, and
// it judges nothing: what is right stands in the test.
package stage

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

// Start is the sandboxes' time, WallStart the machine's: the two differ, so that
// a mix-up shows.
var (
	Start     = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	WallStart = time.Date(2026, 7, 14, 12, 0, 0, 0, time.UTC)
)

// Face is a network as the network door sees it, without its prefix: here it
// has the door for itself.
type Face interface {
	callback.Renderer
	Network() token.Network
	Routes(r gin.IRoutes)
	Miss(x *door.Exchange, status int) door.Reply
}

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

// Add makes a sandbox, sets it going and puts it into the registry. Its notices
// are the face's. An ID of "" is sandbox.Default.
func (s Stage) Add(t testing.TB, face Face, o sandbox.Options) *sandbox.Sandbox {
	t.Helper()
	o.Wall, o.Clock = s.Wall, clock.NewManual(s.Wall, Start)
	box := Box(t, map[token.Network]callback.Renderer{face.Network(): face}, o)
	if err := s.Registry.Add(box); err != nil {
		t.Fatal(err)
	}
	box.Start()
	return box
}

// Serve puts a face behind a door like the simulator's, and returns its URL.
func (s Stage) Serve(t testing.TB, face Face) string {
	t.Helper()
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	engine.HandleMethodNotAllowed, engine.RedirectTrailingSlash, engine.UseRawPath = true, false, true
	face.Routes(engine)
	f := door.Face{Wall: s.Wall, Logger: s.Logger}
	miss := func(status int) gin.HandlerFunc {
		return f.Handle(func(x *door.Exchange) door.Reply { return face.Miss(x, status) })
	}
	engine.NoRoute(miss(http.StatusNotFound))
	engine.NoMethod(miss(http.StatusMethodNotAllowed))
	server := httptest.NewServer(door.Addressed(engine))
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
