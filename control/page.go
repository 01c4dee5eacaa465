package control

import "net/url"

// Page is the piece of a listing that is asked for; the zero Page is the first
// piece, of the server's own length.
type Page struct {
	Limit  int    // at most 1000; 0: the server's limit
	Cursor string // Next of the piece before
}

func (p Page) query() url.Values {
	v := url.Values{}
	set(v, "cursor", p.Cursor)
	limit(v, p.Limit)
	return v
}

// most is the longest piece that a server gives.
const most = 1000

// All reads a listing piece by piece to its end.
func All[T any](ask func(Page) (List[T], error)) (all List[T], err error) {
	for p := (Page{Limit: most}); ; {
		part, err := ask(p)
		if err != nil {
			return all, err
		}
		part.Items = append(all.Items, part.Items...)
		all = part
		if p.Cursor = part.Next; p.Cursor == "" {
			return all, nil
		}
	}
}
