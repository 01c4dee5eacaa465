package journal

// Sizes of a page: the first one is small, so that a sandbox that nobody uses
// costs nothing; later ones grow to the last.
const (
	firstPage = 4 << 10
	lastPage  = 256 << 10
)

// page holds packed entries behind one another.
type page struct {
	first uint64   // number of its first entry
	full  int      // bytes from which on it takes no more
	ends  []uint32 // where each entry ends
	buf   []byte
}

// pages hold the entries of a journal, oldest first, numbered without a gap.
// Whole pages are given up when there are too many bytes.
type pages struct {
	list  []*page
	masks *Masks
	spare []byte // of a page that was given up, for the next one
	bytes int    // of all pages, as far as they were ever filled or made ready
	last  uint64
}

// add stores a draft and gives it its number.
func (ps *pages) add(d *Draft) uint64 {
	ps.last++
	p := ps.open()
	before := cap(p.buf)
	w := packer{p.buf, ps.masks}
	w.draft(d)
	p.buf = w.buf
	p.ends = append(p.ends, uint32(len(p.buf)))
	ps.bytes += cap(p.buf) - before
	return ps.last
}

// open is the newest page, or a new one if that is nearly full. An entry that
// is larger than the rest of its page lets it grow.
func (ps *pages) open() *page {
	if n := len(ps.list); n > 0 {
		if p := ps.list[n-1]; len(p.buf) < p.full {
			return p
		}
	}
	size, buf := min(max(firstPage, ps.bytes), lastPage), ps.spare
	ps.spare = nil
	if buf == nil {
		buf = make([]byte, 0, size)
	}
	p := &page{first: ps.last, full: size - size/16, buf: buf}
	ps.list = append(ps.list, p)
	ps.bytes += cap(buf)
	return p
}

// drop gives the oldest page up and tells how many entries went with it; the
// newest page stays.
func (ps *pages) drop() int {
	if len(ps.list) < 2 {
		return 0
	}
	old := ps.list[0]
	ps.list[0] = nil
	ps.list = ps.list[1:]
	ps.bytes -= cap(old.buf)
	if cap(old.buf) >= lastPage && cap(old.buf) < 2*lastPage {
		ps.spare = old.buf[:0]
	}
	return len(old.ends)
}

// get unpacks one entry.
func (ps *pages) get(n uint64) (Entry, bool) {
	for i := len(ps.list) - 1; i >= 0; i-- {
		if p := ps.list[i]; n >= p.first && n-p.first < uint64(len(p.ends)) {
			return p.entry(int(n - p.first)), true
		}
	}
	return Entry{}, false
}

func (p *page) entry(i int) Entry {
	from := uint32(0)
	if i > 0 {
		from = p.ends[i-1]
	}
	u := unpacker(p.buf[from:p.ends[i]])
	e := u.entry()
	e.ID = entryID(p.first + uint64(i))
	return e
}

// backward walks the entries from the newest on, as long as yield wants more.
func (ps *pages) backward(yield func(n uint64, e Entry) bool) {
	for i := len(ps.list) - 1; i >= 0; i-- {
		p := ps.list[i]
		for k := len(p.ends) - 1; k >= 0; k-- {
			if !yield(p.first+uint64(k), p.entry(k)) {
				return
			}
		}
	}
}
