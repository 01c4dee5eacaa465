package control

import (
	"slices"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/token"
)

var callbackFilters = []string{"state", "event", "requestor", "token", "limit"}

func (c *call) callbacks() (any, error) {
	state, err := choice(c, "state", callback.States())
	if err != nil {
		return nil, err
	}
	event, err := choice(c, "event", append(eventTypes(), token.WorkTypes()...))
	if err != nil {
		return nil, err
	}
	ref, err := c.whole("token", token.Ref(c.query.Get("token")))
	if err != nil {
		return nil, err
	}
	requestor := c.query.Get("requestor")
	if err := c.requestor("requestor", requestor); err != nil {
		return nil, err
	}
	n, err := c.limit()
	if err != nil {
		return nil, err
	}
	keep := func(d *callback.Delivery) bool {
		return (state == "" || state == d.State) && (event == "" || event == d.Event.Type) &&
			(requestor == "" || requestor == d.Event.Requestor) && (ref == "" || ref == d.Event.Token.Ref)
	}
	if state == "" && event == "" && requestor == "" && ref == "" {
		keep = nil
	}
	list, total := c.box.Newest(n, keep)
	if err := c.nobodys(ref, total); err != nil {
		return nil, err
	}
	return control.List[control.Callback]{Items: viewCallbacks(list), Total: total, Dropped: c.box.Forgotten()}, nil
}

func eventTypes() []token.EventType {
	var types []token.EventType
	for _, e := range token.Events() {
		types = append(types, e.Type)
	}
	return types
}

func (c *call) callback() (any, error) {
	d, err := c.deliveryNamed()
	if err != nil {
		return nil, err
	}
	return viewCallback(d), nil
}

func (c *call) resend() (any, error) {
	if err := c.decode(&struct{}{}); err != nil {
		return nil, err
	}
	known, err := c.deliveryNamed()
	if err != nil {
		return nil, err
	}
	d, err := c.box.Resend(known.ID)
	if err != nil {
		return nil, err
	}
	return viewCallback(d), nil
}

func viewCallbacks(in []callback.Delivery) []control.Callback {
	out := make([]control.Callback, len(in))
	for i, d := range in {
		out[i] = viewCallback(d)
	}
	return out
}

func viewCallback(d callback.Delivery) control.Callback {
	v := control.Callback{ID: d.ID, State: string(d.State), Event: *d.Event, Target: token.Scrub(d.Target), Due: d.Due.UTC()}
	for _, a := range d.Attempts {
		v.Attempts = append(v.Attempts, control.Attempt{
			N: a.N, At: a.At.UTC(), URL: token.Scrub(a.URL), Status: a.Status, Error: token.Scrub(a.Error), Took: control.Duration(a.Took), Next: a.Next, Body: a.Body,
		})
	}
	return v
}

// madeSince lists the deliveries made after so many others, about one of the
// tokens, one of their enrolments or a payment by the card.
func (c *call) madeSince(made uint32, tokens []control.Token, card token.PAN) []control.Callback {
	about := map[token.Ref]bool{}
	of := map[token.CardRef]bool{}
	for _, t := range tokens {
		about[t.Ref], of[t.CardRef] = true, true
	}
	list := c.box.Since(made, func(d *callback.Delivery) bool {
		return d.Event.Type.OfPayment() || about[d.Event.Token.Ref] || d.Event.Token.Ref == "" && of[d.Event.Card.Ref]
	})
	return viewCallbacks(slices.DeleteFunc(list, func(d callback.Delivery) bool {
		if !d.Event.Type.OfPayment() {
			return false
		}
		paid, _ := c.box.Payment(d.Event.Subject)
		return paid.Card != card
	}))
}
