package openapi_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/pantomime-dev/pantomime/openapi"
)

// [H1] Older tools read the same calls and schemas, and nothing that 3.0 does
// not know.
func TestOlder_IsValidAndTellsTheSame(t *testing.T) {
	for name, described := range descriptions {
		text := described()
		older := openapi.Older(text)
		doc, err := openapi3.NewLoader().LoadFromData(older)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := doc.Validate(context.Background()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		was, err := openapi3.NewLoader().LoadFromData(text)
		if err != nil {
			t.Fatal(err)
		}
		if doc.OpenAPI != "3.0.3" || doc.Paths.Len() != was.Paths.Len() || len(doc.Components.Schemas) != len(was.Components.Schemas) {
			t.Errorf("%s: %s with %d paths and %d schemas, was %d and %d", name, doc.OpenAPI, doc.Paths.Len(), len(doc.Components.Schemas), was.Paths.Len(), len(was.Components.Schemas))
		}
		for schema, ref := range was.Components.Schemas {
			if got := doc.Components.Schemas[schema]; got == nil || len(got.Value.Properties) != len(ref.Value.Properties) {
				t.Errorf("%s: schema %s lost properties", name, schema)
			}
		}
		for _, word := range []string{`"const":`, `"webhooks":`, `"identifier":"Apache`, `"contentEncoding":`, `"propertyNames":`, `"type":[`} {
			if strings.Contains(string(older), word) {
				t.Errorf("%s: %s is left", name, word)
			}
		}
		var members map[string]any
		if err := json.Unmarshal(older, &members); err != nil {
			t.Errorf("%s is no JSON: %v", name, err)
		}
	}
}

// [H1] Generators take no list of types.
func TestDescriptions_HaveOneTypeEach(t *testing.T) {
	for name, described := range descriptions {
		if strings.Contains(string(described()), `"type":[`) {
			t.Errorf("%s has a list of types", name)
		}
	}
}
