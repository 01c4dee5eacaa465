package journal

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pantomime-dev/pantomime/token"
)

// Treatment says how the value of a member is shown.
type Treatment uint8

// The treatments, from the least to the most careful. Card numbers are masked
// wherever they stand.
const (
	Plain   Treatment = iota
	Person            // who a card-holder is, or how to reach one
	Account           // a card or token number, whatever its length
	Cipher            // ciphertext and what belongs to it
	Secret            // never shown
)

// Member names a member of JSON bodies that is not shown as it is. Letter case
// does not matter, because clients misspell.
type Member struct {
	Name string
	As   Treatment
	// Shown lets values of a [Person] through that are about nobody; nil for none.
	// A value is given as it stands between its quotes.
	Shown func(value []byte) bool
}

// Secrets are what a face has that is not shown: members of its bodies, and the
// request headers that carry credentials, by their canonical names.
type Secrets struct {
	Headers []string
	Members []Member
}

// Masks know what is not shown. Nil masks know nothing. They never change and are
// safe for concurrent use.
type Masks struct {
	headers  []string
	members  map[string]Member                      // by name in small letters
	initials [longestMember + 1][utf8.RuneSelf]bool // by length, with which letters names begin
}

// small is the bit that tells a small letter of ASCII from its capital.
const small = 'a' - 'A'

// longestMember is the length up to which names are told by their initials.
const longestMember = 40

// NewMasks joins the lists of several faces. Of a name that two have, the more
// careful treatment counts.
func NewMasks(all ...Secrets) *Masks {
	m := &Masks{members: map[string]Member{}}
	for _, of := range all {
		m.headers = append(m.headers, of.Headers...)
		for _, member := range of.Members {
			name := strings.ToLower(member.Name)
			if known, twice := m.members[name]; twice && known.As >= member.As {
				continue
			}
			m.members[name] = member
			if name != "" && len(name) <= longestMember && name[0] < utf8.RuneSelf {
				m.initials[len(name)][name[0]|small] = true
			}
		}
	}
	return m
}

// Mask makes a JSON text fit to be stored: numbers masked, secrets and
// ciphertext replaced. It works on any bytes, valid JSON or not, and never
// lengthens a secret into view: what it cannot parse is scrubbed as free text.
func (m *Masks) Mask(body []byte) string {
	return string(m.appendMasked(make([]byte, 0, len(body)), body))
}

// fact is the value of a fact as it may be shown.
func (m *Masks) fact(f *token.Fact) string {
	name := f.Name[strings.LastIndexByte(f.Name, '.')+1:]
	switch member := m.of([]byte(name)); {
	case f.Value == "":
		return ""
	case f.Part == token.PartHeader && m != nil && slices.Contains(m.headers, f.Name):
		return token.Secret
	case f.Part != token.PartBody:
		return token.Scrub(f.Value)
	case member.As == Secret, member.As == Cipher, member.As == Person && (member.Shown == nil || !member.Shown([]byte(f.Value))):
		return token.Secret
	case member.As == Account:
		return maskAccount(f.Value)
	}
	return token.Scrub(f.Value)
}

// of looks a member up by its name in any case.
func (m *Masks) of(name []byte) Member {
	if m == nil || len(name) == 0 {
		return Member{}
	}
	all := byte(0)
	for _, c := range name {
		all |= c
	}
	if len(name) > longestMember || all >= utf8.RuneSelf { // some letters beyond ASCII have a small one within
		return m.members[strings.ToLower(string(name))]
	}
	if !m.initials[len(name)][name[0]|small] {
		return Member{} // nearly every name, without looking it up
	}
	var lower [longestMember]byte
	for i, c := range name {
		if c >= 'A' && c <= 'Z' {
			c |= small
		}
		lower[i] = c
	}
	return m.members[string(lower[:len(name)])]
}
