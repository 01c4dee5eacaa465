package recording

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/play"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/journal"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
)

// made is the sandbox that is created.
const made = "made"

// noon is when everything is recorded.
var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// stillWall is at noon, so that what is signed at wall time is the same in
// each run; but it does sleep, for a delay that took no time would never let a
// requestor's patience end.
type stillWall struct{ clock.Wall }

// Now reports noon.
func (stillWall) Now() time.Time { return noon }

// stage is a running simulator, the sandbox of it that is recorded, and a
// receiver of notices.
type stage struct {
	sim  *pantomime.Simulator
	box  *sandbox.Sandbox
	wall clock.Wall
}

// newStage starts a simulator. The sandbox that is not recorded is empty.
func newStage(t *testing.T, v variant, s scenarios.Scenario) stage {
	t.Helper()
	inbox := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, "{}")
	}))
	t.Cleanup(inbox.Close)
	st := stage{wall: stillWall{clock.Real()}}
	o := pantomime.Options{Wall: st.wall}
	if v.sandbox != made {
		o.Scenario, o.Seed, o.Notify = s, v.seed, inbox.URL
	}
	if v.cutter != nil {
		o.Log = v.cutter
	}
	var err error
	if st.sim, err = pantomime.Start(o); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 10*time.Second)
		defer cancel()
		if err := st.sim.Stop(ctx); err != nil {
			t.Error(err)
		}
	})
	if v.cutter != nil {
		v.cutter.begin(st.sim.Factory(), st.sim.Sandbox())
		t.Cleanup(v.cutter.end)
	}
	st.box = st.sim.Sandbox()
	if v.sandbox == made {
		if st.box, err = st.sim.Factory().Create(sandbox.Request{ID: made, Seed: v.seed, Scenario: s, Notify: inbox.URL}); err != nil {
			t.Fatal(err)
		}
	}
	return st
}

// record plays one subject and asks the control door what it left.
func record(t *testing.T, v variant, name string) sections {
	t.Helper()
	if name == wrongRequests {
		return recordWrong(t, v)
	}
	s := libraryScenario(t, name)
	if s.Seed != 0 && (s.Seed != v.seed || v.sandbox == made) {
		for i := range s.Play {
			s.Play[i].Expect.Body = nil // it follows from the seed and the id; the play would stop there
		}
	}
	st := newStage(t, v, s)
	calls := 0
	admin, err := control.New(st.sim.AdminURL(), nil, "")
	if err != nil {
		t.Fatal(err)
	}
	on := play.Target{Admin: admin.In(v.sandbox), URL: st.sim.NetworkURL(), Wall: st.wall}
	report, err := play.Perform(t.Context(), on, s, func(done play.Step) {
		if step := s.Play[done.N-1]; step.Kind == scenarios.StepCall {
			calls += max(1, step.Times)
		}
		st.settle(t, calls)
	})
	if err != nil {
		t.Fatal(err)
	}
	if !report.OK() || len(report.Steps) == 0 {
		t.Errorf("the play does not turn out as it says: %+v", report)
	}
	return st.ask(t)
}

// settle waits until as many exchanges are in the journal and no notice is on
// its way. A requestor that loses patience goes on before the door has noticed;
// which exchange comes first would then be chance.
func (st stage) settle(t *testing.T, exchanges int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for {
		changed := st.box.Journal().Changed()
		found := len(st.box.Journal().List(journal.Query{}))
		if found >= exchanges {
			break
		}
		select {
		case <-changed:
		case <-ctx.Done():
			t.Fatalf("%d of %d exchanges are in the journal", found, exchanges)
		}
	}
	for {
		err := st.owner().Idle(ctx)
		if err == nil {
			return
		}
		if !errors.Is(err, sandbox.ErrSuperseded) {
			t.Fatal(err)
		}
	}
}

// owner is the sandbox as whoever owns it now.
func (st stage) owner() *sandbox.Sandbox {
	if st.box.ID() == sandbox.Default {
		return st.sim.Sandbox()
	}
	return st.box
}

func libraryScenario(t *testing.T, name string) scenarios.Scenario {
	t.Helper()
	stories := scenarios.Library()
	i := slices.IndexFunc(stories, func(s scenarios.Story) bool { return s.Name == name })
	s, findings := scenarios.Parse(stories[i].File, stories[i].Data)
	if err := findings.Err(); err != nil {
		t.Fatal(err)
	}
	return s
}
