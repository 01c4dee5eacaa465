package yamldoc

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"
)

// Encode writes v as YAML with the names, the order and the masking of its
// JSON form. Text that begins with a digit is quoted, as scenario files want
// card numbers and expiry dates; so is what older readers take for true or
// false.
func Encode(v any) ([]byte, error) {
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("encoding as YAML: %w", err)
	}
	dec := json.NewDecoder(&text)
	dec.UseNumber()
	tree, err := fromJSON(dec)
	if err != nil {
		return nil, fmt.Errorf("encoding as YAML: %w", err)
	}
	var out bytes.Buffer
	y := yaml.NewEncoder(&out)
	y.SetIndent(2)
	if err := y.Encode(tree); err != nil {
		return nil, fmt.Errorf("encoding as YAML: %w", err)
	}
	return out.Bytes(), y.Close()
}

// fromJSON reads one value; tokens keep the order of keys, maps would not.
func fromJSON(dec *json.Decoder) (*yaml.Node, error) {
	t, err := dec.Token()
	if err != nil {
		return nil, err
	}
	switch t := t.(type) {
	case json.Delim:
		return container(dec, t)
	case string:
		return textNode(t), nil
	case json.Number:
		tag := "!!int"
		if bytes.ContainsAny([]byte(t), ".eE") {
			tag = "!!float"
		}
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: t.String()}, nil
	case bool:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: fmt.Sprint(t)}, nil
	default:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null"}, nil
	}
}

func container(dec *json.Decoder, open json.Delim) (*yaml.Node, error) {
	n := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
	if open == '{' {
		n.Kind, n.Tag = yaml.MappingNode, "!!map"
	}
	for dec.More() {
		child, err := fromJSON(dec)
		if err != nil {
			return nil, err
		}
		if open == '{' && len(n.Content)%2 == 0 && child.Value == "on" {
			child.Style = 0 // the language's own key
		}
		n.Content = append(n.Content, child)
	}
	if len(n.Content) == 0 {
		n.Style = yaml.FlowStyle
	}
	_, err := dec.Token()
	return n, err
}

func textNode(s string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s}
	switch strings.ToLower(s) {
	case "y", "n", "yes", "no", "on", "off":
		n.Style = yaml.DoubleQuotedStyle
	}
	if s != "" && s[0] >= '0' && s[0] <= '9' {
		n.Style = yaml.DoubleQuotedStyle
	}
	return n
}
