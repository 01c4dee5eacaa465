package control

import (
	"encoding/json"
	"sync"

	"github.com/pantomime-dev/pantomime/docs/openapi"
)

// descriptions are the OpenAPI documents served, made ready when first asked for.
type descriptions map[string]func() []byte

func newDescriptions() descriptions {
	return descriptions{
		"control": sync.OnceValue(openapi.Control), "vts": sync.OnceValue(openapi.VTS), "mdes": sync.OnceValue(openapi.MDES),
	}
}

// describe answers one of the descriptions.
func describe(name string) func(*call) (any, error) {
	return func(c *call) (any, error) { return json.RawMessage(c.s.descriptions[name]()), nil }
}
