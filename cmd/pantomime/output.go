package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/pantomime-dev/pantomime/internal/yamldoc"
)

// format is the value of -o.
type format struct {
	accepted []string
	value    string
}

// formats adds -o to a command; the first form is the default.
func formats(cmd *cobra.Command, accepted ...string) *format {
	f := &format{accepted: accepted, value: accepted[0]}
	cmd.Flags().VarP(f, "output", "o", "form of the result: "+strings.Join(accepted, ", "))
	_ = cmd.RegisterFlagCompletionFunc("output", cobra.FixedCompletions(accepted, cobra.ShellCompDirectiveNoFileComp))
	return f
}

// String is the form asked for.
func (f *format) String() string { return f.value }

// Type is what help calls the value.
func (f *format) Type() string { return "FORM" }

// Set checks the form asked for.
func (f *format) Set(text string) error {
	if !slices.Contains(f.accepted, text) {
		return fmt.Errorf("accepted: %s", strings.Join(f.accepted, ", "))
	}
	f.value = text
	return nil
}

// print writes v as JSON or YAML, or has it told as text.
func (a *app) print(f *format, v any, text func(io.Writer)) error {
	switch f.value {
	case "json":
		return printJSON(a.out, v)
	case "yaml":
		data, err := yamldoc.Encode(v)
		if err != nil {
			return err
		}
		_, err = a.out.Write(data)
		return err
	}
	text(a.out)
	return nil
}

// printJSON writes for people and programs alike: indented, with < > & as they are.
func printJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// table lines up columns; the first row is the heading.
type table struct{ w *tabwriter.Writer }

func newTable(w io.Writer, heading ...string) table {
	t := table{tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)}
	t.row(heading...)
	return t
}

// grid has columns of a width of their own: a list that goes on without an end
// cannot wait for the longest value.
type grid []struct {
	name  string
	width int
}

func (g grid) heading(w io.Writer) {
	var names []string
	for _, column := range g {
		names = append(names, column.name)
	}
	g.row(w, names...)
}

// row prints a row; empty cells show a dash, so that columns can be counted.
func (g grid) row(w io.Writer, cells ...string) {
	line := ""
	for i, cell := range cells {
		line += fmt.Sprintf("%-*s", g[i].width, cmp.Or(cell, "-"))
		if i < len(cells)-1 {
			line += "  "
		}
	}
	fmt.Fprintln(w, line)
}

// row adds a row; empty cells show a dash, so that columns can be counted.
func (t table) row(cells ...string) {
	for i, c := range cells {
		if c == "" {
			cells[i] = "-"
		}
	}
	fmt.Fprintln(t.w, strings.TrimRight(strings.Join(cells, "\t"), "\t"))
}

func (t table) flush() { _ = t.w.Flush() }
