package openapi

import (
	"slices"
	"strings"

	"github.com/pantomime-dev/pantomime/internal/yamldoc"
)

// Older renders a description as OpenAPI 3.0.3, for tools that do not read 3.1.
// It describes the same calls, parameters and bodies, but not the webhooks,
// which 3.0 has no place for.
func Older(description []byte) []byte {
	root, err := yamldoc.Parse("description", description) // JSON is YAML
	if err != nil {
		panic(err) // as in describe: what was written here can be read here
	}
	older(root, false)
	if info, ok := root.Get("info"); ok {
		info.Fields = slices.DeleteFunc(info.Fields, func(f yamldoc.Field) bool { return f.Key.Text == "summary" })
	}
	var out strings.Builder
	if err := write(&out, "description", root); err != nil {
		panic(err)
	}
	return []byte(out.String())
}

// named are the members whose own members are names, and no words of OpenAPI.
var named = []string{
	"properties", "schemas", "responses", "parameters", "requestBodies", "headers", "securitySchemes", "paths", "variables", "security", "content", "callbacks",
}

// older turns what 3.1 says in its own way into what 3.0 says. Names says that
// the keys are names.
func older(n *yamldoc.Node, names bool) {
	for _, item := range n.Items {
		older(item, false)
	}
	fields := n.Fields[:0:0]
	for _, f := range n.Fields {
		if !names {
			if f = restated(f); f.Key == nil {
				continue
			}
		}
		// What examples show and extensions say is no schema.
		if key := f.Key.Text; names || key != "example" && key != "examples" && !strings.HasPrefix(key, "x-") {
			older(f.Value, !names && slices.Contains(named, key))
		}
		fields = append(fields, f)
	}
	n.Fields = fields
	if ref, ok := n.Get("$ref"); ok && !names {
		n.Fields = []yamldoc.Field{{Key: text("$ref"), Value: ref}} // its siblings count in 3.1 alone
	}
}

// restated is a member of 3.1 as 3.0 has it, without a key if it has it not.
func restated(f yamldoc.Field) yamldoc.Field {
	switch f.Key.Text {
	case "openapi":
		f.Value = text("3.0.3")
	case "const":
		return yamldoc.Field{Key: text("enum"), Value: &yamldoc.Node{Kind: yamldoc.List, Items: []*yamldoc.Node{f.Value}}}
	case "examples":
		if f.Value.Kind == yamldoc.List { // of a schema; those of a body have names, here too
			return yamldoc.Field{Key: text("example"), Value: f.Value.Items[0]}
		}
	case "x-nullable":
		f.Key = text("nullable")
	case "webhooks", "identifier", "contentEncoding", "contentMediaType", "propertyNames":
		return yamldoc.Field{}
	}
	return f
}

func text(s string) *yamldoc.Node { return &yamldoc.Node{Kind: yamldoc.Scalar, Text: s, Quoted: true} }
