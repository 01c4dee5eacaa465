package control

import (
	"net/http"
	"slices"
	"strings"
)

// route is one call of the API.
type route struct {
	method, path string
	query        []string // parameters it reads, besides sandbox
	do           func(*call) (any, error)
	global       bool // about no sandbox in particular, so without ?sandbox=
	yaml         bool // its body may be YAML
	status       int  // of a success; 0 is 200
}

// routes are all calls there are. docs/control.md lists the same, which a test
// makes sure of.
func routes() []route {
	const get, post, put, del = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete
	return append(described(), []route{
		{method: get, path: "/", do: (*call).index, global: true},
		{method: get, path: Root, do: (*call).index, global: true},
		{method: get, path: Root + "/sandboxes", query: pageQuery, do: (*call).sandboxes, global: true},
		{method: get, path: Root + "/sandboxes/:id", do: (*call).sandbox, global: true},
		{method: post, path: Root + "/sandboxes", do: (*call).createSandbox, global: true, status: http.StatusCreated},
		{method: post, path: Root + "/sandboxes/:id/reset", do: (*call).resetSandbox, global: true},
		{method: del, path: Root + "/sandboxes/:id", do: (*call).deleteSandbox, global: true},
		{method: put, path: Root + "/scenarios", query: []string{"file"}, do: (*call).putScenario, yaml: true},
		{method: get, path: Root + "/verify", do: (*call).verify},
		{method: get, path: Root + "/coverage", do: (*call).coverage},
		{method: get, path: Root + "/env", do: (*call).env},

		{method: get, path: Root + "/requests", query: requestFilters, do: (*call).requests},
		{method: get, path: Root + "/requests/:id", do: (*call).request},
		{method: get, path: Root + "/requests/:id/explain", do: (*call).explain},
		{method: get, path: Root + "/journal", do: (*call).canonical},

		{method: get, path: Root + "/callbacks", query: callbackFilters, do: (*call).callbacks},
		{method: get, path: Root + "/callbacks/:id", do: (*call).callback},
		{method: post, path: Root + "/callbacks/:id/resend", do: (*call).resend, status: http.StatusAccepted},
		{method: post, path: Root + "/events", do: (*call).trigger},
		{method: get, path: Root + "/clock", do: (*call).clock},
		{method: post, path: Root + "/clock/advance", do: (*call).advance},

		{method: get, path: Root + "/faults", query: pageQuery, do: (*call).faults},
		{method: post, path: Root + "/faults", do: (*call).failNext, status: http.StatusCreated},
		{method: del, path: Root + "/faults", do: (*call).clearFaults},
		{method: get, path: Root + "/rules", query: []string{"layer", "limit", "cursor"}, do: (*call).rules},
		{method: post, path: Root + "/rules", query: []string{"file"}, do: (*call).postRules, status: http.StatusCreated, yaml: true},
		{method: del, path: Root + "/rules", do: (*call).clearRules},
		{method: del, path: Root + "/rules/:id", do: (*call).removeRule},

		{method: get, path: Root + "/accounts", do: (*call).accounts},
		{method: get, path: Root + "/accounts/:account", do: (*call).account},
		{method: put, path: Root + "/accounts/:account", do: (*call).putAccount, yaml: true},
		{method: get, path: Root + "/accounts/:account/report", do: (*call).accountReport},

		{method: get, path: Root + "/tokens", query: tokenFilters, do: (*call).tokens},
		{method: get, path: Root + "/tokens/:ref", do: (*call).token},
		{method: get, path: Root + "/tokens/:ref/story", do: (*call).story},
		{method: post, path: Root + "/tokens/:ref/transitions", do: (*call).transition},
		{method: get, path: Root + "/cards", query: cardFilters, do: (*call).cards},
		{method: get, path: Root + "/cards/:card", do: (*call).oneCard},
		{method: post, path: Root + "/cards/:card/reissue", do: (*call).reissue},
		{method: post, path: Root + "/cards/:card/new-expiry", do: (*call).newExpiry},
		{method: post, path: Root + "/cards/:card/close", do: (*call).closeCard},
		{method: post, path: Root + "/cards/:card/metadata", do: (*call).newMetadata},
	}...)
}

// resources are the collections, for people who look around.
func resources() []string {
	var names []string
	for _, r := range routes() {
		name, _, _ := strings.Cut(strings.TrimPrefix(r.path, Root+"/"), "/")
		if strings.HasPrefix(r.path, Root+"/") && !slices.Contains(names, Root+"/"+name) {
			names = append(names, Root+"/"+name)
		}
	}
	return names
}

// index says what this is.
type index struct {
	Service   string   `json:"service"`
	Version   string   `json:"version"`
	Not       string   `json:"not"`
	Resources []string `json:"resources"`
}

func (c *call) index() (any, error) {
	return index{
		Service: "pantomime", Version: c.s.Version,
		Not:       "a payment system, certified by anyone, or a place for real card numbers",
		Resources: append(resources(), "/healthz"),
	}, nil
}
