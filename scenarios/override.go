package scenarios

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/pantomime-dev/pantomime/internal/yamldoc"
	"github.com/pantomime-dev/pantomime/token"
)

// maxRawBody bounds a body that a rule holds.
const maxRawBody = 64 << 10

var (
	aPatch   = shape{"members of an object", func() *form { return &form{Type: "object", MinProperties: 1} }}
	aRawBody = shape{"text of at most 64 KiB", func() *form { return &form{Type: "string", MaxLength: maxRawBody} }}
)

// raw reads a body that is sent as it is.
func (c cursor) raw() word {
	w := c.text()
	if len(w.v) > maxRawBody {
		c.refuse("has more than " + strconv.Itoa(maxRawBody) + " bytes")
		return word{}
	}
	return w
}

// patchDraft is an object as JSON, with the texts in it.
type patchDraft struct {
	spot
	json  []byte
	texts []word
}

// patch reads an object that is merged into another one.
func (c cursor) patch() patchDraft {
	if !c.is(yamldoc.Map) {
		return patchDraft{}
	}
	if len(c.node.Fields) == 0 {
		c.refuse("changes nothing; leave the key out")
		return patchDraft{}
	}
	p := patchDraft{spot: c.spot()}
	var out bytes.Buffer
	if c.findsIn(func() { c.writeJSON(&out, &p.texts) }) {
		return patchDraft{}
	}
	p.json = out.Bytes()
	return p
}

// writeJSON writes the value as JSON, keys in the order of the file.
func (c cursor) writeJSON(out *bytes.Buffer, texts *[]word) {
	switch c.node.Kind {
	case yamldoc.Map:
		out.WriteByte('{')
		for i, f := range c.node.Fields {
			if i > 0 {
				out.WriteByte(',')
			}
			out.Write(quoteJSON(f.Key.Text))
			out.WriteByte(':')
			c.under(f).writeJSON(out, texts)
		}
		out.WriteByte('}')
	case yamldoc.List:
		out.WriteByte('[')
		for i, item := range c.node.Items {
			if i > 0 {
				out.WriteByte(',')
			}
			cursor{c.report, c.file, item, c.path + "[" + strconv.Itoa(i) + "]"}.writeJSON(out, texts)
		}
		out.WriteByte(']')
	case yamldoc.Scalar:
		c.writeScalar(out, texts)
	}
}

var jsonNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$`)

// writeScalar gives plain values the types of YAML 1.2's core schema. What
// readers of YAML disagree about must be in quotes.
func (c cursor) writeScalar(out *bytes.Buffer, texts *[]word) {
	text := c.node.Text
	switch {
	case c.node.Quoted:
	case text == "null", text == "true", text == "false":
		out.WriteString(text)
		return
	case c.node.IsNull():
		c.refuse("has no value; write null to take the member out of the answer")
		return
	case jsonNumber.MatchString(text) && len(text) > 15:
		c.refuse("has too many digits for a number; put it in quotes to make it text")
		return
	case jsonNumber.MatchString(text) && !representable(text):
		c.refuse("is outside the range of numbers; put it in quotes to make it text")
		return
	case jsonNumber.MatchString(text):
		out.WriteString(text)
		return
	case ambiguous.MatchString(text):
		c.refuse("could be text or not; put it in quotes, or write it as JSON does")
		return
	}
	out.Write(quoteJSON(text))
	*texts = append(*texts, of(c, text))
}

// representable reports whether a number survives being read: 1e400 is no number
// to most readers of JSON, and 1e-400 is nothing.
func representable(text string) bool {
	n, err := strconv.ParseFloat(text, 64)
	digits, _, _ := strings.Cut(strings.ToLower(text), "e")
	return err == nil && (n != 0 || !strings.ContainsAny(digits, "123456789"))
}

// quoteJSON writes a JSON string with the text as it is: an answer may be HTML.
func quoteJSON(text string) []byte {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(text) // a string always encodes
	return bytes.TrimRight(out.Bytes(), "\n")
}

// telling are the operations that bring notices about, some of them only by
// the activation that follows; so do those that confirm a cardholder.
var telling = []token.Verb{token.VerbProvision, token.VerbSuspend, token.VerbResume, token.VerbDelete}

// overrides compiles what is merged into an answer and its notices.
func (c *compiler) overrides(d thenDraft, w When, m match, then *Then) {
	c.guarded(d.body)
	for _, text := range d.respond.texts {
		c.guarded(text)
	}
	then.Body, then.Respond = d.body.pointer(), d.respond.json
	then.Metadata = c.metadata(d, w, m)
	then.Notify = c.notify(d.notify, m.within)
	silent := func(op token.Operation) bool {
		return !slices.Contains(telling, op.Info().Verb) && op.Traits().Confirms == ""
	}
	if len(d.notify.given) > 0 && len(w.Operations) > 0 && !slices.ContainsFunc(w.Operations, func(op token.Operation) bool { return !silent(op) }) {
		c.refuse(d.notifyAt, "would have no effect: "+w.Operations[0].Info().Wire+" brings no notice about")
	}
	early, given := d.notify.given["before-response"]
	if given && len(w.Operations) > 0 && !slices.ContainsFunc(w.Operations, func(op token.Operation) bool { return op.Info().Verb != token.VerbProvision }) {
		c.refuse(early, "would have no effect: provisioning is answered before the activation that is reported")
	}
}

// unsealed refuses faults of cipher text where no answer of the rule has any.
func (c *compiler) unsealed(d thenDraft, w When) {
	if !token.Fault(d.fault.v).Unseals() || len(w.Operations) == 0 {
		return
	}
	var at reach
	why := "answers of " + w.Operations[0].Info().Wire + " carry no cipher text"
	for _, op := range w.Operations {
		at |= reachFor(op.Network())
		waits := networks[op.Network()].withholds && op.Info().Verb == token.VerbProvision && d.decision.v == string(token.StepUp)
		switch {
		case waits:
			why = "a token's number is withheld until its cardholder is identified"
		case op.Traits().Sealed:
			return
		}
	}
	f := d.fault.finding("has nothing to damage: " + why + "; it needs " + list(sealedAt(at)))
	f.Accepted = slices.DeleteFunc(token.FaultNames(), func(name string) bool { return token.Fault(name).Unseals() })
	c.add(f)
}

// sealedAt names the operations of networks whose answers carry cipher text.
func sealedAt(at reach) []string {
	var names []string
	for _, row := range token.Operations() {
		if at.has(row.Network) && row.Op.Traits().Sealed {
			names = append(names, row.Wire)
		}
	}
	return names
}

// unseen refuses overrides without an effect.
func (c *compiler) unseen(d thenDraft) {
	fault := token.Fault(d.fault.v)
	metadata := word{spot: d.metadataAt, set: len(d.metadata) > 0}
	respond := word{spot: d.respond.spot, set: d.respond.json != nil}
	for _, part := range []word{d.body, respond, metadata} {
		switch {
		case !part.set:
		case fault.Replaces():
			c.refuse(part.spot, "would never be seen: fault "+d.fault.v+" replaces the answer")
		case fault == token.FaultDropResponse:
			c.refuse(part.spot, "would never be seen: fault drop-response sends nothing")
		case d.body.set && part.spot != d.body.spot:
			c.refuse(part.spot, "would never be seen: body replaces the whole answer")
		}
	}
	switch fault {
	case token.FaultMalformedJSON, token.FaultBadCiphertext, token.FaultWrongKey:
		if d.body.set {
			c.refuse(d.fault.spot, "has nothing to damage: body replaces the whole answer")
		}
	}
	idle := d.err.set || fault.Replaces() && (!d.commit.set || !d.commit.v) || d.commit.set && !d.commit.v
	if metadata.set && d.err.set {
		c.refuse(metadata.spot, "would never be seen: an error shows no product")
	}
	if len(d.notify.given) > 0 && idle {
		c.refuse(d.notifyAt, "would have no effect: nothing changes, so there is nothing to tell of")
	}
}
