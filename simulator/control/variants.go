package control

import (
	"fmt"
	"slices"
	"time"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/token"
)

// The bounds of scenario files hold here too.
const (
	maxDuplicates = 1000
	maxLate       = 10 * 365 * 24 * time.Hour
)

// inNotice are the variants of what a notice says, by their names in scenario files.
// before-response is missing: what an operator does is no request.
var inNotice = []struct {
	name string
	of   func(*scenarios.Variants) *bool
}{
	{token.VariantStaleTime, func(v *scenarios.Variants) *bool { return &v.StaleTime }},
	{token.VariantWrongSignature, func(v *scenarios.Variants) *bool { return &v.WrongSignature }},
	{token.VariantUnknownKey, func(v *scenarios.Variants) *bool { return &v.UnknownKey }},
	{token.VariantCutCiphertext, func(v *scenarios.Variants) *bool { return &v.CutCiphertext }},
	{token.VariantUnknownField, func(v *scenarios.Variants) *bool { return &v.UnknownField }},
	{token.VariantUnknownToken, func(v *scenarios.Variants) *bool { return &v.UnknownToken }},
	{token.VariantHugeBatch, func(v *scenarios.Variants) *bool { return &v.HugeBatch }},
}

// variants turns those of one network's notice into the engine's.
func variants(h control.Variants, network token.Network) (scenarios.Variants, error) {
	v := scenarios.Variants{Duplicate: h.Duplicate, Late: time.Duration(h.Late), Reorder: h.Reorder}
	for _, given := range []struct {
		member string
		names  []string
	}{{"variant", h.Variant}, {"hostile", h.Hostile}} { //nolint:staticcheck // read for one more release
		for _, name := range given.names {
			if err := setVariant(&v, given.member, name, network); err != nil {
				return v, err
			}
		}
	}
	switch {
	case h.Duplicate < 0 || h.Duplicate > maxDuplicates:
		return v, badValue("duplicate", fmt.Sprint(h.Duplicate), fmt.Sprintf("must be a whole number from 0 to %d", maxDuplicates))
	case v.Late > maxLate:
		return v, badValue("late", h.Late.String(), "is too long; at most "+control.Duration(maxLate).String())
	case h.Never && v != (scenarios.Variants{}):
		return v, conflicting("never", "never excludes all other variants: a notice that is not sent has none")
	}
	v.Never = h.Never
	return v, nil
}

func setVariant(v *scenarios.Variants, member, name string, network token.Network) error {
	var fit []string
	why := "is not known"
	for _, row := range inNotice {
		switch own := variantOf(row.name).Networks; {
		case slices.Contains(own, network):
			fit = append(fit, row.name)
			if row.name == name {
				*row.of(v) = true
				return nil
			}
		case row.name == name:
			why = fmt.Sprintf("is a variant of %s's notices only, and this one is of %s", own[0], network)
		}
	}
	return badValue(member, name, why, fit...)
}

// variantOf is what the language knows of a variant.
func variantOf(name string) scenarios.Variant {
	all := scenarios.NoticeVariants()
	return all[slices.IndexFunc(all, func(h scenarios.Variant) bool { return h.Name == name })]
}

// viewVariants reports the variants of notices; nil for well-behaved ones. One that
// comes before the answer is reported with the others.
func viewVariants(v scenarios.Variants) *control.Variants {
	if v == (scenarios.Variants{}) {
		return nil
	}
	h := &control.Variants{Duplicate: v.Duplicate, Late: control.Duration(v.Late), Never: v.Never, Reorder: v.Reorder}
	if v.BeforeResponse {
		h.Variant = append(h.Variant, "before-response")
	}
	for _, row := range inNotice {
		if *row.of(&v) {
			h.Variant = append(h.Variant, row.name)
		}
	}
	return h
}
