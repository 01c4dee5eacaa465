package harness

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/pantomime-dev/pantomime/token"
)

// Rule judges one JSON value: "" if it holds, else what was expected.
type Rule func(v any) string

// Field is one row of a shape. Path is dotted; "cards[].id" is a member of
// each object of a list. A path that ends in "?" may be absent.
type Field struct {
	Path string
	Is   Rule
}

// Shape is what an answer must look like, field by field. Members that it does
// not name are let pass, as clients must tolerate them.
type Shape []Field

// Broken lists every field of a JSON object that breaks its rule. Values are
// shown masked, secrets not at all.
func (s Shape) Broken(body []byte) []string {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var root any
	if err := dec.Decode(&root); err != nil {
		return []string{"the body is not JSON"}
	}
	if _, ok := root.(map[string]any); !ok {
		return []string{"the body is not a JSON object"}
	}
	var broken []string
	for _, f := range s {
		path, optional := strings.CutSuffix(f.Path, "?")
		broken = append(broken, judge(root, path, path, optional, f.Is)...)
	}
	return broken
}

func judge(v any, rest, path string, optional bool, is Rule) []string {
	if rest == "" {
		if expected := is(v); expected != "" {
			return []string{fmt.Sprintf("%s is %s; expected %s", path, shown(path, v), expected)}
		}
		return nil
	}
	name, rest, _ := strings.Cut(rest, ".")
	name, each := strings.CutSuffix(name, "[]")
	object, ok := v.(map[string]any)
	if !ok {
		return []string{fmt.Sprintf("%s: there is no object around it", path)}
	}
	next, there := object[name]
	if !there {
		if optional {
			return nil
		}
		if expected := is(absent{}); expected != "" {
			return []string{path + " is missing; expected " + expected}
		}
		return nil
	}
	if !each {
		return judge(next, rest, path, optional, is)
	}
	list, ok := next.([]any)
	if !ok {
		return []string{path + ": " + name + " is no list"}
	}
	var broken []string
	for _, item := range list {
		broken = append(broken, judge(item, rest, path, optional, is)...)
	}
	return broken
}

// absent represents a member that is not there.
type absent struct{}

// Missing holds for a member that is not there.
func Missing(v any) string {
	if _, gone := v.(absent); gone {
		return ""
	}
	return "no such member"
}

// Text holds for a text with something in it.
func Text(v any) string {
	if s, ok := v.(string); ok && s != "" {
		return ""
	}
	return "a text"
}

// Matching holds for a text of a form.
func Matching(pattern, says string) Rule {
	form := regexp.MustCompile("^(?:" + pattern + ")$")
	return func(v any) string {
		if s, ok := v.(string); ok && form.MatchString(s) {
			return ""
		}
		return says
	}
}

// Digits holds for a text of n digits.
func Digits(n int) Rule {
	return Matching(fmt.Sprintf("[0-9]{%d}", n), fmt.Sprintf("a text of %d digits", n))
}

// Exactly holds for one text.
func Exactly(want string) Rule {
	return func(v any) string {
		if s, ok := v.(string); ok && s == want {
			return ""
		}
		return fmt.Sprintf("%q", token.Scrub(want))
	}
}

// OneOf holds for one of several texts.
func OneOf(choices ...string) Rule {
	return func(v any) string {
		for _, choice := range choices {
			if v == choice {
				return ""
			}
		}
		return "one of " + strings.Join(choices, ", ")
	}
}

// Either holds where one of the rules does.
func Either(rules ...Rule) Rule {
	return func(v any) string {
		var says []string
		for _, is := range rules {
			expected := is(v)
			if expected == "" {
				return ""
			}
			says = append(says, expected)
		}
		return strings.Join(says, ", or ")
	}
}

// Bool holds for true and false, not for texts of them.
func Bool(v any) string {
	if _, ok := v.(bool); ok {
		return ""
	}
	return "true or false"
}

// WholeNumber holds for a JSON number without fraction.
func WholeNumber(v any) string {
	if n, ok := v.(json.Number); ok {
		if _, err := n.Int64(); err == nil {
			return ""
		}
	}
	return "a whole number"
}

// NumberIs holds for one JSON number, such as a status repeated in a body.
func NumberIs(want int) Rule {
	return func(v any) string {
		if n, ok := v.(json.Number); ok && n.String() == fmt.Sprint(want) {
			return ""
		}
		return fmt.Sprintf("the number %d", want)
	}
}

// Object holds for an object.
func Object(v any) string {
	if _, ok := v.(map[string]any); ok {
		return ""
	}
	return "an object"
}

// ListOf holds for a list of least or more items.
func ListOf(least int) Rule {
	return func(v any) string {
		if list, ok := v.([]any); ok && len(list) >= least {
			return ""
		}
		return fmt.Sprintf("a list of %d or more", least)
	}
}

// Any holds for any value that is there.
func Any(v any) string {
	if _, gone := v.(absent); gone {
		return "some value"
	}
	return ""
}

// shown is a value in a complaint: short and masked.
func shown(path string, v any) string {
	if _, gone := v.(absent); gone {
		return "missing"
	}
	if hidden(path) {
		return token.Secret
	}
	return cut(token.Scrub(compact(v)))
}

func cut(s string) string {
	const most = 80
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
