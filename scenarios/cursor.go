package scenarios

import (
	"iter"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"github.com/pantomime-dev/pantomime/internal/yamldoc"
	"github.com/pantomime-dev/pantomime/token"
)

// cursor is on one value of a file and knows the dotted path to it.
type cursor struct {
	*report
	file string
	node *yamldoc.Node
	path string
}

// spot remembers the place of the value.
func (c cursor) spot() spot {
	return spot{Position{c.file, c.node.Line, c.node.Column}, c.path, c.node.Text}
}

func (c cursor) refuse(message string) { c.report.refuse(c.spot(), message) }

// under steps from a set of keys to one of its values.
func (c cursor) under(f yamldoc.Field) cursor {
	path := f.Key.Text
	if strings.ContainsFunc(path, unicode.IsControl) {
		path = strconv.Quote(path) // a finding stays on one line
	}
	if c.path != "" {
		path = c.path + "." + path
	}
	return cursor{c.report, c.file, f.Value, path}
}

// onKey steps from a set of keys to one of the keys itself.
func (c cursor) onKey(f yamldoc.Field) cursor {
	at := c.under(f)
	at.node = f.Key
	return at
}

// key is the last key of the path.
func (c cursor) key() string { return c.path[strings.LastIndexByte(c.path, '.')+1:] }

// has reports whether a set of keys holds the key, with whatever value.
func (c cursor) has(key string) bool {
	_, ok := c.node.Get(key)
	return ok
}

// given reports whether a key has a value, and complains if not.
func (c cursor) given(f yamldoc.Field) bool {
	if f.Value.IsNull() {
		at := c.onKey(f)
		at.add(Finding{At: at.spot().at, Severity: SeverityError, Path: masked(at.path), Message: "has no value; give one or leave the key out"})
		return false
	}
	return f.Value.Kind != yamldoc.Bad
}

// is complains unless the value has the kind.
func (c cursor) is(kind yamldoc.Kind) bool {
	if c.node.Kind != kind && c.node.Kind != yamldoc.Bad {
		c.refuse("must be " + kind.String() + ", not " + c.node.Kind.String())
	}
	return c.node.Kind == kind
}

// items steps to each item of a list, as long as anybody wants to know. With
// single, one value may represent a list of one.
func (c cursor) items(single bool) iter.Seq[cursor] {
	return func(yield func(cursor) bool) {
		if single && c.node.Kind == yamldoc.Scalar {
			yield(c)
			return
		}
		if !c.is(yamldoc.List) {
			return
		}
		for i, item := range c.node.Items {
			if c.over() {
				return
			}
			at := cursor{c.report, c.file, item, c.path + "[" + strconv.Itoa(i) + "]"}
			switch {
			case item.IsNull():
				at.refuse("has no value")
			case item.Kind != yamldoc.Bad && !yield(at):
				return
			}
		}
	}
}

// nameForm is what requestors, issuers and cards may be called: names are in
// URLs and in dotted paths.
var nameForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]{0,63}$`)

// named steps to each value of a section whose keys are names the author
// chose, and hands over where the name is.
func (c cursor) named(visit func(name word, at cursor)) {
	if !c.is(yamldoc.Map) {
		return
	}
	for _, f := range c.node.Fields {
		if c.over() {
			return
		}
		key := c.onKey(f)
		if !nameForm.MatchString(f.Key.Text) {
			key.refuse("is no name: a letter, then letters, digits, - or _, at most 64 in all")
			continue
		}
		if token.Scrub(f.Key.Text) != f.Key.Text { // names are in URLs, listings and logs
			key.refuse("is no name: it must not hold what looks like a card number")
			continue
		}
		if c.given(f) {
			visit(word{spot: key.spot(), set: true, v: f.Key.Text}, c.under(f))
		}
	}
}
