package main

import (
	"fmt"
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

// [J2] The width is a real terminal's, and colour is for terminals that nobody
// asked to have none.
func TestOutput_OnATerminal(t *testing.T) {
	control, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("this machine has no pseudo-terminals: %v", err)
	}
	t.Cleanup(func() { _ = control.Close() })
	fd := int(control.Fd())
	number, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: 72}); err != nil {
		t.Fatal(err)
	}
	tty, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tty.Close() })
	_, pipe, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pipe.Close() })
	if got := columnsOf(output(tty)); got != 72 {
		t.Errorf("the terminal has %d columns", got)
	}
	if got := columnsOf(output(pipe)); got != 0 {
		t.Errorf("the pipe has %d columns", got)
	}
	none := func(string) string { return "" }
	for name, is := range map[string]bool{"": true, "NO_COLOR": false} {
		env := func(asked string) string { return map[bool]string{true: "1"}[asked == name] }
		if colourful(tty, env) != is || colourful(pipe, none) {
			t.Errorf("%q: colour on the terminal %t, in the pipe %t", name, colourful(tty, env), colourful(pipe, none))
		}
	}
}
