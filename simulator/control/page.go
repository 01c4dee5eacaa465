package control

import (
	"encoding/base64"
	"slices"
	"strings"

	"github.com/pantomime-dev/pantomime/control"
)

// page is the piece of a listing that a caller asks for: so many, from the place on
// that the piece before it named.
type page struct {
	limit  int
	cursor []string // what the last one that was shown is ordered by; nil for the first piece
}

// pageQuery are the parameters of a listing that is read in pieces.
var pageQuery = []string{"limit", "cursor"}

// page reads ?limit= and ?cursor=. A cursor has so many parts.
func (c *call) page(parts int) (p page, err error) {
	if p.limit, err = c.limit(); err != nil {
		return p, err
	}
	text := c.query.Get("cursor")
	if text == "" {
		return p, nil
	}
	plain, err := base64.RawURLEncoding.DecodeString(text)
	if p.cursor = strings.Split(string(plain), "\x00"); err != nil || len(p.cursor) != parts {
		return p, badCursor(text)
	}
	return p, nil
}

func badCursor(text string) error {
	return badValue("cursor", text, "is no cursor of this listing; take the next of the answer before")
}

// cursor names a place by what a listing is ordered by.
func cursor(parts ...string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(strings.Join(parts, "\x00")))
}

// firsts keeps the first few of many in an order, without keeping all.
type firsts[T any] struct {
	most  int // 0: all
	order func(a, b T) int
	kept  []T
	more  bool // there were others; then kept[:most] are sorted
}

func (f *firsts[T]) add(v T) {
	if f.more && f.order(v, f.kept[f.most-1]) >= 0 {
		return
	}
	f.kept = append(f.kept, v)
	if f.most > 0 && len(f.kept) > 2*f.most {
		f.list()
	}
}

// list gives what was kept, sorted.
func (f *firsts[T]) list() []T {
	slices.SortFunc(f.kept, f.order)
	if f.most > 0 && len(f.kept) > f.most {
		f.kept, f.more = f.kept[:f.most], true
	}
	return f.kept
}

// listed is a piece of a listing; the next begins after its last item, if there
// are more.
func listed[T any](items []T, total int, more bool, next func() string) control.List[T] {
	list := control.List[T]{Items: items, Total: total}
	if list.Items == nil {
		list.Items = []T{} // [] in JSON, not null
	}
	if more {
		list.Next = next()
	}
	return list
}
