package token

// Networks lists where the event can happen.
func (e EventType) Networks() []Network {
	if at := e.info().at; at != nil {
		return at
	}
	return Networks()
}

// Leaves lists what the tokens that an event is about can be right after it.
func (e EventType) Leaves() []Status { return e.info().leaves }

func (e EventType) info() EventInfo {
	for _, row := range events {
		if row.Type == e {
			return row
		}
	}
	return EventInfo{}
}

// ActsOn lists which tokens a life-cycle action can move; nothing for actions
// on cards.
func ActsOn(do string) []Status {
	switch EventOf(do) {
	case TokenActivated:
		return []Status{Inactive}
	case TokenSuspended:
		return []Status{Active, Suspended} // one that another party suspended, too
	case TokenResumed:
		return []Status{Suspended}
	case TokenDeleted, TokenRedigitized:
		return []Status{Inactive, Active, Suspended}
	}
	return nil
}

// Becomes lists what a token can be from now on: the status itself and all that
// can follow it.
func (s Status) Becomes() []Status {
	switch s {
	case Active, Suspended:
		return []Status{Active, Suspended, Deactivated}
	case Deactivated:
		return []Status{Deactivated}
	}
	return Statuses()
}
