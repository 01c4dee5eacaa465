// Command pantomime plays a card network (Visa's and Mastercard's token
// services) for tests, and is the tool to steer and question one that runs.
//
// It puts the parts together and prints; it must hold no rule of a network.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/pantomime-dev/pantomime/clock"
)

// version is set when a release is built.
var version = "development"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, &app{
		out: os.Stdout, err: os.Stderr, env: os.Getenv, wall: clock.Real(), version: version,
		colour: colourful(os.Stdout, os.Getenv), invoked: os.Args[0],
	}, os.Args[1:])
	stop()
	os.Exit(code)
}
