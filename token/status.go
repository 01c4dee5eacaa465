package token

import "slices"

// Status is where a token is in its life. The wire spells deactivated as
// DELETED (Visa) or DEACTIVATED (Mastercard); the faces translate.
type Status string

// The states; Deactivated is final.
const (
	Inactive    Status = "inactive"
	Active      Status = "active"
	Suspended   Status = "suspended"
	Deactivated Status = "deactivated"
)

// Statuses lists them in the order of a token's life.
func Statuses() []Status { return []Status{Inactive, Active, Suspended, Deactivated} }

// Suspender is a party that holds a token suspended, or causes another change.
// The values are Mastercard's (docs/wire/mdes.md "Life cycle"); Visa has no
// wire name for it.
type Suspender string

// The parties.
const (
	ByIssuer     Suspender = "ISSUER"
	ByRequestor  Suspender = "TOKEN_REQUESTOR"
	ByCardholder Suspender = "CARDHOLDER"
)

// Suspenders is a set in order of arrival. Methods return new slices, so a
// value handed out never changes under its reader.
type Suspenders []Suspender

// Has reports membership.
func (s Suspenders) Has(by Suspender) bool { return slices.Contains(s, by) }

// With returns the set with by added at the end, unless it is there.
func (s Suspenders) With(by Suspender) Suspenders {
	if s.Has(by) {
		return s
	}
	return append(slices.Clone(s), by)
}

// Without returns the set without by.
func (s Suspenders) Without(by Suspender) Suspenders {
	return slices.DeleteFunc(slices.Clone(s), func(x Suspender) bool { return x == by })
}
