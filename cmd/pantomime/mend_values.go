package main

import (
	"net"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pantomime-dev/pantomime/harness/suites"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/token"
)

var port = regexp.MustCompile(`^[0-9]{1,5}$`)

// atPort makes an address of a port alone, or gives a host the port of a flag.
func atPort(usual string) func(string) string {
	return func(word string) string {
		if port.MatchString(word) {
			if n, _ := strconv.Atoi(word); n <= 65535 {
				return "127.0.0.1:" + word
			}
			return ""
		}
		if word == "localhost" || net.ParseIP(word) != nil {
			return net.JoinHostPort(word, usual)
		}
		return ""
	}
}

// withScheme completes a target that is written as hosts are.
func withScheme(word string) string {
	if strings.Contains(word, "://") {
		return ""
	}
	if _, err := token.ParseTarget("http://" + word); err != nil {
		return ""
	}
	return "http://" + word
}

// clockOf knows what others call a clock that does not move, and completes the
// moment at which it does.
func clockOf(word string) string {
	_, at, manual := strings.Cut(word, "manual@")
	if !manual {
		at = word
	}
	if to := scenarios.MeantMoment(at); to != "" {
		return "manual@" + to
	}
	if _, err := time.Parse(time.RFC3339, at); err == nil && !manual {
		return "manual@" + at
	}
	if slices.Contains([]string{"fixed", "frozen", "fake", "virtual", "stopped"}, strings.ToLower(word)) {
		return "manual"
	}
	if slices.Contains([]string{"real", "wall"}, strings.ToLower(word)) {
		return "system"
	}
	return among([]string{"system", "manual"})(word)
}

var inFull = regexp.MustCompile(`^([0-9]+)[.,]([0-9]{2})$`)

// smallest spells an amount in the smallest unit of its currency, of which most
// have a hundred.
func smallest(word string) string {
	if m := inFull.FindStringSubmatch(word); m != nil {
		return strings.TrimLeft(m[1]+m[2], "0")
	}
	return ""
}

// sandboxID spells an id in the letters that ids have.
func sandboxID(word string) string {
	id := strings.NewReplacer("_", "-", " ", "-", ".", "-").Replace(strings.ToLower(word))
	if id == word || !sandboxForm.MatchString(id) {
		return ""
	}
	return id
}

var sandboxForm = regexp.MustCompile(`^[a-z0-9][-a-z0-9]{0,39}$`)

// mendFault knows that the number of an HTTP status is a fault, whatever flag it
// was given to.
func mendFault(l commandLine) []string {
	if l.path() != "fail-next" {
		return nil
	}
	alone := true // nothing says what the request meets
	for _, f := range l.flags {
		alone = alone && !slices.Contains([]string{"error", "fault", "decision", "delay"}, f.name)
	}
	for _, f := range l.flags {
		if f.value == f.at+1 && slices.Contains(token.FaultNames(), l.args[f.value]) && (f.name == "error" || f.name == "status" && alone) {
			return l.with(f.at, "--fault")
		}
	}
	return nil
}

// operationAndFailure gives a lone word behind the operation the flag it lacks.
func operationAndFailure(n int, word string) []string {
	switch {
	case n == 0:
	case slices.Contains(token.FaultNames(), word):
		return []string{"--fault", word}
	case slices.Contains(token.KeyNames(""), word):
		return []string{"--error", word}
	case slices.Contains(texts(token.Decisions()), word):
		return []string{"--decision", word}
	}
	return operationAndCard(n, word)
}

// otherLines know a command by what is behind another one.
var otherLines = map[string]func(word string) []string{
	"demo":   fileToPlay,
	"verify": fileToPlay,
	"journal": func(word string) []string {
		return behind("explain", exchange.MatchString(word) || word == "last", word)
	},
	"callbacks": func(word string) []string {
		return behind("callbacks show", word == "last" || longID.MatchString(word), word)
	},
	"sandbox ls": func(word string) []string { return behind("sandbox show", true, word) },
	"explain": func(word string) []string {
		switch {
		case word == "last", exchangeID(word) != "":
			return nil
		case tokenRef.MatchString(word):
			return []string{"explain", "token", word}
		}
		return []string{"explain", "token", "--card", word}
	},
	"help": aboutWord,
	"clock": func(word string) []string {
		if word == "reset" {
			return []string{"sandbox", "reset", "default"}
		}
		return mendClock(commandLine{args: []string{"clock", "to", word}, depth: 2, words: []int{2}})
	},
}

// behind is a command with a word, if that is one for it.
func behind(command string, fits bool, word string) []string {
	if !fits {
		return nil
	}
	return append(strings.Fields(command), word)
}

// fileToPlay names the command that compares a file with what comes of it.
func fileToPlay(word string) []string {
	_, err := os.Stat(word)
	return behind("play", err == nil || isFile(word), word)
}

// aboutWord names the command whose help reports a word.
func aboutWord(word string) []string {
	switch {
	case slices.Contains(token.OperationNames(), word):
		return []string{"help", "call"}
	case slices.Contains(eventNames(), word):
		return []string{"help", "trigger"}
	}
	return nil
}

// mendLine puts another command in the place of the whole line; flags stay.
func mendLine(l commandLine) []string {
	find := otherLines[l.path()]
	if find == nil || len(l.words) != 1 {
		return nil
	}
	at := l.words[0]
	meant := find(l.args[at])
	if meant == nil {
		return nil
	}
	return slices.Concat(meant, l.args[l.depth:at], l.args[at+1:])
}

// suiteOf knows suites by their networks too.
func suiteOf(word string) string {
	if suite := map[string]string{"visa": "vts", "mastercard": "mdes"}[strings.ToLower(word)]; suite != "" {
		return suite
	}
	return among(suites.Names())(word)
}
