// Command standin behaves at its edges as pantomime and the receiver do, with
// one flaw that tests write into the built file, so that the checks of the
// image can be seen to fail.
package main

import (
	"fmt"
	"net"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
)

// flaw is overwritten in the file; its length stays.
var flaw = "flaw:none......"

var flags = []string{"--listen", "-listen", "--admin", "--scenario", "--callback-allow", "--help"}

func main() {
	args := os.Args[1:]
	if len(args) == 0 {
		os.Exit(2)
	}
	if args[len(args)-1] == "--help" {
		help(args)
		return
	}
	switch args[0] {
	case "version":
		if !has("mute") {
			fmt.Println("standin")
		}
	case "check":
		if _, err := os.Stat(args[1]); err != nil || has("picky") {
			fmt.Println("scenario refused:", err)
			os.Exit(1)
		}
		fmt.Println("good")
	case "health":
		if _, err := net.Dial("tcp", value(args, "--admin")); err != nil && !has("cheerful") {
			os.Exit(1)
		}
	case "serve":
		serve(value(args, "--admin"))
	}
}

func has(name string) bool { return strings.HasPrefix(flaw, "flaw:"+name+".") }

func help(args []string) {
	for _, arg := range args {
		name, _, _ := strings.Cut(arg, "=")
		if strings.HasPrefix(arg, "-") && !slices.Contains(flags, name) {
			fmt.Println("unknown flag", name)
			os.Exit(2)
		}
	}
	fmt.Println("Usage: pantomime serve [flags]")
}

func value(args []string, flag string) string {
	at := slices.Index(args, flag)
	if at < 0 || at+1 == len(args) {
		os.Exit(2)
	}
	return args[at+1]
}

func serve(admin string) {
	if has("dying") {
		fmt.Println("cannot serve")
		os.Exit(1)
	}
	if _, err := net.Listen("tcp", admin); err != nil {
		os.Exit(4)
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	<-stop
	if has("rude") {
		os.Exit(3)
	}
}
