package main

import (
	"fmt"
	"strings"
	"sync"

	"github.com/spf13/cobra"
)

// constructors make the subcommands, in the order of the help text. A new
// command is a line here and a file next to this one.
func constructors() []func(*app) *cobra.Command {
	return []func(*app) *cobra.Command{
		newServe, newDemo,
		newCheck, newPerform, newSchema, newList,
		newCall, newClock, newTrigger, newResend, newFailNext,
		newExplain, newJournal, newCallbacks, newVerify, newCoverage, newEnv, newSandbox, newHealth, newConform,
		newVersion,
	}
}

// firstScreen is what somebody sees who types the name alone.
const firstScreen = `Pantomime plays a card network for tests: Visa's token service (VTS) and Mastercard's (MDES), with the issuers
behind them. An unchanged client talks to it over HTTP, with real signatures and encryption.

It is not a payment system, it is not certified, and it refuses real card numbers.

Begin with:

  pantomime demo                                    watch both networks at work; goes on serving
  pantomime serve                                   start a sandbox; prints base URLs and credentials
  pantomime call provision --card test/visa/1       make a token in it, signed and encrypted for you

More: pantomime --help
`

// unsorted leaves commands in the order of their constructors. The library keeps that
// for all roots, and tests make several at once.
var unsorted = sync.OnceFunc(func() { cobra.EnableCommandSorting = false })

func newRoot(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:   "pantomime",
		Short: "A mock card network: Visa and Mastercard token services for tests",
		Long: "Pantomime plays Visa's and Mastercard's token services for tests.\n" +
			"It is not a payment system, it is not certified, and it refuses real card numbers.\n\n" +
			"Exit codes: 0 good, 1 failed, 2 usage or configuration, 3 incomplete or nothing run, 4 a fault of our own.",
		SilenceErrors: true, SilenceUsage: true,
		Args: noSuchCommand, PersistentPreRunE: nothingEmpty,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprint(a.out, firstScreen)
			return err
		},
		Version: a.build().String(),
	}
	root.SetVersionTemplate("{{.Version}}\n")
	root.SetOut(a.out)
	root.SetErr(a.err)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return &exit{code: exitUsage, err: err, hint: "See `" + cmd.CommandPath() + " --help`."}
	})
	unsorted()
	for _, construct := range constructors() {
		root.AddCommand(construct(a))
	}
	a.completes("", root)
	root.InitDefaultHelpCmd()
	if help, _, err := root.Find([]string{"help"}); err == nil {
		help.Run, help.RunE = nil, helpOf // cobra's own shows the first page for anything
	}
	root.InitDefaultCompletionCmd()
	if completion, _, err := root.Find([]string{"completion"}); err == nil {
		completion.Args, completion.RunE = noSuchCommand, needsChild // cobra's own shows its help to anything
	}
	return root
}

// helpOf shows the help of the command that words name.
func helpOf(help *cobra.Command, args []string) error {
	cmd, rest, err := help.Root().Find(args)
	if err != nil || len(rest) > 0 {
		return &exit{code: exitUsage, err: fmt.Errorf("there is no command %q", strings.Join(args, " ")), hint: "See `pantomime --help`."}
	}
	return cmd.Help()
}

// noSuchCommand refuses words that a command with subcommands does not know.
func noSuchCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	text := fmt.Sprintf("%s knows no %q", cmd.CommandPath(), args[0])
	if cmd.HasParent() {
		text += "; accepted: " + childNames(cmd)
	}
	return &exit{code: exitUsage, err: fmt.Errorf("%s", text), hint: "See `" + cmd.CommandPath() + " --help`."}
}

// group is a command that only has subcommands.
func group(use, short, long string, children ...*cobra.Command) *cobra.Command {
	cmd := &cobra.Command{
		Use: use, Short: short, Long: long,
		Args: noSuchCommand, RunE: needsChild,
	}
	cmd.AddCommand(children...)
	return cmd
}

// needsChild refuses a command that only has subcommands when none follows.
func needsChild(cmd *cobra.Command, _ []string) error {
	return usage("%s needs one of: %s", cmd.CommandPath(), childNames(cmd))
}

func childNames(cmd *cobra.Command) string {
	var names []string
	for _, child := range cmd.Commands() {
		if child.IsAvailableCommand() {
			names = append(names, child.Name())
		}
	}
	return strings.Join(names, ", ")
}

// words checks the number of arguments; names describe them.
func words(names ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) < len(names):
			return usage("%s needs %s", cmd.CommandPath(), strings.Join(names[len(args):], " and "))
		case len(args) > len(names):
			return usage("%s has no use for %q", cmd.CommandPath(), args[len(names)])
		}
		return nil
	}
}
