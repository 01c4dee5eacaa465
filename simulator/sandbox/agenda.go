package sandbox

import "github.com/pantomime-dev/pantomime/simulator/callback"

// agenda is what falls due in a sandbox. Planned actions and notices have a
// schedule each, so that the first of one kind is found without a walk over the
// other; what is due is taken in the order of both.
type agenda struct{ actions, notices callback.Schedule }

// of is the schedule that an item is in.
func (a *agenda) of(it callback.Item) *callback.Schedule {
	if it.ID == "" {
		return &a.actions
	}
	return &a.notices
}

func (a *agenda) push(it callback.Item) { a.of(it).Push(it) }

// peek returns the first item without removing it.
func (a *agenda) peek() (callback.Item, bool) {
	action, planned := a.actions.Peek()
	notice, scheduled := a.notices.Peek()
	if planned && (!scheduled || action.Before(notice)) {
		return action, true
	}
	return notice, scheduled
}

// drop takes the first item away.
func (a *agenda) drop(first callback.Item) { a.of(first).Pop() }
