// Package openapi holds the OpenAPI 3.1 descriptions of the surfaces of
// Pantomime: the Visa face, the Mastercard face, the acquirer and the control door. They are
// written by hand from docs/wire and from the admin API's types, and tests
// compare them with what the servers really answer; nothing here may be
// generated from a server, or the comparison would prove nothing.
package openapi

import (
	"embed"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/pantomime-dev/pantomime/internal/yamldoc"
)

//go:embed *.yaml
var files embed.FS

// The doors as the files name them, where they are by default.
const (
	networkDoor = "http://127.0.0.1:8480"
	controlDoor = "http://127.0.0.1:8481"
)

// Face describes one face of the network door as JSON, by the name of its file
// ("vts"), served at a base URL of that door; "" is its usual one.
func Face(name, door string) []byte { return describe(name+".yaml", networkDoor, door) }

// Control describes the admin API as JSON, served at a base URL of the control
// door; "" is its usual one.
func Control(door string) []byte { return describe("control.yaml", controlDoor, door) }

// describe converts a description, with the servers at another door. The files
// are part of the program and a test reads each of them, so one that cannot be
// read is a mistake in the build.
func describe(name, usual, door string) []byte {
	text, err := files.ReadFile(name)
	if err != nil {
		panic(err)
	}
	root, err := yamldoc.Parse(name, text)
	if err != nil {
		panic(err)
	}
	if servers, ok := root.Get("servers"); ok && door != "" {
		for _, server := range servers.Items {
			if at, ok := server.Get("url"); ok {
				at.Text = door + strings.TrimPrefix(at.Text, usual)
			}
		}
	}
	var out strings.Builder
	if err := write(&out, name, root); err != nil {
		panic(err)
	}
	return []byte(out.String())
}

// write puts a node down as JSON. The keys keep the order of the file, because
// people read descriptions from top to bottom.
func write(out *strings.Builder, file string, n *yamldoc.Node) error {
	switch n.Kind {
	case yamldoc.Map:
		return writeMap(out, file, n)
	case yamldoc.List:
		out.WriteByte('[')
		for i, item := range n.Items {
			if i > 0 {
				out.WriteByte(',')
			}
			if err := write(out, file, item); err != nil {
				return err
			}
		}
		out.WriteByte(']')
	case yamldoc.Scalar:
		text, err := scalar(file, n)
		out.WriteString(text)
		return err
	default:
		return n.Errorf(file, "%s cannot be written as JSON", n.Kind)
	}
	return nil
}

func writeMap(out *strings.Builder, file string, n *yamldoc.Node) error {
	out.WriteByte('{')
	for i, f := range n.Fields {
		if i > 0 {
			out.WriteByte(',')
		}
		out.WriteString(quoted(f.Key.Text) + ":")
		if err := write(out, file, f.Value); err != nil {
			return err
		}
	}
	out.WriteByte('}')
	return nil
}

var (
	number = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$`)

	// ambiguous is what some readers of YAML take for something else than text:
	// numbers of other notations, dates, the old spellings of true and false.
	ambiguous = regexp.MustCompile(`(?i)^([-+]?(\.[0-9]|[0-9][0-9_]*\.?)[0-9_]*(e[-+]?[0-9]+)?|0[box][0-9a-f_]+|[-+]?[0-9]+(:[0-9]+)+(\.[0-9_]*)?|` +
		`[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([t ].*)?|[-+]?\.(inf|nan)|y|n|yes|no|on|off|true|false|null)$`)
)

// scalar writes a plain value by the core schema of YAML 1.2 and quoted text as
// text. Plain text that readers disagree about is refused.
func scalar(file string, n *yamldoc.Node) (string, error) {
	switch {
	case n.Quoted:
		return quoted(n.Text), nil
	case n.IsNull():
		return "null", nil
	case n.Text == "true", n.Text == "false", number.MatchString(n.Text):
		return n.Text, nil
	case ambiguous.MatchString(n.Text):
		return "", n.Errorf(file, "%q needs quotes: readers of YAML do not agree what it is", n.Text)
	}
	return quoted(n.Text), nil
}

// quoted writes a JSON string with &, < and > as they are.
func quoted(s string) string {
	var out strings.Builder
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		panic(fmt.Sprintf("encoding a string: %v", err)) // strings always encode
	}
	return strings.TrimSuffix(out.String(), "\n")
}
