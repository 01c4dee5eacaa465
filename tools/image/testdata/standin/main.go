// Command standin behaves at its edges as pantomime does, with one flaw set
// at link time, so that the checks of the image can be seen to fail.
package main

import (
	"fmt"
	"net"
	"os"
	"os/signal"
	"syscall"
)

var flaw string

func main() {
	args := os.Args[1:]
	if len(args) == 0 {
		os.Exit(2)
	}
	if len(args) > 1 && args[1] == "--help" {
		fmt.Println("--listen --admin --scenario --callback-allow")
		return
	}
	switch args[0] {
	case "version":
		if flaw != "mute" {
			fmt.Println("standin")
		}
	case "check":
		if _, err := os.Stat(args[1]); err != nil || flaw == "picky" {
			fmt.Println("scenario refused:", err)
			os.Exit(1)
		}
		fmt.Println("good")
	case "health":
		if _, err := net.Dial("tcp", value(args, "--admin")); err != nil && flaw != "cheerful" {
			os.Exit(1)
		}
	case "serve":
		serve(value(args, "--admin"))
	}
}

func value(args []string, flag string) string {
	return args[index(args, flag)+1]
}

func index(args []string, want string) int {
	for i, arg := range args {
		if arg == want {
			return i
		}
	}
	os.Exit(2)
	return 0
}

func serve(admin string) {
	if flaw == "dying" {
		fmt.Println("cannot serve")
		os.Exit(1)
	}
	if _, err := net.Listen("tcp", admin); err != nil {
		os.Exit(4)
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	<-stop
	if flaw == "rude" {
		os.Exit(3)
	}
}
