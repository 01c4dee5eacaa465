package yamldoc

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The library names a line only, often one too early, and for some mistakes
// the line where the enclosing block began. Small files are therefore cut after
// each line: the mistake is in the line after the longest part that still
// reads. Bounds keep that affordable for files from outside.
const (
	narrowBytes = 64 << 10
	narrowAhead = 40 // lines a value in brackets or quotes may span
)

// tabLine are the library's words for a tab at the beginning of a line.
var tabLine = regexp.MustCompile(`tab character|cannot start any token`)

var libraryLine = regexp.MustCompile(`^line (\d+): `)

// placeSyntaxError says where and why the text is not YAML. The column is
// that of the first character on the line.
func placeSyntaxError(file string, data []byte, err error) *Error {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	line := 1
	if m := libraryLine.FindStringSubmatch(text); m != nil {
		line, _ = strconv.Atoi(m[1])
		text = text[len(m[0]):]
	}
	lines := bytes.SplitAfter(data, []byte("\n"))
	if len(data) <= narrowBytes {
		line = narrow(data, lines)
	}
	line = min(max(line, 1), len(lines))
	at := lines[line-1]
	indent := len(at) - len(bytes.TrimLeft(at, " "))
	if bytes.HasPrefix(at[indent:], []byte("\t")) && tabLine.MatchString(text) {
		text = "a tab is in the indentation; YAML indents with spaces only"
	}
	return errorAt(file, line, utf8.RuneCount(at[:indent])+1, "not valid YAML: %s", text)
}

// narrow returns the number of the first line that makes the text unreadable.
func narrow(data []byte, lines [][]byte) int {
	ends := make([]int, len(lines)+1)
	for i, l := range lines {
		ends[i+1] = ends[i] + len(l)
	}
	reads := func(n int) bool {
		text := data[:ends[n]]
		if len(bytes.TrimSpace(text)) == 0 {
			return true
		}
		_, _, err := read(text)
		return err == nil || errors.Is(err, io.EOF)
	}
	good, bad := 0, len(lines)
	for {
		for bad-good > 1 {
			if mid := (good + bad) / 2; reads(mid) {
				good = mid
			} else {
				bad = mid
			}
		}
		// The text may read again further on, once an open bracket closes.
		ahead := good
		for n := min(good+narrowAhead, len(lines)-1); n > good; n-- {
			if reads(n) {
				ahead = n
				break
			}
		}
		if ahead == good {
			return good + 1
		}
		good, bad = ahead, len(lines)
	}
}
