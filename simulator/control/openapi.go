package control

import (
	"encoding/json"
	"net/http"
	"sync"

	"github.com/pantomime-dev/pantomime/openapi"
	"github.com/pantomime-dev/pantomime/token"
)

// descriptions are the OpenAPI documents served, made ready when first asked for.
type descriptions map[string]func() []byte

// newDescriptions names servers where the doors really are. Each description
// has its rendering for older tools next to it.
func newDescriptions(networkURL, adminURL string) descriptions {
	all := descriptions{}
	add := func(name string, describe func(string) []byte, door string) {
		ready := sync.OnceValue(func() []byte { return describe(reachable(door)) })
		all[name], all["3.0/"+name] = ready, sync.OnceValue(func() []byte { return openapi.Older(ready()) })
	}
	add("control", openapi.Control, adminURL)
	for _, p := range token.Parties() {
		add(p.Wire, func(door string) []byte { return openapi.Face(p.Wire, door) }, networkURL)
	}
	return all
}

// described are the paths of all descriptions, each with its rendering for older
// tools.
func described() (all []route) {
	add := func(path, name string) {
		all = append(all, route{method: http.MethodGet, path: "/openapi" + path + ".json", do: describe(name), global: true})
	}
	add("", "control")
	add("/3.0/control", "3.0/control")
	for _, p := range token.Parties() {
		add("/"+p.Wire, p.Wire)
		add("/3.0/"+p.Wire, "3.0/"+p.Wire)
	}
	return all
}

// describe answers one of the descriptions.
func describe(name string) func(*call) (any, error) {
	return func(c *call) (any, error) { return json.RawMessage(c.s.descriptions[name]()), nil }
}
