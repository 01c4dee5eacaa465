package pantomime_test

import (
	"fmt"
	"net/http"
	"runtime"
	"testing"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/internal/sweep"
	"github.com/pantomime-dev/pantomime/requestor/wallet"
)

// [A2] Keys made ready and signatures remembered at the faces end with their sandbox,
// however it ends. What else could outlive it is tested at the control door.
func TestSandboxes_LivesLeaveNothingAtTheFaces(t *testing.T) {
	const few, most = 50, 5 << 20
	many := sweep.Rounds(t, 250, 1000)
	for how, end := range map[string]func(*control.Client, string) error{
		"reset": func(c *control.Client, id string) error {
			_, err := c.ResetSandbox(t.Context(), id, control.Reset{})
			return err
		},
		"delete": func(c *control.Client, id string) error { return c.RemoveSandbox(t.Context(), id) },
	} {
		t.Run(how, func(t *testing.T) {
			sim := started(t, pantomime.Options{})
			admin := stage.Must(control.New(sim.AdminURL(), nil, ""))(t)
			lives := 0
			var env control.Env
			until := func(n int) uint64 {
				for ; lives < n; lives++ {
					id := "again"
					if how == "delete" {
						id = fmt.Sprint("life-", lives)
					}
					if lives == 0 || how == "delete" {
						made := stage.Must(admin.CreateSandbox(t.Context(), control.NewSandbox{ID: id}))(t)
						env = made.Env
					}
					call(t, env)
					if err := end(admin, id); err != nil {
						t.Fatal(err)
					}
				}
				sim.Factory().Wait()
				return liveHeap()
			}
			before, after := until(few), until(many)
			t.Logf("%.1f MiB after %d lives, %.1f MiB after %d", float64(before)/(1<<20), few, float64(after)/(1<<20), many)
			if after > before+most {
				t.Errorf("%d bytes are alive after %d lives and %d after %d", before, few, after, many)
			}
		})
	}
}

// call makes one signed request at each network that reaches the step.
func call(t *testing.T, env control.Env) {
	t.Helper()
	who, _ := env.Requestor("")
	w := stage.Must(wallet.New(wallet.Config{
		BaseURL: env.BaseURL, Credentials: pantomime.Credentials(who), Wall: clock.Real(), HTTP: http.DefaultClient,
	}))(t)
	if _, err := w.Visa().GetToken(t.Context(), "00000000000000000000000000000000"); err == nil {
		t.Error("an unknown token is there")
	}
	if _, err := w.Mastercard().GetTaskStatus(t.Context(), "nobody-made-it"); err == nil {
		t.Error("an unknown task is there")
	}
}

func liveHeap() uint64 {
	var s runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&s)
	return s.HeapAlloc
}
