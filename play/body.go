package play

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/pantomime-dev/pantomime/requestor/wallet"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/token"
)

// unlike says why a member of an answer is not as a condition wants it; "" when
// it is.
func unlike(body any, m scenarios.Match) string {
	value, present := wallet.Member(body, m.Name)
	found := "is " + strconv.Quote(token.Scrub(value))
	if !present {
		found = "is absent"
	}
	var want string
	switch {
	case m.Present != nil && present != *m.Present && *m.Present:
		want = "expected it to be there"
	case m.Present != nil && present != *m.Present:
		want = "expected it to be absent"
	case m.Equals != nil && (!present || value != *m.Equals):
		want = "expected " + strconv.Quote(token.Scrub(*m.Equals))
	case m.Pattern != nil && (!present || !m.Pattern.MatchString(value)):
		want = "expected a match of " + token.Scrub(m.Pattern.String())
	default:
		return ""
	}
	text := fmt.Sprintf("%s in the answer %s; %s", m.Name, found, want)
	if !present {
		text += "; " + instead(body, m.Name)
	}
	return text
}

// maxListed is how many names are listed of what an answer holds.
const maxListed = 12

// instead says what an answer holds where a name is absent, and which of it may
// have been meant: the same name elsewhere, or one that is nearly spelt so.
func instead(body any, path string) string {
	within, holder := "the answer", body
	var there []string
	parts := strings.Split(path, ".")
	for i := range parts {
		if there = names(holder); i == len(parts)-1 || !slices.Contains(there, parts[i]) {
			break
		}
		within = strings.Join(parts[:i+1], ".")
		holder = child(holder, parts[i])
	}
	meant := scenarios.Nearest(path, paths(body, ""))
	for _, other := range paths(body, "") {
		if meant == "" && other[strings.LastIndexByte(other, '.')+1:] == parts[len(parts)-1] {
			meant = other
		}
	}
	text := within + " holds " + listed(there)
	if meant != "" {
		text += "; did you mean " + token.Scrub(meant) + "?"
	}
	return text
}

// names are what an object or a list holds.
func names(in any) []string {
	switch holder := in.(type) {
	case map[string]any:
		return slices.Sorted(maps.Keys(holder))
	case []any:
		all := make([]string, len(holder))
		for i := range holder {
			all[i] = strconv.Itoa(i)
		}
		return all
	}
	return nil
}

func child(in any, name string) any {
	switch holder := in.(type) {
	case map[string]any:
		return holder[name]
	case []any:
		if i, err := strconv.Atoi(name); err == nil && i >= 0 && i < len(holder) {
			return holder[i]
		}
	}
	return nil
}

// maxPaths is how many members of an answer are looked at for a guess.
const maxPaths = 500

// paths lists the members of a value, each with those around it before it.
func paths(in any, within string) (all []string) {
	for _, name := range names(in) {
		all = append(append(all, within+name), paths(child(in, name), within+name+".")...)
		if len(all) > maxPaths {
			return all[:maxPaths]
		}
	}
	return all
}

func listed(names []string) string {
	if len(names) == 0 {
		return "nothing"
	}
	if n := len(names); n > maxListed {
		names = append(names[:maxListed:maxListed], fmt.Sprintf("and %d more", n-maxListed))
	}
	return token.Scrub(strings.Join(names, ", "))
}
