package vts

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/pantomime-dev/pantomime/token"
)

// BadField is a field that breaks a rule. Why holds no value of the field.
type BadField struct {
	Location string // dotted when nested, as in details[].location
	Why      string // "is missing"
}

// BadFields are all bad fields of a message, in the order of its rules.
type BadFields []BadField

// Error lists fields and reasons.
func (b BadFields) Error() string {
	texts := make([]string, len(b))
	for i, field := range b {
		texts[i] = field.Location + " " + field.Why
	}
	return strings.Join(texts, "; ")
}

// Locations lists the fields.
func (b BadFields) Locations() []string {
	names := make([]string, len(b))
	for i, field := range b {
		names[i] = field.Location
	}
	return names
}

// Under puts a field's name before every location: the clear text of an
// encrypted field is reported under that field.
func (b BadFields) Under(field string) BadFields {
	out := slices.Clone(b)
	for i := range out {
		out[i].Location = field + "." + out[i].Location
	}
	return out
}

// And appends what is not named yet. Fields inside one that is named already
// are left out: of an object with the wrong type nothing inside was read.
func (b BadFields) And(more BadFields) BadFields {
	for _, field := range more {
		if !b.cover(field.Location) {
			b = append(b, field)
		}
	}
	return b
}

func (b BadFields) cover(location string) bool {
	return slices.ContainsFunc(b, func(f BadField) bool {
		return location == f.Location || strings.HasPrefix(location, f.Location+".")
	})
}

// rule is one row of a message's table. An empty value is judged by need only.
type rule struct {
	at      string
	value   string
	need    bool
	max     int               // characters, 0 for no limit
	form    func(string) bool // nil for any
	says    string            // what form accepts, after "must be "
	choices []string          // all that is accepted; nil for any
}

func judge(rules []rule) (bad BadFields) {
	for _, r := range rules {
		switch {
		case r.value == "" && r.need:
			bad = append(bad, BadField{r.at, "is missing"})
		case r.value == "":
		case r.max > 0 && utf8.RuneCountInString(r.value) > r.max:
			bad = append(bad, BadField{r.at, "is longer than " + strconv.Itoa(r.max) + " characters"})
		case r.form != nil && !r.form(r.value):
			bad = append(bad, BadField{r.at, "must be " + r.says})
		case r.choices != nil && !slices.Contains(r.choices, r.value):
			bad = append(bad, BadField{r.at, "must be one of " + strings.Join(r.choices, ", ")})
		}
	}
	return bad
}

// need and may shorten the tables.
func need(at, value string, most int) rule { return rule{at: at, value: value, need: true, max: most} }
func may(at, value string, most int) rule  { return rule{at: at, value: value, max: most} }

func (r rule) as(says string, form func(string) bool) rule {
	r.says, r.form = says, form
	return r
}

func (r rule) oneOf(choices ...string) rule {
	r.choices = choices
	return r
}

// isLocale takes "en_US", and "en-US" because nothing public forbids it.
func isLocale(s string) bool {
	language, country, ok := strings.Cut(strings.Replace(s, "-", "_", 1), "_")
	return ok && (len(language) == 2 || len(language) == 3) && len(country) == 2 &&
		letters(language, 'a') && letters(country, 'A')
}

// letters reports whether s is made of the 26 letters that begin with first.
func letters(s string, first byte) bool {
	for i := range len(s) {
		if s[i] < first || s[i] > first+25 {
			return false
		}
	}
	return s != ""
}

func isIPv4(s string) bool {
	addr, err := netip.ParseAddr(s)
	return err == nil && addr.Is4()
}

// isLocation takes decimal degrees of latitude and longitude, "37.77/-122.41".
func isLocation(s string) bool {
	lat, long, ok := strings.Cut(s, "/")
	return ok && degrees(lat, 90) && degrees(long, 180)
}

func degrees(s string, most float64) bool {
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && c != '.' && c != '-' && c != '+' {
			return false
		}
	}
	d, err := strconv.ParseFloat(s, 64)
	return err == nil && d >= -most && d <= most
}

// ValidReasonCode reports whether s has the form of a reason code: 1 to 40
// capital letters and underscores (docs/wire/vts.md "Life cycle").
func ValidReasonCode(s string) bool { return s != "" && len(s) <= 40 && isReasonCode(s) }

func isReasonCode(s string) bool {
	for i := range len(s) {
		if s[i] != '_' && (s[i] < 'A' || s[i] > 'Z') {
			return false
		}
	}
	return true
}

func isATC(s string) bool {
	n, err := strconv.ParseUint(s, 10, 64)
	return err == nil && n <= 65535 && token.Digits(s)
}

func isWallet(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c != '-' && c != '_' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return true
}

func digitsOf(low, high int) func(string) bool {
	return func(s string) bool { return token.Digits(s) && len(s) >= low && len(s) <= high }
}
