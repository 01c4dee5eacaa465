package mdes

import (
	"fmt"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// maxDepth is how many levels of nesting a body may have.
const maxDepth = 16

// A body is decoded into its type by a library and, for the field tables, read
// into a tree: only there an absent member and a null, a text and a number, and
// what nobody knows can be told apart. A tree is one copy of the body and a slice
// for each object in it.

// node is one value, under its name in the object that holds it.
type node struct {
	name  string        // "" in a list and at the top
	kind  jsontext.Kind // { [ " 0 t f n
	text  string        // of a text or, as it stands there, of a number
	inner []node        // members or items
}

// roomForMembers is as many as most objects have.
const roomForMembers = 8

// get finds a member; one that is null is as good as absent.
func (n *node) get(name string) *node {
	for i := range n.inner {
		if m := &n.inner[i]; m.name == name && m.kind != 'n' {
			return m
		}
	}
	return nil
}

// has reports whether a member is there and not null.
func (n *node) has(name string) bool { return n.get(name) != nil }

// parseTree reads JSON that is known to be valid, with no member twice.
func parseTree(body []byte) (node, error) {
	scan := scanner{text: string(body)}
	top := scan.value(0)
	if scan.tooDeep {
		return node{}, fmt.Errorf("nested deeper than %d levels", maxDepth)
	}
	return top, nil
}

// scanner walks valid JSON; when it was too deep, values mean nothing.
type scanner struct {
	text    string
	at      int
	tooDeep bool
}

// skip passes blanks and the separators that validity has already checked.
func (s *scanner) skip() byte {
	for s.at < len(s.text) {
		switch c := s.text[s.at]; c {
		case ' ', '\t', '\r', '\n', ',', ':':
			s.at++
		default:
			return c
		}
	}
	return 0
}

func (s *scanner) value(depth int) node {
	if depth > maxDepth {
		s.tooDeep = true
	}
	if s.tooDeep {
		return node{}
	}
	switch c := s.skip(); c {
	case '{':
		return node{kind: '{', inner: s.object(depth)}
	case '[':
		return node{kind: '[', inner: s.list(depth)}
	case '"':
		return node{kind: '"', text: s.unquoted()}
	default:
		return s.scalar(c)
	}
}

func (s *scanner) object(depth int) []node {
	s.at++
	members := make([]node, 0, roomForMembers)
	for !s.tooDeep && s.skip() != '}' {
		name := s.unquoted()
		member := s.value(depth + 1)
		member.name = name
		members = append(members, member)
	}
	s.at++
	return members
}

func (s *scanner) list(depth int) (items []node) {
	s.at++
	for !s.tooDeep && s.skip() != ']' {
		items = append(items, s.value(depth+1))
	}
	s.at++
	return items
}

// unquoted reads a text; the library unescapes it where there is something to
// unescape.
func (s *scanner) unquoted() string {
	rest := s.text[s.at+1:]
	end := strings.IndexByte(rest, '"')
	if strings.IndexByte(rest[:end], '\\') < 0 {
		s.at += end + 2
		return rest[:end]
	}
	for end = 0; rest[end] != '"'; end++ {
		if rest[end] == '\\' {
			end++
		}
	}
	raw := s.text[s.at : s.at+end+2]
	s.at += len(raw)
	plain, _ := jsontext.AppendUnquote(nil, raw)
	return string(plain)
}

// scalar reads true, false, null or a number.
func (s *scanner) scalar(first byte) node {
	start := s.at
	for s.at < len(s.text) && strings.IndexByte(" \t\r\n,:]}", s.text[s.at]) < 0 {
		s.at++
	}
	switch first {
	case 't', 'f', 'n':
		return node{kind: jsontext.Kind(first)}
	}
	return node{kind: '0', text: s.text[start:s.at]}
}
