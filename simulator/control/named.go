package control

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/simulator/vault"
	"github.com/pantomime-dev/pantomime/token"
)

// last is an id that represents the newest of its kind: the newest exchange or
// notice, the token that changed last.
const last = "last"

// What else may represent an id: a beginning that no other id has.
const (
	leastBeginning = 4  // characters that must be given
	derivedLength  = 32 // of the part of an id that differs, which is its end
	mostNamed      = 5  // ids that are shown of those that begin alike
)

// begins reports whether an id, or the part of it that is its own, begins so.
func begins(id, with string) bool {
	return strings.HasPrefix(id, with) || len(id) > derivedLength && strings.HasPrefix(id[len(id)-derivedLength:], with)
}

// tokenNamed finds the token that a caller names in a member or parameter.
func (c *call) tokenNamed(field, name string) (sandbox.TokenView, error) {
	if t, ok := c.box.Token(token.Ref(name)); ok {
		return t, nil
	}
	total, newest := 0, firsts[vault.Glance]{most: mostNamed, order: lastChangeFirst}
	if name == last || len(name) >= leastBeginning {
		for t := range c.box.Tokens("") {
			if name == last || begins(string(t.Ref), name) {
				newest.add(t)
				total++
			}
		}
	}
	if name == last {
		total = min(total, 1)
	}
	var refs []string
	for _, t := range newest.list() {
		refs = append(refs, string(t.Ref))
	}
	if err := onlyOne(field, name, "token has the reference", refs, total); err != nil {
		return sandbox.TokenView{}, err
	}
	t, _ := c.box.Token(token.Ref(refs[0]))
	return t, nil
}

// deliveryNamed finds the notice that the path names.
func (c *call) deliveryNamed() (callback.Delivery, error) {
	name := c.param("id")
	if d, ok := c.box.Delivery(name); ok {
		return d, nil
	}
	var found []callback.Delivery
	total := 0
	switch {
	case name == last:
		found, total = c.box.Newest(1, nil)
		total = min(total, len(found))
	case len(name) >= leastBeginning:
		found, total = c.box.Newest(mostNamed, func(d *callback.Delivery) bool { return begins(d.ID, name) })
	}
	var ids []string
	for _, d := range found {
		ids = append(ids, d.ID)
	}
	if err := onlyOne("id", name, "callback has the id", ids, total); err != nil {
		return callback.Delivery{}, err
	}
	return found[0], nil
}

// onlyOne refuses a name unless exactly one id was found for it.
func onlyOne(field, name, what string, ids []string, total int) error {
	switch total {
	case 0:
		p := notFound(fmt.Sprintf("no %s %s", what, short(name)))
		if field == "token" {
			p.Field = field
		}
		return p
	case 1:
		return nil
	}
	return badValue(field, name, fmt.Sprintf("begins %d ids; give more of it", total), ids[:min(len(ids), mostNamed)]...)
}

// whole completes the reference of a token that is short for one. One that is
// none is left to whoever reads it.
func (c *call) whole(field string, ref token.Ref) (token.Ref, error) {
	if ref == "" {
		return "", nil
	}
	t, err := c.tokenNamed(field, string(ref))
	var p *control.Problem
	switch {
	case err == nil:
		return t.Token.Ref, nil
	case errors.As(err, &p) && p.Code == control.CodeNotFound:
		return ref, nil
	}
	return ref, err
}

// nobodys refuses a listing that is empty as there is no such token; one of which
// something was found is listed, whether there is such a token or not.
func (c *call) nobodys(ref token.Ref, found int) error {
	if ref == "" || found > 0 {
		return nil
	}
	_, err := c.tokenNamed("token", string(ref))
	return err
}

// entryID is the id of an exchange, or its number alone.
var (
	entryID     = regexp.MustCompile(`^r-(0|[1-9][0-9]{0,17})$`)
	entryNumber = regexp.MustCompile(`^[rR]?-?(0|[1-9][0-9]{0,17})$`)
)

// entryNamed completes the id of an exchange.
func entryNamed(name string) string {
	if m := entryNumber.FindStringSubmatch(name); m != nil {
		return "r-" + m[1]
	}
	return name
}
