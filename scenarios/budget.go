package scenarios

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"regexp/syntax"
	"slices"

	"github.com/pantomime-dev/pantomime/token"
)

// Limits on the expressions of rules, in instructions of their compiled form.
// An instruction cost at most 41 µs on a value of 4 KiB (token.MaxFactValue), so
// the expressions of an operation cost 33 ms at most, in the worst case that
// BenchmarkBudget_Worst knows. Any 500 plain characters make one expression.
const (
	maxProgram  = 600 // of one expression
	maxPrograms = 800 // of all rules of one operation together
)

// ErrBudget says that the rules of an operation would look at more of a request
// than the step may.
var ErrBudget = errors.New("too much for one request")

// Budget adds up what rules look at in the requests of each operation, so that
// no request keeps its sandbox waiting. The zero Budget is empty.
type Budget struct {
	spent map[token.Operation]*spending // "" is of rules for any operation
	asks  Asks
}

type spending struct {
	names   map[token.Ask]int // rules' conditions on each
	program int               // instructions of all expressions
}

// Asks lists what rules want to know of requests, by operation; "" is of any.
type Asks map[token.Operation][]token.Ask

// Of is what the rules of an operation ask for, together with those of any.
func (a Asks) Of(op token.Operation) []token.Ask {
	if list, ok := a[op]; ok {
		return list
	}
	return a[""]
}

// Asks are those of all rules added so far. The answer is never changed.
func (b *Budget) Asks() Asks { return b.asks }

// Add counts a rule's conditions.
func (b *Budget) Add(w When) { b.count(w, 1) }

// Remove takes away what Add counted.
func (b *Budget) Remove(w When) { b.count(w, -1) }

func (b *Budget) count(w When, by int) {
	asked := w.asked()
	if len(asked) == 0 {
		return
	}
	if b.spent == nil {
		b.spent = map[token.Operation]*spending{}
	}
	program, changed := w.program(), false
	for _, op := range w.scopes() {
		s := b.spent[op]
		if s == nil {
			s = &spending{names: map[token.Ask]int{}}
			b.spent[op] = s
		}
		s.program += by * program
		for _, ask := range asked {
			before := s.names[ask]
			if s.names[ask] = before + by; before+by == 0 {
				delete(s.names, ask)
			}
			changed = changed || before == 0 || before+by == 0
		}
		if len(s.names) == 0 {
			delete(b.spent, op)
		}
	}
	if changed {
		b.list()
	}
}

// list makes the lists of what is asked anew.
func (b *Budget) list() {
	b.asks = Asks{}
	for op := range b.spent {
		b.asks[op] = slices.SortedFunc(maps.Keys(b.names(op, nil)), func(x, y token.Ask) int {
			return cmp.Or(cmp.Compare(x.Part, y.Part), cmp.Compare(x.Name, y.Name))
		})
	}
}

// names are the different values that the rules of an operation look at, and
// those given.
func (b *Budget) names(op token.Operation, more []token.Ask) map[token.Ask]bool {
	all := map[token.Ask]bool{}
	for _, scope := range [...]token.Operation{"", op} {
		if s := b.spent[scope]; s != nil {
			for ask := range s.names {
				all[ask] = true
			}
		}
	}
	for _, ask := range more {
		all[ask] = true
	}
	return all
}

// knows tells whether the rules of an operation look at all these already.
func (b *Budget) knows(op token.Operation, asked []token.Ask) bool {
	s := b.spent[op]
	return s != nil && !slices.ContainsFunc(asked, func(ask token.Ask) bool { return s.names[ask] == 0 })
}

// program is how long the expressions of an operation's rules are together.
func (b *Budget) program(op token.Operation) int {
	sum := 0
	for _, scope := range slices.Compact([]token.Operation{"", op}) {
		if s := b.spent[scope]; s != nil {
			sum += s.program
		}
	}
	return sum
}

// Fits tells whether there is room for one more rule; the error is an
// ErrBudget and says how much there is.
func (b *Budget) Fits(w When) error {
	if err := w.bounded(); err != nil {
		return err
	}
	asked := w.asked()
	if len(asked) == 0 {
		return nil
	}
	scopes, program := w.scopes(), w.program()
	if scopes[0] == "" {
		scopes = append(slices.Sorted(maps.Keys(b.spent)), "")
	}
	for _, op := range scopes {
		of := "an operation"
		if op != "" {
			of = string(op)
		}
		if b.knows(op, asked) && program == 0 {
			continue
		}
		if n := len(b.names(op, asked)); n > token.MaxFacts {
			return fmt.Errorf("%w: the rules of %s look at %d different values of a request; at most %d are accepted", ErrBudget, of, n, token.MaxFacts)
		}
		if n := b.program(op) + program; program > 0 && n > maxPrograms {
			return fmt.Errorf("%w: the expressions of the rules of %s have %d instructions together; at most %d are accepted", ErrBudget, of, n, maxPrograms)
		}
	}
	return nil
}

// bounded tells whether single conditions keep within their limits.
func (w When) bounded() error {
	for _, c := range w.Conditions() {
		if c.Equals != nil && len(*c.Equals) > token.MaxFactValue {
			return fmt.Errorf("%w: the value that %s shall equal has %d bytes; at most %d are accepted", ErrBudget, c.On.Name, len(*c.Equals), token.MaxFactValue)
		}
		if n := c.program(); n > maxProgram {
			return fmt.Errorf("%w: the expression for %s has %d instructions; at most %d are accepted", ErrBudget, c.On.Name, n, maxProgram)
		}
	}
	return nil
}

// scopes are the operations a rule counts for; "" alone is any.
func (w When) scopes() []token.Operation {
	if len(w.Operations) == 0 {
		return []token.Operation{""}
	}
	return slices.Clone(w.Operations)
}

// Condition is a condition with what it is on.
type Condition struct {
	On token.Ask
	Match
}

// Conditions are those on all parts of a request: headers, query, body.
func (w When) Conditions() []Condition {
	if len(w.Header)+len(w.Query)+len(w.Body) == 0 {
		return nil
	}
	var all []Condition
	for _, in := range [...]struct {
		part token.RequestPart
		list []Match
	}{{token.PartHeader, w.Header}, {token.PartQuery, w.Query}, {token.PartBody, w.Body}} {
		for _, m := range in.list {
			all = append(all, Condition{token.Ask{Part: in.part, Name: m.Name}, m})
		}
	}
	return all
}

// asked is what the conditions are on, each once.
func (w When) asked() []token.Ask {
	var asks []token.Ask
	for _, c := range w.Conditions() {
		asks = appendNew(asks, c.On)
	}
	return asks
}

// program is how many instructions the rule's expressions have together.
func (w When) program() int {
	sum := 0
	for _, c := range w.Conditions() {
		sum += c.program()
	}
	return sum
}

// program is how many instructions the condition's expression compiles to, 0
// without one.
func (m Match) program() int {
	if m.Pattern == nil {
		return 0
	}
	return programOf(m.Pattern.String())
}

// programOf counts the instructions of an expression that compiles.
func programOf(expr string) int {
	tree, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return 0
	}
	program, err := syntax.Compile(tree.Simplify())
	if err != nil {
		return 0
	}
	return len(program.Inst)
}
