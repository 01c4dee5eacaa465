package main

import (
	"bytes"
	"debug/elf"
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

// docker is the folder of this repository that the image is described in.
const docker = "../../docker"

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
	docker  string
	out     string
}

func good(t *testing.T) image {
	t.Helper()
	return image{standin, config(), docker, filepath.Join(t.TempDir(), "image")}
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

// verify returns all that was said of a written image.
func (i image) verify() string {
	var said bytes.Buffer
	if err := (&report{out: &said}).verify(i.out, i.docker); err != nil {
		fmt.Fprintln(&said, "image:", err)
	}
	return said.String()
}

func TestImage_Good(t *testing.T) {
	i := good(t)
	if err := i.write(t); err != nil {
		t.Fatal(err)
	}
	said := i.verify()
	if strings.Contains(said, "FAIL") || strings.Count(said, "ok ") < 12 || !strings.Contains(said, "checks passed\n") {
		t.Errorf("not good:\n%s", said)
	}
}

// edited copies the docker folder with one change.
func edited(t *testing.T, old, replacement string) string {
	t.Helper()
	folder := t.TempDir()
	for _, name := range []string{"compose.yaml", "scenario.yaml"} {
		text := read(t, filepath.Join(docker, name))
		if name == "compose.yaml" && !strings.Contains(text, old) {
			t.Fatalf("%s does not hold %q", name, old)
		}
		if err := os.WriteFile(filepath.Join(folder, name), []byte(strings.ReplaceAll(text, old, replacement)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func TestImage_Flaws(t *testing.T) {
	script := []byte("#!/bin/sh\n" + strings.Repeat("#", 100))
	stray := strings.Repeat("0", 64)
	blob := func(i image, name string) string { return filepath.Join(i.out, "blobs", "sha256", name) }
	for _, tt := range []struct {
		name   string
		before func(*image) // changes what is built
		after  func(image)  // changes what was built
		want   string
	}{
		{"runs as root", func(i *image) { i.config.User = "0" }, nil, "FAIL  it says about running it what the Dockerfile says: is {"},
		{"no health check", func(i *image) { i.config.Healthcheck = nil }, nil, "FAIL  it says about running it what the Dockerfile says: is {"},
		{"exposes the control door", func(i *image) { i.config.ExposedPorts["8481/tcp"] = struct{}{} }, nil, "FAIL  it says about running it what the Dockerfile says: is {"},
		{"a program that cannot say its version", func(i *image) { i.program = with("mute") }, nil, "FAIL  version answers: /pantomime version: says nothing"},
		{"a program that is always well", func(i *image) { i.program = with("cheerful") }, nil, "when told: health where nothing serves: exit 0"},
		{"a program that cannot serve", func(i *image) { i.program = with("dying") }, nil, "it ended before it was healthy: exit status 1"},
		{"a program that stops badly", func(i *image) { i.program = with("rude") }, nil, "told to stop, it ended with: exit status 3"},
		{"a program that refuses the scenario", func(i *image) { i.program = with("picky") }, nil, "FAIL  the scenario is good"},
		{"a program that asks for a loader", func(i *image) { i.program = dynamic(t) }, nil, "FAIL  pantomime is one static executable: asks for a dynamic loader"},
		{"no program at all", func(i *image) { i.program = script }, nil, "bad magic number"},
		{"a flag of the image that is unknown", func(i *image) { i.config.Cmd[1] = "--lisen" }, nil, "FAIL  it says about running it what the Dockerfile says"},
		{"a flag of a service that is unknown", func(i *image) { i.docker = edited(t, "--callback-allow=", "--callbacks=") }, nil, "unknown flag --callbacks"},
		{"a flag of the receiver that is unknown", func(i *image) { i.docker = edited(t, `"-listen=`, `"-lisen=`) }, nil, "unknown flag -lisen"},
		{"a command that is unknown", func(i *image) { i.docker = edited(t, "- serve", "- serv") }, nil, "/pantomime has no command serv"},
		{"a changed layer", nil, func(i image) { flip(t, largest(t, i.out)) }, "FAIL  every digest, size and platform of the layout is right"},
		{"a lost layer", nil, func(i image) { remove(t, largest(t, i.out)) }, "FAIL  every digest, size and platform of the layout is right"},
		{"a blob that nothing names", nil, func(i image) { put(t, blob(i, stray)) }, "no blob is left over: is [1 4]"},
		{"two images", nil, func(i image) { twice(t, i.out) }, "the index holds not one image"},
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
			if said := i.verify(); strings.Contains(said, "checks passed") || !strings.Contains(said, tt.want) {
				t.Errorf("want %q in\n%s", tt.want, said)
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
	letter := filepath.Join(i.out, "letter.txt")
	put(t, letter)
	if err := i.write(t); err == nil {
		t.Error("wrote over a folder that is no layout")
	}
	read(t, letter)
}

func TestReport_NothingIsNotGood(t *testing.T) {
	if err := (&report{out: new(bytes.Buffer)}).sum(); err == nil {
		t.Error("no check at all was good")
	}
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
