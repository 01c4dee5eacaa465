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
	ctx, stop := signal.NotifyContext(context.Background(), ends()...)
	code := run(ctx, &app{
		out: output(os.Stdout), err: os.Stderr, env: os.Getenv, wall: clock.Real(), version: version,
		colour: colourful(os.Stdout, os.Getenv), invoked: os.Args[0],
	}, os.Args[1:])
	stop()
	os.Exit(code)
}

// ends are the signals that end a command in order: Ctrl-C, a service manager's,
// and that of a terminal that is closed, unless nohup wants that to go on.
func ends() []os.Signal {
	list := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		list = append(list, syscall.SIGHUP)
	}
	return list
}
