package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/harness/suites"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/token"
)

// otherWords are what others call a command; the first that exists is meant.
var otherWords = map[string][]string{
	"start": {"serve"}, "up": {"serve"}, "server": {"serve"}, "run": {"serve", "play"},
	"validate": {"check"}, "lint": {"check"}, "test": {"play"}, "replay": {"play"}, "log": {"journal"}, "logs": {"journal"}, "requests": {"journal"},
	"why": {"explain"}, "ping": {"health"}, "keys": {"env"}, "credentials": {"env"}, "notices": {"callbacks"}, "webhooks": {"callbacks"},
	"time": {"clock"}, "fail": {"fail-next"}, "event": {"trigger"}, "sandboxes": {"sandbox"}, "create": {"new"}, "add": {"new"}, "make": {"new"},
	"list": {"ls", "list"}, "delete": {"rm"}, "remove": {"rm"}, "get": {"show"}, "info": {"show"}, "describe": {"show"}, "forward": {"advance"}, "move": {"advance"}, "set": {"to"},
}

// otherOperations are what others call an operation.
var otherOperations = map[string]string{
	"pay": "authorize", "charge": "authorize", "purchase": "authorize", "tokenise": "provision", "digitize": "provision", "unsuspend": "resume",
	"activate": "provision", "detokenize": "status", "get": "status", "deactivate": "delete", "enrol": "enroll",
}

// otherFlags are what others call a flag: with its command what it becomes, or
// its name here, where the command has that.
var otherFlags = map[string][]string{
	"clock advance --by": {}, "clock to --to": {}, "trigger --event": {}, "call --operation": {}, "fail-next --operation": {},
	"--file": {"--scenario"}, "--config": {"--scenario"}, "--port": {"--listen"}, "--format": {"--output"}, "--json": {"--output=json"},
	"coverage --missing": {"--missed"}, "serve -f": {"--scenario"}, "-V": {"--version"},
	"-n": {"--limit"}, "-p": {"--listen"}, "-s": {"--scenario"}, "-c": {"--card"}, "-t": {"--token"}, "--tail": {"--follow"}, "--lines": {"--limit"}, "--count": {"--limit"},
	"--verbose": {"--log-level=debug"}, "--debug": {"--log-level=debug"}, "--quiet": {"--log-level=error"},
	"--pan": {"--card"}, "--ref": {"--token"}, "--url": {"--admin"}, "--host": {"--admin"}, "--callback": {"--notify"}, "--webhook": {"--notify"},
}

// valuesOf find what was meant by the value of a flag, "" if nothing or just that.
var valuesOf = map[string]func(string) string{
	"scenario": nearestFile, "target": nearestFile,
	"listen": atPort("8480"), "admin": atPort("8481"),
	"notify":    withScheme,
	"clock":     clockOf,
	"amount":    smallest,
	"network":   among(texts(token.Networks())),
	"fault":     faultOf,
	"error":     among(token.KeyNames("")),
	"decision":  among(texts(token.Decisions())),
	"state":     among([]string{"scheduled", "held", "sending", "delivered", "failed", "unrouted", "withheld"}),
	"suite":     suiteOf,
	"output":    among([]string{formText, formJSON, formYAML, formTable}),
	"log-level": among([]string{"debug", "info", "warn", "error"}),
	"card":      listedCard,
	"delay":     duration, "retry-after": duration, "timeout": duration, "wait": duration, "late": duration, "older": duration,
}

// wordsOf find what was meant by the nth word behind a command.
var wordsOf = map[string]func(n int, word string) []string{
	"call":      operationAndCard,
	"fail-next": operationAndFailure,
	"trigger":   eventAndCard,
	"serve":     fileToServe,
	"check":     func(_ int, word string) []string { return one(nearestFile(word)) },
	"play":      func(_ int, word string) []string { return one(nearestFile(word)) },
	"explain":   func(_ int, word string) []string { return one(exchangeID(word)) },
	"conform server": func(_ int, word string) []string {
		if near := suiteOf(word); near != "" || slices.Contains(suites.Names(), word) {
			return []string{"--suite", orWord(near, word)}
		}
		return nil
	},
	"sandbox new": func(_ int, word string) []string { return one(sandboxID(word)) },
	"env":         func(_ int, word string) []string { return []string{"--requestor", word} },
}

// mendFirst reads a first word that is no command.
func mendFirst(l commandLine, at int) []string {
	word := l.args[at]
	operations := token.OperationNames()
	switch {
	case isFile(word):
		return l.with(at, "check", word)
	case slices.Contains(operations, word):
		return l.with(at, "call", word)
	case scenarios.Nearest(word, operations) != "":
		return l.with(at, "call", scenarios.Nearest(word, operations))
	case scenarios.Nearest(word, eventNames()) != "":
		return l.with(at, "trigger", scenarios.Nearest(word, eventNames()))
	}
	return nil
}

func flagNames(cmd *cobra.Command) (names []string) {
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	return names
}

// among finds the nearest of a few words.
func among(words []string) func(string) string {
	return func(word string) string {
		if slices.Contains(words, word) {
			return ""
		}
		return scenarios.Nearest(word, words)
	}
}

func one(word string) []string {
	if word == "" {
		return nil
	}
	return []string{word}
}

func orWord(near, word string) string {
	if near == "" {
		return word
	}
	return near
}

func operationAndCard(n int, word string) []string {
	if n > 0 {
		return cardOrToken(word)
	}
	if other := otherOperations[strings.ToLower(word)]; other != "" && !slices.Contains(token.OperationNames(), word) {
		return one(other)
	}
	return one(among(token.OperationNames())(word))
}

func eventAndCard(n int, word string) []string {
	if n > 0 {
		return cardOrToken(word)
	}
	for _, e := range token.Events() {
		if e.Do != "" && strings.EqualFold(e.Do, word) {
			return []string{string(e.Type)}
		}
	}
	return one(among(eventNames())(word))
}

var tokenRef = regexp.MustCompile(`^([0-9a-f]{32}|DWSPMC[0-9a-fA-F]+)$`)

// cardOrToken gives a lone word the flag it lacks.
func cardOrToken(word string) []string {
	if tokenRef.MatchString(word) {
		return []string{"--token", word}
	}
	return []string{"--card", word}
}

// listedCard finds the nearest card that every sandbox knows.
func listedCard(word string) string {
	if !strings.Contains(word, "/") {
		return ""
	}
	return among(fixtures.Names())(word)
}

var isYAML = regexp.MustCompile(`\.ya?ml$`)

func isFile(word string) bool {
	return isYAML.MatchString(word) || strings.Contains(word, "/") && !strings.HasPrefix(word, "test/")
}

func fileToServe(_ int, word string) []string {
	if near := nearestFile(word); near != "" {
		return []string{"--scenario", near}
	}
	if _, err := os.Stat(word); err == nil || isFile(word) {
		return []string{"--scenario", word}
	}
	return nil
}

// nearestFile finds a file next to one that is not there, or a scenario of the
// library.
func nearestFile(word string) string {
	if _, err := os.Stat(word); err == nil {
		return ""
	}
	var files []string
	entries, _ := os.ReadDir(filepath.Dir(word))
	for _, e := range entries {
		if isYAML.MatchString(e.Name()) {
			files = append(files, e.Name())
		}
	}
	base := filepath.Base(word)
	if near := scenarios.Nearest(base, files); near != "" {
		return strings.TrimSuffix(word, base) + near
	}
	var library []string
	for _, s := range scenarios.Library() {
		library = append(library, s.Name)
	}
	return among(library)(strings.TrimSuffix(base, filepath.Ext(base)))
}

// faultOf knows what others call a fault.
func faultOf(word string) string {
	other := map[string]string{
		"timeout": "hang", "time-out": "hang", "disconnect": "reset", "close": "drop-response", "unavailable": "503", "rate-limit": "429", "invalid-json": "malformed-json",
	}
	if meant := other[strings.ToLower(word)]; meant != "" {
		return meant
	}
	return among(token.FaultNames())(word)
}

var exchange = regexp.MustCompile(`^[rR]?-?([0-9]+)$`)

func exchangeID(word string) string {
	if m := exchange.FindStringSubmatch(word); m != nil {
		return "r-" + m[1]
	}
	return among([]string{"last"})(word)
}
