package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"gopkg.in/yaml.v3"
)

const (
	patience = 20 * time.Second
	pause    = 50 * time.Millisecond
	user     = 65532
)

// unpacked is the folder that an image was unpacked into. As root its programs
// run as the image's user in a root file system that holds nothing else, which
// is what a container would do; as any other user they run in place.
type unpacked string

// command makes a call of a program, "/pantomime", in the folder.
func (u unpacked) command(ctx context.Context, program string, args ...string) *exec.Cmd {
	if os.Geteuid() != 0 {
		cmd := exec.CommandContext(ctx, filepath.Join(string(u), program), args...)
		cmd.Dir, cmd.Env = string(u), []string{}
		return cmd
	}
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir, cmd.Env = "/", []string{}
	cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: string(u), Credential: &syscall.Credential{Uid: user, Gid: user}}
	return cmd
}

// says runs a program to its end, which must be good; it must say something.
func (u unpacked) says(program string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	out, err := u.command(ctx, program, args...).CombinedOutput()
	if err == nil && len(out) == 0 {
		err = errors.New("says nothing")
	}
	if err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s", program, strings.Join(args, " "), err, out)
	}
	return string(out), nil
}

// knows asks a program for help after a command line, so that it reads its flags.
func (u unpacked) knows(program string, command []string) error {
	help, err := u.says(program, append(slices.Clone(command), "--help")...)
	if word := command[0]; err == nil && !strings.HasPrefix(word, "-") && !strings.Contains(help, " "+word+" [") {
		err = fmt.Errorf("%s has no command %s", program, word)
	}
	return err
}

// run checks what the image does and what docker/compose.yaml asks of it.
func (r *report) run(u unpacked, docker string) error {
	_, err := u.says("/pantomime", "version")
	r.check("version answers", err)
	r.check("health fails where nothing serves, is good while it serves, and it stops when told", u.serves())
	r.check("the image's own command is known", u.knows(config().Entrypoint[0], config().Cmd))

	var compose struct {
		Services map[string]struct{ Entrypoint, Command []string }
	}
	text, err := os.ReadFile(filepath.Join(docker, "compose.yaml"))
	if err := errors.Join(err, yaml.Unmarshal(text, &compose)); err != nil {
		return err
	}
	for name, s := range compose.Services {
		r.check("the command of service "+name+" is known", u.knows(append(s.Entrypoint, config().Entrypoint...)[0], s.Command))
	}
	scenario, err := os.ReadFile(filepath.Join(docker, "scenario.yaml"))
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(string(u), "scenario.yaml"), scenario, 0o644); err != nil { //nolint:gosec // the image's user reads it
		return err
	}
	_, err = u.says("/pantomime", "check", "scenario.yaml")
	r.check("the scenario is good", err)
	return nil
}

// serves starts the program, waits until it is healthy, and stops it.
func (u unpacked) serves() error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	admin := listener.Addr().String()
	if err := listener.Close(); err != nil {
		return err
	}
	if _, code := u.health(ctx, admin); code != 1 {
		return fmt.Errorf("health where nothing serves: exit %d", code)
	}
	var said strings.Builder
	server := u.command(ctx, "/pantomime", "serve", "--listen", "127.0.0.1:0", "--admin", admin)
	server.Stdout, server.Stderr = &said, &said
	if err := server.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Wait() }()
	for {
		out, code := u.health(ctx, admin)
		if code == 0 {
			break
		}
		if code != 1 {
			cancel()
			return fmt.Errorf("health: exit %d: %s%w", code, out, <-ended)
		}
		select {
		case err := <-ended:
			return fmt.Errorf("it ended before it was healthy: %w\n%s", err, &said)
		case <-time.After(pause): //nolint:forbidigo // waits for another process, which no clock of ours can move
		}
	}
	if err := errors.Join(server.Process.Signal(syscall.SIGTERM), <-ended); err != nil {
		return fmt.Errorf("told to stop, it ended with: %w\n%s", err, &said)
	}
	return nil
}

// health asks how a server on a control address is: exit code 0 is good, 1 not.
func (u unpacked) health(ctx context.Context, admin string) (said []byte, code int) {
	cmd := u.command(ctx, "/pantomime", "health", "--admin", admin)
	said, _ = cmd.CombinedOutput()
	return said, cmd.ProcessState.ExitCode()
}
