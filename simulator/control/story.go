package control

import (
	"cmp"
	"slices"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/simulator/journal"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

// story shows all that happened to a token: what was asked about it, what
// became of it by whom, and the notices of that.
func (c *call) story() (any, error) {
	t, err := c.tokenNamed("ref", c.param("ref"))
	if err != nil {
		return nil, err
	}
	ref := t.Token.Ref
	lines, dropped := c.events(ref)
	for _, e := range c.box.Journal().List(journal.Query{Token: ref}) {
		lines = append(lines, placed{e.Change, control.StoryLine{
			At: e.At.UTC(), Token: ref, Request: e.ID, Operation: e.Op, Requestor: e.Requestor, Status: e.Response.Status,
			Problem: e.Problem, Detail: e.Detail, Rule: e.Rule, Fault: e.Fault, Work: e.Work,
		}})
	}
	slices.SortStableFunc(lines, func(a, b placed) int {
		return cmp.Or(cmp.Compare(a.change, b.change), cmp.Compare(b.Request, a.Request)) // a request before what it led to
	})
	v := control.Story{Token: viewToken(t), Lines: make([]control.StoryLine, len(lines)), Dropped: dropped + c.box.Journal().Dropped()}
	for i, l := range lines {
		v.Lines[i] = l.StoryLine
	}
	return v, nil
}

// placed is a line of a story at its place among the sandbox's changes.
type placed struct {
	change uint64
	control.StoryLine
}

// events lists what happened to a token and to its card.
func (c *call) events(ref token.Ref) (lines []placed, dropped uint64) {
	moments, dropped := c.box.Story(ref)
	notices := map[string][]control.StoryNotice{}
	for _, m := range moments {
		if m.EventID != "" {
			notices[m.EventID] = nil
		}
	}
	c.box.Deliveries(func(d callback.Delivery) bool {
		if reported, ours := notices[d.Event.ID]; ours {
			notices[d.Event.ID] = append(reported, control.StoryNotice{ID: d.ID, State: string(d.State), Attempts: len(d.Attempts)})
		}
		return false
	})
	for _, m := range moments {
		lines = append(lines, placed{m.Change, viewMoment(ref, m, notices[m.EventID])})
	}
	return lines, dropped
}

func viewMoment(ref token.Ref, m sandbox.Moment, notices []control.StoryNotice) control.StoryLine {
	l := control.StoryLine{At: m.At.UTC(), Token: ref, Event: m.Event, By: m.By, Reason: m.Reason, Notices: notices}
	if m.Kind != "" {
		l.Cause = &control.Cause{Kind: m.Kind, Operation: m.Operation, Place: m.Place}
	}
	return l
}

// before says of each token of a refused request what it had last come to.
func (c *call) before(e journal.Entry) (lines []control.StoryLine) {
	if e.Problem == "" && e.Decision != token.Decline {
		return nil
	}
	for _, ref := range e.Tokens {
		moments, _ := c.box.Story(ref)
		for _, m := range slices.Backward(moments) {
			if m.Change < e.Change {
				lines = append(lines, viewMoment(ref, m, nil))
				break
			}
		}
	}
	return lines
}
