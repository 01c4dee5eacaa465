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
	Unknown   Rule = iota // no row has the member; reported alone and first by name, also when all are reported
	Missing               // the member is required and absent
	WrongKind             // its JSON is of another type
	Length                // it has too few or too many characters or items
	WrongForm             // it does not look like what it is
	Choice                // it is none of the values there are
)

// Policy says how a wire applies its tables.
type Policy struct {
	// Phases are the rules in the order in which they are reported: of a field, the
	// first that it breaks; of a message, unless All are reported, the first bad
	// field of the first phase that has one.
	Phases [][]Rule
	All    bool // tell every bad field

	BareItem       bool // one bare text represents a list of one
	UnknownMembers bool // members without a row are let pass, unless one differs from a row in letter case alone
	JWE            bool // [Field.InJWE] holds
	Loose          bool // any scalar represents a text, and [Field.Tolerated] holds
}

// Breach is one bad field.
type Breach struct {
	Rule  Rule
	Field *Field   // whose rule it is: of an item, the list's Item; of an unknown member, the row spelled alike or nil
	At    []string // names of members, from the outside in
	Item  int      // which item of the list At, from 0; -1 for none
	Found int      // characters or items, with Length
}

// Location joins the names with dots; items are not named.
func (b Breach) Location() string { return strings.Join(b.At, ".") }

// Check holds a decoded object against its table. Of a list it reports one item.
func (p Policy) Check(fields []Field, v Value) []Breach {
	w := walk{Policy: p}
	if w.phase(Unknown) >= 0 {
		w.found = w.unknown(fields, v)
	}
	w.object(fields, v)
	if p.All || len(w.found) < 2 {
		return w.found
	}
	first := slices.MinFunc(w.found, func(a, b Breach) int { return w.phase(a.Rule) - w.phase(b.Rule) })
	return []Breach{first}
}

// walk is one pass over a table and a value.
type walk struct {
	Policy
	found []Breach
}

// phase is where a rule is reported; -1 where it does not hold.
func (w *walk) phase(r Rule) int {
	return slices.IndexFunc(w.Phases, func(rules []Rule) bool { return slices.Contains(rules, r) })
}

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
		if v := holder.row(i, f.Name); v.Kind != 0 {
			w.value(f, v)
		} else if f.Required && !w.carried(f, holder) {
			w.tell(Missing, f, 0)
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
	case f.Kind <= KindTextOrNumber && (v.Kind == '"' || w.Loose && v.scalar()), f.Kind == KindTextOrNumber && v.Kind == '0':
		w.text(f, v.Text)
	default:
		w.tell(WrongKind, f, 0)
	}
}

func (w *walk) list(f *Field, v Value) {
	items := v.members()
	if n := len(items); f.outside(n) {
		w.tell(Length, f, n)
		return
	}
	for i, before := 0, len(w.found); i < len(items) && len(w.found) == before; i++ {
		w.item(f, items[i].Value, i)
	}
}

// item says what is wrong with an item under its list's name.
func (w *walk) item(f *Field, v Value, i int) {
	before := len(w.found)
	if v.Kind == 'n' && f.Item.Required {
		w.tell(Missing, f.Item, 0)
	} else {
		w.value(f.Item, v)
	}
	for j := range w.found[before:] {
		b := &w.found[before+j]
		b.At, b.Item = []string{f.Name}, i
	}
}

// text reports the first rule that a text breaks.
func (w *walk) text(f *Field, s string) {
	for _, rules := range w.Phases {
		for _, r := range rules {
			n, broken := f.breaks(r, s)
			if broken && !(r == Length && w.Loose && f.Tolerated > 0 && n >= f.Tolerated && n < f.Least) {
				w.tell(r, f, n)
				return
			}
		}
	}
}

// breaks reports whether a text breaks a rule; n is how long it is, with Length.
func (f *Field) breaks(r Rule, s string) (n int, broken bool) {
	switch r {
	case Length:
		if len(s) >= f.Least*utf8.UTFMax && (f.Most == 0 || len(s) <= f.Most) {
			return 0, false // whatever its characters are
		}
		n = utf8.RuneCountInString(s)
		return n, f.outside(n)
	case WrongForm:
		return 0, s != "" && f.Form.Fits != nil && !f.Form.Fits(s)
	case Choice:
		return 0, len(f.Choices) > 0 && !slices.Contains(f.Choices, s)
	}
	return 0, false
}

func (f *Field) outside(n int) bool { return n < f.Least || f.Most > 0 && n > f.Most }

// unknown finds the first member, by name, that no row has. One that differs
// from a row in letter case alone is refused in any case: many a decoder takes
// it for that member, so two readers would see two requests.
func (w *walk) unknown(fields []Field, holder Value) (found []Breach) {
	name := ""
	members := holder.members()
	for i := range members {
		m := &members[i]
		if found != nil && m.name > name {
			continue
		}
		if f, alike := find(fields, m.name); f == nil && (alike != nil || !w.UnknownMembers) {
			found, name = []Breach{{Rule: Unknown, Field: alike, At: []string{m.name}, Item: -1}}, m.name
		} else if f != nil && f.Kind == KindObject && m.Kind == '{' {
			if inner := w.unknown(f.Members, m.Value); inner != nil {
				found, name = within(inner, m.name), m.name
			}
		}
	}
	return found
}
