package pantomime_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/journal"
)

func TestStart_ServesBothDoorsAndLeavesNothingRunning(t *testing.T) {
	before := goleak.IgnoreCurrent()
	sim, err := pantomime.Start(pantomime.Options{})
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for url, want := range map[string]int{
		sim.AdminURL() + "/healthz":                 http.StatusOK,
		sim.NetworkURL() + "/vts/provisionedTokens": http.StatusMethodNotAllowed,
		sim.NetworkURL() + "/vts/nothing":           http.StatusNotFound,
		sim.NetworkURL() + "/mdes/nothing":          http.StatusNotFound,
		sim.NetworkURL() + "/":                      http.StatusNotFound,
	} {
		resp, err := client.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("%s: %d, want %d", url, resp.StatusCode, want)
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := sim.Stop(ctx); err != nil {
		t.Error(err)
	}
	goleak.VerifyNone(t, before)
}

func TestStart_RefusesWhatCannotWork(t *testing.T) {
	broken, _ := scenarios.Parse("shop.yaml", []byte("version: 1\nname: shop\nruls: []\n"))
	for name, o := range map[string]pantomime.Options{
		"a network door that cannot be opened": {Network: "256.0.0.1:1"},
		"a control door that cannot be opened": {Admin: "127.0.0.1:-1"},
		"a public URL without a host":          {PublicURL: "localhost:8480"},
		"notices that may not go there":        {Notify: "http://10.0.0.1/"},
		"notices to the control door":          {Notify: "http://127.0.0.1:65001/", Admin: "127.0.0.1:65001"},
		"a scenario with errors":               {Scenario: broken},
	} {
		if sim, err := pantomime.Start(o); err == nil {
			_ = sim.Stop(context.Background())
			t.Errorf("%s: it started", name)
		}
	}
}

// TestDoors_WhatTheHTTPServerAnswersItself pins a limit that docs/wire states:
// net/http has no hook for a request line it cannot read.
func TestDoors_WhatTheHTTPServerAnswersItself(t *testing.T) {
	sim, err := pantomime.Start(pantomime.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = sim.Stop(context.Background()) }()
	for _, path := range []string{"/vts/%zz", "/mdes/digitization/static/1/0/%zz"} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(sim.NetworkURL(), "http://"))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n", path)
		text, err := io.ReadAll(conn) // to its end: the server closes
		_ = conn.Close()
		if err != nil || !strings.HasPrefix(string(text), "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain") {
			t.Errorf("%s: %q, %v", path, text, err)
		}
	}
	if n := len(sim.Sandbox().Journal().List(journal.Query{})); n != 0 {
		t.Errorf("%d journal entries", n)
	}
}

// [C2] A scenario with errors starts nothing, also where its author overlooked
// what was found.
func TestStart_RefusesAScenarioWithErrors(t *testing.T) {
	sc, _ := scenarios.Parse("f.yaml", []byte("version: 1\nruls: []\n"))
	sim, err := pantomime.Start(pantomime.Options{Scenario: sc})
	if sim != nil || !errors.Is(err, scenarios.ErrScenario) || !strings.Contains(err.Error(), "f.yaml:2:1") {
		t.Errorf("started %t: %v", sim != nil, err)
	}
}
