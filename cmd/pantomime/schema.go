package main

import (
	"github.com/spf13/cobra"

	"github.com/pantomime-dev/pantomime/scenarios"
)

func newSchema(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "schema", Short: "Print the JSON Schema of scenario files, for editors",
		Long: "Prints the JSON Schema (draft 2020-12) of scenario files. An editor that reads it offers keys and values and\n" +
			"marks what is unknown. Write it next to your scenarios and begin each of them with\n\n" +
			"  # yaml-language-server: $schema=scenario.schema.json\n\n" +
			"What a schema cannot check, such as names that do not exist, `pantomime check` reports.",
		Example: "  pantomime schema > scenario.schema.json",
		Args:    words(),
		RunE: func(*cobra.Command, []string) error {
			text, err := scenarios.Schema()
			if err != nil {
				return err
			}
			_, err = a.out.Write(text)
			return err
		},
	}
}
