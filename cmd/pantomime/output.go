package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pantomime-dev/pantomime/internal/yamldoc"
)

// The forms of a result. Every command that prints data has all three; what
// people read may also be called table.
const (
	formText  = "text"
	formJSON  = "json"
	formYAML  = "yaml"
	formTable = "table"
)

// format is the value of -o.
type format struct {
	accepted []string // the first is what people read
	value    string
}

// formats adds -o to a command. What people read is called text, unless it has a
// name of its own.
func formats(cmd *cobra.Command, people ...string) *format {
	f := &format{accepted: append(people, formText, formJSON, formYAML)[:len(people)+3]}
	f.value = f.accepted[0]
	cmd.Flags().VarP(f, "output", "o", "form of the result: "+strings.Join(f.accepted, ", "))
	_ = cmd.RegisterFlagCompletionFunc("output", cobra.FixedCompletions(f.accepted, cobra.ShellCompDirectiveNoFileComp))
	return f
}

// String is the form asked for.
func (f *format) String() string { return f.value }

// Type is what help calls the value.
func (f *format) Type() string { return "FORM" }

// Set checks the form asked for.
func (f *format) Set(text string) error {
	switch {
	case text == formTable, text == formText:
		f.value = f.accepted[0]
	case !slices.Contains(f.accepted, text):
		return fmt.Errorf("accepted: %s", strings.Join(f.accepted, ", "))
	default:
		f.value = text
	}
	return nil
}

// forPeople reports whether the result is read by people.
func (f *format) forPeople() bool { return f.value == f.accepted[0] }

// print writes v as JSON or YAML, or has it printed as text.
func (a *app) print(f *format, v any, text func(io.Writer)) error {
	switch f.value {
	case formJSON:
		return printJSON(a.out, v)
	case formYAML:
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
