package control

import (
	"encoding/json"
	"sync"

	"github.com/pantomime-dev/pantomime/openapi"
)

// descriptions are the OpenAPI documents served, made ready when first asked for.
type descriptions map[string]func() []byte

// newDescriptions tells of servers where the doors really are.
func newDescriptions(networkURL, adminURL string) descriptions {
	at := func(describe func(string) []byte, door string) func() []byte {
		return sync.OnceValue(func() []byte { return describe(reachable(door)) })
	}
	return descriptions{
		"control": at(openapi.Control, adminURL), "vts": at(openapi.VTS, networkURL), "mdes": at(openapi.MDES, networkURL),
	}
}

// describe answers one of the descriptions.
func describe(name string) func(*call) (any, error) {
	return func(c *call) (any, error) { return json.RawMessage(c.s.descriptions[name]()), nil }
}
