package control

import (
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

var tokenFilters = []string{"network", "requestor", "card", "status", "limit"}

// tokens lists tokens, the one changed last at the end.
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
	n, err := c.limit()
	if err != nil {
		return nil, err
	}
	return tail(viewTokens(c.box.Tokens(func(t sandbox.TokenView) bool {
		return (network == "" || t.Token.Network == network) && (status == "" || t.Token.Status == status) &&
			(requestor == "" || t.Token.Requestor == requestor) && (card == "" || t.Token.Card == card)
	})), n), nil
}

func (c *call) token() (any, error) {
	t, err := c.tokenNamed("ref", c.param("ref"))
	if err != nil {
		return nil, err
	}
	return viewToken(t), nil
}

func viewTokens(found []sandbox.TokenView) []control.Token {
	out := make([]control.Token, len(found))
	for i, t := range found {
		out[i] = viewToken(t)
	}
	return out
}

func viewToken(v sandbox.TokenView) control.Token {
	t := v.Token
	return control.Token{
		Ref: t.Ref, Network: t.Network, Requestor: t.Requestor, TRID: t.TRID, CardRef: t.Enrolment, Card: cardRef(v.Card),
		Number: t.Number.String(), Expiry: t.Expiry, Status: t.Status, SuspendedBy: t.SuspendedBy, StatusAt: t.StatusAt.UTC(),
		StepUp: t.StepUp, ATC: t.ATC, Presentation: t.Presentation,
	}
}
