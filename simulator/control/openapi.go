package control

import (
	"encoding/json"
	"sync"

	"github.com/pantomime-dev/pantomime/openapi"
)

// descriptions are the OpenAPI documents served, made ready when first asked for.
type descriptions map[string]func() []byte

// newDescriptions names servers where the doors really are. Each description
// has its rendering for older tools beside it.
func newDescriptions(networkURL, adminURL string) descriptions {
	all := descriptions{}
	add := func(name string, describe func(string) []byte, door string) {
		ready := sync.OnceValue(func() []byte { return describe(reachable(door)) })
		all[name], all["3.0/"+name] = ready, sync.OnceValue(func() []byte { return openapi.Older(ready()) })
	}
	add("control", openapi.Control, adminURL)
	add("vts", openapi.VTS, networkURL)
	add("mdes", openapi.MDES, networkURL)
	add("acquirer", openapi.Acquirer, networkURL)
	return all
}

// describe answers one of the descriptions.
func describe(name string) func(*call) (any, error) {
	return func(c *call) (any, error) { return json.RawMessage(c.s.descriptions[name]()), nil }
}
