package wallet

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
	"github.com/pantomime-dev/pantomime/wire"
)

// Outcome is what an operation came to.
type Outcome struct {
	Headline string         // one line for people
	Ref      token.Ref      // of the token it is about; of the enrolment, when a card was enrolled
	Status   string         // as the wire spells it, "" when the answer reports none
	Answer   any            // as on the wire, ciphertext included
	Opened   map[string]any // what its encrypted fields held
	Task     string         // that the requestor made for the request, "" for none
	Paying   Paying         // of a cryptogram: what a payment is made with
	Payment  string         // the acquirer's id of a payment that was approved
	Reason   string         // the acquirer's word for why a payment, or what was done with one, was declined
	// Transaction is the network's id of it, by which later ones rest on it.
	Transaction string
	Shows       []Shown // the tokens that the answer shows
}

// Paying is a token with a cryptogram that has not paid.
type Paying struct {
	Number     token.TokenPAN
	Expiry     token.Expiry
	Cryptogram token.Cryptogram
	ECI        token.ECI // "" where the network reports none
}

// By makes a subject pay with the token and the cryptogram.
func (p Paying) By(about Subject) Subject {
	about.Account, about.Token.Number, about.Token.Expiry = ByToken, p.Number, p.Expiry
	about.Pay.Cryptogram, about.Pay.ECI = p.Cryptogram, p.ECI
	return about
}

// MissingError says that a subject lacks what an operation needs; nothing was
// sent.
type MissingError struct {
	Op   token.Operation
	Need Need
}

// Error names operation and need, and the calls that give what it needs.
func (e *MissingError) Error() string {
	text := fmt.Sprintf("%s needs %s", e.Op, needed[e.Need.What])
	if by := GivenBy(e.Need.Name); by != "" {
		text += fmt.Sprintf(": %s, which %s gives", e.Need.Name, by)
	}
	return text
}

// needed are the kinds of needs in words.
var needed = map[Kind]string{
	NeedCard: "a card", NeedToken: "a token", NeedNumber: "the number of a token", NeedID: "an id", NeedCode: "a code",
}

// Declined is a readable answer that says no, as an issuer does; it says why.
type Declined string

// Error says why.
func (d Declined) Error() string { return string(d) }

// Do performs an operation with the smallest request there is. The error is a
// [*MissingError], a [Declined], the client's own [*vts.Error] or
// [*mdes.Error], or the transport's, wrapped; see [RefusalOf].
func (w *Wallet) Do(ctx context.Context, op token.Operation, about Subject) (Outcome, error) {
	d, err := w.Draft(op, about)
	if err != nil {
		return Outcome{}, err
	}
	if need, missing := about.Missing(op); missing {
		return Outcome{}, &MissingError{op, need}
	}
	return w.DoDraft(ctx, d, about)
}

// DoDraft encrypts, signs and sends a draft of [Wallet.Draft], changed or not, and
// says what comes back as Do does.
func (w *Wallet) DoDraft(ctx context.Context, d Draft, about Subject) (Outcome, error) {
	s, err := w.at(d.Op)
	if err != nil {
		return Outcome{}, err
	}
	req, err := w.Request(ctx, d)
	if err != nil {
		return Outcome{}, err
	}
	about.sent = d.Gives()
	out, err := s.do(req, d.Op, about)
	out.Task = about.sent[Task]
	return out, err
}

// Refusal says why an operation failed. Only the message is there when no
// network refused: a connection was cut, or an answer could not be read.
type Refusal struct {
	Status        int    `json:"status,omitempty"` // HTTP
	Reason        string `json:"reason,omitempty"` // as on the wire
	Message       string `json:"message"`
	CorrelationID string `json:"correlationId,omitempty"`
}

// RefusalOf reads the error of [Wallet.Do], nil for none.
func RefusalOf(err error) *Refusal {
	if err == nil {
		return nil
	}
	r := &Refusal{Message: err.Error()}
	var failed wire.CallError
	if errors.As(err, &failed) {
		why := failed.Failed()
		r.Status, r.CorrelationID = why.Status, why.CorrelationID
		reason, message := failed.Says()
		r.Reason, r.Message = reason, cmp.Or(message, r.Message)
	}
	return r
}

// Status reads a token's status as a network's wire spells it.
func Status(n token.Network, wire string) (token.Status, error) {
	if n == token.Visa {
		return vts.TokenStatus(wire).Status()
	}
	for _, s := range token.Statuses() {
		if wire == strings.ToUpper(string(s)) { //nolint:gocritic // another letter case would be a mistake of the network
			return s, nil
		}
	}
	return "", fmt.Errorf("token status %q is none of Mastercard's", wire)
}

// Spelling is how a network's wire writes a documented key; any other represents
// itself.
func Spelling(n token.Network, key token.Key) string {
	if n == token.Visa {
		return string(vts.ReasonOf(key))
	}
	return string(mdes.CodeOf(key))
}

// NetworkOf says whose form a token reference has.
func NetworkOf(ref token.Ref) token.Network {
	if vts.ValidID(string(ref)) {
		return token.Visa
	}
	return token.Mastercard
}
