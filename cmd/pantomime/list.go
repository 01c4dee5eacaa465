package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/token"
)

func newList(a *app) *cobra.Command {
	return group("list", "List what there is to use in scenarios and commands",
		"Lists what there is to use in scenarios and commands. No server is needed.",
		newListScenarios(a), newListCards(a),
		newListOf(a, listing[token.KeyInfo]{"errors", "Documented errors of both networks", token.Keys, []string{"NETWORK", "KEY", "MESSAGE"}}, func(k token.KeyInfo) []string {
			return []string{string(k.Network), string(k.Key), k.Message}
		}),
		newListOf(a, listing[token.EventInfo]{"events", "Events, and the actions that lead to them", token.Events, []string{"EVENT", "DO", "ABOUT"}}, func(e token.EventInfo) []string {
			return []string{string(e.Type), e.Do, e.About}
		}),
		newListOf(a, listing[token.FaultInfo]{"faults", "What can go wrong on the wire", token.Faults, []string{"FAULT", "STATE", "ABOUT"}}, func(f token.FaultInfo) []string {
			return []string{string(f.Fault), stateAfter(f), f.About}
		}),
		newListOf(a, listing[token.OperationInfo]{"operations", "Operations of both networks", token.Operations, []string{"OPERATION", "NEUTRAL", "ABOUT"}}, func(o token.OperationInfo) []string {
			return []string{string(o.Op), string(o.Verb), o.About}
		}),
		newListOf(a, listing[scenarios.Persona]{"personas", "Ready-made characters of issuers", scenarios.Personas, []string{"PERSONA", "ABOUT"}}, func(p scenarios.Persona) []string {
			return []string{p.Name, p.About}
		}),
		newListVariants(a),
	)
}

// newListVariants also has the name of former releases, for one more.
func newListVariants(a *app) *cobra.Command {
	cmd := newListOf(a, listing[scenarios.Variant]{
		"variants", "What can go wrong with a notice", scenarios.NoticeVariants, []string{"VARIANT", "VALUE", "ABOUT"},
	}, func(v scenarios.Variant) []string { return []string{v.Name, v.Value, v.About} })
	cmd.Aliases = []string{"habits"}
	return cmd
}

func stateAfter(f token.FaultInfo) string {
	if f.Replaces {
		return "unchanged"
	}
	return "changed"
}

// listing is a fixed table that a command lists.
type listing[T any] struct {
	use, short string
	rows       func() []T
	heading    []string
}

// newListOf makes a command that lists a table; cells makes a row of an item.
func newListOf[T any](a *app, l listing[T], cells func(T) []string) *cobra.Command {
	cmd := &cobra.Command{Use: l.use, Short: l.short, Args: words()}
	f := formats(cmd, "text", "json", "yaml")
	cmd.RunE = func(*cobra.Command, []string) error {
		all := l.rows()
		return a.print(f, all, func(w io.Writer) {
			t := newTable(w, l.heading...)
			for _, row := range all {
				t.row(cells(row)...)
			}
			t.flush()
		})
	}
	return cmd
}

// story is a scenario of the library without its text.
type story struct {
	Name  string `json:"name"`
	About string `json:"about"`
}

func newListScenarios(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use: "scenarios [NAME]", Short: "The library of scenarios, or the text of one to copy",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usage("list scenarios takes one name")
			}
			return nil
		},
	}
	f := formats(cmd, "text", "json", "yaml")
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		var all []story
		for _, s := range scenarios.Library() {
			if len(args) == 1 && s.Name == args[0] {
				_, err := a.out.Write(s.Data)
				return err
			}
			all = append(all, story{s.Name, s.About})
		}
		if len(args) == 1 {
			return usage("the library has no scenario %q; `pantomime list scenarios` names them", args[0])
		}
		return a.print(f, all, func(w io.Writer) {
			t := newTable(w, "SCENARIO", "ABOUT")
			for _, s := range all {
				t.row(s.Name, s.About)
			}
			t.flush()
		})
	}
	return cmd
}

// card is a listed card. Its number is a published test number or our own and
// is in the clear, as it is there to be sent.
type card struct {
	Name    string `json:"name"`
	Network string `json:"network"`
	PAN     string `json:"pan"`
	Meets   string `json:"meets"`
	Note    string `json:"note"`
}

func newListCards(a *app) *cobra.Command {
	var network string
	cmd := &cobra.Command{
		Use: "cards", Short: "Test cards every sandbox knows, and the magic ones", Args: words(),
		Long: "Lists the test cards every sandbox knows. A magic card meets its documented error without a scenario;\n" +
			"-o yaml prints those as a scenario to copy from.",
	}
	cmd.Flags().StringVar(&network, "network", "", "visa or mastercard")
	f := formats(cmd, "text", "json", "yaml")
	cmd.RunE = func(*cobra.Command, []string) error {
		if network != "" && !token.Network(network).Valid() {
			return usage("--network %q: accepted: visa, mastercard", network)
		}
		if f.value == "yaml" && network != "" {
			return usage("-o yaml prints the magic cards of both networks; leave --network out")
		}
		if f.value == "yaml" {
			_, err := io.WriteString(a.out, scenarios.MagicYAML())
			return err
		}
		var all []card
		for _, c := range fixtures.Cards() {
			if n := string(c.Network()); c.Name != "" && n != "" && (network == "" || network == n) {
				all = append(all, card{c.Name, n, c.Number.Digits(), meets(c), c.Note})
			}
		}
		return a.print(f, all, func(w io.Writer) { tellCards(w, all) })
	}
	return cmd
}

func tellCards(w io.Writer, all []card) {
	t := newTable(w, "CARD", "NUMBER", "MEETS")
	for _, c := range all {
		t.row(c.Name, c.PAN, c.Meets)
	}
	t.flush()
}

func meets(c fixtures.Card) string {
	switch {
	case c.Magic != "":
		return string(c.Magic)
	case c.Decision != "":
		return fmt.Sprintf("decision %s", c.Decision)
	}
	return "approval"
}
