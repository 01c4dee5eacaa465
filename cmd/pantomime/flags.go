package main

import (
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/simulator/token"
)

// nothingEmpty refuses arguments and values of flags that are empty: most come
// of a shell variable that is not set, and must not become the default.
func nothingEmpty(cmd *cobra.Command, args []string) (err error) {
	if cmd.Name() == cobra.ShellCompRequestCmd { // asks what may stand in the place of nothing
		return nil
	}
	hint := "See `" + cmd.CommandPath() + " --help`."
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if err == nil && emptyValue(f.Value) {
			err = &exit{exitUsage, errors.New("--" + f.Name + " is empty; leave it out instead"), hint}
		}
	})
	if err == nil && slices.Contains(args, "") {
		err = &exit{exitUsage, errors.New(cmd.CommandPath() + ": an argument is empty"), hint}
	}
	return err
}

func emptyValue(v pflag.Value) bool {
	if list, ok := v.(pflag.SliceValue); ok {
		return len(list.GetSlice()) == 0 || slices.Contains(list.GetSlice(), "")
	}
	return v.Type() == "string" && v.String() == ""
}

// span is a duration flag that also takes days and weeks.
type span struct{ d *control.Duration }

// String is the present value.
func (s span) String() string {
	if s.d == nil || *s.d == 0 {
		return ""
	}
	return s.d.String()
}

// Type is what help calls the value.
func (s span) Type() string { return "DURATION" }

// Set reads a value.
func (s span) Set(text string) error {
	d, err := control.ParseDuration(text)
	if err == nil {
		*s.d = d
	}
	return err
}

// timeout is a flag that says how long to wait; not at all is no answer.
type timeout struct{ d *time.Duration }

// String is the present value.
func (t timeout) String() string {
	if t.d == nil {
		return ""
	}
	return token.SpellDuration(*t.d)
}

// Type is what help calls the value.
func (t timeout) Type() string { return "DURATION" }

// Set reads a value.
func (t timeout) Set(text string) error {
	d, err := token.ParseDuration(text)
	switch {
	case err != nil:
		return err
	case d == 0:
		return errors.New("must be longer than 0s")
	}
	*t.d = d
	return nil
}

// seed is a flag that takes any seed there is; 0, none of them, is its default.
type seed struct{ n *uint64 }

// String is the present value.
func (s seed) String() string {
	if s.n == nil || *s.n == 0 {
		return ""
	}
	return strconv.FormatUint(*s.n, 10)
}

// Type is what help calls the value.
func (s seed) Type() string { return "NUMBER" }

// Set reads a value.
func (s seed) Set(text string) error {
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil || n == 0 {
		return errors.New("must be a whole number from 1 to 18446744073709551615")
	}
	*s.n = n
	return nil
}
