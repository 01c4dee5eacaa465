package server

import (
	"strconv"
	"time"

	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

// What the variants of a notice amount to. wrong-signature has no meaning
// here, since notices are not signed (docs/wire/mdes.md "Notifications").
const (
	staleBy      = time.Hour // how old stale-time makes a change look
	hugeBatch    = 1000      // tokens of a huge-batch, of which one exists
	unknownField = "a receiver must live with members it does not know"
)

// entry is one token of a notice; with unknown-field it has a member of no
// specification.
type entry struct {
	mdes.Token
	Unknown string `json:"notInTheSpecification,omitempty"`
}

// batchOf puts the token of a notice among others that do not exist, where the
// event asks for it.
func batchOf(box *sandbox.Sandbox, ev token.Event) []entry {
	one := entry{Token: noticeToken(box, ev)}
	if ev.Has(token.VariantStaleTime) {
		one.StatusTimestamp = mdes.At(ev.Token.StatusAt.Add(-staleBy))
	}
	if ev.Has(token.VariantUnknownField) {
		one.Unknown = unknownField
	}
	if ev.Has(token.VariantUnknownToken) {
		one.TokenUniqueReference = unknownReference(box, ev.ID)
	}
	if !ev.Has(token.VariantHugeBatch) {
		return []entry{one}
	}
	all := make([]entry, hugeBatch)
	for i := range all {
		all[i] = entry{Token: mdes.Token{
			TokenUniqueReference: unknownReference(box, ev.ID, strconv.Itoa(i)), TokenRequestorID: one.TokenRequestorID,
			Status: one.Status, SuspendedBy: one.SuspendedBy, StatusTimestamp: one.StatusTimestamp,
		}}
	}
	all[len(all)/2] = one
	return all
}

// unknownReference is a reference of the right form that no token has.
func unknownReference(box *sandbox.Sandbox, path ...string) string {
	return "DWSPMC0000000000" + box.Derive("mastercard", "nobody").Hex(32, path...)
}

// damage does to an encrypted payload what the event asks for.
func damage(box *sandbox.Sandbox, ev token.Event, p mdes.EncryptedPayload) mdes.EncryptedPayload {
	if ev.Has(token.VariantUnknownKey) {
		p.PublicKeyFingerprint = box.Derive("mastercard", "nobody").Hex(len(p.PublicKeyFingerprint), "key", ev.ID)
	}
	if ev.Has(token.VariantCutCiphertext) {
		p.EncryptedData = p.EncryptedData[:len(p.EncryptedData)/2-2] // whole bytes, no whole blocks
	}
	return p
}
