package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"gopkg.in/yaml.v3"
)

// docker is the folder of this repository that describes the image.
const docker = "../../docker"

// instructions are the lines of docker/Dockerfile, without comments and with
// continued lines joined: those that build and those of the image.
func instructions(t *testing.T) (build, image []string) {
	t.Helper()
	text := regexp.MustCompile(`(?m)^\s*#.*\n`).ReplaceAllString(read(t, filepath.Join(docker, "Dockerfile")), "")
	text = regexp.MustCompile(`\s*\\\n\s*`).ReplaceAllString(text, " ")
	lines := slices.DeleteFunc(strings.Split(text, "\n"), func(line string) bool { return line == "" })
	at := slices.Index(lines, "FROM scratch")
	if at < 0 {
		t.Fatal("no stage starts from nothing")
	}
	return lines[:at], lines[at:]
}

// said is what a Dockerfile says for a configuration.
func said(c v1.Config) []string {
	list := func(words []string) string {
		text, _ := json.Marshal(words)
		return strings.ReplaceAll(string(text), `","`, `", "`)
	}
	health := c.Healthcheck
	lines := []string{
		"FROM scratch",
		"COPY --from=build /out/pantomime /out/receiver /",
		"USER " + c.User,
		"EXPOSE " + strings.Join(slices.Sorted(maps.Keys(c.ExposedPorts)), " "),
		fmt.Sprintf("HEALTHCHECK --interval=%s --timeout=%s --start-period=%s --retries=%d CMD %s",
			health.Interval, health.Timeout, health.StartPeriod, health.Retries, list(health.Test[1:])),
		"ENTRYPOINT " + list(c.Entrypoint),
		"CMD " + list(c.Cmd),
	}
	for name, value := range c.Labels {
		lines = append(lines, fmt.Sprintf("LABEL %s=%q", name, value))
	}
	return lines
}

// An engine makes the same image.
func TestDockerfile_SaysWhatTheImageSays(t *testing.T) {
	_, got := instructions(t)
	want := said(config())
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("the last stage is\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// What an engine would only notice while building.
func TestDockerfile_Builds(t *testing.T) {
	const root = "../.."
	build, _ := instructions(t)
	version := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(read(t, filepath.Join(root, "go.mod")))
	if !regexp.MustCompile(`^FROM golang:` + regexp.QuoteMeta(version[1]) + `-\S+ AS build$`).MatchString(build[0]) {
		t.Errorf("%s: go.mod asks for %s", build[0], version[1])
	}
	var made []string
	for _, line := range build[1:] {
		words := strings.Fields(line)
		switch words[0] {
		case "WORKDIR", "ARG":
		case "COPY":
			for _, source := range words[1 : len(words)-1] {
				if _, err := os.Stat(filepath.Join(root, source)); err != nil {
					t.Errorf("%s: %v", line, err)
				}
			}
		case "RUN":
			made = append(made, runs(t, root, strings.TrimPrefix(line, "RUN "))...)
		default:
			t.Errorf("%s: what is %s?", line, words[0])
		}
	}
	if want := []string{"/out/pantomime", "/out/receiver"}; !slices.Equal(made, want) {
		t.Errorf("builds %v, want %v", made, want)
	}
}

// runs looks at each go build of a line, which must make a static file without
// paths of ours, and returns the files.
func runs(t *testing.T, root, line string) (made []string) {
	t.Helper()
	for command := range strings.SplitSeq(line, " && ") {
		words := strings.Fields(command)
		if !strings.Contains(command, "go build ") {
			continue
		}
		for _, must := range []string{"CGO_ENABLED=0", "-trimpath"} {
			if !slices.Contains(words, must) {
				t.Errorf("%s: without %s", command, must)
			}
		}
		if _, err := os.Stat(filepath.Join(root, words[len(words)-1])); err != nil {
			t.Errorf("%s: %v", command, err)
		}
		made = append(made, words[slices.Index(words, "-o")+1])
	}
	return made
}

// compose is the part of the compose format that this repository uses; a key
// that is missing here is a typing error or needs a check of its own first.
type compose struct {
	Name     string
	Services map[string]service
	Networks map[string]struct {
		IPAM struct {
			Config []struct{ Subnet string }
		}
	}
}

type service struct {
	Build       struct{ Context, Dockerfile string }
	Image       string
	Entrypoint  []string
	Command     []string
	Ports       []string
	Volumes     []string
	Networks    []string
	DependsOn   []string `yaml:"depends_on"`
	ReadOnly    bool     `yaml:"read_only"`
	CapDrop     []string `yaml:"cap_drop"`
	SecurityOpt []string `yaml:"security_opt"`
	Healthcheck struct{ Disable bool }
}

func readCompose(t *testing.T) compose {
	t.Helper()
	var c compose
	decoder := yaml.NewDecoder(bytes.NewReader([]byte(read(t, filepath.Join(docker, "compose.yaml")))))
	decoder.KnownFields(true)
	if err := decoder.Decode(&c); err != nil || len(c.Services) == 0 {
		t.Fatalf("%d services, %v", len(c.Services), err)
	}
	return c
}

// What the file names is there, and nothing is published beyond this machine.
func TestCompose_WhatItNamesIsThere(t *testing.T) {
	c := readCompose(t)
	for name, s := range c.Services {
		context := filepath.Join(docker, s.Build.Context)
		files := []string{context, filepath.Join(context, s.Build.Dockerfile)}
		for _, volume := range s.Volumes {
			source, _, _ := strings.Cut(volume, ":")
			files = append(files, filepath.Join(docker, source))
		}
		for _, file := range files {
			if _, err := os.Stat(file); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		for _, other := range s.DependsOn {
			if _, ok := c.Services[other]; !ok {
				t.Errorf("%s depends on %s, which is no service", name, other)
			}
		}
		for _, network := range s.Networks {
			if _, ok := c.Networks[network]; !ok {
				t.Errorf("%s is on network %s, which is not declared", name, network)
			}
		}
		for _, port := range s.Ports {
			if !strings.HasPrefix(port, "127.0.0.1:") {
				t.Errorf("%s: port %s is open to the network", name, port)
			}
		}
	}
}

// The scenario that is mounted is played, and sends its notices to a service,
// at the port it listens on, in a range that the command allows.
func TestCompose_NoticesArrive(t *testing.T) {
	c := readCompose(t)
	s := c.Services["pantomime"]
	if len(s.Volumes) != 1 {
		t.Fatalf("mounts %v", s.Volumes)
	}
	source, rest, _ := strings.Cut(s.Volumes[0], ":")
	mounted, _, _ := strings.Cut(rest, ":")
	if source != "./scenario.yaml" || !slices.Contains(s.Command, "--scenario="+mounted) {
		t.Errorf("mounts %s and does not play it: %v", s.Volumes[0], s.Command)
	}
	targets := regexp.MustCompile(`https?://([a-z0-9.-]+):([0-9]+)`).FindAllStringSubmatch(read(t, filepath.Join(docker, source)), -1)
	if len(targets) == 0 {
		t.Error("it sends no notice at all")
	}
	for _, target := range targets {
		if !slices.ContainsFunc(c.Services[target[1]].Command, func(arg string) bool { return strings.HasSuffix(arg, ":"+target[2]) }) {
			t.Errorf("%s: no service %s listens there", target[0], target[1])
		}
	}
	for _, network := range s.Networks {
		for _, pool := range c.Networks[network].IPAM.Config {
			if !slices.Contains(s.Command, "--callback-allow="+pool.Subnet) {
				t.Errorf("notices into %s are not allowed by the command", pool.Subnet)
			}
		}
	}
}
