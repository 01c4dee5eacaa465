package main

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// compose is the part of the compose format this repository uses; a key that
// is missing here is a typing error or needs a check of its own first.
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

func readCompose(file string) (*compose, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	c := &compose{}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	if err := decoder.Decode(c); err != nil {
		return nil, err
	}
	if len(c.Services) == 0 {
		return nil, errors.New("no services")
	}
	return c, nil
}

// verifyCompose checks that what the file names is there: folders, files,
// services, networks, and the flags of its commands.
func verifyCompose(r *report, file string, b box) {
	c, err := readCompose(file)
	r.check("compose.yaml parses", err)
	if err != nil {
		return
	}
	folder := filepath.Dir(file)
	for _, name := range slices.Sorted(maps.Keys(c.Services)) {
		s := c.Services[name]
		r.check("service "+name+": what it names is there", s.named(c, folder))
		r.check("service "+name+": it is published on loopback only", s.published())
		if len(s.Entrypoint) == 0 {
			r.check("service "+name+": its flags are known", knownFlags(b, s.Command))
			r.check("service "+name+": its scenario is good", s.scenario(c, folder, b))
		}
	}
}

func (s service) named(c *compose, folder string) error {
	var errs []error
	context := filepath.Join(folder, s.Build.Context)
	for _, path := range []string{context, filepath.Join(context, s.Build.Dockerfile)} {
		_, err := os.Stat(path)
		errs = append(errs, err)
	}
	for _, volume := range s.Volumes {
		source, _, _ := strings.Cut(volume, ":")
		_, err := os.Stat(filepath.Join(folder, source))
		errs = append(errs, err)
	}
	for _, name := range s.DependsOn {
		if _, ok := c.Services[name]; !ok {
			errs = append(errs, fmt.Errorf("depends on %s, which is no service", name))
		}
	}
	for _, name := range s.Networks {
		if _, ok := c.Networks[name]; !ok {
			errs = append(errs, fmt.Errorf("is on network %s, which is not declared", name))
		}
	}
	return errors.Join(errs...)
}

func (s service) published() error {
	for _, port := range s.Ports {
		if !strings.HasPrefix(port, "127.0.0.1:") {
			return fmt.Errorf("port %s is open to the network", port)
		}
	}
	return nil
}

var target = regexp.MustCompile(`https?://([a-z0-9.-]+):([0-9]+)`)

// scenario lets the program check the scenario the service mounts, and looks
// for the receivers it names: a service, at the port it listens on, in a range
// that the command allows.
func (s service) scenario(c *compose, folder string, b box) error {
	if len(s.Volumes) == 0 {
		return errors.New("mounts none")
	}
	source, rest, _ := strings.Cut(s.Volumes[0], ":")
	mounted, _, _ := strings.Cut(rest, ":")
	if !slices.Contains(s.Command, "--scenario="+mounted) {
		return fmt.Errorf("mounts %s and does not play it", mounted)
	}
	data, err := os.ReadFile(filepath.Join(folder, source))
	if err != nil {
		return err
	}
	seen := filepath.Join(b.rootfs, filepath.Base(mounted))
	if err := os.WriteFile(seen, data, 0o644); err != nil { //nolint:gosec // the image's user must be able to read it
		return err
	}
	if _, err := b.output("check", b.path(filepath.Base(mounted))); err != nil {
		return err
	}
	found := target.FindAllStringSubmatch(string(data), -1)
	if len(found) == 0 {
		return errors.New("it sends no notice to anybody")
	}
	for _, url := range found {
		if !slices.ContainsFunc(c.Services[url[1]].Command, func(arg string) bool { return strings.HasSuffix(arg, ":"+url[2]) }) {
			return fmt.Errorf("%s: no service %s listens there", url[0], url[1])
		}
	}
	for _, network := range s.Networks {
		for _, pool := range c.Networks[network].IPAM.Config {
			if !slices.Contains(s.Command, "--callback-allow="+pool.Subnet) {
				return fmt.Errorf("notices into %s are not allowed by the command", pool.Subnet)
			}
		}
	}
	return nil
}

var flagName = regexp.MustCompile(`--[a-z][a-z0-9-]*`)

// knownFlags compares the flags of a command line with its help.
func knownFlags(b box, command []string) error {
	if len(command) == 0 {
		return errors.New("no command")
	}
	help, err := b.output(command[0], "--help")
	if err != nil {
		return err
	}
	known := flagName.FindAllString(help, -1)
	for _, arg := range command[1:] {
		if flag := flagName.FindString(arg); strings.HasPrefix(arg, "--") && !slices.Contains(known, flag) {
			return fmt.Errorf("%s has no flag %s", command[0], flag)
		}
	}
	return nil
}
