package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/pantomime-dev/pantomime/scenarios"
)

// documents are the texts whose every command and file is tried here.
var documents = []string{"README.md", "docs/cli.md", "docs/control.md"}

// block is a fenced block of a document.
type block struct {
	lang, info string
	text       string
	line       int
}

var fenced = regexp.MustCompile("(?ms)^```([a-z]+) ?([^\n]*)\n(.*?\n)```$")

func blocksOf(t *testing.T, document string) []block {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", document))
	if err != nil {
		t.Fatal(err)
	}
	var all []block
	for _, at := range fenced.FindAllSubmatchIndex(text, -1) {
		part := func(i int) string { return string(text[at[2*i]:at[2*i+1]]) }
		all = append(all, block{part(1), part(2), part(3), 1 + strings.Count(string(text[:at[0]]), "\n")})
	}
	return all
}

// Every YAML file in the documents is sound, every command in them works, and
// what they say it prints is what it prints. A document is played from top to
// bottom, against the servers it starts itself.
func TestDocs(t *testing.T) {
	for _, document := range documents {
		t.Run(document, func(t *testing.T) {
			blocks := blocksOf(t, document) // before the folder changes
			targets := makeTargets(t)
			t.Chdir(t.TempDir())
			p := &reader{t: t, targets: targets}
			defer p.end()
			for _, b := range blocks {
				p.at = fmt.Sprintf("%s:%d", document, b.line)
				switch {
				case b.lang == "yaml":
					p.file(b)
				case b.lang == "console":
					p.console(b)
				case b.lang == "http":
					p.exchange(b)
				case b.lang == "go" && document == "README.md": // readme_test.go of the root holds and tries it
				default:
					t.Errorf("%s: a block of %s is not tried by anybody; use yaml, console or http", p.at, b.lang)
				}
			}
			if p.tried == 0 {
				t.Errorf("%s: nothing was tried", document)
			}
		})
	}
}

// reader plays a document as a reader would.
type reader struct {
	t       *testing.T
	at      string // place in the document
	targets []string
	server  *running
	ports   ports
	tried   int
}

func (p *reader) end() {
	if p.server != nil {
		if code := p.server.finish(); code != 0 {
			p.t.Errorf("%s: the server ended with %d: %s", p.at, code, p.server.err)
		}
		p.server = nil
	}
}

// file writes a scenario under the name in its first comment.
func (p *reader) file(b block) {
	name, ok := strings.CutPrefix(strings.SplitN(b.text, "\n", 2)[0], "# ")
	if !ok || filepath.Ext(name) != ".yaml" {
		p.t.Errorf("%s: a file begins with a comment that names it", p.at)
		return
	}
	if _, findings := scenarios.Parse(name, []byte(b.text)); len(findings) > 0 {
		p.t.Errorf("%s: %v", p.at, findings)
	}
	if err := os.WriteFile(name, []byte(b.text), 0o600); err != nil {
		p.t.Fatal(err)
	}
	p.tried++
}

// console runs the lines that begin with "$ " and compares what they print
// with the lines that follow. "…" represents anything.
func (p *reader) console(b block) {
	wantCode := 0
	if b.info != "" {
		if _, err := fmt.Sscanf(b.info, "exit=%d", &wantCode); err != nil {
			p.t.Fatalf("%s: %q is not exit=CODE", p.at, b.info)
		}
	}
	for _, step := range strings.Split("\n"+b.text, "\n$ ")[1:] {
		line, want, _ := strings.Cut(step, "\n")
		code, got := p.run(split(line))
		if code != wantCode {
			p.t.Errorf("%s: %s: exit code %d, want %d\n%s", p.at, line, code, wantCode, got)
		}
		if !matches(got, want) {
			p.t.Errorf("%s: %s prints\n%s\nwhich is not\n%s", p.at, line, got, want)
		}
		p.tried++
	}
}

// run carries out one command line; one that serves goes on in the background.
func (p *reader) run(args []string) (code int, output string) {
	switch {
	case args[0] == "make":
		if !slices.Contains(p.targets, args[1]) {
			p.t.Errorf("%s: make has no target %s", p.at, args[1])
		}
		if args[1] != "run" {
			return 0, ""
		}
		return 0, p.serve("demo", "--fast")
	case args[0] != "pantomime":
		p.t.Fatalf("%s: %s is not tried by anybody", p.at, args[0])
	case args[1] == "serve":
		return 0, p.serve(args[1:]...)
	}
	code, stdout, stderr := command(p.t, p.ports.Admin, args[1:]...)
	return code, p.usual(stdout + stderr)
}

// serve starts a server in place of the one before.
func (p *reader) serve(args ...string) string {
	p.end()
	p.server = begin(p.t, "", append(args, "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0")...)
	if !p.server.out.has(p.t.Context(), "pantomime explain last") {
		p.t.Fatalf("%s: %v does not start: %s", p.at, args, p.server.err)
	}
	_, after, _ := strings.Cut(p.server.out.String(), "export PANTOMIME_ADMIN=")
	p.ports.Admin, _, _ = strings.Cut(after, "\n")
	base := regexp.MustCompile(`Visa +(http://\S+)`).FindStringSubmatch(p.server.out.String())
	p.ports.Network = base[1]
	return p.usual(p.server.out.String())
}

// usual puts the usual addresses in place of those of this test.
func (p *reader) usual(text string) string {
	if p.ports.Admin == "" {
		return text
	}
	text = strings.ReplaceAll(text, "  export PANTOMIME_ADMIN="+p.ports.Admin+"\n", "")
	text = strings.ReplaceAll(text, p.ports.Admin, "http://127.0.0.1:8481")
	return strings.ReplaceAll(text, p.ports.Network, "http://127.0.0.1:8480")
}

// split splits a command line; single and double quotes hold words together.
func split(line string) []string {
	var args []string
	for _, m := range regexp.MustCompile(`'([^']*)'|"([^"]*)"|(\S+)`).FindAllStringSubmatch(line, -1) {
		args = append(args, m[1]+m[2]+m[3])
	}
	return args
}

// matches compares an output with what a document shows of it. "…" represents
// any text within a line and, alone, for any number of lines; the width of
// columns does not count.
func matches(got, want string) bool {
	if strings.TrimSpace(want) == "" {
		return true
	}
	var pattern strings.Builder
	for line := range strings.Lines(strings.TrimRight(want, "\n") + "\n") {
		if line == "…\n" {
			pattern.WriteString(`(?:.*\n)*?`)
			continue
		}
		text := strings.TrimRight(columns.ReplaceAllString(line, " "), " \n")
		pattern.WriteString(strings.ReplaceAll(regexp.QuoteMeta(text), "…", `.*`) + ` *\n`)
	}
	got = columns.ReplaceAllString(strings.TrimRight(got, "\n")+"\n", " ")
	return regexp.MustCompile(`^` + pattern.String() + `$`).MatchString(got)
}

// columns are as wide as their longest value, which differs with the ports.
var columns = regexp.MustCompile(` {2,}`)

func makeTargets(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("../../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, m := range regexp.MustCompile(`(?m)^([a-z]+):`).FindAllStringSubmatch(string(text), -1) {
		names = append(names, m[1])
	}
	return names
}

func TestMatches(t *testing.T) {
	tests := []struct {
		name, got, want string
		ok              bool
	}{
		{"the same", "a\nb\n", "a\nb\n", true},
		{"another line", "a\nc\n", "a\nb\n", false},
		{"a line too much", "a\nb\nc\n", "a\nb\n", false},
		{"a line too few", "a\n", "a\nb\n", false},
		{"anything in a line", "a 17 b\n", "a … b\n", true},
		{"not over lines", "a\nb\n", "a…b\n", false},
		{"any lines", "a\nb\nc\nd\n", "a\n…\nd\n", true},
		{"no lines", "a\nd\n", "a\n…\nd\n", true},
		{"any lines at the end", "a\nb\nc\n", "a\n…\n", true},
		{"signs that mean something elsewhere", "a.b*c\n", "axb*c\n", false},
		{"nothing shown", "a\n", "", true},
		{"a wider column", "a     b\n", "a  b\n", true},
		{"no column", "ab\n", "a  b\n", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if matches(tt.got, tt.want) != tt.ok {
				t.Errorf("%q against %q is not %v", tt.got, tt.want, tt.ok)
			}
		})
	}
}

// The documents name every command and flag there is, and none besides.
func TestDocs_CommandsAndFlags(t *testing.T) {
	root := newRoot(&app{})
	var known []string
	for _, cmd := range root.Commands() {
		known = append(known, cmd.Name())
	}
	read := func(document string) string {
		text, err := os.ReadFile(filepath.Join("..", "..", document))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	readme, guide := read("README.md"), read("docs/cli.md")
	for _, construct := range constructors() {
		name := construct(&app{}).Name()
		if !strings.Contains(readme, "`pantomime "+name+"`") {
			t.Errorf("README.md does not list the command %s", name)
		}
		if !regexp.MustCompile(`(?m)^## .*\b` + name + `\b`).MatchString(guide) {
			t.Errorf("docs/cli.md has no section on %s", name)
		}
	}
	for _, document := range documents {
		for _, m := range regexp.MustCompile("`pantomime ([a-z-]+)").FindAllStringSubmatch(read(document), -1) {
			if !slices.Contains(known, m[1]) && m[1] != "completion" {
				t.Errorf("%s names a command %s that is not there", document, m[1])
			}
		}
		for _, m := range regexp.MustCompile("`(--[a-z-]+)").FindAllStringSubmatch(read(document), -1) {
			if !hasFlag(root, strings.TrimPrefix(m[1], "--")) {
				t.Errorf("%s names a flag %s that no command has", document, m[1])
			}
		}
	}
	serve, _, err := root.Find([]string{"serve"})
	if err != nil {
		t.Fatal(err)
	}
	serve.LocalFlags().VisitAll(func(f *pflag.Flag) {
		if f.Name != "help" && !strings.Contains(guide, "| `--"+f.Name+"` |") {
			t.Errorf("docs/cli.md does not explain serve --%s", f.Name)
		}
	})
}

func hasFlag(cmd *cobra.Command, name string) bool {
	if name == "help" || cmd.Flags().Lookup(name) != nil {
		return true
	}
	return slices.ContainsFunc(cmd.Commands(), func(c *cobra.Command) bool { return hasFlag(c, name) })
}
