package main

import (
	"strings"
	"time"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/token"
)

// duration is [scenarios.MeantDuration]; a number alone counts seconds.
func duration(word string) string {
	if port.MatchString(word) && strings.Trim(word, "0") != "" {
		return word + "s"
	}
	meant := scenarios.MeantDuration(word)
	if d, err := control.ParseDuration(meant); err != nil || d > control.MaxAdvance {
		return ""
	}
	return meant
}

// mendClock knows the two ways to move a clock, and reads what is there as
// it is spoken.
func mendClock(l commandLine) []string {
	if l.path() != "clock advance" && l.path() != "clock to" {
		return nil
	}
	var text, rest []string
	for _, f := range l.flags {
		switch {
		case f.value >= 0 && (f.name == "to" || f.name == "by"):
			text = append(text, l.args[f.value])
		default:
			rest = append(rest, l.args[f.at:max(f.at, f.value)+1]...)
		}
	}
	for _, at := range l.words {
		text = append(text, l.args[at])
	}
	word := strings.Join(text, " ")
	_, err := time.Parse(time.RFC3339, word)
	switch to := scenarios.MeantMoment(word); {
	case to != "":
		return append([]string{"clock", "to", to}, rest...)
	case err == nil:
		return append([]string{"clock", "to", word}, rest...)
	}
	if by := duration(word); by != "" {
		return append([]string{"clock", "advance", by}, rest...)
	}
	if _, err := token.ParseDuration(word); err == nil {
		return append([]string{"clock", "advance", word}, rest...)
	}
	return nil
}
