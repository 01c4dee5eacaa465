package token

import "errors"

// ErrTRID says that a text is not 11 decimal digits.
var ErrTRID = errors.New("token requestor id must be 11 digits")

// TRID identifies a token requestor at one network: 11 digits
// (docs/wire/vts.md "Identifiers", docs/wire/mdes.md "Conventions").
type TRID string

// ParseTRID checks the form.
func ParseTRID(s string) (TRID, error) {
	if len(s) != 11 || !Digits(s) {
		return "", ErrTRID
	}
	return TRID(s), nil
}

// Ref is the handle of one token: Visa's vProvisionedTokenID (32 lower-case
// hex digits) or Mastercard's tokenUniqueReference (48 characters).
type Ref string

// CardRef is the handle of one enrolled card at one requestor: Visa's
// vPanEnrollmentID or Mastercard's panUniqueReference.
type CardRef string

// PAR is the payment account reference: 29 characters, one per account,
// the same for every token of a card, not payable.
type PAR string

// ECI is the electronic commerce indicator that travels next to a cryptogram:
// two digits kept as a string, because "05" is not 5.
type ECI string

// Cryptogram is a one-use proof in base64. It prints as stars.
type Cryptogram string

// Reveal returns the cryptogram itself; codecs only.
func (c Cryptogram) Reveal() string { return string(c) }

// String hides the value.
func (c Cryptogram) String() string { return Secret }

// GoString hides the value in %#v.
func (c Cryptogram) GoString() string { return Secret }

// MarshalText hides the value in JSON and YAML.
func (c Cryptogram) MarshalText() ([]byte, error) { return []byte(Secret), nil }
