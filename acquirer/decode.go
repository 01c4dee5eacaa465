package acquirer

import (
	"github.com/pantomime-dev/pantomime/wire"
)

// policy reports all bad fields at once. An unknown member is refused: a
// misspelt one would otherwise be missed in silence.
var policy = wire.Policy{Phases: [][]wire.Rule{{wire.Unknown, wire.Missing, wire.WrongKind, wire.Length, wire.WrongForm, wire.Choice}}, All: true}

// DecodeAuthorize reads a payment. The error is [wire.ErrBody], wrapped, or
// [wire.BadFields].
func DecodeAuthorize(body []byte) (AuthorizeRequest, error) {
	r, err := decode[AuthorizeRequest](authorizeTable, body)
	if err != nil {
		return r, err
	}
	if bad := r.judge(); len(bad) > 0 {
		return AuthorizeRequest{}, bad
	}
	return r, nil
}

// DecodeAct reads the request of a route that acts on a payment. The error is
// [wire.ErrBody], wrapped, or [wire.BadFields].
func DecodeAct(route wire.Route, body []byte) (ActRequest, error) {
	r, err := decode[ActRequest](route.Body, body)
	if err == nil && r.Amount != nil && r.Amount.Value == "0" {
		return ActRequest{}, wire.BadFields{{Location: "amount.value", Why: "must be at least 1"}}
	}
	return r, err
}

// decode reads a message that a table describes.
func decode[T any](table *wire.Table, body []byte) (T, error) {
	var r T
	if err := policy.Decode(table.Fields, body, &r); err != nil {
		return *new(T), err
	}
	return r, nil
}

// judge asks a token for its cryptogram, and a card for none. A merchant that
// begins a payment by itself shows an earlier one instead.
func (r AuthorizeRequest) judge() wire.BadFields {
	const cryptogram = "instrument.cryptogram"
	switch i := r.Instrument; {
	case r.Initiator == ByMerchant && r.PreviousTransactionID == "":
		return wire.BadFields{{Location: "previousTransactionId", Why: "is missing: a merchant that begins a payment rests on an earlier one"}}
	case i.Type == TypeToken && i.Cryptogram == "" && r.Initiator != ByMerchant:
		return wire.BadFields{{Location: cryptogram, Why: "is missing: a token pays with one"}}
	case i.Type == TypeCard && i.Cryptogram != "":
		return wire.BadFields{{Location: cryptogram, Why: "belongs to a token"}}
	case i.Type == TypeCard && i.ECI != "":
		return wire.BadFields{{Location: "instrument.eci", Why: "belongs to a token"}}
	}
	return nil
}
