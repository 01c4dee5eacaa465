package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/token"
)

func newList(a *app) *cobra.Command {
	return group("list", "List what there is to use in scenarios and commands",
		"Lists what there is to use in scenarios and commands. No server is needed.",
		newListScenarios(a), newListCards(a),
		newListOf(a, listing[anError]{
			use: "errors", short: "Documented errors of both networks, and reasons to decline a payment", rows: allErrors,
			heading: []string{"NETWORK", "KEY", "MESSAGE"}, party: func(e anError) string { return e.Network },
		}, func(e anError) []string { return []string{e.Network, string(e.Key), e.Message} }),
		newListOf(a, listing[token.EventInfo]{use: "events", short: "Events, and the actions that lead to them", rows: token.Events, heading: []string{"EVENT", "DO", "ABOUT"}}, func(e token.EventInfo) []string {
			return []string{string(e.Type), e.Do, e.About}
		}),
		newListOf(a, listing[token.FaultInfo]{use: "faults", short: "What can go wrong on the wire", rows: token.Faults, heading: []string{"FAULT", "STATE", "ABOUT"}}, func(f token.FaultInfo) []string {
			return []string{string(f.Fault), stateAfter(f), f.About}
		}),
		newListOf(a, listing[token.OperationInfo]{
			use: "operations", short: "Operations of both networks and of acquirers", rows: token.Operations,
			heading: []string{"OPERATION", "NEUTRAL", "ABOUT"}, party: func(o token.OperationInfo) string { return string(o.Op.Party()) },
		}, func(o token.OperationInfo) []string { return []string{string(o.Op), string(o.Verb), o.About} }),
		newListOf(a, listing[scenarios.Persona]{use: "personas", short: "Ready-made characters of issuers", rows: scenarios.Personas, heading: []string{"PERSONA", "ABOUT"}}, func(p scenarios.Persona) []string {
			return []string{p.Name, p.About}
		}),
		newListVariants(a),
	)
}

// newListVariants also has the name of former releases, for one more.
func newListVariants(a *app) *cobra.Command {
	cmd := newListOf(a, listing[scenarios.Variant]{
		use: "variants", short: "What can go wrong with a notice", rows: scenarios.NoticeVariants, heading: []string{"VARIANT", "VALUE", "ABOUT"},
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

// anError is a documented error of a network, or a reason of an acquirer.
type anError struct {
	Network string    `json:"network"` // or "acquirer"
	Key     token.Key `json:"key"`
	Message string    `json:"message"`
}

// allErrors are those that rules and fail-next may name.
func allErrors() (all []anError) {
	for _, k := range token.Keys() {
		all = append(all, anError{string(k.Network), k.Key, k.Message})
	}
	for _, r := range token.DeclineReasons() {
		all = append(all, anError{string(token.Authorize.Party()), r.Key, r.About})
	}
	return all
}

// listing is a fixed table that a command lists.
type listing[T any] struct {
	use, short string
	rows       func() []T
	heading    []string
	party      func(T) string // whose a row is, of a table that --network narrows
}

// newListOf makes a command that lists a table; cells makes a row of an item.
func newListOf[T any](a *app, l listing[T], cells func(T) []string) *cobra.Command {
	cmd := &cobra.Command{Use: l.use, Short: l.short, Args: words()}
	network := ""
	var parties []string
	if l.party != nil {
		for _, row := range l.rows() {
			if p := l.party(row); !slices.Contains(parties, p) {
				parties = append(parties, p)
			}
		}
		ofNetwork(cmd, &network, parties)
	}
	f := formats(cmd)
	cmd.RunE = func(*cobra.Command, []string) error {
		if network != "" && !slices.Contains(parties, network) {
			return unknown(network, parties, "--network %q: accepted: %s", network, strings.Join(parties, ", "))
		}
		all := slices.DeleteFunc(l.rows(), func(row T) bool { return network != "" && l.party(row) != network })
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

// ofNetwork adds the flag that narrows a list.
func ofNetwork(cmd *cobra.Command, network *string, accepted []string) {
	cmd.Flags().StringVar(network, "network", "", "only of this one: "+strings.Join(accepted, ", "))
}

// story is a scenario of the library; its text is shown of one alone.
type story struct {
	Name  string `json:"name"`
	About string `json:"about"`
	Text  string `json:"text,omitempty"`
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
	f := formats(cmd)
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		if len(args) == 1 {
			return a.printStory(f, args[0])
		}
		var all []story
		for _, s := range scenarios.Library() {
			all = append(all, story{Name: s.Name, About: s.About})
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

// printStory prints the text of a scenario, to be copied.
func (a *app) printStory(f *format, name string) error {
	var names []string
	for _, s := range scenarios.Library() {
		if s.Name == name {
			return a.print(f, story{s.Name, s.About, string(s.Data)}, func(w io.Writer) { _, _ = w.Write(s.Data) })
		}
		names = append(names, s.Name)
	}
	return unknown(name, names, "the library has no scenario %q; `pantomime list scenarios` names them", name)
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
	var asScenario bool
	cmd := &cobra.Command{
		Use: "cards", Short: "Test cards every sandbox knows, and the magic ones", Args: words(),
		Long: "Lists the test cards every sandbox knows. A magic card meets its documented error without a scenario;\n" +
			"--as-scenario prints those as a scenario to copy from.",
	}
	ofNetwork(cmd, &network, texts(token.Networks()))
	cmd.Flags().BoolVar(&asScenario, "as-scenario", false, "print the magic cards as a scenario file")
	f := formats(cmd)
	cmd.RunE = func(*cobra.Command, []string) error {
		switch {
		case network != "" && !token.Network(network).Valid():
			return unknown(network, texts(token.Networks()), "--network %q: accepted: visa, mastercard", network)
		case asScenario && (network != "" || !f.forPeople()):
			return usage("--as-scenario prints the magic cards of both networks in YAML; leave --network and -o out")
		case asScenario:
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
