package main

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Help takes the first words between backquotes for the name of a flag's value,
// so a command quoted there would be in its place.
func TestFlags_ValueNamesAreOneWord(t *testing.T) {
	seen := 0
	var visit func(cmd *cobra.Command)
	visit = func(cmd *cobra.Command) {
		check := func(f *pflag.Flag) {
			seen++
			if name, _ := pflag.UnquoteUsage(f); strings.ContainsAny(name, " \t") {
				t.Errorf("%s --%s calls its value %q", cmd.CommandPath(), f.Name, name)
			}
		}
		cmd.LocalFlags().VisitAll(check)
		for _, child := range cmd.Commands() {
			visit(child)
		}
	}
	visit(newRoot(&app{}))
	if seen == 0 {
		t.Error("no flag was looked at")
	}
}
