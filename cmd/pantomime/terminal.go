package main

import (
	"io"
	"os"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/term"
)

// terminal is an output with so many columns. What goes anywhere else, into a
// pipe or a file, is never cut, wrapped or shortened.
type terminal struct {
	io.Writer
	columns int
}

// output is a file, as a terminal if it is one.
func output(f *os.File) io.Writer {
	if columns, _, err := term.GetSize(int(f.Fd())); err == nil && columns > 0 {
		return terminal{f, columns}
	}
	return f
}

// columnsOf is the width of a terminal, 0 for any other output.
func columnsOf(w io.Writer) int {
	if t, ok := w.(terminal); ok {
		return t.columns
	}
	return 0
}

// colourful reports whether to colour what goes to a file: a terminal only, and
// not against the user's will (https://no-color.org).
func colourful(f *os.File, env func(string) string) bool {
	return term.IsTerminal(int(f.Fd())) && env("NO_COLOR") == "" && env("TERM") != "dumb"
}

// A terminal with fewer columns does not show some of a table.
const (
	roomy = 110
	wide  = 130
)

// shortLength is how much of a long id a terminal shows. Commands take any
// beginning that no other id has.
const shortLength = 8

// longID finds the part of an id that is its own.
var longID = regexp.MustCompile(`^(?:DWSPMC[0-9]{10})?([0-9a-f]{32})$`)

// shortID is an id as a table shows it.
func shortID(w io.Writer, id string) string {
	if m := longID.FindStringSubmatch(id); m != nil && columnsOf(w) > 0 {
		return m[1][:shortLength]
	}
	return id
}

// shortMoment is a time as a table shows it, on a terminal to the second.
func shortMoment(w io.Writer, t time.Time) string {
	if columnsOf(w) > 0 {
		return t.UTC().Format(time.DateTime)
	}
	return moment(t)
}

// moment is how times are shown.
func moment(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.999Z") }

var (
	painting = regexp.MustCompile("\x1b\\[[0-9;]*m")
	painted  = regexp.MustCompile("^(\x1b\\[[0-9;]*m)(.*)(\x1b\\[0m)$")
)

// length is how many columns a text takes.
func length(text string) int { return utf8.RuneCountInString(painting.ReplaceAllString(text, "")) }

// padded fills a text with blanks.
func padded(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-length(text)))
}

// wrapped cuts a text into lines of so many columns, between words where that is
// possible. A colour goes on in each line.
func wrapped(text string, width int) (lines []string) {
	if m := painted.FindStringSubmatch(text); m != nil {
		for _, line := range wrapped(m[2], width) {
			lines = append(lines, m[1]+line+m[3])
		}
		return lines
	}
	line := ""
	for word := range strings.SplitSeq(text, " ") {
		if line != "" && length(line)+1+length(word) > width {
			lines, line = append(lines, line), ""
		}
		if line != "" {
			line += " "
		}
		for line += word; length(line) > width; {
			at := breakAt(line, width)
			lines, line = append(lines, line[:at]), line[at:]
		}
	}
	return append(lines, line)
}

// breakAt is where to break a word that does not fit: behind the last sign that
// joins its parts, if that leaves at least half a line.
func breakAt(word string, width int) int {
	end := 0
	for range width {
		_, size := utf8.DecodeRuneInString(word[end:])
		end += size
	}
	if at := strings.LastIndexAny(word[:end], "/:,._-"); at >= end/2 {
		return at + 1
	}
	return end
}

// narrowed makes columns with a gap between them fit into a line: the widest ones
// give way, first those whose longest word still fits, then the others.
func narrowed(widths, words []int, limit int) []int {
	const leastWidth = 8
	over := gap*(len(widths)-1) - limit
	for _, w := range widths {
		over += w
	}
	for _, floor := range []func(i int) int{
		func(i int) int { return max(words[i], leastWidth) },
		func(int) int { return leastWidth },
	} {
		for limit > 0 && over > 0 {
			widest := -1
			for i, w := range widths {
				if w > floor(i) && (widest < 0 || w > widths[widest]) {
					widest = i
				}
			}
			if widest < 0 {
				break
			}
			widths[widest]--
			over--
		}
	}
	return widths
}

// longestWord is the length of a text's longest word.
func longestWord(text string) int {
	most := 0
	for word := range strings.SplitSeq(text, " ") {
		most = max(most, length(word))
	}
	return most
}
