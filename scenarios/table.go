package scenarios

import (
	"sync"

	"github.com/pantomime-dev/pantomime/internal/yamldoc"
)

// field is one key of a section: adding a key to the language is adding a row
// to its section's table.
type field[T any] struct {
	key      string
	required bool
	shape    shape
	about    string // what it means, as the language reference says it
	read     func(c cursor, into *T)
}

// table is all keys of one section. The list of accepted keys in findings, the
// JSON Schema and the tables of the language reference come from it.
type table[T any] []field[T]

// read decodes a set of keys. It reports whether there was one; what is wrong
// inside has been reported already.
func (t table[T]) read(c cursor, into *T) bool {
	if !c.is(yamldoc.Map) {
		return false
	}
	for _, f := range c.node.Fields {
		row := t.find(f.Key.Text)
		switch {
		case c.over():
			return true
		case row == nil:
			key := c.onKey(f)
			unread := key.spot().finding("is not a key here").among(f.Key.Text, t.keys())
			if under := t.under(f.Key.Text); under != "" {
				unread.Message, unread.Suggestion = "is not a key here but under "+under, under+": { "+f.Key.Text+": … }"
			}
			key.add(unread)
		case c.given(f):
			row.read(c.under(f), into)
		}
	}
	for _, row := range t {
		if row.required && !c.has(row.key) {
			c.refuse("needs the key " + row.key + " (" + row.shape.says + ")")
		}
	}
	return true
}

func (t table[T]) find(key string) *field[T] {
	for i := range t {
		if t[i].key == key {
			return &t[i]
		}
	}
	return nil
}

// under is the key whose own keys have this one, which was written a level too
// high; "" if none has.
func (t table[T]) under(key string) string {
	known, ok := holders.Load(&t[0])
	if !ok {
		all := map[string]string{}
		for _, row := range t {
			for _, m := range row.shape.form().Properties {
				if all[m.name] == "" {
					all[m.name] = row.key
				}
			}
		}
		known, _ = holders.LoadOrStore(&t[0], all)
	}
	rows, _ := known.(map[string]string)
	return rows[key]
}

// holders have, by the first row of a table, which key has another one below it:
// making the forms that say so takes as long as a hundred findings.
var holders sync.Map

func (t table[T]) keys() []string {
	keys := make([]string, len(t))
	for i, row := range t {
		keys[i] = row.key
	}
	return keys
}
