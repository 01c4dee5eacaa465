package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/pantomime-dev/pantomime/scenarios"
)

// mend reports the command line that was probably meant in the place of one that
// was refused, or "". Each mender looks for one kind of slip; what they look for
// is in mend_words.go.
func mend(root *cobra.Command, args []string, refused *exit) string {
	l := takeApart(root, args)
	for _, mender := range []func(commandLine) []string{refused.mend, mendCommand, mendClock, mendFlag, mendValue, mendWord} {
		if meant := mender(l); meant != nil && !slices.Equal(meant, args) {
			return "Did you mean `pantomime " + strings.Join(quoted(meant), " ") + "`?"
		}
	}
	if refused.meant != "" { // of a file, or of a setting from elsewhere
		return "Did you mean " + refused.meant + "?"
	}
	return ""
}

// mend puts what the refusal itself names in the place of the word it is about.
func (e *exit) mend(l commandLine) []string {
	if at := slices.Index(l.args, e.word); e.meant != "" && at >= 0 {
		return l.with(at, e.meant)
	}
	return nil
}

// commandLine is one that was refused, taken apart.
type commandLine struct {
	args  []string
	cmd   *cobra.Command // the deepest that its first words name
	depth int            // how many words that are
	words []int          // which of args are neither flags nor their values
	flags []flagUse
}

// flagUse is a flag on the command line, with the place of its value, -1 if it
// has none of its own.
type flagUse struct {
	at, value int
	name      string
	known     bool
}

func takeApart(root *cobra.Command, args []string) commandLine {
	l := commandLine{args: args, cmd: root}
	for l.depth < len(args) {
		child := childOf(l.cmd, args[l.depth])
		if child == nil {
			break
		}
		l.cmd = child
		l.depth++
	}
	for i := l.depth; i < len(args); i++ {
		name, of := flagNamed(l.cmd, args[i])
		if name == "" {
			l.words = append(l.words, i)
			continue
		}
		name, _, joined := strings.Cut(name, "=")
		f := flagUse{at: i, value: -1, name: name, known: of != nil || name == "help"}
		if !joined && i+1 < len(args) && !strings.HasPrefix(args[i+1], "-") && (of == nil || of.NoOptDefVal == "") {
			i++
			f.value = i
		}
		l.flags = append(l.flags, f)
	}
	return l
}

// flagNamed is the name of what may be a flag, with its value if joined, and the
// flag if the command has it.
func flagNamed(cmd *cobra.Command, arg string) (name string, f *pflag.Flag) {
	if len(arg) == 2 && arg[0] == '-' {
		if f = cmd.Flags().ShorthandLookup(arg[1:]); f != nil {
			return f.Name, f
		}
	}
	name, long := strings.CutPrefix(arg, "--")
	if !long {
		return "", nil
	}
	alone, _, _ := strings.Cut(name, "=")
	return name, cmd.Flags().Lookup(alone)
}

func childOf(cmd *cobra.Command, name string) *cobra.Command {
	for _, child := range cmd.Commands() {
		if child.Name() == name || child.HasAlias(name) {
			return child
		}
	}
	return nil
}

// with is the line with other words in the place of one.
func (l commandLine) with(at int, words ...string) []string {
	return slices.Concat(l.args[:at], words, l.args[at+1:])
}

// path is the command without the program's name: "clock advance".
func (l commandLine) path() string { return strings.Join(l.args[:l.depth], " ") }

// mendCommand knows what else a command is called, and what a word is that is
// none: an operation, an event, a file.
func mendCommand(l commandLine) []string {
	if len(l.words) == 0 || len(l.cmd.Commands()) == 0 {
		return nil
	}
	at := l.words[0]
	word := l.args[at]
	var names []string
	for _, child := range l.cmd.Commands() {
		names = append(names, child.Name())
	}
	for _, m := range otherWords[strings.ToLower(word)] {
		if slices.Contains(names, m) {
			return l.with(at, m)
		}
	}
	if near := scenarios.Nearest(word, names); near != "" {
		return l.with(at, near)
	}
	if l.depth == 0 {
		return mendFirst(l, at)
	}
	return nil
}

// mendFlag knows flags that are spelt or called otherwise.
func mendFlag(l commandLine) []string {
	for _, f := range l.flags {
		if f.known {
			continue
		}
		if meant := otherFlags[l.path()+" --"+f.name]; meant != nil {
			return slices.Concat(l.args[:f.at], meant, l.args[f.at+1:])
		}
		name := otherFlags["--"+f.name]
		if len(name) == 0 || l.cmd.Flags().Lookup(strings.TrimPrefix(name[0], "--")) == nil {
			near := scenarios.Nearest(f.name, flagNames(l.cmd))
			if near == "" {
				continue
			}
			name = []string{"--" + near}
		}
		meant := slices.Clone(l.args)
		meant[f.at] = strings.Replace(meant[f.at], "--"+f.name, name[0], 1)
		return meant
	}
	return nil
}

// mendValue knows what flags take.
func mendValue(l commandLine) []string {
	for _, f := range l.flags {
		if find := valuesOf[f.name]; find != nil && f.known && f.value >= 0 {
			if meant := find(l.args[f.value]); meant != "" {
				return l.with(f.value, meant)
			}
		}
	}
	return nil
}

// mendWord knows what is behind a command without a flag.
func mendWord(l commandLine) []string {
	find := wordsOf[l.path()]
	if find == nil {
		return nil
	}
	for n, at := range l.words {
		if meant := find(n, l.args[at]); meant != nil {
			return l.with(at, meant...)
		}
	}
	return nil
}

// quoted puts words in quotes where a shell wants them.
func quoted(words []string) []string {
	out := slices.Clone(words)
	for i, w := range out {
		if w == "" || strings.ContainsAny(w, " \t'\"$&|;<>()*?\\`") {
			out[i] = quote(w)
		}
	}
	return out
}
