package token

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"time"
)

// Why a text is no duration, as predicates of it.
var (
	ErrDurationForm     = errors.New("must be a duration such as 4500ms, 3s, 36h or 30d")
	ErrDurationUnit     = errors.New("has no unit; write 5s, 5m, 5h or 5d")
	ErrDurationNegative = errors.New("must not be negative")
	ErrDurationRange    = errors.New("is longer than a duration can be (about 292 years)")
)

// Day and week are what "d" and "w" represent: scenario time has no daylight
// saving.
const (
	Day  = 24 * time.Hour
	week = 7 * Day
)

// ParseDuration reads a Go duration, with d for days and w for weeks besides, as
// scenario files and the control door write it: "4500ms", "36h", "1.5d", "2w3d".
// The error is one of those above.
func ParseDuration(text string) (time.Duration, error) {
	switch {
	case text == "0":
		return 0, nil
	case strings.HasPrefix(text, "-"):
		return 0, ErrDurationNegative
	case text != "" && strings.Trim(text, "0123456789.") == "":
		return 0, ErrDurationUnit
	}
	var total time.Duration
	for rest := text; ; {
		part, after := cutPart(rest)
		d, err := parsePart(part)
		if err != nil {
			return 0, err
		}
		if total > math.MaxInt64-d {
			return 0, ErrDurationRange
		}
		if total, rest = total+d, after; rest == "" {
			return total, nil
		}
	}
}

// cutPart splits the first number with its unit off.
func cutPart(s string) (part, rest string) {
	number := func(c byte) bool { return c >= '0' && c <= '9' || c == '.' }
	i := 0
	for i < len(s) && number(s[i]) {
		i++
	}
	for i < len(s) && !number(s[i]) {
		i++
	}
	return s[:i], s[i:]
}

// parsePart reads one number with its unit. Days and weeks go through hours,
// so that fractions are as exact as Go's own.
func parsePart(part string) (time.Duration, error) {
	number, scale := part, int64(1)
	if n, ok := strings.CutSuffix(part, "d"); ok {
		number, scale = n+"h", int64(Day/time.Hour)
	} else if n, ok := strings.CutSuffix(part, "w"); ok {
		number, scale = n+"h", int64(week/time.Hour)
	}
	d, err := time.ParseDuration(number)
	switch {
	case err != nil && tooLong(number):
		return 0, ErrDurationRange
	case err != nil || d < 0 || strings.HasPrefix(number, "+"):
		return 0, ErrDurationForm
	case int64(d) > math.MaxInt64/scale:
		return 0, ErrDurationRange
	}
	return time.Duration(int64(d) * scale), nil
}

// tooLong distinguishes a number that overflows from one that is malformed: the
// shortest number with the same unit would be fine.
func tooLong(number string) bool {
	unit := strings.TrimLeft(number, "0123456789")
	if len(unit) == len(number) {
		return false
	}
	_, err := time.ParseDuration("1" + unit)
	return err == nil
}

// SpellDuration is the shortest common form, which [ParseDuration] reads: "30d",
// "36h", "1m30s", "4.5s".
func SpellDuration(d time.Duration) string {
	if d >= Day && d%Day == 0 {
		return strconv.FormatInt(int64(d/Day), 10) + "d"
	}
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}
