package journal

import (
	"sync"

	"github.com/pantomime-dev/pantomime/token"
)

// record is an entry as it is kept: packed, next to what listings choose by.
type record struct {
	Met
	requestor string
	refused   bool
	tokens    []token.Ref
	packed    []byte
}

// overhead is about what a record needs next to its packed bytes.
const overhead = 192

// size is what the record counts for a journal's bound.
func (r *record) size() int { return cap(r.packed) + overhead }

// scratch is a buffer to pack an entry before its length is known: a tenth of a
// Visa provisioning, and 8 of the 38 KB that it would allocate (BenchmarkProvision).
var scratch = sync.Pool{New: func() any { return &packer{} }}

// record masks an exchange and packs it into what p holds.
func (m *Masks) record(p *packer, d *Draft) record {
	p.buf, p.masks = p.buf[:0], m
	p.draft(d)
	_, refused := d.Checks.Failed()
	return record{
		Met: Met{d.Network, d.Op, d.Problem, d.Fault}, requestor: d.Requestor, refused: refused, tokens: d.Tokens, packed: p.buf,
	}
}

// entry is the record of a number as a person may read it.
func (r *record) entry(n uint64) Entry {
	u := unpacker(r.packed)
	e := u.entry()
	e.ID = entryID(n)
	return e
}
