package pantomime_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/internal/sweep"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// [A1] Clients that call while their sandbox is reset and deleted see the sandbox
// that is there then, or that there is none; never a fault of ours.
func TestSandboxes_ClientsOfOneThatEndsMeetNoFault(t *testing.T) {
	const clients = 16
	ends := sweep.Rounds(t, 60, 200)
	sim, admin := begin(t, pantomime.Options{})
	fresh := control.NewSandbox{ID: "mortal"}
	env := stage.Must(admin.CreateSandbox(t.Context(), fresh))(t).Env
	ctx, stop := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for range clients {
		wg.Go(func() {
			own, asked := visaOf(t, sim.NetworkURL(), env), admin.In("mortal")
			for ctx.Err() == nil {
				made, err := provision(t.Context(), own)
				tell(t, "provision", err)
				if err == nil {
					_, err = own.GetToken(t.Context(), made.VProvisionedTokenID)
					tell(t, "get token", err)
				}
				_, err = asked.FailNext(t.Context(), control.FailNext{Operation: "visa/suspendToken", Error: token.Declined})
				tell(t, "fail-next", err)
			}
		})
	}
	for n := range ends {
		if n%2 == 0 {
			stage.Must(admin.ResetSandbox(t.Context(), "mortal", control.Reset{}))(t)
			continue
		}
		if err := admin.RemoveSandbox(t.Context(), "mortal"); err != nil {
			t.Fatal(err)
		}
		stage.Must(admin.CreateSandbox(t.Context(), fresh))(t)
	}
	stop()
	wg.Wait()
	if _, err := provision(t.Context(), visaOf(t, sim.NetworkURL(), env)); err != nil {
		t.Errorf("the last sandbox: %v", err)
	}
}

// tell fails unless an answer is one of a sandbox that lives, of its cards and
// tokens, or of an unknown one.
func tell(t *testing.T, what string, err error) {
	t.Helper()
	var refused *vts.Error
	var problem *control.Problem
	switch {
	case err == nil:
	case errors.As(err, &refused) && (refused.Status == http.StatusUnauthorized || refused.Status == http.StatusNotFound):
	case errors.As(err, &problem) && problem.Status == http.StatusNotFound:
	default:
		t.Errorf("%s: %v", what, err)
	}
}
