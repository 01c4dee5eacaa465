package openapi_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/internal/stage"
)

// What is no call of a description is answered in the form that its
// introduction names.
func TestMisses_HaveTheForm(t *testing.T) {
	h := newWorld(t, "", nil)
	for _, c := range []struct{ file, method, url, schema, kind string }{
		{"vts.yaml", "GET", h.sim.NetworkURL() + "/vts/nothing?apiKey=k", "GatewayError", "application/json"},
		{"vts.yaml", "PUT", h.sim.NetworkURL() + "/vts/provisionedTokens/x/confirmProvisioning?apiKey=k", "GatewayError", "application/json"},
		{"vts.yaml", "DELETE", h.sim.NetworkURL() + "/vts/provisionedTokens", "GatewayError", "application/json"},
		{"mdes.yaml", "GET", h.sim.NetworkURL() + "/mdes/nothing", "GatewayError", "application/json"},
		{"mdes.yaml", "GET", h.sim.NetworkURL() + "/mdes/digitization/mtf/1/0/tokenize", "GatewayError", "application/json"},
		{"acquirer.yaml", "GET", h.sim.NetworkURL() + "/acquirer/v1/nothing", "Error", "application/json"},
		{"acquirer.yaml", "PUT", h.sim.NetworkURL() + "/acquirer/v1/authorizations", "Error", "application/json"},
		{"control.yaml", "GET", h.sim.AdminURL() + "/nothing", "Problem", "application/problem+json"},
		{"control.yaml", "PATCH", h.sim.AdminURL() + "/__admin/v1/rules", "Problem", "application/problem+json"},
	} {
		req := stage.Must(http.NewRequestWithContext(t.Context(), c.method, c.url, http.NoBody))(t)
		resp := stage.Must(http.DefaultClient.Do(req))(t)
		body := stage.Must(io.ReadAll(resp.Body))(t)
		_ = resp.Body.Close()
		want := http.StatusMethodNotAllowed
		if strings.Contains(c.url, "nothing") || strings.Contains(c.url, "confirm") {
			want = http.StatusNotFound
		}
		if resp.StatusCode != want || resp.Header.Get("Content-Type") != c.kind {
			t.Errorf("%s %s: %d %s", c.method, c.url, resp.StatusCode, resp.Header.Get("Content-Type"))
		}
		if err := check(component(t, closed(t, descriptions[c.file]()), c.schema), body); err != nil {
			t.Errorf("%s %s: %s\n%s", c.method, c.url, short(err), cut(body))
		}
	}
}
