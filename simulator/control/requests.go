package control

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/simulator/journal"
	"github.com/pantomime-dev/pantomime/token"
)

// maxWait is how long a listing may wait for its first entry.
const maxWait = 30 * time.Second

// beforeAll is an id that is before the first exchange.
const beforeAll = "r-0"

// maxWaiting is how many listings may wait at once, over all sandboxes.
const maxWaiting = 500

var requestFilters = []string{"after", "network", "operation", "requestor", "token", "problem", "refused", "limit", "wait"}

// entryFilter is what a listing of exchanges is narrowed by.
type entryFilter struct {
	journal.Query
	wait time.Duration
}

// requests lists exchanges, oldest first. After an id it gives the next ones,
// so that nothing is skipped; without, the newest.
func (c *call) requests() (any, error) {
	f, err := c.entryFilter()
	if err != nil {
		return nil, err
	}
	if f.wait > 0 {
		select {
		case c.s.waiting <- struct{}{}:
			defer func() { <-c.s.waiting }()
		default:
			return nil, problem(http.StatusTooManyRequests, control.CodeTooManyWaiting, fmt.Sprintf("%d listings wait already; ask without wait", maxWaiting))
		}
	}
	ctx, cancel := context.WithTimeout(c.ctx, f.wait)
	defer cancel()
	for {
		changed := c.box.Journal().Changed()
		found, seen := f.list(c.box.Journal())
		switch {
		case len(found.Items) == 0 && f.wait == 0 && f.After == "":
			return found, c.nobodys(f.Token, found.Total)
		case len(found.Items) > 0 || f.wait == 0:
			return found, nil
		}
		f.After = seen // what did not match never will
		select {
		case <-changed:
		case <-c.box.Ended():
			return found, nil // whoever asks again finds the sandbox that is there now
		case <-ctx.Done():
			return found, within(ctx.Err())
		}
	}
}

func (f entryFilter) list(j *journal.Journal) (list control.List[control.Exchange], seen string) {
	found := j.Find(f.Query)
	list = control.List[control.Exchange]{Items: make([]control.Exchange, len(found.Entries)), Total: found.Total, Dropped: j.Dropped()}
	for i, e := range found.Entries {
		list.Items[i] = viewExchange(e)
	}
	return list, found.Seen
}

func (c *call) entryFilter() (f entryFilter, err error) {
	f.After, f.Problem = entryNamed(c.query.Get("after")), token.Key(c.query.Get("problem"))
	if f.After == last {
		f.After = c.lastEntry()
	}
	if f.Token, err = c.whole("token", token.Ref(c.query.Get("token"))); err != nil {
		return f, err
	}
	if f.After != "" && !entryID.MatchString(f.After) {
		return f, badValue("after", f.After, "is no id of an exchange, such as r-17; r-0 is before the first")
	}
	if f.After != "" && f.After != beforeAll && !c.box.Journal().Knows(f.After) {
		return f, badValue("after", f.After, "is no id of an exchange of this sandbox; r-0 is before the first")
	}
	if f.Network, err = c.network(); err != nil {
		return f, err
	}
	if name := c.query.Get("operation"); name != "" {
		if f.Ops = token.OperationsNamed(name, f.Network); len(f.Ops) == 0 {
			return f, badValue("operation", name, "is not known", token.OperationNames()...)
		}
	}
	f.Requestor = c.query.Get("requestor")
	if err := c.requestor("requestor", f.Requestor); err != nil {
		return f, err
	}
	if f.Refused, err = c.flag("refused"); err != nil {
		return f, err
	}
	if text := c.query.Get("wait"); text != "" {
		d, err := control.ParseDuration(text)
		if err != nil {
			return f, badValue("wait", text, err.Error())
		}
		if f.wait, err = span("wait", &d, 0, maxWait); err != nil {
			return f, err
		}
	}
	f.Limit, err = c.limit()
	return f, err
}

// entry finds the exchange that the path names.
func (c *call) entry() (journal.Entry, error) {
	id := entryNamed(c.param("id"))
	if id == last {
		if id = c.lastEntry(); id == beforeAll {
			return journal.Entry{}, notFound("the journal is empty: nothing has called the network door yet")
		}
	}
	if !entryID.MatchString(id) {
		return journal.Entry{}, badValue("id", id, "is no id of an exchange", "r-1, r-2, …", last)
	}
	e, ok := c.box.Journal().Get(id)
	if !ok {
		return e, notFound("no exchange has the id " + id + ", or it was dropped for lack of space")
	}
	return e, nil
}

// lastEntry is the id of the newest exchange, or one before all.
func (c *call) lastEntry() string {
	if newest := c.box.Journal().List(journal.Query{Limit: 1}); len(newest) == 1 {
		return newest[0].ID
	}
	return beforeAll
}

func (c *call) request() (any, error) {
	e, err := c.entry()
	if err != nil {
		return nil, err
	}
	return viewExchange(e), nil
}

func (c *call) canonical() (any, error) {
	list := control.List[control.Canonical]{Items: []control.Canonical{}, Dropped: c.box.Journal().Dropped()}
	for _, e := range c.box.Journal().Canonical() {
		list.Items = append(list.Items, control.Canonical{
			Entity: e.Entity, Seq: e.Seq, Operation: e.Op, Requestor: e.Requestor,
			Request: e.Request, Sent: parts(e.Sent), Status: e.Status, Response: e.Response, Got: parts(e.Got),
			Rule: e.Rule, Problem: e.Problem,
		})
	}
	list.Total = len(list.Items)
	return list, nil
}

func viewExchange(e journal.Entry) control.Exchange {
	return control.Exchange{
		ID: e.ID, Sandbox: e.Sandbox, Network: e.Network, Operation: e.Op, Requestor: e.Requestor,
		At: e.At.UTC(), Wall: e.Wall.UTC(), Took: control.Duration(e.Took), Trace: e.Trace,
		Request: viewMessage(e.Request), Response: viewMessage(e.Response),
		Rule: e.Rule, RuleID: e.RuleID, Decision: e.Decision, Problem: e.Problem, Detail: e.Detail,
		Fault: e.Fault, Delay: control.Duration(e.Delay), Tokens: e.Tokens, Work: e.Work, Legs: e.Legs, Checks: e.Checks,
	}
}

func viewMessage(m journal.Message) control.Message {
	return control.Message{
		Method: m.Method, Path: m.Path, Query: m.Query, Header: m.Header, Status: m.Status,
		Body: m.Body, Clear: parts(m.Clear), Size: m.Size,
	}
}

func parts(in []journal.Part) []control.Part {
	var out []control.Part
	for _, p := range in {
		out = append(out, control.Part{Field: p.Field, Body: p.Body})
	}
	return out
}
