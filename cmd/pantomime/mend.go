package main

import (
	"regexp"
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
	meant := mendOnce(root, args, refused.mend)
	for range mostSlips - 1 {
		next := mendOnce(root, meant)
		if next == nil {
			break
		}
		meant = next
	}
	if meant != nil {
		return "Did you mean `pantomime " + strings.Join(quoted(meant), " ") + "`?"
	}
	if refused.meant != "" { // of a file, or of a setting from elsewhere
		return "Did you mean " + refused.meant + "?"
	}
	return ""
}

// mostSlips bounds how many slips of one line are mended.
const mostSlips = 3

// mendOnce mends one slip, nil if there is none to mend.
func mendOnce(root *cobra.Command, args []string, first ...func(commandLine) []string) []string {
	if args == nil {
		return nil
	}
	l := takeApart(root, args)
	for _, mender := range append(first, mendCommand, mendClock, mendFlag, mendFault, mendValue, mendWord, mendLine) {
		if meant := mender(l); meant != nil && !slices.Equal(meant, args) {
			return meant
		}
	}
	return nil
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
		if !joined && i+1 < len(args) && (!strings.HasPrefix(args[i+1], "-") || belowZero.MatchString(args[i+1])) && (of == nil || of.NoOptDefVal == "") {
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
		if known := cmd.Flags().ShorthandLookup(arg[1:]); known != nil {
			return known.Name, known
		}
	}
	name, long := strings.CutPrefix(arg, "--")
	switch {
	case len(arg) == 2 && arg[0] == '-' && letter.MatchString(arg):
		return arg, nil
	case !long:
		return "", nil
	}
	alone, _, _ := strings.Cut(name, "=")
	return name, cmd.Flags().Lookup(alone)
}

// belowZero is a number behind a dash, which is a value and no flag.
var belowZero = regexp.MustCompile(`^-[0-9]`)

// letter is a flag of one letter.
var letter = regexp.MustCompile(`^-[A-Za-z]$`)

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
	if other := otherOperations[strings.ToLower(word)]; other != "" && l.depth == 0 {
		return l.with(at, "call", other)
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
		typed := "--" + f.name
		if letter.MatchString(f.name) {
			typed = f.name
		}
		if meant := otherFlags[strings.TrimSpace(l.path()+" "+typed)]; meant != nil {
			return slices.Concat(l.args[:f.at], meant, l.args[f.at+1:])
		}
		if child := childWith(l.cmd, f.name); child != "" {
			return slices.Insert(slices.Clone(l.args), l.depth, child)
		}
		name := otherFlags[typed]
		if len(name) == 0 || !knowsFlag(l.cmd, name[0]) {
			near := scenarios.Nearest(f.name, flagNames(l.cmd))
			if near == "" || typed == f.name {
				continue
			}
			name = []string{"--" + near}
		}
		meant := slices.Clone(l.args)
		meant[f.at] = strings.Replace(meant[f.at], typed, name[0], 1)
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
		if n+1 < len(l.words) && l.words[n+1] == at+1 && knowsFlag(l.cmd, "--"+l.args[at]) {
			return l.with(at, "--"+l.args[at]) // a flag without its dashes
		}
		if meant := find(n, l.args[at]); meant != nil && n < 2 && len(l.words) <= 2 {
			return l.with(at, meant...)
		}
	}
	return nil
}

// knowsFlag reports whether a command has a flag, which may have its value joined.
func knowsFlag(cmd *cobra.Command, flag string) bool {
	name, _, _ := strings.Cut(strings.TrimPrefix(flag, "--"), "=")
	return cmd.Flags().Lookup(name) != nil
}

// childWith is the only subcommand that has a flag.
func childWith(cmd *cobra.Command, flag string) (only string) {
	for _, child := range cmd.Commands() {
		switch {
		case !knowsFlag(child, flag) || child.Hidden:
		case only != "":
			return ""
		default:
			only = child.Name()
		}
	}
	return only
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
