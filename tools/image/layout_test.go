package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// house is a small repository: this one's docker folder, with stand-ins for
// the programs.
type house struct{ root string }

func newHouse(t *testing.T) house {
	t.Helper()
	h := house{t.TempDir()}
	h.write(t, "go.mod", "module example.org/house\n\ngo 1.26\n")
	h.write(t, "go.sum", "")
	h.write(t, "cmd/pantomime/main.go", "package main\n")
	h.write(t, "docker/receiver/main.go", "package main\n")
	for _, name := range []string{"Dockerfile", "compose.yaml", "scenario.yaml"} {
		data, err := os.ReadFile(filepath.Join("..", name))
		if err != nil {
			t.Fatal(err)
		}
		h.write(t, "docker/"+name, string(data))
	}
	h.compile(t, "pantomime", "")
	h.compile(t, "receiver", "")
	return h
}

func (h house) write(t *testing.T, name, text string) {
	t.Helper()
	file := filepath.Join(h.root, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// edit replaces old, which must be there, in one file.
func (h house) edit(t *testing.T, name, old, replacement string) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(h.root, name))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(data), old) {
		t.Fatalf("%s does not hold %q", name, old)
	}
	h.write(t, name, strings.ReplaceAll(string(data), old, replacement))
}

// compile puts a stand-in with a flaw into bin. Each kind is built once a run.
func (h house) compile(t *testing.T, name, flaw string, flags ...string) {
	t.Helper()
	built := filepath.Join(kinds, strings.Join(append([]string{"standin", flaw}, flags...), "_"))
	if _, err := os.Stat(built); err != nil {
		args := append([]string{"build", "-ldflags", "-s -w -X main.flaw=" + flaw, "-o", built}, flags...)
		cmd := exec.CommandContext(t.Context(), "go", append(args, "./testdata/standin")...)
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	data, err := os.ReadFile(built)
	if err != nil {
		t.Fatal(err)
	}
	h.write(t, "bin/"+name, string(data))
}

// kinds is the folder of built stand-ins.
var kinds string

func TestMain(m *testing.M) {
	var err error
	if kinds, err = os.MkdirTemp("", "standins-"); err != nil {
		panic(err)
	}
	code := m.Run()
	_ = os.RemoveAll(kinds)
	os.Exit(code)
}

// image builds and checks, and returns all that was said.
func (h house) image(t *testing.T) (string, bool) {
	t.Helper()
	var out bytes.Buffer
	r := &report{out: &out}
	if err := buildAndCheck(r, h.root, filepath.Join(t.TempDir(), "image")); err != nil {
		return err.Error(), false
	}
	good := finish(&out, r)
	return out.String(), good
}

func TestBuildAndCheck_Good(t *testing.T) {
	out, good := newHouse(t).image(t)
	if !good || strings.Contains(out, "FAIL") {
		t.Fatalf("not good:\n%s", out)
	}
	for _, want := range []string{"ok    version answers", "ok    pantomime is one static executable", "service pantomime: its scenario is good"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q was not checked:\n%s", want, out)
		}
	}
}

const dockerfile, composefile = "docker/Dockerfile", "docker/compose.yaml"

// flaw is a way to spoil the house, and what must be said of it.
type flaw struct {
	name  string
	spoil func(*testing.T, house)
	want  string
}

func edited(name, old, replacement string) func(*testing.T, house) {
	return func(t *testing.T, h house) { t.Helper(); h.edit(t, name, old, replacement) }
}

func compiled(flaw string, flags ...string) func(*testing.T, house) {
	return func(t *testing.T, h house) { t.Helper(); h.compile(t, "pantomime", flaw, flags...) }
}

var imageFlaws = []flaw{
	{"runs as root", edited(dockerfile, "USER 65532:65532", "USER 0"), "FAIL  it runs as nobody in particular: is 0,"},
	{"no health check", edited(dockerfile, "HEALTHCHECK ", "#"), "FAIL  it says how it is: no health check"},
	{"the wrong health check", edited(dockerfile, `"health"]`, `"version"]`), "FAIL  it says how it is: is [CMD /pantomime version],"},
	{"a health check for a shell", edited(dockerfile, `["/pantomime", "health"]`, "/pantomime health"), "is not a JSON list of strings"},
	{"exposes the control door", edited(dockerfile, "EXPOSE 8480/tcp", "EXPOSE 8480/tcp 8481/tcp"), "FAIL  it exposes the network door alone"},
	{"no licence", edited(dockerfile, "image.licenses", "image.licences"), "FAIL  its licence is named"},
	{"a base image", edited(dockerfile, "FROM scratch", "FROM alpine"), "FAIL  the Dockerfile's image starts from nothing: is alpine"},
	{"an old compiler", edited(dockerfile, "golang:1.26-", "golang:1.20-"), "FAIL  the compiler is the one go.mod asks for"},
	{"a dynamic build", edited(dockerfile, "CGO_ENABLED=0", ""), "FAIL  the programs are built static"},
	{"a package that is not there", edited(dockerfile, "./cmd/pantomime", "./cmd/mime"), "cmd/mime: no such file"},
	{"a stage that is not there", edited(dockerfile, "--from=build", "--from=builder"), "copies from builder, which is no earlier stage"},
	{"a source that is not there", edited(dockerfile, "COPY go.mod", "COPY go.work"), "go.work: no such file"},
	{"a misspelt instruction", edited(dockerfile, "ENTRYPOINT", "ENTRYPIONT"), "instruction ENTRYPIONT is not one of"},
	{"a command in the last stage", edited(dockerfile, "USER 65532:65532", "RUN true"), "cannot be in the last stage"},
	{"a flag nobody knows", edited(dockerfile, "--listen", "--lisen"), "FAIL  the image's own flags are known: serve has no flag --lisen"},
}

var composeFlaws = []flaw{
	{"a misspelt key", edited(composefile, "read_only", "readonly"), "FAIL  compose.yaml parses"},
	{"a mount that is not there", edited(composefile, "./scenario.yaml:", "./scenarios.yaml:"), "scenarios.yaml: no such file"},
	{"a Dockerfile that is not there", edited(composefile, "docker/Dockerfile", "Dockerfile"), "Dockerfile: no such file"},
	{"a network nobody declared", edited(composefile, "[cards]", "[card]"), "is on network card, which is not declared"},
	{"a service that is not there", edited(composefile, "depends_on: [receiver]", "depends_on: [receivers]"), "depends on receivers, which is no service"},
	{"an open port", edited(composefile, "127.0.0.1:8480:8480", "8480:8480"), "port 8480:8480 is open to the network"},
	{"an unknown flag in a service", edited(composefile, "--callback-allow=", "--callbacks="), "serve has no flag --callbacks"},
	{"a scenario that is not played", edited(composefile, "--scenario=/scenario.yaml", "--scenario=/other.yaml"), "mounts /scenario.yaml and does not play it"},
	{"notices into a range that is not allowed", edited(composefile, "--callback-allow=172.30", "--callback-allow=172.31"), "notices into 172.30.84.0/24 are not allowed"},
	{"notices to a port where nobody listens", edited("docker/scenario.yaml", ":9000", ":9001"), "no service receiver listens there"},
	{"notices to nobody", edited("docker/scenario.yaml", "http://", ""), "it sends no notice to anybody"},
}

var programFlaws = []flaw{
	{"a program that cannot say its version", compiled("mute"), "FAIL  version answers: pantomime version says nothing"},
	{"a program that is always well", compiled("cheerful"), "FAIL  health fails where nothing serves: good health, and nobody there"},
	{"a program that cannot serve", compiled("dying"), "it ended before it was healthy"},
	{"a program that stops badly", compiled("rude"), "told to stop, it ended with: exit status 3"},
	{"a program that refuses the scenario", compiled("picky"), "FAIL  service pantomime: its scenario is good"},
	{"a program that asks for a loader", compiled("", "-buildmode=pie"), "FAIL  pantomime is one static executable: asks for a dynamic loader"},
	{"no program at all", func(t *testing.T, h house) {
		t.Helper()
		h.write(t, "bin/pantomime", "#!/bin/sh\n"+strings.Repeat("#", 100))
	}, "bad magic number"},
}

func TestBuildAndCheck_Flaws(t *testing.T) {
	for _, tt := range slices.Concat(imageFlaws, composeFlaws, programFlaws) {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t)
			tt.spoil(t, h)
			out, good := h.image(t)
			if good || !strings.Contains(out, tt.want) {
				t.Errorf("good: %v; want %q in\n%s", good, tt.want, out)
			}
		})
	}
}

// A layout that was changed after it was built is found out by re-reading it.
func TestCheckImage_Tampered(t *testing.T) {
	tests := []struct {
		name  string
		spoil func(t *testing.T, out string)
		want  string
	}{
		{"a changed layer", func(t *testing.T, out string) { t.Helper(); flip(t, largest(t, out)) }, "FAIL  every blob has the digest it is named by"},
		{"a lost layer", func(t *testing.T, out string) {
			t.Helper()
			if err := os.Remove(largest(t, out)); err != nil {
				t.Fatal(err)
			}
		}, "FAIL  the library finds the layout valid"},
		{"a blob nobody names", func(t *testing.T, out string) {
			t.Helper()
			const empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
			if err := os.WriteFile(filepath.Join(out, "blobs/sha256", empty), nil, 0o644); err != nil {
				t.Fatal(err)
			}
		}, "no blob is left over: is [1 4]"},
		{"another layout version", func(t *testing.T, out string) {
			t.Helper()
			if err := os.WriteFile(filepath.Join(out, "oci-layout"), []byte(`{"imageLayoutVersion":"2.0.0"}`), 0o644); err != nil {
				t.Fatal(err)
			}
		}, `layout version "2.0.0"`},
	}
	h := newHouse(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out := filepath.Join(t.TempDir(), "image")
			if err := buildAndCheck(&report{out: new(bytes.Buffer)}, h.root, out); err != nil {
				t.Fatal(err)
			}
			tt.spoil(t, out)
			var said bytes.Buffer
			r := &report{out: &said}
			if err := checkImage(r, h.root, out, []string{"serve"}); err != nil {
				t.Fatal(err)
			}
			if finish(&said, r) || !strings.Contains(said.String(), tt.want) {
				t.Errorf("want %q in\n%s", tt.want, &said)
			}
		})
	}
}

func TestWriteLayout_SameBytesTwice(t *testing.T) {
	h := newHouse(t)
	out := filepath.Join(t.TempDir(), "image")
	var first string
	for range 2 { // the second time over the first
		if err := buildAndCheck(&report{out: new(bytes.Buffer)}, h.root, out); err != nil {
			t.Fatal(err)
		}
		index, err := os.ReadFile(filepath.Join(out, "index.json"))
		if err != nil {
			t.Fatal(err)
		}
		if first == "" {
			first = string(index)
		}
		if first != string(index) {
			t.Errorf("the index was\n%s\nand is\n%s", first, index)
		}
	}
}

func TestWriteLayout_KeepsForeignFolders(t *testing.T) {
	h := newHouse(t)
	h.write(t, "keep/letter.txt", "dear")
	if err := buildAndCheck(&report{out: new(bytes.Buffer)}, h.root, filepath.Join(h.root, "keep")); err == nil {
		t.Error("wrote over a folder that is no layout")
	}
	if _, err := os.Stat(filepath.Join(h.root, "keep/letter.txt")); err != nil {
		t.Error(err)
	}
}

func TestFinish_NothingIsNotGood(t *testing.T) {
	if finish(new(bytes.Buffer), &report{}) {
		t.Error("no check at all was good")
	}
}

func largest(t *testing.T, out string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(out, "blobs/sha256/*"))
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

func flip(t *testing.T, file string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)/2] ^= 1
	if err := os.WriteFile(file, data, 0o644); err != nil {
		t.Fatal(err)
	}
}
