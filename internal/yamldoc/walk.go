package yamldoc

import "gopkg.in/yaml.v3"

// walker turns the library's tree into ours and collects what is not allowed.
type walker struct {
	file  string
	nodes int
	full  bool // the limit of nodes is reached; said once
	errs  Errors
}

func (w *walker) complain(line, column int, format string, args ...any) {
	w.errs.add(errorAt(w.file, line, column, format, args...))
}

func (w *walker) node(y *yaml.Node, depth int) *Node {
	n := &Node{Line: max(1, y.Line), Column: max(1, y.Column)}
	if !w.admit(y, n, depth) {
		return n
	}
	switch y.Kind {
	case yaml.ScalarNode:
		n.Kind, n.Text = Scalar, y.Value
		n.Quoted = y.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0
	case yaml.SequenceNode:
		n.Kind = List
		for _, item := range y.Content {
			n.Items = append(n.Items, w.node(item, depth+1))
		}
	case yaml.MappingNode:
		n.Kind = Map
		w.fields(y, n, depth)
	}
	return n
}

// admit says whether the node may be looked into.
func (w *walker) admit(y *yaml.Node, n *Node, depth int) bool {
	if w.nodes++; w.nodes > MaxNodes {
		if !w.full {
			w.complain(n.Line, n.Column, "the file has more than %d values and keys", MaxNodes)
		}
		w.full = true
		return false
	}
	if y.Kind == yaml.AliasNode {
		w.complain(n.Line, n.Column, "alias %s is not allowed; write the value out", quote("*"+y.Value))
		return false
	}
	if y.Anchor != "" {
		w.complain(n.Line, n.Column, "anchor %s is not allowed; write the value where it is needed", quote("&"+y.Anchor))
	}
	if y.Style&yaml.TaggedStyle != 0 {
		w.complain(n.Line, n.Column, "tag %s is not allowed; quote the value to make it text", quote(y.Tag))
	}
	if depth >= MaxDepth && y.Kind != yaml.ScalarNode {
		w.complain(n.Line, n.Column, "more than %d lists and maps inside each other", MaxDepth)
		return false
	}
	return true
}

func (w *walker) fields(y *yaml.Node, n *Node, depth int) {
	first := make(map[string]*Node, len(y.Content)/2)
	for i := 0; i+1 < len(y.Content); i += 2 {
		key := w.key(y.Content[i], depth)
		value := w.node(y.Content[i+1], depth+1)
		if key == nil {
			continue
		}
		if before, twice := first[key.Text]; twice {
			w.complain(key.Line, key.Column, "key %s is given twice, first at line %d, column %d",
				quote(key.Text), before.Line, before.Column)
			continue
		}
		first[key.Text] = key
		n.Fields = append(n.Fields, Field{Key: key, Value: value})
	}
}

// key returns nil for a key that is refused.
func (w *walker) key(y *yaml.Node, depth int) *Node {
	switch {
	case y.Kind == yaml.ScalarNode && y.Tag == "!!merge":
		w.nodes++
		w.complain(y.Line, y.Column, "merge key << is not allowed; write the keys out")
		return nil
	case y.Kind == yaml.ScalarNode && y.Tag != "!!str" && y.Style&yaml.TaggedStyle == 0:
		w.nodes++
		w.complain(y.Line, y.Column, "key %s is not text; put it in quotes", quote(y.Value))
		return nil
	case y.Kind == yaml.MappingNode || y.Kind == yaml.SequenceNode:
		w.nodes++
		w.complain(y.Line, y.Column, "a key must be text, not a list or a set of keys")
		return nil
	}
	if n := w.node(y, depth+1); n.Kind == Scalar {
		return n
	}
	return nil
}
