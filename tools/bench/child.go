package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"
)

// childWord is the hidden subcommand by which this binary becomes a child. It
// is followed by the role and its settings as JSON.
const childWord = "child"

// errChild says that a child process did not do as asked.
var errChild = errors.New("child process")

// child is a process of this binary in one role. It is asked over its standard
// input, a line each, and ends when that closes.
type child struct {
	role    string
	cmd     *exec.Cmd
	stdin   io.WriteCloser
	answers *bufio.Reader
	started time.Time // just before the process was
}

// startOn starts a child on its own core with one thread for Go code, or on all
// cores, and decodes what it says once it is ready.
func (b *bench) startOn(ctx context.Context, cores, role string, settings, ready any) (*child, error) {
	config, err := json.Marshal(settings)
	if err != nil {
		return nil, err
	}
	line := []string{b.self, childWord, role, string(config)}
	if pinning() {
		line = append([]string{"taskset", "-c", cores}, line...)
	}
	c := &child{role: role, cmd: exec.CommandContext(ctx, line[0], line[1:]...)}
	c.cmd.Stderr = b.progress
	if cores == serverCore {
		c.cmd.Env = append(os.Environ(), "GOMAXPROCS=1")
	}
	stdout, err := c.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if c.stdin, err = c.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	c.answers, c.started = bufio.NewReader(stdout), b.wall.Now()
	if err := c.cmd.Start(); err != nil {
		return nil, err
	}
	if err := c.receive(ready); err != nil {
		c.stop()
		return nil, err
	}
	return c, nil
}

// start starts a server.
func (b *bench) start(ctx context.Context, role string, settings, ready any) (*child, error) {
	return b.startOn(ctx, serverCore, role, settings, ready)
}

// order is what a child is asked.
type order struct {
	Do string
	On json.RawMessage `json:",omitempty"`
}

// answer is what it says.
type answer struct {
	Error  string          `json:",omitempty"`
	Result json.RawMessage `json:",omitempty"`
}

// ask has a child do something; into takes its answer, nil drops it.
func (c *child) ask(do string, on, into any) error {
	raw, err := json.Marshal(on)
	if err != nil {
		return err
	}
	if err := json.NewEncoder(c.stdin).Encode(order{do, raw}); err != nil {
		return fmt.Errorf("%w %s: %w", errChild, c.role, err)
	}
	return c.receive(into)
}

func (c *child) receive(into any) error {
	line, err := c.answers.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("%w %s ended: %w", errChild, c.role, err)
	}
	var a answer
	if err := json.Unmarshal(line, &a); err != nil {
		return fmt.Errorf("%w %s: %w", errChild, c.role, err)
	}
	if a.Error != "" {
		return fmt.Errorf("%w %s: %s", errChild, c.role, a.Error)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(a.Result, into)
}

// cpu is the processor time, user and system, the child has used so far.
func (c *child) cpu() (time.Duration, error) {
	var used time.Duration
	err := c.ask("cpu", nil, &used)
	return used, err
}

// stop ends the child and waits for it.
func (c *child) stop() {
	_ = c.stdin.Close()
	_ = c.cmd.Wait()
}
