package harness

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"

	"github.com/pantomime-dev/pantomime/token"
)

// exitCannot is how a hook command says that it has no way to do something.
const exitCannot = 3

// maxHookOutput bounds what is kept of a hook's complaint.
const maxHookOutput = 4 << 10

// HookDriver runs a command for each thing to be done, with the [Command] as
// JSON on its standard input. Exit code 0 says that it is done, 3 that it
// cannot be done, anything else that it failed; standard error says why.
func HookDriver(command []string) Driver { return hookDriver{command} }

type hookDriver struct{ command []string }

func (d hookDriver) Do(ctx context.Context, c Command) error {
	if len(d.command) == 0 {
		return fmt.Errorf("%w: the target names no command", ErrCannot)
	}
	input, err := json.Marshal(c)
	if err != nil {
		return err
	}
	hook := exec.CommandContext(ctx, d.command[0], d.command[1:]...)
	hook.Stdin = bytes.NewReader(input)
	hook.WaitDelay = 5 * time.Second
	var complaint shortBuffer
	hook.Stderr = &complaint
	err = hook.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &exit) && exit.ExitCode() == exitCannot:
		return fmt.Errorf("%w: %s: %s", ErrCannot, c.Do, complaint.text())
	}
	return fmt.Errorf("hook command for %s: %w: %s", c.Do, err, complaint.text())
}

// shortBuffer keeps the beginning of what is written.
type shortBuffer struct{ kept []byte }

// Write keeps what fits and swallows the rest.
func (b *shortBuffer) Write(p []byte) (int, error) {
	b.kept = append(b.kept, p[:min(len(p), maxHookOutput-len(b.kept))]...)
	return len(p), nil
}

func (b *shortBuffer) text() string { return token.Scrub(strings.TrimSpace(string(b.kept))) }
