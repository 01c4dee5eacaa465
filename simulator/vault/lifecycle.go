package vault

import (
	"errors"
	"fmt"

	"github.com/pantomime-dev/pantomime/token"
)

// ErrNotAllowed says that a token's status does not allow the move. The faces
// answer Visa's notAllowed and Mastercard's INVALID_TOKEN_STATUS.
var ErrNotAllowed = errors.New("the token's status does not allow this")

// Move is a life-cycle verb.
type Move string

// The moves.
const (
	Activate   Move = "activate"
	Suspend    Move = "suspend"
	Resume     Move = "resume"
	Deactivate Move = "delete"
)

// move is one permitted row of a network's table; what is not listed is
// refused. by "" means whoever asks.
type move struct {
	from  token.Status
	verb  Move
	by    token.Suspender
	apply func(t *Token, by token.Suspender) error
}

// Change moves a token and returns it as it is afterwards. A move that the
// table does not list is ErrNotAllowed and changes nothing. A move that finds
// everything as it should be already (at Mastercard, suspended by the same party)
// succeeds and leaves the status time alone. reason is why, "" for no word.
func (x *Tx) Change(t Token, verb Move, by token.Suspender, reason string) (Token, error) {
	for _, m := range networks[t.Network].moves {
		if m.from != t.Status || m.verb != verb || (m.by != "" && m.by != by) {
			continue
		}
		after := t
		if err := m.apply(&after, by); err != nil {
			return t, err
		}
		if after.Status != t.Status || len(after.SuspendedBy) != len(t.SuspendedBy) {
			after.StatusAt = x.now
			after.StepUp = after.StepUp && after.Status == token.Inactive
			after.Reason = reasonOf(after, verb, by, reason)
			x.PutToken(after)
		}
		return after, nil
	}
	return t, fmt.Errorf("%s a token that is %s: %w", verb, t.Status, ErrNotAllowed)
}

// reasonOf is why a token is suspended: what its issuer or the cardholder said
// last, as a requestor knows its own reasons. One that is not suspended has none.
func reasonOf(after Token, verb Move, by token.Suspender, reason string) string {
	switch {
	case after.Status != token.Suspended:
		return ""
	case verb == Suspend && by != token.ByRequestor && reason != "":
		return reason
	}
	return after.Reason
}

func activate(t *Token, _ token.Suspender) error {
	t.Status = token.Active
	return nil
}

func deactivate(t *Token, _ token.Suspender) error {
	t.Status, t.SuspendedBy = token.Deactivated, nil
	return nil
}

func suspend(t *Token, by token.Suspender) error {
	t.Status, t.SuspendedBy = token.Suspended, t.SuspendedBy.With(by)
	return nil
}

// suspendNew refuses a party that suspended the token already.
func suspendNew(t *Token, by token.Suspender) error {
	if t.SuspendedBy.Has(by) {
		return fmt.Errorf("suspended by %s already: %w", by, ErrNotAllowed)
	}
	return suspend(t, by)
}

// release lifts the party's own suspension; active only when none is left.
func release(t *Token, by token.Suspender) error {
	if !t.SuspendedBy.Has(by) {
		return fmt.Errorf("suspended by %v, not by %s: %w", t.SuspendedBy, by, ErrNotAllowed)
	}
	if t.SuspendedBy = t.SuspendedBy.Without(by); len(t.SuspendedBy) == 0 {
		t.Status, t.SuspendedBy = token.Active, nil
	}
	return nil
}

func resumeAll(t *Token, _ token.Suspender) error {
	t.Status, t.SuspendedBy = token.Active, nil
	return nil
}

// resumeUnlessIssuer lets a requestor lift what it or the cardholder
// suspended, never what the issuer did.
func resumeUnlessIssuer(t *Token, by token.Suspender) error {
	if t.SuspendedBy.Has(token.ByIssuer) {
		return fmt.Errorf("suspended by %s: %w", token.ByIssuer, ErrNotAllowed)
	}
	return resumeAll(t, by)
}
