package pantomime_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/internal/stage"
)

func started(t *testing.T, o pantomime.Options) *pantomime.Simulator {
	t.Helper()
	sim := stage.Must(pantomime.Start(o))(t)
	t.Cleanup(func() { _ = sim.Stop(context.Background()) })
	return sim
}

// clockWith asks the control door for something with a token.
func clockWith(t *testing.T, sim *pantomime.Simulator, token string) error {
	t.Helper()
	_, err := stage.Must(control.New(sim.AdminURL(), nil, token))(t).Clock(t.Context())
	return err
}

func TestStart_OffLoopbackTheControlDoorAsksForAToken(t *testing.T) {
	drawn := map[string]bool{}
	for _, admin := range []string{"0.0.0.0:0", "[::]:0"} {
		sim := started(t, pantomime.Options{Network: admin, Admin: admin, Seed: 7})
		token := sim.AdminToken()
		if len(token) < 40 || drawn[token] {
			t.Errorf("%s: the token is %q", admin, token)
		}
		drawn[token] = true
		if !strings.HasPrefix(sim.AdminURL(), "http://127.0.0.1:") || !strings.HasPrefix(sim.NetworkURL(), "http://127.0.0.1:") {
			t.Errorf("%s: %s, %s", admin, sim.AdminURL(), sim.NetworkURL())
		}
		network, door := sim.Bound()
		if strings.HasPrefix(network, "127.") || strings.HasPrefix(door, "127.") {
			t.Errorf("%s: bound to %s and %s", admin, network, door)
		}
		if err := clockWith(t, sim, token); err != nil {
			t.Errorf("%s: with its token: %v", admin, err)
		}
		for _, wrong := range []string{"", token[1:]} {
			var p *control.Problem
			if err := clockWith(t, sim, wrong); !errors.As(err, &p) || p.Status != http.StatusUnauthorized {
				t.Errorf("%s: with %q: %v", admin, wrong, err)
			}
		}
		if _, err := stage.Must(control.New(sim.AdminURL(), nil, ""))(t).Health(t.Context()); err != nil {
			t.Errorf("%s: health: %v", admin, err)
		}
	}
}

func TestStart_OnLoopbackATokenIsAskedForOnlyIfGiven(t *testing.T) {
	open := started(t, pantomime.Options{Network: ":0", Admin: ":0"})
	if network, door := open.Bound(); !strings.HasPrefix(network, "127.0.0.1:") || !strings.HasPrefix(door, "127.0.0.1:") {
		t.Errorf("a port alone is bound to %s and %s", network, door)
	}
	if err := clockWith(t, open, ""); err != nil || open.AdminToken() != "" {
		t.Errorf("none given: %v, token %q", err, open.AdminToken())
	}
	const token = "a-token-of-our-choice"
	closed := started(t, pantomime.Options{AdminToken: token})
	if err := clockWith(t, closed, token); err != nil {
		t.Errorf("with the token: %v", err)
	}
	if err := clockWith(t, closed, ""); err == nil {
		t.Error("the token is not asked for")
	}
	if _, err := pantomime.Start(pantomime.Options{AdminToken: "short"}); !errors.Is(err, control.ErrToken) {
		t.Errorf("a token that can be guessed: %v", err)
	}
}
