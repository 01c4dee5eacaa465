package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/harness/suites"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/token"
)

// quickly is how long a shell that completes a word waits for the server.
const quickly = time.Second

// choices are what may be at a place of a command line, as far as it is known: some
// are asked of the running server.
type choices func(context.Context, *app) []string

// flagChoices are the values of flags, by name.
var flagChoices = map[string]choices{
	"card": cardChoices, "token": tokenChoices, "payment": fixed("last"), "requestor": requestorChoices, "acquirer": acquirerChoices, "sandbox": sandboxChoices,
	"scenario": libraryChoices, "operation": fixed(token.OperationNames()...), "event": fixed(eventNames()...), "after": exchangeChoices,
	"error": fixed(token.KeyNames("")...), "problem": fixed(token.KeyNames("")...), "fault": fixed(token.FaultNames()...),
	"decision": fixed(texts(token.Decisions())...), "network": fixed(texts(token.Networks())...), "state": fixed(texts(callback.States())...),
	"suite": fixed(suites.Names()...), "clock": fixed("system", "manual"), "log-level": fixed("debug", "info", "warn", "error"), "log-format": fixed("text", "json"),
}

// wordChoices are the first words behind commands, by their path.
var wordChoices = map[string]choices{
	"call": fixed(token.OperationNames()...), "fail-next": fixed(token.OperationNames()...), "trigger": fixed(eventNames()...),
	"explain": exchangeChoices, "explain token": tokenChoices, "callbacks show": noticeChoices, "resend": noticeChoices,
	"sandbox show": sandboxChoices, "sandbox reset": sandboxChoices, "sandbox rm": sandboxChoices,
	"list scenarios": libraryChoices, "check": libraryChoices, "play": libraryChoices,
}

// withFiles are the places where a file may be as well.
var withFiles = map[string]bool{"scenario": true, "check": true, "play": true}

func fixed(words ...string) choices {
	return func(context.Context, *app) []string { return words }
}

// completes adds the choices to a command and those below it.
func (a *app) completes(path string, cmd *cobra.Command) {
	for _, child := range cmd.Commands() {
		a.completes(trimmed(path, child.Name()), child)
	}
	if find := wordChoices[path]; find != nil {
		complete := a.completion(path, find)
		cmd.ValidArgsFunction = func(cmd *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 && !withFiles[path] {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return complete(cmd, args, begun)
		}
	}
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if find := flagChoices[f.Name]; find != nil {
			_ = cmd.RegisterFlagCompletionFunc(f.Name, a.completion(f.Name, find)) // the flag is there, and has none yet
		}
	})
}

func trimmed(path, name string) string {
	if path == "" {
		return name
	}
	return path + " " + name
}

func (a *app) completion(place string, find choices) cobra.CompletionFunc {
	return func(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
		files := cobra.ShellCompDirectiveNoFileComp
		if withFiles[place] {
			files = cobra.ShellCompDirectiveDefault
		}
		return find(cmd.Context(), a), files
	}
}

// asked asks the server for a list; without one there is nothing to choose from.
func asked[T any](ctx context.Context, a *app, ask func(context.Context, *control.Client) (control.List[T], error), name func(T) string) (names []string) {
	c, err := a.client(quickly)
	if err != nil {
		return nil
	}
	list, err := ask(ctx, c)
	if err != nil {
		return nil
	}
	for _, one := range list.Items {
		if text := name(one); text != "" {
			names = append(names, text)
		}
	}
	return names
}

func cardChoices(ctx context.Context, a *app) []string {
	own := asked(ctx, a, func(ctx context.Context, c *control.Client) (control.List[control.Card], error) {
		return c.Cards(ctx, control.Page{})
	}, func(c control.Card) string { return c.Name })
	return append(own, fixtures.Names()...)
}

func tokenChoices(ctx context.Context, a *app) []string {
	return append([]string{"last"}, asked(ctx, a, func(ctx context.Context, c *control.Client) (control.List[control.Token], error) {
		return c.Tokens(ctx, control.TokenQuery{})
	}, func(t control.Token) string { return string(t.Ref) })...)
}

func exchangeChoices(ctx context.Context, a *app) []string {
	return append([]string{"last"}, asked(ctx, a, func(ctx context.Context, c *control.Client) (control.List[control.Exchange], error) {
		return c.Requests(ctx, control.ExchangeQuery{})
	}, func(e control.Exchange) string { return e.ID })...)
}

func noticeChoices(ctx context.Context, a *app) []string {
	return append([]string{"last"}, asked(ctx, a, func(ctx context.Context, c *control.Client) (control.List[control.Callback], error) {
		return c.Callbacks(ctx, control.CallbackQuery{})
	}, func(n control.Callback) string { return n.ID })...)
}

func sandboxChoices(ctx context.Context, a *app) []string {
	return asked(ctx, a, func(ctx context.Context, c *control.Client) (control.List[control.Sandbox], error) {
		return c.Sandboxes(ctx, control.Page{})
	},
		func(s control.Sandbox) string { return s.ID })
}

func requestorChoices(ctx context.Context, a *app) []string {
	c, err := a.client(quickly)
	if err != nil {
		return nil
	}
	env, err := c.Env(ctx)
	if err != nil {
		return nil
	}
	var names []string
	for _, who := range env.Requestors {
		names = append(names, who.Requestor)
	}
	return names
}

func acquirerChoices(ctx context.Context, a *app) []string {
	c, err := a.client(quickly)
	if err != nil {
		return nil
	}
	env, err := c.Env(ctx)
	if err != nil || len(env.Requestors) == 0 {
		return nil
	}
	return acquirerNames(env.Requestors[0])
}

func libraryChoices(context.Context, *app) (names []string) {
	for _, s := range scenarios.Library() {
		names = append(names, s.Name)
	}
	return names
}
