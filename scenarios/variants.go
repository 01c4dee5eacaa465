package scenarios

import (
	"slices"
	"time"

	"github.com/pantomime-dev/pantomime/token"
)

// variantsDraft is what goes wrong with a notice, as written. given keeps where
// each key is.
type variantsDraft struct {
	Variants
	given map[string]spot
}

// Variant is one way in which a notice can misbehave.
type Variant struct {
	Name     string          `json:"name"` // as at notify: "before-response"
	Value    string          `json:"value"`
	About    string          `json:"about"`
	Networks []token.Network `json:"networks"` // whose notices can have it
}

// NoticeVariants lists the ways in which notices can misbehave.
func NoticeVariants() []Variant {
	all := make([]Variant, len(notifyKeys))
	for i, row := range notifyKeys {
		all[i] = Variant{row.key, row.shape.says, plain(row.about), variantReach(row.key).networks()}
	}
	return all
}

// variantReach says whose notices can have a variant: Visa's carry a signature and
// nothing encrypted, Mastercard's the other way round (docs/wire/vts.md
// "Notifications", docs/wire/mdes.md "notifyTokenUpdated").
func variantReach(name string) reach {
	switch name {
	case "wrong-signature":
		return atVisa
	case "cut-ciphertext", "huge-batch":
		return atMastercard
	default:
		return everywhere
	}
}

// actNotifyKeys are those of an act in a play, which has no answer.
var actNotifyKeys = slices.DeleteFunc(slices.Clone(notifyKeys), func(row field[variantsDraft]) bool { return row.key == "before-response" })

// notifyKeys are the variants of one notice.
var notifyKeys = table[variantsDraft]{
	{"duplicate", false, whole("a whole number from 0 to 1000", 0, 1000), "further identical deliveries", variant(func(c cursor) value[int] { return c.whole(0, 1000) }, func(v *Variants) *int { return &v.Duplicate })},
	{"late", false, aDuration, "added to the time when it is due", variant(func(c cursor) value[time.Duration] { return c.span(maxActivation) }, func(v *Variants) *time.Duration { return &v.Late })},
	{"never", false, aFlag, "it is recorded and never sent; excludes the others", variantFlag(func(v *Variants) *bool { return &v.Never })},
	{"reorder", false, aFlag, "it is sent after the next notice to the same requestor", variantFlag(func(v *Variants) *bool { return &v.Reorder })},
	{
		"before-response", false, aFlag, "it is delivered before the request that brought it about is answered; of no use to what the clock brings about",
		variantFlag(func(v *Variants) *bool { return &v.BeforeResponse }),
	},
	{
		"stale-time", false, aFlag, "what it says of time is an hour old: Visa's `date` and the time of its signature, Mastercard's `statusTimestamp`",
		variantFlag(func(v *Variants) *bool { return &v.StaleTime }),
	},
	{"wrong-signature", false, aFlag, "its `x-pay-token` is made with another secret; Visa only", variantFlag(func(v *Variants) *bool { return &v.WrongSignature })},
	{
		"unknown-key", false, aFlag, "it names an unknown key: Visa's `apiKey`, Mastercard's `publicKeyFingerprint`",
		variantFlag(func(v *Variants) *bool { return &v.UnknownKey }),
	},
	{"cut-ciphertext", false, aFlag, "its cipher text ends half way; Mastercard only", variantFlag(func(v *Variants) *bool { return &v.CutCiphertext })},
	{"unknown-field", false, aFlag, "its body has a member that no document knows", variantFlag(func(v *Variants) *bool { return &v.UnknownField })},
	{"unknown-token", false, aFlag, "it is about a token, or an enrolment, that does not exist", variantFlag(func(v *Variants) *bool { return &v.UnknownToken })},
	{"huge-batch", false, aFlag, "it is about a thousand tokens, of which one exists; Mastercard only", variantFlag(func(v *Variants) *bool { return &v.HugeBatch })},
}

// variant reads one key of notify into its place.
func variant[T any](read func(cursor) value[T], place func(*Variants) *T) func(cursor, *variantsDraft) {
	return func(c cursor, d *variantsDraft) {
		v := read(c)
		if !v.set {
			return
		}
		*place(&d.Variants) = v.v
		if d.given == nil {
			d.given = map[string]spot{}
		}
		d.given[c.key()] = v.spot
	}
}

func variantFlag(place func(*Variants) *bool) func(cursor, *variantsDraft) {
	return variant(cursor.flag, place)
}

// notify compiles the variants of notices that one network's events, or those of
// both, bring about.
func (c *compiler) notify(d variantsDraft, within reach) Variants {
	v := d.Variants
	never := v
	never.Never = false
	switch {
	case v.Never && never != (Variants{}):
		c.refuse(d.given["never"], "excludes duplicate and all others: a notice that is never sent has no variants")
	case v.BeforeResponse && (v.Late > 0 || v.Reorder):
		c.refuse(d.given["before-response"], "excludes late and reorder: a notice cannot be early and late")
	}
	for _, row := range notifyKeys {
		at, given := d.given[row.key]
		if own := variantReach(row.key); given && own&within == 0 {
			c.refuse(at, "is a variant of "+own.String()+"'s notices only, and these are of "+within.String())
		}
	}
	return v
}

// Names lists what is wrong in the notice, in the order of the language; what is
// wrong with its delivery is not in it.
func (v Variants) Names() []string {
	var names []string
	for _, row := range []struct {
		on   bool
		name string
	}{
		{v.StaleTime, token.VariantStaleTime},
		{v.WrongSignature, token.VariantWrongSignature},
		{v.UnknownKey, token.VariantUnknownKey},
		{v.CutCiphertext, token.VariantCutCiphertext},
		{v.UnknownField, token.VariantUnknownField},
		{v.UnknownToken, token.VariantUnknownToken},
		{v.HugeBatch, token.VariantHugeBatch},
	} {
		if row.on {
			names = append(names, row.name)
		}
	}
	return names
}
