package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

const (
	patience = 20 * time.Second
	pause    = 50 * time.Millisecond
	nobody   = 65532
)

// box runs the program of an extracted image. As root it runs it as the
// image's user in a root file system that holds nothing else, which is what a
// container would do; as anybody else it runs it in place.
type box struct{ rootfs string }

func (b box) command(ctx context.Context, args ...string) *exec.Cmd {
	if os.Geteuid() != 0 {
		cmd := exec.CommandContext(ctx, filepath.Join(b.rootfs, "pantomime"), args...)
		cmd.Env = []string{}
		return cmd
	}
	cmd := exec.CommandContext(ctx, "/pantomime", args...)
	cmd.Dir, cmd.Env = "/", []string{}
	cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: b.rootfs, Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	return cmd
}

// path is where the program sees a file of the root file system.
func (b box) path(name string) string {
	if os.Geteuid() != 0 {
		return filepath.Join(b.rootfs, name)
	}
	return "/" + name
}

// output runs the program to its end, which must be good.
func (b box) output(args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	out, err := b.command(ctx, args...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("pantomime %s: %w\n%s", strings.Join(args, " "), err, out)
	}
	if len(out) == 0 {
		return "", fmt.Errorf("pantomime %s says nothing", strings.Join(args, " "))
	}
	return string(out), nil
}

// healthy asks the program how a server on this control address is. An error
// that is not its exit code is one of running it.
func (b box) healthy(admin string) (bool, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	out, err := b.command(ctx, "health", "--admin", admin).CombinedOutput()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return true, nil
	case !errors.As(err, &exit) || exit.ExitCode() < 0:
		return false, fmt.Errorf("health did not run: %w\n%s", err, out)
	case exit.ExitCode() == 2:
		return false, fmt.Errorf("health was called wrongly: %s", out)
	}
	return false, nil
}

// runImage runs what the image runs.
func runImage(r *report, b box) {
	_, err := b.output("version")
	r.check("version answers", err)

	admin, err := freeAddress()
	r.check("a port is free to try", err)
	well, err := b.healthy(admin)
	if err == nil && well {
		err = errors.New("good health, and nobody there")
	}
	r.check("health fails where nothing serves", err)
	r.check("health is good while it serves, and it stops when told", serves(b, admin))
}

// serves starts the image's program, waits until it is healthy, and stops it.
func serves(b box, admin string) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var out strings.Builder
	server := b.command(ctx, "serve", "--listen", "127.0.0.1:0", "--admin", admin)
	server.Stdout, server.Stderr = &out, &out
	if err := server.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Wait() }()
	for well := false; !well; {
		select {
		case err := <-ended:
			return fmt.Errorf("it ended before it was healthy: %w\n%s", err, &out)
		case <-time.After(pause): //nolint:forbidigo // waits for another process, which no clock of ours can move
		}
		var err error
		if well, err = b.healthy(admin); err != nil {
			cancel()
			return errors.Join(err, <-ended)
		}
	}
	if err := server.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	if err := <-ended; err != nil {
		return fmt.Errorf("told to stop, it ended with: %w\n%s", err, &out)
	}
	return nil
}

// freeAddress is a loopback address nobody listens on at this moment.
func freeAddress() (string, error) {
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}
