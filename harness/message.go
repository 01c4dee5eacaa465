package harness

import (
	"regexp"
	"strings"
)

// goType is what a matcher prints in front of a value: its Go type, with
// address or length.
var goType = regexp.MustCompile(`^(\s*)<[\w.*\[\]{} /]+(?:\s\|\s[^>]*)?>:?\s?`)

// plainMessage takes Go out of a matcher's complaint, which names the type of
// every value and reports an error twice: whoever wrote the server need not know it.
func plainMessage(complaint string) string {
	var lines []string
	for line := range strings.SplitSeq(complaint, "\n") {
		line = goType.ReplaceAllString(line, "$1")
		if n := len(lines); strings.TrimSpace(line) == "" || n > 0 && strings.TrimSpace(lines[n-1]) == strings.TrimSpace(line) {
			continue
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}
