package simulator_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/pantomime-dev/pantomime/simulator"
)

func TestStart_ServesBothDoorsAndLeavesNothingRunning(t *testing.T) {
	before := goleak.IgnoreCurrent()
	sim, err := simulator.Start(simulator.Options{})
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
	for name, o := range map[string]simulator.Options{
		"a network door nobody can open": {Listen: "256.0.0.1:1"},
		"a control door nobody can open": {Admin: "127.0.0.1:-1"},
		"a public URL without a host":    {PublicURL: "localhost:8480"},
		"notices that may not go there":  {Notify: "http://10.0.0.1/"},
		"notices to the control door":    {Notify: "http://127.0.0.1:65001/", Admin: "127.0.0.1:65001"},
	} {
		if sim, err := simulator.Start(o); err == nil {
			_ = sim.Stop(context.Background())
			t.Errorf("%s: it started", name)
		}
	}
}
