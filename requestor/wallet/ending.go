package wallet

import (
	"errors"

	acq "github.com/pantomime-dev/pantomime/acquirer"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/wire"
)

// EndingKind says how far a call came on the wire.
type EndingKind string

// The kinds of endings.
const (
	EndedWell  EndingKind = "answered"   // a good answer
	NotSent    EndingKind = "not sent"   // nothing left
	NoAnswer   EndingKind = "no answer"  // none came, or not all of it
	Unreadable EndingKind = "unreadable" // a success that is not what the operation answers
	Refused    EndingKind = "refused"    // by the service or by what is in front of it
	SaidNo     EndingKind = "declined"   // a good answer in which the issuer declines
)

// Ending is how a call ended on the wire.
type Ending struct {
	Kind    EndingKind
	Status  int    // HTTP; 0 without an answer
	Reason  string // of a refusal, as on the wire; "" where it says none
	Message string
}

// Unknown reports whether the ending leaves open if the other side did
// what it was asked for.
func (e Ending) Unknown() bool {
	return e.Kind == NoAnswer || e.Kind == Unreadable || e.Status >= 500 || e.Reason == acq.CodeInProgress
}

// unread is a good answer that cannot be understood or decrypted.
type unread struct{ error }

func (u unread) Unwrap() error { return u.error }

// EndingOf reads the error of [Wallet.Do].
func EndingOf(err error) Ending {
	if err == nil {
		return Ending{Kind: EndedWell}
	}
	refusal := RefusalOf(err)
	e := Ending{Kind: NoAnswer, Status: refusal.Status, Reason: refusal.Reason, Message: refusal.Message}
	var declined Declined
	var missing *MissingError
	switch {
	case errors.As(err, &declined):
		e.Kind, e.Message = SaidNo, string(declined)
	case errors.As(err, &missing), errors.Is(err, ErrNetwork), errors.Is(err, wire.ErrConfig):
		e.Kind = NotSent
	case errors.As(err, new(unread)):
		e.Kind = Unreadable
	default:
		e.judge(err)
	}
	return e
}

// judge distinguishes refusals, unreadable answers and missing ones.
func (e *Ending) judge(err error) {
	var failed wire.CallError
	if !errors.As(err, &failed) || failed.Failed().Status == 0 {
		return
	}
	why := failed.Failed()
	good := why.Status/100 == 2
	switch {
	case good && (errors.Is(err, wire.ErrNotJSON) || errors.Is(err, wire.ErrTooLong)):
		e.Kind = Unreadable
	case !good || why.Err == nil:
		e.Kind = Refused
	case errors.As(err, new(*mdes.CryptographyError)):
		e.Kind = Unreadable
	}
}

// ReasonsOf says which documented keys a network's wire says by which reason;
// a key without a reason of its own is not among them.
func ReasonsOf(n token.Network) map[string]token.Key {
	all := map[string]token.Key{}
	for _, row := range token.Keys() {
		if row.Network == n {
			all[Spelling(n, row.Key)] = row.Key
		}
	}
	return all
}
