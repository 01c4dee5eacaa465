package control

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// ErrDuration says that a text is not a duration.
var ErrDuration = errors.New("must be a duration such as 4500ms, 3s, 36h or 30d, and not negative")

const (
	day  = 24 * time.Hour
	week = 7 * day
)

// Duration is a length of time that JSON carries as text, in the form scenario
// files use: "4.5s", "36h", "30d".
type Duration time.Duration

// ParseDuration reads a Go duration, with d for days of 24 hours and w for
// weeks besides. The error is [ErrDuration].
func ParseDuration(text string) (Duration, error) {
	if text == "0" {
		return 0, nil
	}
	var total time.Duration
	for rest := text; ; {
		end := partEnd(rest)
		d, err := parsePart(rest[:end])
		if err != nil || total > math.MaxInt64-d {
			return 0, ErrDuration
		}
		total += d
		if rest = rest[end:]; rest == "" {
			return Duration(total), nil
		}
	}
}

// partEnd is the index after the first number with its unit.
func partEnd(s string) int {
	number := func(c byte) bool { return c >= '0' && c <= '9' || c == '.' }
	i := 0
	for i < len(s) && number(s[i]) {
		i++
	}
	for i < len(s) && !number(s[i]) {
		i++
	}
	return i
}

// parsePart reads one number with its unit; days and weeks go through hours.
func parsePart(part string) (time.Duration, error) {
	scale := int64(1)
	if number, ok := strings.CutSuffix(part, "d"); ok {
		part, scale = number+"h", int64(day/time.Hour)
	} else if number, ok := strings.CutSuffix(part, "w"); ok {
		part, scale = number+"h", int64(week/time.Hour)
	}
	d, err := time.ParseDuration(part)
	if err != nil || d < 0 || strings.HasPrefix(part, "+") || int64(d) > math.MaxInt64/scale {
		return 0, ErrDuration
	}
	return time.Duration(int64(d) * scale), nil
}

// String is the shortest common form: "30d", "36h", "1m30s".
func (d Duration) String() string {
	t := time.Duration(d)
	if t >= day && t%day == 0 {
		return strconv.FormatInt(int64(t/day), 10) + "d"
	}
	text := t.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

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
