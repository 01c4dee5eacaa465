package control

import (
	"fmt"
	"time"

	"github.com/pantomime-dev/pantomime/token"
)

// MaxAdvance is the furthest that a clock can be moved at once.
const MaxAdvance = Duration(75 * 366 * token.Day)

// Duration is a length of time that JSON carries as text, in the form scenario
// files use: "4.5s", "36h", "30d".
type Duration time.Duration

// ParseDuration reads a Go duration, with d for days of 24 hours and w for
// weeks besides. The error is one of [token.ParseDuration]'s.
func ParseDuration(text string) (Duration, error) {
	d, err := token.ParseDuration(text)
	return Duration(d), err
}

// String is the shortest common form: "30d", "36h", "1m30s".
func (d Duration) String() string { return token.SpellDuration(time.Duration(d)) }

// MarshalText writes the form of [Duration.String].
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what [ParseDuration] reads.
func (d *Duration) UnmarshalText(b []byte) error {
	parsed, err := ParseDuration(string(b))
	if err != nil {
		return fmt.Errorf("%q: %w", b, err)
	}
	*d = parsed
	return nil
}
