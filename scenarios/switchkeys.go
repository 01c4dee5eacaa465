package scenarios

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/pantomime-dev/pantomime/internal/yamldoc"
	"github.com/pantomime-dev/pantomime/token"
)

// settings are the switches of one network that a file sets.
type settings[S any] map[string]setting[S]

type setting[S any] struct {
	spot
	value string
	apply func(*S)
}

// switchRow is one switch: a key of its network's section, and what it is set
// to in the compiled form.
type switchRow[S any] struct {
	field[settings[S]]
	now   func(S) string
	value func(S) any // for editors
}

// switched makes the row of a switch from the place of its value.
func switched[S, T any](key string, of kind[T], about string, place func(*S) *T) switchRow[S] {
	into := func(c cursor, d *settings[S]) {
		if v := of.read(c); v.set {
			(*d)[key] = setting[S]{v.spot, fmt.Sprint(v.v), func(s *S) { *place(s) = v.v }}
		}
	}
	return switchRow[S]{
		field[settings[S]]{key, false, of.shape, about, into},
		func(s S) string { return written(*place(&s)) },
		func(s S) any { return forEditors(*place(&s)) },
	}
}

// written is a value as files write it.
func written(v any) string {
	switch v := v.(type) {
	case time.Duration:
		if v == 0 {
			return "`0`"
		}
		return "`" + token.SpellDuration(v) + "`"
	case map[token.Key]int:
		return "none"
	default:
		return "`" + fmt.Sprint(v) + "`"
	}
}

// switchKeys are the switches of a network as keys of a section. Each reports
// what the profiles set it to.
func switchKeys[S any](rows []switchRow[S], of func(Switches) S) table[settings[S]] {
	t := make(table[settings[S]], len(rows))
	for i, row := range rows {
		normal := row.now(of(DefaultSwitches(ProfileDefault)))
		set := []string{"default " + normal}
		for _, p := range []Profile{ProfileStrict, ProfileLenient} {
			if other := row.now(of(DefaultSwitches(p))); other != normal {
				set = append(set, string(p)+" "+other)
			}
		}
		t[i] = row.field
		t[i].shape = row.shape.unlessGiven(row.value(of(DefaultSwitches(ProfileDefault))))
		t[i].about += " (" + strings.Join(set, ", ") + ")"
	}
	return t
}

// forEditors is a value as a default of the schema, nil for one that cannot be
// written as such.
func forEditors(v any) any {
	switch v := v.(type) {
	case bool, int:
		return v
	case time.Duration:
		return token.SpellDuration(v)
	case map[token.Key]int:
		return nil
	default:
		return fmt.Sprint(v)
	}
}

var (
	visaSwitchKeys       = switchKeys(visaSwitches, func(s Switches) VisaSwitches { return s.Visa })
	mastercardSwitchKeys = switchKeys(mastercardSwitches, func(s Switches) MastercardSwitches { return s.Mastercard })
)

type networksDraft struct {
	visa       settings[VisaSwitches]
	mastercard settings[MastercardSwitches]
}

var networkKeys = table[networksDraft]{
	{"visa", false, aSet(visaSwitchKeys), "[its switches](#networks-visa)", func(c cursor, d *networksDraft) {
		d.visa = settings[VisaSwitches]{}
		visaSwitchKeys.read(c, &d.visa)
	}},
	{"mastercard", false, aSet(mastercardSwitchKeys), "[its switches](#networks-mastercard)", func(c cursor, d *networksDraft) {
		d.mastercard = settings[MastercardSwitches]{}
		mastercardSwitchKeys.read(c, &d.mastercard)
	}},
}

var (
	aSecretCode  = kind[string]{shape{"4 to 8 digits in quotes", pattern(`^[0-9]{4,8}$`)}, cursor.code}
	errorStatus  = kind[int]{shape{"200, or an HTTP status from 400 to 599", errorStatusForm}, cursor.errorStatus}
	errorSpecial = kind[map[token.Key]int]{shape{"statuses by code", statusesForm}, cursor.statuses}
)

// code reads a one-time password.
func (c cursor) code() word {
	w := c.quoted("a code")
	if w.set && (len(w.v) < 4 || len(w.v) > 8 || !token.Digits(w.v)) {
		c.refuse("must be 4 to 8 digits")
		return word{}
	}
	return w
}

func (c cursor) errorStatus() value[int] {
	v := c.whole(200, 599)
	if v.set && v.v > 200 && v.v < 400 {
		c.refuse("must be 200, or from 400 to 599")
		return value[int]{}
	}
	return v
}

func errorStatusForm() *form {
	return &form{AnyOf: []*form{{Const: 200}, whole("", 400, 599).form()}}
}

func statusesForm() *form {
	return &form{Type: "object", PropertyNames: &form{Pattern: networks[token.Mastercard].reason.String()}, Additional: errorStatusForm()}
}

// statuses reads a status for each of some wire codes.
func (c cursor) statuses() value[map[token.Key]int] {
	if !c.is(yamldoc.Map) {
		return value[map[token.Key]int]{}
	}
	all := map[token.Key]int{}
	for _, f := range c.node.Fields {
		key := c.onKey(f)
		if !fits(networks[token.Mastercard].reason, f.Key.Text, maxReason) {
			key.refuse("is no code of the wire, such as INVALID_PAN")
		} else if c.given(f) {
			all[token.Key(f.Key.Text)] = c.under(f).errorStatus().v
		}
	}
	return of(c, all)
}

func fits(re *regexp.Regexp, text string, limit int) bool {
	return len(text) <= limit && re.MatchString(text)
}

// switches compiles the profile and the switches that files set themselves.
func (c *compiler) switches() {
	profile := single(c, func(d draft) value[Profile] { return d.profile })
	s := DefaultSwitches(ProfileDefault)
	if profile.set {
		s = DefaultSwitches(profile.v)
	}
	visa := set(c, func(d draft) settings[VisaSwitches] { return d.networks.visa }, &s.Visa)
	mastercard := set(c, func(d draft) settings[MastercardSwitches] { return d.networks.mastercard }, &s.Mastercard)
	if profile.set || visa || mastercard {
		c.sc.Switches = &s
	}
}

// set applies what files set, and reports whether any did. Two files may set
// the same switch if they agree.
func set[S any](c *compiler, of func(draft) settings[S], into *S) bool {
	first := settings[S]{}
	for _, d := range c.drafts {
		for key, next := range of(d) {
			if before, twice := first[key]; twice && before.value != next.value {
				c.add(next.finding("differs from what another file says").near(before.spot))
				continue
			}
			first[key] = next
			next.apply(into)
		}
	}
	return len(first) > 0
}
