package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
)

// instruction is one line of a Dockerfile, continuation lines joined.
type instruction struct {
	Line int
	Word string // FROM, RUN …, in capitals
	Args string
}

// stage is one FROM and what follows it.
type stage struct {
	Base, Name   string
	Instructions []instruction
}

// words are the instructions this repository's Dockerfile may use; one that is
// missing here is a typing error or needs a check of its own first.
var words = []string{
	"FROM", "WORKDIR", "COPY", "RUN", "ARG", "LABEL", "USER", "EXPOSE", "HEALTHCHECK", "ENTRYPOINT", "CMD",
}

// parseDockerfile splits src into stages.
func parseDockerfile(src string) ([]stage, error) {
	var stages []stage
	for _, in := range instructions(src) {
		switch {
		case !slices.Contains(words, in.Word):
			return nil, fmt.Errorf("line %d: instruction %s is not one of %s", in.Line, in.Word, strings.Join(words, " "))
		case in.Word == "FROM":
			fields := strings.Fields(in.Args)
			next := stage{Name: strconv.Itoa(len(stages))}
			switch {
			case len(fields) == 1:
			case len(fields) == 3 && strings.EqualFold(fields[1], "AS"):
				next.Name = fields[2]
			default:
				return nil, fmt.Errorf("line %d: FROM %q: want IMAGE or IMAGE AS NAME", in.Line, in.Args)
			}
			next.Base = fields[0]
			stages = append(stages, next)
		case len(stages) == 0:
			return nil, fmt.Errorf("line %d: %s before the first FROM", in.Line, in.Word)
		default:
			last := &stages[len(stages)-1]
			last.Instructions = append(last.Instructions, in)
		}
	}
	if len(stages) == 0 {
		return nil, fmt.Errorf("no FROM")
	}
	return stages, nil
}

func instructions(src string) []instruction {
	var all []instruction
	open := false // whether the line before ended in a backslash
	for number, line := range strings.Split(src, "\n") {
		text := strings.TrimSpace(line)
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		body, more := strings.CutSuffix(text, "\\")
		body = strings.TrimSpace(body)
		if open {
			all[len(all)-1].Args += " " + body
		} else {
			word, args, _ := strings.Cut(body, " ")
			all = append(all, instruction{number + 1, strings.ToUpper(word), strings.TrimSpace(args)})
		}
		open = more
	}
	return all
}

// all returns the arguments of every instruction called word.
func (s stage) all(word string) []string {
	var args []string
	for _, in := range s.Instructions {
		if in.Word == word {
			args = append(args, in.Args)
		}
	}
	return args
}

// config is what the stage says about running its image.
func (s stage) config() (v1.Config, error) {
	config := v1.Config{
		Env:          []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
		Labels:       map[string]string{},
		ExposedPorts: map[string]struct{}{},
	}
	for _, in := range s.Instructions {
		if err := apply(&config, in); err != nil {
			return v1.Config{}, fmt.Errorf("line %d: %s: %w", in.Line, in.Word, err)
		}
	}
	return config, nil
}

func apply(config *v1.Config, in instruction) (err error) {
	switch in.Word {
	case "COPY": // files, not configuration
	case "USER":
		config.User = in.Args
	case "EXPOSE":
		for port := range strings.FieldsSeq(in.Args) {
			config.ExposedPorts[port] = struct{}{}
		}
	case "LABEL":
		name, value, ok := strings.Cut(in.Args, "=")
		if !ok {
			return fmt.Errorf("%q is not name=\"value\"", in.Args)
		}
		config.Labels[name], err = strconv.Unquote(value)
	case "ENTRYPOINT":
		config.Entrypoint, err = execForm(in.Args)
	case "CMD":
		config.Cmd, err = execForm(in.Args)
	case "HEALTHCHECK":
		config.Healthcheck, err = healthcheck(in.Args)
	default:
		err = fmt.Errorf("cannot be in the last stage: a scratch image has nothing to run it with")
	}
	return err
}

// execForm reads ["a", "b"]; the shell form needs a shell, and there is none.
func execForm(args string) ([]string, error) {
	var list []string
	if err := json.Unmarshal([]byte(args), &list); err != nil || len(list) == 0 {
		return nil, fmt.Errorf("%s is not a JSON list of strings, and a scratch image has no shell for anything else", args)
	}
	return list, nil
}

func healthcheck(args string) (*v1.HealthConfig, error) {
	flags, command, ok := strings.Cut(args, "CMD ")
	if !ok {
		return nil, fmt.Errorf("%q has no CMD", args)
	}
	list, err := execForm(command)
	if err != nil {
		return nil, err
	}
	health := &v1.HealthConfig{Test: append([]string{"CMD"}, list...)}
	for flag := range strings.FieldsSeq(flags) {
		name, value, _ := strings.Cut(flag, "=")
		switch name {
		case "--interval":
			health.Interval, err = time.ParseDuration(value)
		case "--timeout":
			health.Timeout, err = time.ParseDuration(value)
		case "--start-period":
			health.StartPeriod, err = time.ParseDuration(value)
		case "--retries":
			health.Retries, err = strconv.Atoi(value)
		default:
			err = fmt.Errorf("flag %s is not one of --interval --timeout --start-period --retries", name)
		}
		if err != nil {
			return nil, err
		}
	}
	return health, nil
}
