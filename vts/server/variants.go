package server

import (
	"time"

	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// staleBy is how old a notice with the variant stale-time is.
const staleBy = time.Hour

// misstate puts into a notice what the event's variants say, the ones of
// its signature apart. Variants of encryption have no meaning on this wire.
func (a *account) misstate(n *vts.Notice, ev token.Event) {
	if ev.Has(token.VariantStaleTime) {
		n.Date = vts.SecondsOf(ev.At.Add(-staleBy))
	}
	if ev.Has(token.VariantUnknownKey) {
		n.APIKey = a.ids.Text(len(n.APIKey), "unknown key", n.APIKey)
	}
	if ev.Has(token.VariantUnknownToken) {
		n.ID = a.ids.Hex(32, "unknown id", n.ID)
	}
	if ev.Has(token.VariantUnknownField) {
		n.Unknown = "undocumentedMember"
	}
}
