package scenarios

import (
	"errors"
	"net/textproto"
	"regexp"
	"regexp/syntax"
	"strconv"

	"github.com/pantomime-dev/pantomime/internal/yamldoc"
)

// Limits on conditions.
const (
	maxMatchName  = 200
	maxMatchValue = 1000
	maxPattern    = 500
)

// condition is one condition of a rule. Its value is kept, as whether it may
// be a real card is for the compiler to say.
type condition struct {
	spot // of the name
	Match
	value word
}

type conditionDraft struct {
	equals, matches word
	present, absent value[bool]
}

// conditionKeys are the ways to say more than "equals this". Exactly one is
// given.
var conditionKeys = table[conditionDraft]{
	{"equals", false, aScalar, "the whole value, letter by letter; what a name alone says as well", func(c cursor, d *conditionDraft) { d.equals = c.literal() }},
	{
		"matches", false,
		shape{"a regular expression", patternForm},
		"RE2, found anywhere in the value unless `^` and `$` hold it; at most 500 characters and 600 instructions",
		func(c cursor, d *conditionDraft) { d.matches = c.line(maxPattern) },
	},
	{"present", false, aFlag, "`true`: it is there, whatever its value", func(c cursor, d *conditionDraft) { d.present = c.flag() }},
	{"absent", false, aFlag, "`true`: it is not there", func(c cursor, d *conditionDraft) { d.absent = c.flag() }},
}

var aScalar = shape{"a single value", scalarForm}

func scalarForm() *form {
	return &form{AnyOf: []*form{{Type: "string", MaxLength: maxMatchValue}, {Type: "number"}, {Type: "boolean"}}}
}

func patternForm() *form { return &form{Type: "string", MinLength: 1, MaxLength: maxPattern} }

// conditionsOn are conditions on names of one form.
func conditionsOn(name *regexp.Regexp) shape {
	return shape{"conditions by name", func() *form {
		object := conditionKeys.form()
		object.MinProperties = 1 // a maximum would keep editors from offering anything
		one := scalarForm()
		one.AnyOf = append(one.AnyOf, object)
		return &form{
			Type: "object", MinProperties: 1, PropertyNames: &form{Pattern: name.String(), MaxLength: maxMatchName}, Additional: one,
		}
	}}
}

// literal reads a value to compare with: text, or a number or a flag in the
// spelling of JSON, which is how a body shows them.
func (c cursor) literal() word {
	if !c.is(yamldoc.Scalar) {
		return word{}
	}
	if !c.node.Quoted && plainJSON.MatchString(c.node.Text) {
		return of(c, c.node.Text)
	}
	w := c.text()
	if len(w.v) > maxMatchValue {
		c.refuse("has more than " + strconv.Itoa(maxMatchValue) + " characters")
		return word{}
	}
	return w
}

// plainJSON are flags and numbers that mean the same to everybody. Longer
// numbers lose their last digits on the way, and 1.50 is written 1.5.
var plainJSON = regexp.MustCompile(`^(true|false|-?(0|[1-9][0-9]{0,14})|-?(0|[1-9][0-9]{0,7})\.[0-9]{0,6}[1-9])$`)

// conditions reads conditions by name. spell checks a name and returns it as
// the engine looks it up, or says what is wrong with it.
func (c cursor) conditions(spell func(string) (string, error)) []condition {
	if !c.is(yamldoc.Map) {
		return nil
	}
	if len(c.node.Fields) == 0 {
		c.refuse("names nothing; leave the key out")
	}
	var all []condition
	seen := map[string]spot{}
	for _, f := range c.node.Fields {
		key := c.onKey(f)
		name, err := spell(f.Key.Text)
		first, twice := seen[name]
		switch {
		case err != nil:
			key.refuse(err.Error())
		case twice:
			key.add(key.spot().finding("is named twice").near(first))
		case c.given(f):
			seen[name] = key.spot()
			d := condition{spot: key.spot(), Match: Match{Name: name}}
			if c.under(f).condition(&d) {
				all = append(all, d)
			}
		}
	}
	return all
}

// condition reads what is asked of one name.
func (c cursor) condition(into *condition) bool {
	if c.node.Kind != yamldoc.Map {
		into.value = c.literal()
		into.Equals = into.value.pointer()
		return into.Equals != nil
	}
	var d conditionDraft
	broken := c.findsIn(func() { conditionKeys.read(c, &d) })
	switch {
	case broken:
		return false
	case len(c.node.Fields) != 1:
		c.refuse("needs exactly one of " + list(conditionKeys.keys()))
		return false
	case d.matches.set:
		into.Pattern = c.under(c.node.Fields[0]).pattern(d.matches)
		return into.Pattern != nil
	case d.present.set:
		into.Present = &d.present.v
	case d.absent.set:
		there := !d.absent.v
		into.Present = &there
	default:
		into.value, into.Equals = d.equals, d.equals.pointer()
	}
	return true
}

// pattern compiles a regular expression.
func (c cursor) pattern(w word) *regexp.Regexp {
	re, err := regexp.Compile(w.v)
	var cause *syntax.Error
	if errors.As(err, &cause) {
		c.refuse("is no regular expression as RE2 has them: " + cause.Code.String() + " at " + strconv.Quote(show(cause.Expr)))
		return nil
	}
	if n := programOf(w.v); n > maxProgram {
		c.refuse(tooLong(n))
		return nil
	}
	return re
}

// What is conditioned on may be called like this.
var (
	headerForm   = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")
	queryForm    = regexp.MustCompile(`^[^\x00-\x20\x7f]+$`)
	bodyPathForm = regexp.MustCompile(`^[A-Za-z_$][\w$-]*(\.[A-Za-z_$][\w$-]*|\[(0|[1-9][0-9]{0,4})\])*$`)
)

var (
	errHeaderName = errors.New("is no name of a header")
	errHost       = errors.New("is not among the headers that rules see")
	errQueryName  = errors.New("is no name of a query parameter")
	errBodyPath   = errors.New("is no path into a body, such as paymentRequest.transactionType or tokenUniqueReferences[0]")
)

// headerName spells a header as HTTP does, whatever the letter case.
func headerName(text string) (string, error) {
	name := textproto.CanonicalMIMEHeaderKey(text)
	switch {
	case len(text) > maxMatchName || !headerForm.MatchString(text):
		return "", errHeaderName
	case name == "Host":
		return "", errHost
	}
	return name, nil
}

func queryName(text string) (string, error) {
	if len(text) > maxMatchName || !queryForm.MatchString(text) {
		return "", errQueryName
	}
	return text, nil
}

var bodyIndex = regexp.MustCompile(`\[([0-9]+)\]`)

// bodyPath turns a[0].b into a.0.b, which is how the engine walks.
func bodyPath(text string) (string, error) {
	if len(text) > maxMatchName || !bodyPathForm.MatchString(text) {
		return "", errBodyPath
	}
	return bodyIndex.ReplaceAllString(text, ".$1"), nil
}

// matches compiles the conditions on one part of a request.
func (c *compiler) matches(all []condition) []Match {
	var out []Match
	for _, d := range all {
		c.guarded(d.value)
		out = append(out, d.Match)
	}
	return out
}
