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

func main() {
	args := os.Args[1:]
	if len(args) == 0 {
		os.Exit(2)
	}
	switch args[0] {
	case "version":
		if !has("mute") {
			fmt.Println("standin")
		}
	case "health":
		for !answers(value(args, "--admin")) && !has("cheerful") {
			if !slices.Contains(args, "--wait") {
				os.Exit(1)
			}
		}
	case "serve":
		serve(value(args, "--admin"))
	}
}

func has(name string) bool { return strings.HasPrefix(flaw, "flaw:"+name+".") }

func answers(admin string) bool {
	_, err := net.Dial("tcp", admin)
	return err == nil
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
