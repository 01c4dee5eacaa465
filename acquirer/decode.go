package acquirer

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/pantomime-dev/pantomime/wire"
)

// ErrBody says that a body is not exactly one JSON object.
var ErrBody = errors.New("body is not one JSON object")

// policy tells all bad fields at once. A member that nobody knows is refused: a
// misspelt one would otherwise be missed in silence.
var policy = wire.Policy{Phases: [][]wire.Rule{{wire.Unknown, wire.Missing, wire.WrongKind, wire.Length, wire.WrongForm, wire.Choice}}, All: true}

// DecodeAuthorize reads a payment. The error is [ErrBody], wrapped, or
// [wire.BadFields].
func DecodeAuthorize(body []byte) (AuthorizeRequest, error) {
	var r AuthorizeRequest
	v, err := wire.Parse(body)
	if err != nil || v.Kind != '{' {
		return r, ErrBody
	}
	bad := policy.Bad(authorizeTable.Fields, v)
	if len(bad) == 0 {
		if err := json.Unmarshal(body, &r); err != nil {
			return r, fmt.Errorf("%w: it cannot be read", ErrBody)
		}
		bad = r.Instrument.judge()
	}
	if len(bad) > 0 {
		return AuthorizeRequest{}, bad
	}
	return r, nil
}

// judge asks a token for its cryptogram, and a card for none.
func (i Instrument) judge() wire.BadFields {
	const cryptogram = "instrument.cryptogram"
	switch {
	case i.Type == TypeToken && i.Cryptogram == "":
		return wire.BadFields{{Location: cryptogram, Why: "is missing: a token pays with one"}}
	case i.Type == TypeCard && i.Cryptogram != "":
		return wire.BadFields{{Location: cryptogram, Why: "belongs to a token"}}
	case i.Type == TypeCard && i.ECI != "":
		return wire.BadFields{{Location: "instrument.eci", Why: "belongs to a token"}}
	}
	return nil
}
