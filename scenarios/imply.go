package scenarios

import (
	"slices"
	"strings"

	"github.com/pantomime-dev/pantomime/token"
)

// emptyBodies warns about conditions on a body that no request of the rule has.
func (c *compiler) emptyBodies(d whenDraft, w *When) {
	if len(w.Operations) == 0 || slices.ContainsFunc(w.Operations, func(op token.Operation) bool { return !op.Traits().NoBody }) {
		return
	}
	for _, one := range d.body {
		if one.wants() {
			c.warn(d.spot, "can never match: requests of "+w.Operations[0].Info().Wire+" have no body")
			return
		}
	}
}

// impossible warns about conditions on a body that exclude each other: a single
// value has no members, and what is not there has none either.
func (c *compiler) impossible(body []condition) {
	for _, lower := range body {
		for _, upper := range body {
			if lower.wants() && upper.childless() && strings.HasPrefix(lower.Name, upper.Name+".") {
				f := lower.finding("can never be there, as " + show(upper.text) + " must be absent or a single value")
				f.Severity = SeverityWarning
				c.add(f.near(upper.spot))
			}
		}
	}
}

// childless reports whether what satisfies the condition has no members. Objects
// and lists are compared as JSON text.
func (m Match) childless() bool {
	return !m.wants() || m.Equals != nil && !strings.HasPrefix(*m.Equals, "{") && !strings.HasPrefix(*m.Equals, "[")
}

// wants reports whether the condition needs the value to be there.
func (m Match) wants() bool { return m.Present == nil || *m.Present }

// implies reports whether whatever satisfies m satisfies other.
func (m Match) implies(other Match) bool {
	switch {
	case m.Name != other.Name:
		return false
	case other.Present != nil:
		return m.wants() == *other.Present
	case other.Equals != nil:
		return m.Equals != nil && *m.Equals == *other.Equals
	case m.Pattern != nil:
		return m.Pattern.String() == other.Pattern.String()
	default:
		return m.Equals != nil && other.Pattern.MatchString(*m.Equals)
	}
}

// imply reports whether the conditions satisfy all others.
func imply(conditions, others []Match) bool {
	for _, other := range others {
		if !slices.ContainsFunc(conditions, func(m Match) bool { return m.implies(other) }) {
			return false
		}
	}
	return true
}
