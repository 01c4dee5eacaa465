package openapi_test

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/pantomime-dev/pantomime/openapi"
	"github.com/pantomime-dev/pantomime/token"
)

// made makes the descriptions, by file.
var made = func() map[string]func() []byte {
	all := map[string]func() []byte{"control.yaml": func() []byte { return openapi.Control("") }}
	for _, p := range token.Parties() {
		all[p.Wire+".yaml"] = func() []byte { return openapi.Face(p.Wire, "") }
	}
	return all
}()

// descriptions are the same, each made once: tests only look at them.
var descriptions = func() map[string]func() []byte {
	once := map[string]func() []byte{}
	for name, described := range made {
		once[name] = sync.OnceValue(described)
	}
	return once
}()

// known are the descriptions that load and closed have read, by their text, so
// that each is read once.
var known = map[string]*openapi3.T{}

// load reads a description as a client of it would. It belongs to all tests,
// which must not change it.
func load(t testing.TB, text []byte) *openapi3.T {
	t.Helper()
	if known["open "+string(text)] == nil {
		known["open "+string(text)] = loadAgain(t, text)
	}
	return known["open "+string(text)]
}

// loadAgain reads a description for whoever changes it.
func loadAgain(t testing.TB, text []byte) *openapi3.T {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// check validates JSON against a schema of a description, formats included.
func check(s *openapi3.Schema, body []byte) error {
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		return err
	}
	return checkValue(s, v)
}

func checkValue(s *openapi3.Schema, v any) error {
	return s.VisitJSON(v, openapi3.EnableJSONSchema2020(), openapi3.EnableFormatValidation(), openapi3.MultiErrors())
}

// components finds a schema by its name.
func component(t testing.TB, doc *openapi3.T, name string) *openapi3.Schema {
	t.Helper()
	ref, ok := doc.Components.Schemas[name]
	if !ok {
		t.Fatalf("there is no schema %s", name)
	}
	return ref.Value
}

// eachSchema visits every schema that a description writes out, in components
// and in operations, with a place for messages. Members with a $ref are visited
// where they lead to.
func eachSchema(doc *openapi3.T, visit func(place string, s *openapi3.Schema)) {
	seen := map[*openapi3.Schema]bool{}
	walk := func(place string, ref *openapi3.SchemaRef) {
		_ = ref.WalkSubtree(func(pointer string, r *openapi3.SchemaRef) error { // visit fails nothing
			if r.Value != nil && !seen[r.Value] {
				seen[r.Value] = true
				visit(place+pointer, r.Value)
			}
			return nil
		})
	}
	for _, name := range sortedKeys(doc.Components.Schemas) {
		walk("schema "+name, doc.Components.Schemas[name])
	}
	for _, op := range operations(doc) {
		for _, media := range op.media() {
			walk(op.String()+" "+media.place, media.Schema)
		}
		for _, p := range op.Parameters {
			walk(op.String()+" parameter "+p.Value.Name, p.Value.Schema)
		}
	}
}

// operation is one call of a description, or one notice.
type operation struct {
	*openapi3.Operation
	method, path string
	webhook      bool
}

func (o operation) String() string { return o.method + " " + o.path }

// operations lists all calls, then all notices.
func operations(doc *openapi3.T) []operation {
	var list []operation
	add := func(path string, item *openapi3.PathItem, webhook bool) {
		for _, method := range sortedKeys(item.Operations()) {
			list = append(list, operation{item.Operations()[method], method, path, webhook})
		}
	}
	for _, path := range sortedKeys(doc.Paths.Map()) {
		add(path, doc.Paths.Value(path), false)
	}
	for _, name := range sortedKeys(doc.Webhooks) {
		add(name, doc.Webhooks[name], true)
	}
	return list
}

type media struct {
	*openapi3.MediaType
	place string
}

// media lists the bodies of an operation that have a schema.
func (o operation) media() []media {
	var list []media
	add := func(place string, content openapi3.Content) {
		for _, kind := range sortedKeys(content) {
			if content[kind].Schema != nil {
				list = append(list, media{content[kind], place + " " + kind})
			}
		}
	}
	if o.RequestBody != nil {
		add("request", o.RequestBody.Value.Content)
	}
	for _, status := range sortedKeys(o.Responses.Map()) {
		add(status, o.Responses.Value(status).Value.Content)
	}
	return list
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// short keeps the beginning of a validator's message, which repeats the schema.
func short(err error) string {
	text, _, _ := strings.Cut(err.Error(), "\nSchema:")
	if len(text) > 600 {
		text = text[:600] + "…"
	}
	return text
}

// closed loads a description in which objects take no member besides those
// written down. The descriptions are open, because clients must live with new
// members; what we send ourselves is to be described in full.
func closed(t testing.TB, text []byte) *openapi3.T {
	if doc := known["closed "+string(text)]; doc != nil {
		return doc
	}
	doc := loadAgain(t, text)
	eachSchema(doc, func(_ string, s *openapi3.Schema) {
		if len(s.Properties) > 0 && s.AdditionalProperties.Has == nil && s.AdditionalProperties.Schema == nil {
			no := false
			s.AdditionalProperties.Has = &no
		}
	})
	known["closed "+string(text)] = doc
	return doc
}

// decoded reads JSON of any shape, nil for none.
func decoded(body []byte) any {
	var v any
	if json.Unmarshal(body, &v) != nil {
		return nil
	}
	return v
}
