package control

import (
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
)

// env is the one answer that holds secrets. They are no secrets of anybody:
// all of them derive from the seed or are in the source. Clients read it as a
// [control.Env].
func (c *call) env() (any, error) {
	requestors, cards := []view{}, []control.Card{}
	for _, r := range c.box.Requestors() {
		keys, err := c.s.viewCredentials(r)
		if err != nil {
			return nil, err
		}
		requestors = append(requestors, keys)
	}
	for _, card := range c.box.NamedCards() {
		cards = append(cards, c.viewCard(card))
	}
	v := view{
		{"sandbox", c.box.ID()}, {"baseUrl", c.s.baseURL(c.box)}, {"requestors", requestors}, {"cards", cards},
	}
	var issuers []control.Endpoint
	for _, e := range c.box.Endpoints() {
		issuers = append(issuers, control.Endpoint{Issuer: e.Issuer, Decide: e.URL, Secret: control.Hidden(e.Secret)})
	}
	if issuers != nil {
		v = append(v, named{"issuers", issuers})
	}
	return v, nil
}

// viewCredentials shows what a requestor has at each face.
func (s *server) viewCredentials(r *sandbox.Requestor) (view, error) {
	v := view{{"requestor", r.Name}, {"trid", r.TRID}}
	for _, f := range s.Faces {
		shown, err := f.Shown(r.Keys(f.Name()))
		if err != nil {
			return nil, err
		}
		v = append(v, named{f.Name(), shown})
	}
	return v, nil
}
