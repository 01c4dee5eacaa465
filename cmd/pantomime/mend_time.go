package main

import (
	"strings"
	"time"

	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/token"
)

// duration is [scenarios.MeantDuration]; a number alone counts seconds.
func duration(word string) string {
	if port.MatchString(word) {
		return word + "s"
	}
	return scenarios.MeantDuration(word)
}

// mendClock knows the two ways to move a clock, and reads what is there as
// it is spoken.
func mendClock(l commandLine) []string {
	if l.path() != "clock advance" && l.path() != "clock to" {
		return nil
	}
	var text []string
	for _, f := range l.flags {
		if f.value >= 0 && (f.name == "to" || f.name == "by") {
			text = append(text, l.args[f.value])
		}
	}
	for _, at := range l.words {
		text = append(text, l.args[at])
	}
	word := strings.Join(text, " ")
	_, err := time.Parse(time.RFC3339, word)
	switch to := scenarios.MeantMoment(word); {
	case to != "":
		return []string{"clock", "to", to}
	case err == nil:
		return []string{"clock", "to", word}
	}
	if by := duration(word); by != "" {
		return []string{"clock", "advance", by}
	}
	if _, err := token.ParseDuration(word); err == nil {
		return []string{"clock", "advance", word}
	}
	return nil
}
