package server

import (
	"time"

	"github.com/pantomime-dev/pantomime/acquirer"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

// staleBy is how old a notice with the variant stale-time is.
const staleBy = time.Hour

// misstate puts into a notice what the event's variants say, the ones of its
// signature apart. Variants of encryption and batches have no meaning on this wire.
func misstate(n *acquirer.Notice, box *sandbox.Sandbox, ev token.Event) {
	if ev.Has(token.VariantUnknownToken) { // nobody has heard of the payment
		n.Payment.ID = box.Derive("acquirer", "unknown payment").Hex(32, n.Payment.ID)
	}
}

// misused is the credential that a notice is signed with, as the variants say.
func misused(own acquirer.Credential, box *sandbox.Sandbox, ev token.Event) acquirer.Credential {
	ids := box.Derive("acquirer", "forger")
	if ev.Has(token.VariantWrongSignature) {
		own.Secret = ids.Text(40, "secret", own.Key)
	}
	if ev.Has(token.VariantUnknownKey) {
		own.Key = ids.Hex(32, "key", own.Key)
	}
	return own
}
