package vault

import (
	"strings"
	"time"
	"unique"

	"github.com/pantomime-dev/pantomime/token"
)

// The vault keeps its values packed, because a sandbox may hold a million
// tokens: what many of them say alike is kept once, one record leads to the
// next, and nothing is found by two indexes where one does. Whoever asks gets a
// value; no record ever leaves this package.

// cardRecord is a [Card]. It may represent one that is not known yet, which an
// enrolment was made of.
type cardRecord struct {
	id, pan    token.PAN
	par        token.PAR
	alike      unique.Handle[cardTraits]
	enrolments []*enrolmentRecord // oldest first
	live       int32              // tokens that are not deleted
	product    int32
	expiry     month
	known      bool
	closed     bool
}

// cardTraits are what many cards have in common.
type cardTraits struct {
	network token.Network
	name    string
	issuer  string
}

func (r *cardRecord) pack(c Card) {
	r.pan, r.par, r.product, r.expiry, r.known, r.closed = c.PAN, c.PAR, int32(c.Product), monthOf(c.Expiry), true, c.Closed
	r.alike = unique.Make(cardTraits{c.Network, c.Name, c.Issuer})
	if r.pan == r.id {
		r.pan = r.id // one text, not two equal ones
	}
}

func (r *cardRecord) value() Card {
	t := r.alike.Value()
	return Card{
		ID: r.id, Name: t.name, PAN: r.pan, Network: t.network, Expiry: r.expiry.value(), Issuer: t.issuer,
		PAR: r.par, Product: int(r.product), Closed: r.closed,
	}
}

// enrolmentRecord is an [Enrolment], or one that only a token has named.
type enrolmentRecord struct {
	ref    token.CardRef
	alike  unique.Handle[enrolmentTraits]
	card   *cardRecord
	tokens []*tokenRecord // in the order they were made
	issued int32          // -1: only a token has named it
	events uint32
}

func (r *enrolmentRecord) known() bool { return r.issued >= 0 }

type enrolmentTraits struct {
	network   token.Network
	requestor string
	wallet    string
}

func (r *enrolmentRecord) pack(e Enrolment) {
	r.alike = unique.Make(enrolmentTraits{e.Network, e.Requestor, e.Wallet})
	r.issued, r.events = int32(e.Issued), uint32(e.Events)
}

func (r *enrolmentRecord) value() Enrolment {
	t := r.alike.Value()
	return Enrolment{
		Ref: r.ref, Network: t.network, Requestor: t.requestor, Wallet: t.wallet, Card: r.card.id,
		Issued: int(r.issued), Events: int(r.events),
	}
}

// tokenRecord is a [Token]. Its network, requestor and card are its
// enrolment's.
type tokenRecord struct {
	ref       token.Ref
	number    token.TokenPAN
	enrolment *enrolmentRecord
	before    *tokenRecord // made before it, of any enrolment; costs nothing, as memory comes in pieces of 80 bytes
	alike     unique.Handle[tokenTraits]
	seconds   int64 // StatusAt
	nanos     int32
	expiry    month
	events    uint32
	atc       uint16
}

type tokenTraits struct {
	trid         token.TRID
	presentation string
	status       token.Status
	suspendedBy  string // as in their set, with commas
	reason       string
	stepUp       bool
	env, replyTo string
}

func (r *tokenRecord) pack(t Token) {
	r.alike = unique.Make(tokenTraits{t.TRID, t.Presentation, t.Status, joined(t.SuspendedBy), t.Reason, t.StepUp, t.Env, t.ReplyTo})
	r.seconds, r.nanos = t.StatusAt.Unix(), int32(t.StatusAt.Nanosecond())
	r.expiry, r.events, r.atc = monthOf(t.Expiry), uint32(t.Events), t.ATC
}

func (r *tokenRecord) lives() bool { return r.alike.Value().status != token.Deactivated }

func (r *tokenRecord) value() Token {
	t, e := r.alike.Value(), r.enrolment.alike.Value()
	return Token{
		Ref: r.ref, Network: e.network, Requestor: e.requestor, TRID: t.trid, Enrolment: r.enrolment.ref, Card: r.enrolment.card.id,
		Number: r.number, Expiry: r.expiry.value(), Presentation: t.presentation, Status: t.status, SuspendedBy: split(t.suspendedBy), Reason: t.reason,
		StatusAt: time.Unix(r.seconds, int64(r.nanos)).UTC(), StepUp: t.stepUp, ATC: r.atc, Events: int(r.events), Env: t.env, ReplyTo: t.replyTo,
	}
}

// month is an expiry: 12 times the year, plus the month from 0; -1 is none.
type month int32

func monthOf(e token.Expiry) month {
	if e.IsZero() {
		return -1
	}
	return month(e.Year*12 + int(e.Month) - 1)
}

func (m month) value() token.Expiry {
	if m < 0 {
		return token.Expiry{}
	}
	return token.Expiry{Year: int(m / 12), Month: time.Month(m%12 + 1)}
}

func joined(by token.Suspenders) string {
	if len(by) == 1 {
		return string(by[0])
	}
	texts := make([]string, len(by))
	for i, s := range by {
		texts[i] = string(s)
	}
	return strings.Join(texts, ",")
}

func split(by string) token.Suspenders {
	if by == "" {
		return nil
	}
	var set token.Suspenders
	for s := range strings.SplitSeq(by, ",") {
		set = append(set, token.Suspender(s))
	}
	return set
}
