package token

import (
	"errors"
	"strconv"
	"time"
)

// ErrExpiry says that a text is not a month and a year.
var ErrExpiry = errors.New(`expiry must be "MM/YY" with a month from 01 to 12`)

// Expiry is the last month in which a card or token may be used.
// The zero value means that none is known.
type Expiry struct {
	Year  int // four digits
	Month time.Month
}

// ParseExpiry reads "MM/YY", the form scenario files use.
func ParseExpiry(s string) (Expiry, error) {
	if len(s) != 5 || s[2] != '/' {
		return Expiry{}, ErrExpiry
	}
	return ExpiryOf(s[:2], s[3:])
}

// ExpiryOf reads a two-digit month and a two- or four-digit year, as the
// networks send them; two-digit years are in 2000-2099.
func ExpiryOf(month, year string) (Expiry, error) {
	if len(month) != 2 || !Digits(month) || !Digits(year) || (len(year) != 2 && len(year) != 4) {
		return Expiry{}, ErrExpiry
	}
	m, _ := strconv.Atoi(month)
	y, _ := strconv.Atoi(year)
	if m < 1 || m > 12 {
		return Expiry{}, ErrExpiry
	}
	if len(year) == 2 {
		y += 2000
	}
	return Expiry{Year: y, Month: time.Month(m)}, nil
}

// IsZero reports whether no expiry is known.
func (e Expiry) IsZero() bool { return e.Month == 0 }

// Passed reports whether the last usable month is before t, in UTC.
func (e Expiry) Passed(t time.Time) bool {
	return !e.IsZero() && !t.UTC().Before(time.Date(e.Year, e.Month+1, 1, 0, 0, 0, 0, time.UTC))
}

// MM is the two-digit month.
func (e Expiry) MM() string { return padded(int(e.Month), 2) }

// YY is the two-digit year.
func (e Expiry) YY() string { return padded(e.Year%100, 2) }

// YYYY is the four-digit year.
func (e Expiry) YYYY() string { return padded(e.Year, 4) }

// padded is a number with zeros in front.
func padded(n, digits int) string {
	const zeros = "0000"
	text := strconv.Itoa(n)
	return zeros[:max(0, digits-len(text))] + text
}

// MMYY joins month and year as Mastercard's tokenInfo does.
func (e Expiry) MMYY() string { return e.MM() + e.YY() }

// String is the form of scenario files, "MM/YY", or "" when unknown.
func (e Expiry) String() string {
	if e.IsZero() {
		return ""
	}
	return e.MM() + "/" + e.YY()
}

// MarshalText writes the form of [Expiry.String].
func (e Expiry) MarshalText() ([]byte, error) { return []byte(e.String()), nil }

// UnmarshalText reads the form of [Expiry.String]; empty means unknown.
func (e *Expiry) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*e = Expiry{}
		return nil
	}
	parsed, err := ParseExpiry(string(b))
	if err == nil {
		*e = parsed
	}
	return err
}
