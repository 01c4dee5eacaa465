package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// suites are judged one after the other, as somebody would who types it.
var suites = []string{"vts", "mdes"}

// conformance times a whole run of the harness: by whatever command it gets,
// else by the product's own commands, built for this.
func (b *bench) conformance(ctx context.Context) ([]Row, error) {
	row := Row{Goal: "P10", Measured: "whole conformance run against ourselves", Unit: "s", Limit: 60}
	if words := strings.Fields(b.Conform); len(words) > 0 {
		took, _, err := b.timed(ctx, words...)
		row.Ratio, row.Ours = took.Seconds(), fmt.Sprintf("%.1f s", took.Seconds())
		return []Row{row}, err
	}
	folder, err := os.MkdirTemp("", "pantomime-bench-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	p := &product{bench: b, folder: folder, binary: filepath.Join(folder, "pantomime")}
	if err := p.build(ctx); err != nil {
		row.Missing = "no product to run: " + err.Error()
		return []Row{row}, nil
	}
	err = p.judged(ctx, &row)
	return []Row{row}, err
}

// timed runs a command to its end, on all cores, and returns what it printed.
func (b *bench) timed(ctx context.Context, words ...string) (time.Duration, []byte, error) {
	began := b.wall.Now()
	out, err := b.command(ctx, words...).CombinedOutput()
	if err != nil {
		return 0, nil, fmt.Errorf("%s: %w: %.1000s", strings.Join(words, " "), err, out)
	}
	return b.wall.Now().Sub(began), out, nil
}

// command is one that may use all cores, unlike this process.
func (b *bench) command(ctx context.Context, words ...string) *exec.Cmd {
	if pinning() {
		words = append([]string{"taskset", "-c", allCores()}, words...)
	}
	return exec.CommandContext(ctx, words[0], words[1:]...)
}

// product is the program as users have it, in a folder for its files.
type product struct {
	*bench
	folder, binary string
}

// build makes the binary as the Makefile does, so that its build cache serves.
func (p *product) build(ctx context.Context) error {
	if _, err := exec.LookPath("go"); err != nil {
		return errors.New("no go command to build it with")
	}
	cmd := p.command(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-tags", "nomsgpack", "-o", p.binary,
		"github.com/pantomime-dev/pantomime/cmd/pantomime")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		first, _, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
		return fmt.Errorf("%w: %.200s", err, first)
	}
	return nil
}

var passes = regexp.MustCompile(`(?m)^ *(\d+) passed$`)

// judged starts the product and has both suites judge it.
func (p *product) judged(ctx context.Context, row *Row) error {
	at, stop, err := p.serve(ctx)
	if err != nil {
		return err
	}
	defer stop()
	target, err := p.target(ctx, at)
	if err != nil {
		return err
	}
	var parts []string
	for _, suite := range suites {
		words := []string{p.binary, "conform", "server", "--suite", suite, "--target", target}
		if p.Short {
			words = append(words, "--label", "transport")
		}
		took, out, err := p.timed(ctx, words...)
		if err != nil {
			return err
		}
		passed := passes.FindSubmatch(out)
		if passed == nil || bytes.Contains(out, []byte("not applicable")) {
			return fmt.Errorf("%w conform: not the whole suite %s: %.1000s", errChild, suite, out)
		}
		row.Ratio += took.Seconds()
		parts = append(parts, fmt.Sprintf("%s: %s checks in %.1f s", suite, passed[1], took.Seconds()))
	}
	row.Ours = strings.Join(parts, ", ")
	return nil
}

// judgedScenario is the one of docs/conformance.md to which every check applies.
const judgedScenario = `version: 1
name: judged
clock: { mode: manual, start: 2026-03-01T09:00:00Z }
requestors:
  wallet: { notify: "http://%s" }
  shop: {}
issuers:
  slow: { activation: 4500ms }
cards:
  late-visa: { network: visa, pan: test/visa/12, expiry: "12/39", issuer: slow }
  late-mastercard: { network: mastercard, pan: test/mastercard/20, expiry: "12/39", issuer: slow }
`

// serve starts the product and says where its control door is.
func (p *product) serve(ctx context.Context) (door string, stop func(), err error) {
	notices, err := freeAddress(ctx)
	if err != nil {
		return "", nil, err
	}
	scenario, ports := filepath.Join(p.folder, "scenario.yaml"), filepath.Join(p.folder, "ports.json")
	if err := os.WriteFile(scenario, fmt.Appendf(nil, judgedScenario, notices), 0o600); err != nil {
		return "", nil, err
	}
	server := p.command(ctx, p.binary, "serve", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0",
		"--ports-file", ports, "--scenario", scenario, "--log-level", "error")
	server.Stderr = p.progress
	if err := server.Start(); err != nil {
		return "", nil, err
	}
	stop = func() {
		_ = server.Process.Signal(os.Interrupt)
		_ = server.Wait()
	}
	for range 200 {
		var at struct{ Admin string }
		if text, err := os.ReadFile(ports); err == nil && json.Unmarshal(text, &at) == nil {
			return at.Admin, stop, nil
		}
		if err := p.wall.Sleep(ctx, 50*time.Millisecond); err != nil {
			stop()
			return "", nil, err
		}
	}
	stop()
	return "", nil, fmt.Errorf("%w: the product did not start within ten seconds", errChild)
}

// freeAddress is one without a listener, for notices.
func freeAddress(ctx context.Context) (string, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}

// target writes the target file, with the cards that become active late.
func (p *product) target(ctx context.Context, door string) (string, error) {
	text, err := p.command(ctx, p.binary, "conform", "target", "--admin", door).Output()
	if err != nil {
		return "", fmt.Errorf("conform target: %w", err)
	}
	late := string(text)
	for network, card := range map[string]string{"visa": "test/visa/12", "mastercard": "test/mastercard/20"} {
		before, section, found := strings.Cut(late, "\n"+network+":\n")
		cards, rest, listed := strings.Cut(section, "\n  cards:\n")
		if !found || !listed {
			return "", fmt.Errorf("conform target: no cards of %s in %.1000s", network, text)
		}
		late = before + "\n" + network + ":\n" + cards + "\n  cards:\n    delayed: [" + card + "]\n    activation: 4500ms\n" + rest
	}
	file := filepath.Join(p.folder, "target.yaml")
	return file, os.WriteFile(file, []byte(late), 0o600)
}
