package journal

import (
	"encoding/json"
	"net/url"
	"slices"

	"github.com/pantomime-dev/pantomime/token"
)

// record is an entry as it is kept: as JSON, which the collector need not look
// into, beside what listings choose by.
type record struct {
	Met
	requestor string
	refused   bool
	tokens    []token.Ref
	json      []byte
}

// overhead is about what a record needs beside its JSON, in bytes.
const overhead = 192

// size is what the record counts for a journal's bound.
func (r *record) size() int { return len(r.json) + overhead }

// record makes an exchange fit to be kept.
func (m *Masks) record(d *Draft) record {
	e := Entry{About: d.About, Request: m.message(&d.Request), Response: m.message(&d.Response)}
	e.Trace = token.Scrub(e.Trace)
	e.At, e.Wall = e.At.UTC(), e.Wall.UTC()
	text, err := json.Marshal(e)
	if err != nil {
		panic("journal: " + err.Error()) // texts, numbers and times, which always encode
	}
	_, refused := e.Checks.Failed()
	return record{
		Met: Met{e.Network, e.Op, e.Problem, e.Fault}, requestor: e.Requestor, refused: refused, tokens: slices.Clone(e.Tokens), json: text,
	}
}

// entry is the record of a number as a person may read it.
func (r *record) entry(n uint64) (e Entry) {
	if err := json.Unmarshal(r.json, &e); err != nil {
		panic("journal: " + err.Error()) // it was written by [Masks.record]
	}
	e.ID = entryID(n)
	return e
}

// message masks one message.
func (m *Masks) message(r *Raw) Message {
	shown := Message{
		Method: token.Scrub(r.Method), Path: scrubURL(r.Path), Query: scrubURL(r.Query),
		Status: r.Status, Body: m.Mask(r.Body), Size: r.Size,
	}
	if len(r.Header) > 0 {
		shown.Header = make(map[string]string, len(r.Header))
	}
	for _, f := range r.Header {
		if shown.Header[f.Name] = token.Secret; !f.Secret {
			shown.Header[f.Name] = token.Scrub(f.Value)
		}
	}
	for _, part := range r.Clear {
		shown.Clear = append(shown.Clear, Part{part.Field, m.Mask(part.Body)})
	}
	return shown
}

// scrubURL makes a raw path or query fit to be stored. One that hides a number
// behind escapes is stored without them.
func scrubURL(raw string) string {
	if plain, err := url.QueryUnescape(raw); err == nil && plain != raw {
		if clean := token.Scrub(plain); clean != plain {
			return clean
		}
	}
	return token.Scrub(raw)
}
