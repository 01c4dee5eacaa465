package main

import (
	"cmp"
	"io"
	"strings"
)

// gap is between two columns.
const gap = 2

// table lines up columns as wide as their longest cell, on a terminal as wide as
// fits; the first row is the heading.
type table struct {
	w    io.Writer
	rows [][]string
}

func newTable(w io.Writer, heading ...string) *table {
	t := &table{w: w}
	if len(heading) > 0 {
		t.row(heading...)
	}
	return t
}

// row adds a row; empty cells show a dash, so that columns can be counted.
func (t *table) row(cells ...string) { t.rows = append(t.rows, cells) }

func (t *table) flush() {
	var widths, words []int
	for _, row := range t.rows {
		for i, cell := range row {
			if i == len(widths) {
				widths, words = append(widths, 1), append(words, 1)
			}
			widths[i], words[i] = max(widths[i], length(cell)), max(words[i], longestWord(cell))
		}
	}
	widths = narrowed(widths, words, columnsOf(t.w))
	for _, row := range t.rows {
		writeRow(t.w, widths, row)
	}
}

// writeRow writes cells next to one another. One that does not fit on a terminal
// goes on below itself.
func writeRow(w io.Writer, widths []int, cells []string) {
	columns := make([][]string, len(cells))
	deepest := 0
	for i, cell := range cells {
		columns[i] = []string{cmp.Or(cell, "-")}
		if columnsOf(w) > 0 {
			columns[i] = wrapped(columns[i][0], widths[i])
		}
		deepest = max(deepest, len(columns[i]))
	}
	for n := range deepest {
		line := ""
		for i, lines := range columns {
			text := ""
			if n < len(lines) {
				text = lines[n]
			}
			if i < len(columns)-1 {
				text = padded(text, widths[i]+gap)
			}
			line += text
		}
		_, _ = io.WriteString(w, strings.TrimRight(line, " ")+"\n") // as all that is printed: a reader who went away is no fault
	}
}

// grid has columns of a width of their own: a list that goes on without an end
// cannot wait for the longest value.
type grid []column

// column is one of a grid. The last one has no width and takes what is left.
type column struct {
	name  string
	width int
	tight int // on a terminal; 0: the same
	from  int // how many columns a terminal must have to show it
}

// least is what a terminal leaves for the last column at least.
const least = 16

func (g grid) heading(w io.Writer) {
	var names []string
	for _, column := range g {
		names = append(names, column.name)
	}
	g.row(w, names...)
}

// row prints a row; empty cells show a dash, so that columns can be counted.
func (g grid) row(w io.Writer, cells ...string) {
	var widths, words []int
	var shown []string
	limit := columnsOf(w)
	rest := limit
	for i, c := range g {
		width := c.width
		switch {
		case limit == 0:
		case limit < c.from:
			continue
		case c.tight > 0:
			width = c.tight
		}
		word := width // the same in every row, so that columns stay columns
		if i == len(g)-1 {
			width, word = max(least, rest), least
		}
		widths, words, shown = append(widths, width), append(words, word), append(shown, cells[i])
		rest -= width + gap
	}
	writeRow(w, narrowed(widths, words, limit), shown)
}
