package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// verifyDockerfile checks what an engine would only notice while building:
// that the sources it copies and the packages it builds are there, that its
// stages lead to one another, and that the last one starts from nothing.
func verifyDockerfile(r *report, root string, stages []stage) {
	last := stages[len(stages)-1]
	r.equal("the Dockerfile's image starts from nothing", last.Base, "scratch")
	r.check("every copied source is there", copies(root, stages))
	r.check("the programs are built static, small and without paths", builds(root, stages))
	r.check("the compiler is the one go.mod asks for", compiler(root, stages))
}

func copies(root string, stages []stage) error {
	var errs []error
	for i, s := range stages {
		for _, args := range s.all("COPY") {
			fields := strings.Fields(args)
			if from, ok := strings.CutPrefix(fields[0], "--from="); ok {
				if !slices.ContainsFunc(stages[:i], func(earlier stage) bool { return earlier.Name == from }) {
					errs = append(errs, fmt.Errorf("copies from %s, which is no earlier stage", from))
				}
				continue
			}
			for _, source := range fields[:len(fields)-1] {
				_, err := os.Stat(filepath.Join(root, source))
				errs = append(errs, err)
			}
		}
	}
	return errors.Join(errs...)
}

// builds looks at each go build of the RUN lines, and at what the last stage
// copies of their results.
func builds(root string, stages []stage) error {
	var errs []error
	var made []string
	for _, s := range stages {
		for _, run := range s.all("RUN") {
			for command := range strings.SplitSeq(run, "&&") {
				if !strings.Contains(command, "go build") {
					continue
				}
				for _, must := range []string{"CGO_ENABLED=0", "-trimpath"} {
					if !strings.Contains(command, must) {
						errs = append(errs, fmt.Errorf("%s: without %s", strings.TrimSpace(command), must))
					}
				}
				fields := strings.Fields(command)
				_, err := os.Stat(filepath.Join(root, fields[len(fields)-1]))
				errs = append(errs, err)
				if at := slices.Index(fields, "-o"); at >= 0 && at+1 < len(fields) {
					made = append(made, fields[at+1])
				}
			}
		}
	}
	last := strings.Join(stages[len(stages)-1].all("COPY"), " ")
	for _, program := range []string{"/out/pantomime", "/out/receiver"} {
		if !slices.Contains(made, program) || !slices.Contains(strings.Fields(last), program) {
			errs = append(errs, fmt.Errorf("%s is not both built and copied", program))
		}
	}
	return errors.Join(errs...)
}

func compiler(root string, stages []stage) error {
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(mod)) {
		version, ok := strings.CutPrefix(strings.TrimSpace(line), "go ")
		if !ok {
			continue
		}
		parts := strings.Split(version, ".")
		want := "golang:" + strings.Join(parts[:min(2, len(parts))], ".") + "-"
		if !strings.HasPrefix(stages[0].Base, want) {
			return fmt.Errorf("builds with %s, and go.mod asks for %s", stages[0].Base, version)
		}
		return nil
	}
	return errors.New("go.mod asks for no version")
}
