package scenarios

import (
	"regexp"
	"strconv"
	"time"

	"github.com/pantomime-dev/pantomime/internal/yamldoc"
	"github.com/pantomime-dev/pantomime/token"
)

// of wraps a value decoded at the cursor.
func of[T any](c cursor, v T) value[T] { return value[T]{c.spot(), true, v} }

// ambiguous finds plain text that YAML readers take for something else: a
// number, a date, true or false, in the spellings of YAML 1.1 too.
var ambiguous = regexp.MustCompile(`(?i)^([-+.]?[0-9][-+0-9_.:oe]*|[-+]?0[xob][0-9a-f_]*|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(t|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}.*|[-+]?\.(inf|nan)|true|false|yes|no|on|off|~|null)$`)

// text reads a word or a sentence.
func (c cursor) text() word {
	if !c.is(yamldoc.Scalar) {
		return word{}
	}
	if !c.node.Quoted && ambiguous.MatchString(c.node.Text) {
		c.refuse("must be text; put it in quotes")
		return word{}
	}
	return of(c, c.node.Text)
}

// line reads text of one line with at most limit characters.
func (c cursor) line(limit int) word {
	w := c.text()
	for _, r := range w.v {
		if r < ' ' || r == 0x7f {
			c.refuse("must be on one line, without control characters")
			return word{}
		}
	}
	if n := len([]rune(w.v)); w.set && (n == 0 || n > limit) {
		c.refuse("must have 1 to " + strconv.Itoa(limit) + " characters, not " + strconv.Itoa(n))
		return word{}
	}
	return w
}

// quoted reads text that could pass for a number and would lose leading zeros
// or its last digits in one: it must be in quotes.
func (c cursor) quoted(what string) word {
	if !c.is(yamldoc.Scalar) {
		return word{}
	}
	if !c.node.Quoted {
		c.refuse("is " + what + " and must be in quotes")
		return word{}
	}
	return of(c, c.node.Text)
}

// choice reads one of a few words. Plain 429 is as good as "429".
func (c cursor) choice(accepted []string) word {
	if !c.is(yamldoc.Scalar) {
		return word{}
	}
	for _, a := range accepted {
		if a == c.node.Text {
			return of(c, a)
		}
	}
	c.add(c.spot().finding("is not accepted here").among(c.node.Text, accepted))
	return word{}
}

// network reads the name of a card network.
func (c cursor) network() value[token.Network] {
	w := c.choice(texts(token.Networks()))
	return value[token.Network]{w.spot, w.set, token.Network(w.v)}
}

// whole reads a whole number within bounds.
func (c cursor) whole(least, most int) value[int] {
	if !c.is(yamldoc.Scalar) {
		return value[int]{}
	}
	n, err := strconv.Atoi(c.node.Text)
	if err != nil || c.node.Quoted || n < least || n > most || strconv.Itoa(n) != c.node.Text {
		c.refuse("must be a whole number from " + strconv.Itoa(least) + " to " + strconv.Itoa(most) + ", without quotes")
		return value[int]{}
	}
	return of(c, n)
}

// flag reads true or false.
func (c cursor) flag() value[bool] {
	if !c.is(yamldoc.Scalar) {
		return value[bool]{}
	}
	if c.node.Quoted || c.node.Text != "true" && c.node.Text != "false" {
		c.refuse("must be true or false, without quotes")
		return value[bool]{}
	}
	return of(c, c.node.Text == "true")
}

// day is what "d" represents in a scenario.
const day = token.Day

// span reads a duration of at most the given length.
func (c cursor) span(most time.Duration) value[time.Duration] {
	if !c.is(yamldoc.Scalar) {
		return value[time.Duration]{}
	}
	d, err := token.ParseDuration(c.node.Text)
	switch {
	case err != nil:
		f := c.spot().finding(err.Error())
		f.Suggestion = MeantDuration(c.node.Text)
		c.add(f)
	case d > most:
		c.refuse("is too long; at most " + token.SpellDuration(most))
	default:
		return of(c, d)
	}
	return value[time.Duration]{}
}

// instant reads a moment with its time zone.
func (c cursor) instant() value[time.Time] {
	if !c.is(yamldoc.Scalar) {
		return value[time.Time]{}
	}
	t, err := time.Parse(time.RFC3339, c.node.Text)
	switch {
	case err != nil:
		f := c.spot().finding("must be a moment with its zone, such as 2026-03-01T09:00:00Z")
		f.Suggestion = MeantMoment(c.node.Text)
		c.add(f)
	case t.UTC().Year() < 2000 || t.UTC().Year() > 2099:
		c.refuse("must be in the years 2000 to 2099, like two-digit expiry years")
	default:
		return of(c, t.UTC())
	}
	return value[time.Time]{}
}

// expiry reads "MM/YY".
func (c cursor) expiry() value[token.Expiry] {
	w := c.quoted("an expiry")
	if !w.set {
		return value[token.Expiry]{}
	}
	e, err := token.ParseExpiry(w.v)
	if err != nil {
		c.refuse(`must be "MM/YY" with a month from 01 to 12`)
		return value[token.Expiry]{}
	}
	return of(c, e)
}

// words reads one choice or a list of them, each once.
func (c cursor) words(read func(cursor) word) []word {
	var all []word
	seen := map[string]spot{}
	if c.node.Kind == yamldoc.List && len(c.node.Items) == 0 {
		c.refuse("names nothing; name one or leave the key out")
	}
	for item := range c.items(true) {
		w := read(item)
		if !w.set {
			continue
		}
		if first, twice := seen[w.v]; twice {
			c.add(w.finding("is listed twice").near(first))
			continue
		}
		seen[w.v] = w.spot
		all = append(all, w)
	}
	return all
}

// texts turns any list of words into strings.
func texts[T ~string](in []T) []string {
	out := make([]string, len(in))
	for i, v := range in {
		out[i] = string(v)
	}
	return out
}
