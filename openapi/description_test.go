package openapi_test

import (
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/pantomime-dev/pantomime/token"
)

func TestDescriptions_AreValid(t *testing.T) {
	for file, text := range descriptions {
		doc := load(t, text())
		if !strings.HasPrefix(doc.OpenAPI, "3.1.") {
			t.Errorf("%s is for OpenAPI %s", file, doc.OpenAPI)
		}
		if err := doc.Validate(t.Context(), openapi3.EnableMultiError()); err != nil {
			t.Errorf("%s: %s", file, short(err))
		}
	}
}

// Other readers of YAML must understand the files as we do.
func TestDescriptions_SameInBothForms(t *testing.T) {
	for file, text := range descriptions {
		yaml, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		theirs, err := json.Marshal(load(t, yaml))
		if err != nil {
			t.Fatal(err)
		}
		ours, err := json.Marshal(load(t, text()))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(ours, theirs) {
			t.Errorf("%s is read as something else than the JSON that is served", file)
		}
	}
}

func TestDescriptions_EveryExampleFits(t *testing.T) {
	for file, text := range descriptions {
		doc, examples := load(t, text()), 0
		fits := func(place string, s *openapi3.SchemaRef, v any) {
			examples++
			if err := checkValue(s.Value, v); err != nil {
				t.Errorf("%s: example of %s: %s", file, place, short(err))
			}
		}
		eachSchema(doc, func(place string, s *openapi3.Schema) {
			for _, v := range s.Examples {
				fits(place, s.NewRef(), v)
			}
		})
		for _, op := range operations(doc) {
			for _, m := range op.media() {
				for name, e := range m.Examples {
					fits(op.String()+" "+m.place+" "+name, m.Schema, e.Value.Value)
				}
			}
			for _, p := range op.Parameters {
				if p.Value.Example != nil {
					fits(op.String()+" "+p.Value.Name, p.Value.Schema, p.Value.Example)
				}
			}
		}
		if examples < 20 {
			t.Errorf("%s: only %d examples seen: the search is blind", file, examples)
		}
	}
}

// provenance is a list of marks, each with the sources it rests on.
var provenance = regexp.MustCompile(`^(assumed|(documented|observed)( S[0-9]+)+(, (documented|observed)( S[0-9]+)+)*)$`)

// Every fact says how sure it is, in the marks and with the sources of the
// documents on the wires.
func TestDescriptions_SayHowSureTheyAre(t *testing.T) {
	for _, p := range token.Parties() {
		file := p.Wire + ".yaml"
		text, err := os.ReadFile("../docs/wire/" + p.Wire + ".md")
		if err != nil {
			t.Fatal(err)
		}
		doc := load(t, descriptions[file]())
		judge := func(place string, extensions map[string]any, needed bool) {
			mark, given := extensions["x-provenance"].(string)
			switch {
			case !given && needed:
				t.Errorf("%s: %s has no x-provenance", file, place)
			case given && !provenance.MatchString(mark):
				t.Errorf("%s: %s: x-provenance %q is not a list of marks with sources", file, place, mark)
			}
			for _, source := range regexp.MustCompile(`S[0-9]+`).FindAllString(mark, -1) {
				if !bytes.Contains(text, []byte("\n| "+source+" |")) {
					t.Errorf("%s: %s: docs/wire/%s has no source %s", file, place, p.Wire, source)
				}
			}
		}
		for name, s := range doc.Components.Schemas {
			judge("schema "+name, s.Value.Extensions, true)
		}
		eachSchema(doc, func(place string, s *openapi3.Schema) { judge(place, s.Extensions, false) })
		for _, op := range operations(doc) {
			judge(op.String(), op.Extensions, true)
			for _, p := range op.Parameters {
				judge(op.String()+" "+p.Value.Name, p.Value.Extensions, true)
			}
		}
	}
}

// A clear text is described where an encrypted member points.
func TestDescriptions_ClearTextsAreDescribed(t *testing.T) {
	used := map[string]bool{}
	for _, file := range []string{"vts.yaml", "mdes.yaml"} {
		doc := load(t, descriptions[file]())
		pointers := regexp.MustCompile(`"x-clear-text":"#/components/schemas/([A-Za-z]+)"`).FindAllStringSubmatch(string(descriptions[file]()), -1)
		if len(pointers) == 0 {
			t.Errorf("%s: no encrypted member says what it holds", file)
		}
		for _, m := range pointers {
			component(t, doc, m[1])
			used[m[1]] = true
		}
	}
	for _, must := range []string{"PaymentInstrument", "RiskData", "TokenNumber", "FundingAccountData", "TokenDetailData", "TransactData", "NoticeTokens"} {
		if !used[must] {
			t.Errorf("nothing points to %s", must)
		}
	}
}

// A schema that nothing refers to is forgotten or misspelt. What is inside a JWE
// has nothing to refer from.
func TestDescriptions_NoSchemaIsUnused(t *testing.T) {
	for file, text := range descriptions {
		raw := string(text())
		for name := range load(t, text()).Components.Schemas {
			if !strings.Contains(raw, `#/components/schemas/`+name+`"`) && name != "JWEHeader" {
				t.Errorf("%s: nothing refers to %s", file, name)
			}
		}
	}
}

func TestDescriptions_AreMadeAnewEachTime(t *testing.T) {
	for file, text := range made {
		first := text()
		clear(first)
		if reflect.DeepEqual(first, text()) || !json.Valid(text()) {
			t.Errorf("%s: a caller can change what the next one gets", file)
		}
	}
}
