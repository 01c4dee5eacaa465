package wire

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Rule is one kind of demand.
type Rule uint8

// The rules. An absent member can be missing only; null is as good as absent.
const (
	Unknown   Rule = iota // no row has the member; told alone and first by name, also when all are told
	Missing               // the member is required and absent
	WrongKind             // its JSON is of another type
	Length                // it has too few or too many characters or items
	WrongForm             // it does not look like what it is
	Choice                // it is none of the values there are
)

// Policy says how a wire applies its tables.
type Policy struct {
	// Phases are walks over the whole table, one after the other. Within one,
	// a field is told for the first rule it breaks.
	Phases [][]Rule
	All    bool // tell every bad field; otherwise the first ends it

	BareItem       bool // one bare text stands for a list of one
	UnknownMembers bool // members without a row are let pass, unless one differs from a row in letter case alone
	JWE            bool // [Field.InJWE] holds
}

// Breach is one bad field.
type Breach struct {
	Rule  Rule
	Field *Field   // whose rule it is: of an item, the list's Item; of an unknown member, the row spelled alike or nil
	At    []string // names of members, from the outside in
	Item  int      // which item of the list At, from 0; -1 for none
	Found int      // characters or items, with Length
}

// Location joins the names with dots; items are not told.
func (b Breach) Location() string { return strings.Join(b.At, ".") }

// Check holds a decoded object against its table.
func (p Policy) Check(fields []Field, v Value) []Breach {
	w := walk{Policy: p}
	for _, w.rules = range p.Phases {
		if w.rules[0] == Unknown {
			w.found = w.unknown(fields, v)
		} else {
			w.object(fields, v)
		}
		if w.over() {
			break
		}
	}
	return w.found
}

// walk is one pass over a table and a value.
type walk struct {
	Policy
	rules []Rule
	found []Breach
}

func (w *walk) over() bool { return !w.All && len(w.found) > 0 }

func (w *walk) asks(r Rule) bool { return slices.Contains(w.rules, r) }

func (w *walk) tell(r Rule, f *Field, found int) {
	w.found = append(w.found, Breach{Rule: r, Field: f, At: []string{f.Name}, Item: -1, Found: found})
}

// within puts an object's name before what was found in it.
func within(found []Breach, name string) []Breach {
	for i := range found {
		found[i].At = slices.Insert(found[i].At, 0, name)
	}
	return found
}

func (w *walk) object(fields []Field, holder Value) {
	for i := range fields {
		f := &fields[i]
		v := holder.member(i, f.Name)
		switch {
		case v.Kind != 0:
			w.value(f, v)
		case f.Required && w.asks(Missing) && !w.carried(f, holder):
			w.tell(Missing, f, 0)
		}
		if w.over() {
			return
		}
	}
}

// carried reports whether a compact JWE has the member inside.
func (w *walk) carried(f *Field, holder Value) bool {
	if !w.JWE || f.InJWE == "" {
		return false
	}
	v := holder.Get(f.InJWE)
	return v.Kind == '"' && IsCompact(v.Text)
}

func (w *walk) value(f *Field, v Value) {
	switch {
	case f.Kind == KindObject && v.Kind == '{':
		before := len(w.found)
		w.object(f.Members, v)
		within(w.found[before:], f.Name)
	case f.Kind == KindList && v.Kind == '[':
		w.list(f, v)
	case f.Kind == KindList && v.Kind == '"' && w.BareItem:
		w.item(f, v, -1)
	case f.Kind <= KindTextOrNumber && v.Kind == '"', f.Kind == KindTextOrNumber && v.Kind == '0':
		w.text(f, v.Text)
	case w.asks(WrongKind):
		w.tell(WrongKind, f, 0)
	}
}

func (w *walk) list(f *Field, v Value) {
	if n := len(v.Inner); w.asks(Length) && f.outside(n) {
		w.tell(Length, f, n)
		return
	}
	for i := range v.Inner {
		if w.item(f, v.Inner[i].Value, i); w.over() {
			return
		}
	}
}

// item tells what is wrong with an item under its list's name.
func (w *walk) item(f *Field, v Value, i int) {
	before := len(w.found)
	if v.Kind == 'n' && f.Item.Required && w.asks(Missing) {
		w.tell(Missing, f.Item, 0)
	} else {
		w.value(f.Item, v)
	}
	for j := range w.found[before:] {
		b := &w.found[before+j]
		b.At, b.Item = []string{f.Name}, i
	}
}

func (w *walk) text(f *Field, s string) {
	for _, r := range w.rules {
		switch r {
		case Length:
			if f.Least == 0 && len(s) <= f.Most {
				continue // no text has more characters than bytes
			}
			if n := utf8.RuneCountInString(s); f.outside(n) {
				w.tell(r, f, n)
				return
			}
		case WrongForm:
			if s != "" && f.Form.Fits != nil && !f.Form.Fits(s) {
				w.tell(r, f, 0)
				return
			}
		case Choice:
			if len(f.Choices) > 0 && !slices.Contains(f.Choices, s) {
				w.tell(r, f, 0)
				return
			}
		}
	}
}

func (f *Field) outside(n int) bool { return n < f.Least || f.Most > 0 && n > f.Most }

// unknown finds the first member, by name, that no row has. One that differs
// from a row in letter case alone is refused in any case: many a decoder takes
// it for that member, so two readers would see two requests.
func (w *walk) unknown(fields []Field, holder Value) (found []Breach) {
	name := ""
	for i := range holder.Inner {
		m := &holder.Inner[i]
		if found != nil && m.Name > name {
			continue
		}
		if f, alike := find(fields, m.Name); f == nil && (alike != nil || !w.UnknownMembers) {
			found, name = []Breach{{Rule: Unknown, Field: alike, At: []string{m.Name}, Item: -1}}, m.Name
		} else if f != nil && f.Kind == KindObject && m.Kind == '{' {
			if inner := w.unknown(f.Members, m.Value); inner != nil {
				found, name = within(inner, m.Name), m.Name
			}
		}
	}
	return found
}
