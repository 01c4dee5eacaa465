package main

import (
	"errors"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// nothingEmpty refuses arguments and values of flags that are empty: most come
// of a shell variable that is not set, and must not become the default.
func nothingEmpty(cmd *cobra.Command, args []string) (err error) {
	if cmd.Name() == cobra.ShellCompRequestCmd { // asks what may follow
		return nil
	}
	hint := "See `" + cmd.CommandPath() + " --help`."
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if err == nil && emptyValue(f.Value) {
			err = &exit{code: exitUsage, err: errors.New("--" + f.Name + " is empty; leave it out instead"), hint: hint}
		}
	})
	if err == nil && slices.Contains(args, "") {
		err = &exit{code: exitUsage, err: errors.New(cmd.CommandPath() + ": an argument is empty"), hint: hint}
	}
	return err
}

func emptyValue(v pflag.Value) bool {
	if list, ok := v.(pflag.SliceValue); ok {
		return len(list.GetSlice()) == 0 || slices.Contains(list.GetSlice(), "")
	}
	return v.Type() == "string" && v.String() == ""
}
