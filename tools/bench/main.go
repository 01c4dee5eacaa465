// Command bench measures the goals of docs/performance.md in one run and prints
// them as one table. Servers run in child processes of the same binary on a core
// of their own, next to a reference measured in the same minutes, because only
// ratios repeat on a machine that others use too.
//
// It asks the product as a client does, save where memory is counted. It must
// not change what it measures, and no figure of it decides a test.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
)

func main() { os.Exit(start(os.Args[1:])) }

func start(args []string) int {
	if len(args) > 0 && args[0] == childWord {
		return childMain(args[1:], os.Stdin, os.Stdout, os.Stderr)
	}
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt)
	defer cancel()
	if err := command(ctx, args, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		return 1
	}
	return 0
}

// command reads the flags, measures and prints.
func command(ctx context.Context, args []string, out, progress io.Writer) error {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(progress)
	run := flags.String("run", "", "measure only what matches this regular expression, such as P1 or P[45]")
	rounds := flags.Int("rounds", 5, "interleaved rounds of which the median counts, at least 3")
	short := flags.Bool("short", false, "small sizes: shows that every row can be measured, the figures mean nothing")
	asJSON := flags.Bool("json", false, "print the rows as JSON")
	conform := flags.String("conform", "", "command line of a whole conformance run, for P10; without it the product is built and judges itself")
	profiles := flags.String("profiles", "", "folder to keep CPU and allocation profiles in")
	if err := flags.Parse(args); err != nil {
		return err
	}
	pattern, err := regexp.Compile(*run)
	if err != nil {
		return fmt.Errorf("-run: %w", err)
	}
	if *rounds < 3 && !*short {
		return fmt.Errorf("-rounds %d: a median needs at least 3", *rounds)
	}
	b, err := newBench(options{Rounds: *rounds, Short: *short, Conform: *conform, Profiles: *profiles}, progress)
	if err != nil {
		return err
	}
	rows, err := b.measure(ctx, pattern)
	if err != nil {
		return err
	}
	if *asJSON {
		return printJSON(out, rows)
	}
	return printTable(out, rows)
}
