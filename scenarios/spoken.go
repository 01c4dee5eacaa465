package scenarios

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/pantomime-dev/pantomime/token"
)

var (
	spoken = regexp.MustCompile(`^([0-9]+) ?([a-zA-Z]+)$`)
	date   = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)
	noZone = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]([0-9]{2}:[0-9]{2})(:[0-9]{2})?$`)
)

// days of a unit that durations do not have, as it has no one length.
var days = map[string]int{"y": 365, "year": 365, "years": 365, "mo": 30, "month": 30, "months": 30}

// unit is what a spoken unit is in a duration.
var unit = map[string]string{
	"day": "d", "days": "d", "hour": "h", "hours": "h", "hr": "h", "hrs": "h", "min": "m", "mins": "m", "minute": "m", "minutes": "m",
	"sec": "s", "secs": "s", "second": "s", "seconds": "s", "week": "w", "weeks": "w", "msec": "ms", "millis": "ms", "D": "d", "H": "h", "M": "m", "S": "s",
}

// MeantDuration spells a duration that is written as it is spoken, "30 days". It
// is "" for one that is right, and where nothing is known.
func MeantDuration(word string) string {
	if _, err := token.ParseDuration(word); err == nil {
		return ""
	}
	m := spoken.FindStringSubmatch(word)
	if m == nil {
		return ""
	}
	if n, err := strconv.Atoi(m[1]); err == nil && days[strings.ToLower(m[2])] > 0 {
		return strconv.Itoa(n*days[strings.ToLower(m[2])]) + "d"
	}
	for _, name := range []string{m[2], strings.ToLower(m[2])} {
		if u := unit[name]; u != "" {
			return m[1] + u
		}
	}
	return ""
}

// MeantMoment completes a moment that lacks its time or its zone. It is "" for
// one that has all, and where nothing is known.
func MeantMoment(word string) string {
	if date.MatchString(word) {
		return word + "T00:00:00Z"
	}
	m := noZone.FindStringSubmatch(word)
	if m == nil {
		return ""
	}
	seconds := m[2]
	if seconds == "" {
		seconds = ":00"
	}
	return word[:len("2006-01-02")] + "T" + m[1] + seconds + "Z"
}
