package main

import (
	"bytes"
	"debug/elf"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
)

// standin is the built stand-in for the programs. It is built once.
var standin []byte

func TestMain(m *testing.M) {
	folder, err := os.MkdirTemp("", "standin-")
	if err != nil {
		panic(err)
	}
	cmd := exec.Command("go", "build", "-ldflags", "-s -w", "-o", filepath.Join(folder, "standin"), "./testdata/standin")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		panic(fmt.Sprintf("%v\n%s", err, out))
	}
	if standin, err = os.ReadFile(filepath.Join(folder, "standin")); err != nil {
		panic(err)
	}
	code := m.Run()
	_ = os.RemoveAll(folder)
	os.Exit(code)
}

// with writes a flaw into the stand-in.
func with(flaw string) []byte {
	const none = "flaw:none......"
	return bytes.Replace(standin, []byte(none), []byte(("flaw:" + flaw + "..........")[:len(none)]), 1)
}

// dynamic makes the stand-in ask for a dynamic loader.
func dynamic(t *testing.T) []byte {
	t.Helper()
	const firstPart = 64 // where the first program header of a 64-bit file begins
	data := bytes.Clone(standin)
	data[firstPart] = byte(elf.PT_INTERP)
	return data
}

// image is one to be built and checked.
type image struct {
	program []byte // pantomime
	config  v1.Config
	out     string
}

func good(t *testing.T) image {
	t.Helper()
	return image{standin, config(), filepath.Join(t.TempDir(), "image")}
}

func (i image) write(t *testing.T) error {
	t.Helper()
	bin := t.TempDir()
	for name, data := range map[string][]byte{"pantomime": i.program, "receiver": standin} {
		if err := os.WriteFile(filepath.Join(bin, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return write(i.out, bin, i.config)
}

var written = flag.String("layout", "", "the layout that was written with the real programs; without it one of stand-ins is checked")

func TestImage_Good(t *testing.T) {
	i := good(t)
	if *written != "" {
		i.out = *written
	} else if err := i.write(t); err != nil {
		t.Fatal(err)
	}
	if err := verify(t, i.out); err != nil {
		t.Error(err)
	}
}

func TestImage_Flaws(t *testing.T) {
	script := []byte("#!/bin/sh\n" + strings.Repeat("#", 100))
	stray := strings.Repeat("0", 64)
	blob := func(i image, name string) string { return filepath.Join(i.out, "blobs", "sha256", name) }
	const asTheDockerfile = "one layer for Linux, configured as the Dockerfile says, and no other file: "
	for _, tt := range []struct {
		name   string
		before func(*image) // changes what is built
		after  func(image)  // changes what was built
		want   string
	}{
		{"runs as root", func(i *image) { i.config.User = "0" }, nil, asTheDockerfile},
		{"no health check", func(i *image) { i.config.Healthcheck = nil }, nil, asTheDockerfile},
		{"exposes the control door", func(i *image) { i.config.ExposedPorts["8481/tcp"] = struct{}{} }, nil, asTheDockerfile},
		{"a flag that is unknown", func(i *image) { i.config.Cmd[1] = "--lisen" }, nil, asTheDockerfile},
		{"a program without a version", func(i *image) { i.program = with("mute") }, nil, "version: it prints nothing"},
		{"a program that is always healthy", func(i *image) { i.program = with("cheerful") }, nil, "healthy before it serves"},
		{"a program that cannot serve", func(i *image) { i.program = with("dying") }, nil, "it ended: exit status 1"},
		{"a program that stops with an error", func(i *image) { i.program = with("rude") }, nil, "SIGTERM stops it: exit status 3"},
		{"a program that needs a loader", func(i *image) { i.program = dynamic(t) }, nil, "pantomime: mode -rwxr-xr-x, or it needs a dynamic loader"},
		{"no program at all", func(i *image) { i.program = script }, nil, "bad magic number"},
		{"a changed layer", nil, func(i image) { flip(t, largest(t, i.out)) }, "every digest, size and platform is right: "},
		{"a lost layer", nil, func(i image) { remove(t, largest(t, i.out)) }, "every digest, size and platform is right: "},
		{"a blob that nothing names", nil, func(i image) { put(t, blob(i, stray)) }, "1 layers and 4 blobs"},
		{"two images", nil, func(i image) { twice(t, i.out) }, "the index does not hold one image"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			i := good(t)
			if tt.before != nil {
				tt.before(&i)
			}
			if err := i.write(t); err != nil {
				t.Fatal(err)
			}
			if tt.after != nil {
				tt.after(i)
			}
			if err := verify(t, i.out); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want %q", err, tt.want)
			}
		})
	}
}

func TestWrite_SameBytesTwice(t *testing.T) {
	i := good(t)
	var first string
	for range 2 { // the second time over the first
		if err := i.write(t); err != nil {
			t.Fatal(err)
		}
		index := read(t, filepath.Join(i.out, "index.json"))
		if first == "" {
			first = index
		}
		if first != index {
			t.Errorf("the index was\n%s\nand is\n%s", first, index)
		}
	}
}

func TestWrite_KeepsOtherFolders(t *testing.T) {
	i := good(t)
	i.out = t.TempDir()
	other := filepath.Join(i.out, "other.txt")
	put(t, other)
	if err := i.write(t); err == nil {
		t.Error("wrote over a folder that is no layout")
	}
	read(t, other)
}

func read(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func put(t *testing.T, file string) {
	t.Helper()
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
}

func remove(t *testing.T, file string) {
	t.Helper()
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
}

func flip(t *testing.T, file string) {
	t.Helper()
	data := []byte(read(t, file))
	data[len(data)/2] ^= 1
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func twice(t *testing.T, out string) {
	t.Helper()
	if err := layout.Path(out).AppendImage(empty.Image); err != nil {
		t.Fatal(err)
	}
}

func largest(t *testing.T, out string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(out, "blobs", "sha256", "*"))
	if err != nil {
		t.Fatal(err)
	}
	var name string
	var size int64
	for _, file := range files {
		info, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		if info.Size() > size {
			name, size = file, info.Size()
		}
	}
	return name
}
