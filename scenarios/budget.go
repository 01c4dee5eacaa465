package scenarios

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"regexp/syntax"
	"slices"
	"strconv"

	"github.com/pantomime-dev/pantomime/token"
)

// maxProgram bounds the expressions of all rules for one operation together, in
// instructions of their compiled form. On a value of token.MaxFactValue one
// instruction cost 41 µs at most (BenchmarkBudget_Worst, two idle cores), so the
// worst request keeps the step for 25 ms. Any 500 plain characters fit.
const maxProgram = 600

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

// Clone is a budget of its own that has spent the same.
func (b *Budget) Clone() Budget {
	out := Budget{spent: map[token.Operation]*spending{}, asks: b.asks}
	for op, s := range b.spent {
		out.spent[op] = &spending{names: maps.Clone(s.names), program: s.program}
	}
	return out
}

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

// list brings the lists of what is asked up to date.
func (b *Budget) list() {
	b.asks = Asks{}
	for op := range b.spent {
		b.asks[op] = slices.SortedFunc(maps.Keys(b.names(op)), func(x, y token.Ask) int {
			return cmp.Or(cmp.Compare(x.Part, y.Part), cmp.Compare(x.Name, y.Name))
		})
	}
}

// names are the different values that the rules of an operation look at.
func (b *Budget) names(op token.Operation) map[token.Ask]bool {
	all := map[token.Ask]bool{}
	for _, scope := range [...]token.Operation{"", op} {
		if s := b.spent[scope]; s != nil {
			for ask := range s.names {
				all[ask] = true
			}
		}
	}
	return all
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

// Fits reports whether one more rule keeps within the budget. If not, the error is an
// *[Overspent].
func (b *Budget) Fits(w When) error {
	conditions := w.Conditions()
	if len(conditions) == 0 {
		return nil
	}
	if err := bounded(conditions); err != nil {
		return err
	}
	scopes := w.scopes()
	if scopes[0] == "" { // it counts for every operation
		scopes = append(scopes, slices.Sorted(maps.Keys(b.spent))...)
	}
	for _, op := range scopes {
		if err := b.fits(op, conditions); err != nil {
			return err
		}
	}
	return nil
}

// fits reports the same of more conditions on one operation.
func (b *Budget) fits(op token.Operation, more []Condition) error {
	of := "any operation"
	if op != "" {
		of = string(op)
	}
	names, program := b.names(op), b.program(op)
	for _, c := range more {
		if names[c.On] = true; len(names) > token.MaxFacts {
			return &Overspent{c.On, fmt.Sprintf(
				"is one value too many: rules for %s look at %d different values of a request; at most %d are accepted", of, len(names), token.MaxFacts)}
		}
		n := c.program()
		if program += n; n > 0 && program > maxProgram {
			return &Overspent{c.On, fmt.Sprintf(
				"has one expression too many: those of rules for %s compile to %d instructions together; at most %d are accepted", of, program, maxProgram)}
		}
	}
	return nil
}

// bounded reports whether single conditions keep within their limits.
func bounded(conditions []Condition) error {
	for _, c := range conditions {
		if c.Equals != nil && len(*c.Equals) > token.MaxFactValue {
			return &Overspent{c.On, fmt.Sprintf("must equal %d bytes; at most %d are accepted", len(*c.Equals), token.MaxFactValue)}
		}
		if n := c.program(); n > maxProgram {
			return &Overspent{c.On, "has an expression that " + tooLong(n)}
		}
	}
	return nil
}

// tooLong says that an expression has too many instructions.
func tooLong(n int) string {
	return fmt.Sprintf("compiles to %d instructions; at most %d are accepted, so repeat less", n, maxProgram)
}

// Overspent is an ErrBudget with what a condition was on that went beyond it.
type Overspent struct {
	On  token.Ask
	Why string // a predicate of the condition's name
}

// Error names the condition and says how much is accepted.
func (e *Overspent) Error() string {
	return "the condition on the " + string(e.On.Part) + " " + strconv.Quote(e.On.Name) + " " + e.Why
}

// Unwrap makes it an ErrBudget.
func (*Overspent) Unwrap() error { return ErrBudget }

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
