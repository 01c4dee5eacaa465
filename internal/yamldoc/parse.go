package yamldoc

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"gopkg.in/yaml.v3"
)

// Limits on every document.
const (
	MaxBytes = 1 << 20
	MaxNodes = 100_000 // values and keys together
	MaxDepth = 64      // lists and maps inside each other
)

// Parse reads exactly one document. The error, if any, is an [Errors] with
// every finding: text that is not YAML, an empty file, a second document,
// duplicate keys, keys that are not strings, anchors, aliases, merge keys,
// explicit tags, and the limits above. The node is nil when the text cannot be
// read at all; otherwise it holds what could be kept, so that a caller can add
// its own findings to the list.
func Parse(file string, data []byte) (*Node, error) {
	if len(data) > MaxBytes {
		return nil, Errors{errorAt(file, 1, 1, "the file has more than %d bytes", MaxBytes)}
	}
	doc, second, err := read(data)
	switch {
	case errors.Is(err, io.EOF):
		return nil, Errors{errorAt(file, 1, 1, "the file is empty")}
	case err != nil:
		return nil, Errors{placeSyntaxError(file, data, err)}
	}
	w := &walker{file: file}
	root := w.node(doc, 0)
	if second != nil {
		w.complain(second.Line, second.Column, "a second document begins here; a file holds exactly one")
	}
	if root.IsNull() {
		return nil, append(Errors{errorAt(file, 1, 1, "the file is empty")}, w.errs...)
	}
	return root, w.errs.orNil()
}

// read hands the text to the library. second is the root of a second document,
// if there is one. The library panics on some broken texts, and a scenario
// file comes from outside: its panic is our error.
func read(data []byte) (doc, second *yaml.Node, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("yaml: %v", r)
		}
	}()
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var first, next yaml.Node
	if err := dec.Decode(&first); err != nil {
		return nil, nil, err
	}
	if err := dec.Decode(&next); err == nil {
		second = root(&next)
	} else if !errors.Is(err, io.EOF) {
		return nil, nil, err
	}
	return root(&first), second, nil
}

func root(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.DocumentNode && len(n.Content) > 0 {
		return n.Content[0]
	}
	return n
}
