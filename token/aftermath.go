package token

// aftermath says where an event happens and what it leaves behind.
type aftermath struct {
	at     []Network // where; nil is everywhere
	leaves []Status  // what the tokens it is about can be then
}

// aftermaths has a row for each event (docs/wire/vts.md "Life cycle",
// "Step-up"; docs/wire/mdes.md "Life cycle").
var aftermaths = map[EventType]aftermath{
	TokenProvisioned:    {nil, []Status{Inactive, Active}},
	TokenActivated:      {nil, []Status{Active}},
	TokenSuspended:      {nil, []Status{Suspended}},
	TokenResumed:        {nil, []Status{Active}},
	TokenDeleted:        {nil, []Status{Deactivated}},
	TokenRedigitized:    {[]Network{Mastercard}, []Status{Inactive, Active, Suspended}},
	PANExpiryUpdated:    {nil, Statuses()},
	PANReplaced:         {nil, Statuses()},
	CardMetadataUpdated: {nil, Statuses()},
	AccountClosed:       {nil, []Status{Deactivated}},
	StepUpRequested:     {nil, []Status{Inactive, Active}}, // Mastercard's token is active meanwhile
	StepUpSelected:      {[]Network{Visa}, []Status{Inactive}},
	StepUpSucceeded:     {[]Network{Visa}, []Status{Active}},
	StepUpFailed:        {[]Network{Visa}, []Status{Inactive}},
}

// Networks lists where the event can happen.
func (e EventType) Networks() []Network {
	if at := aftermaths[e].at; at != nil {
		return at
	}
	return Networks()
}

// Leaves lists what the tokens that an event is about can be right after it.
func (e EventType) Leaves() []Status { return aftermaths[e].leaves }

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
