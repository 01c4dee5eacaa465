package control

import (
	"cmp"
	"slices"
	"time"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/simulator/vault"
	"github.com/pantomime-dev/pantomime/token"
)

var tokenFilters = []string{"network", "requestor", "card", "status", "limit", "cursor"}

// tokens lists tokens, the one changed last at the end. The next piece is of those
// that changed before.
func (c *call) tokens() (any, error) {
	network, err := c.network()
	if err != nil {
		return nil, err
	}
	status, err := choice(c, "status", token.Statuses())
	if err != nil {
		return nil, err
	}
	requestor := c.query.Get("requestor")
	if err := c.requestor("requestor", requestor); err != nil {
		return nil, err
	}
	card := token.PAN("")
	if name := c.query.Get("card"); name != "" {
		known, err := c.card(name)
		if err != nil {
			return nil, err
		}
		card = known.ID
	}
	p, err := c.page(2)
	if err != nil {
		return nil, err
	}
	before, err := changedAt(p, c.query.Get("cursor"))
	if err != nil {
		return nil, err
	}
	total, newest := 0, firsts[vault.Glance]{most: p.limit, order: lastChangeFirst}
	for t := range c.box.Tokens(card) {
		if network != "" && t.Network != network || status != "" && t.Status != status || requestor != "" && t.Requestor != requestor {
			continue
		}
		if total++; before == nil || lastChangeFirst(*before, t) < 0 {
			newest.add(t)
		}
	}
	found := newest.list()
	return listed(c.viewTokens(found), total, newest.more, func() string {
		oldest := found[len(found)-1]
		return cursor(oldest.StatusAt.Format(time.RFC3339Nano), string(oldest.Ref))
	}), nil
}

// changedAt is the place of a token in a listing that a cursor names; nil for
// none.
func changedAt(p page, text string) (*vault.Glance, error) {
	if p.cursor == nil {
		return nil, nil
	}
	at, err := time.Parse(time.RFC3339Nano, p.cursor[0])
	if err != nil {
		return nil, badCursor(text)
	}
	return &vault.Glance{StatusAt: at, Ref: token.Ref(p.cursor[1])}, nil
}

func lastChangeFirst(a, b vault.Glance) int {
	return cmp.Or(b.StatusAt.Compare(a.StatusAt), cmp.Compare(b.Ref, a.Ref))
}

// viewTokens shows tokens, the first one last.
func (c *call) viewTokens(found []vault.Glance) []control.Token {
	out := make([]control.Token, 0, len(found))
	for _, g := range slices.Backward(found) {
		if t, ok := c.box.Token(g.Ref); ok {
			out = append(out, viewToken(t))
		}
	}
	return out
}

func (c *call) token() (any, error) {
	t, err := c.tokenNamed("ref", c.param("ref"))
	if err != nil {
		return nil, err
	}
	return viewToken(t), nil
}

func viewToken(v sandbox.TokenView) control.Token {
	t := v.Token
	return control.Token{
		Ref: t.Ref, Network: t.Network, Requestor: t.Requestor, TRID: t.TRID, CardRef: t.Enrolment, Card: cardRef(v.Card),
		Number: t.Number.String(), Expiry: t.Expiry, Status: t.Status, SuspendedBy: t.SuspendedBy, StatusAt: t.StatusAt.UTC(),
		StepUp: t.StepUp, ATC: t.ATC, Presentation: t.Presentation,
	}
}
