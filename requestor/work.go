package requestor

import (
	"context"
	"strconv"

	"github.com/pantomime-dev/pantomime/token"
)

// later has something done about a payment method in the background, as an event of
// the queue of notices: so whoever waits for the queue waits for it, and it is tried
// again as a notice is.
func (q *Requestor) later(work token.EventType, m Method) error {
	m, err := q.change(m.Token, func(m *Method) { m.Works++ })
	if err != nil {
		return err
	}
	return q.world.Send(token.Event{
		ID: q.derive("work", m.Token, strconv.Itoa(m.Works)).Hex(32, "id"), Type: work, Network: m.Network, Requestor: q.desk.requestor,
		Party: Name, Account: q.name, Subject: m.Token,
	}, Prefix+"/"+q.name, 0)
}

// Work does what an event of a world asks for. The error says that it has to be
// tried again.
func Work(ctx context.Context, world World, ev token.Event) error {
	q, err := At(world, ev.Account)
	if err != nil {
		return err
	}
	if ev.Type == token.WorkProvision {
		if m, err := q.Method(ev.Subject); err != nil || !m.Waiting {
			return err // somebody else did it
		}
		_, err = q.provision(ctx, ev.Subject)
		return err
	}
	if ev.Subject == "" {
		return q.findAmong(ctx, ev.Network)
	}
	return q.FindOut(ctx, ev.Subject)
}
