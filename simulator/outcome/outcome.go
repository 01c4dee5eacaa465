// Package outcome answers which rule applies to a request: it holds compiled
// rules in layers, finds the first that matches by index, and counts.
//
// Counting is a delta like any other change; nothing here is altered by a
// look-up. It must not act on what a rule says.
package outcome

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"

	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/token"
)

// Facts is what matching may look at. Card is the account's ID, which stays
// when the number is replaced; PAN is the number as sent or as it is now.
type Facts struct {
	Op        token.Operation
	Network   token.Network
	Requestor string
	Purchase  *Purchase // nil where the request is about no payment
	Accounts  []string  // of which one may be behind the request; shared, never changed
	Card      token.PAN
	PAN       token.PAN
	Token     token.Ref
	Request   []token.Fact // headers, query and body, as far as rules asked
}

// Layer names a group of rules; earlier layers are asked first.
type Layer int

// The layers, in the order they are asked.
const (
	FailNext Layer = iota // one-shot failures set by an operator, oldest first
	Posted                // rules posted at run time, newest first
	File                  // the scenario, top to bottom
	Magic                 // built-in magic cards
)

// String names the layer as listings do.
func (l Layer) String() string {
	return [...]string{"fail-next", "posted", "scenario", "magic"}[l]
}

// ID identifies a rule of a sandbox for as long as the rule exists.
type ID struct {
	Layer Layer
	N     uint32
}

// String is the form used in URLs and listings: "scenario-3".
func (id ID) String() string { return id.Layer.String() + "-" + strconv.Itoa(int(id.N)) }

// Rule is a rule with its identity.
type Rule struct {
	ID ID
	scenarios.Rule
}

// Book holds all layers and counters of one sandbox. The sandbox's lock
// guards it.
type Book struct {
	layers   [4]index
	next     [4]uint32
	fired    map[ID]int
	attempts map[uint64]uint32
	budget   scenarios.Budget // spent by all layers
}

// New makes a book from a scenario's rules and the magic cards.
func New(file, magic []scenarios.Rule) *Book {
	b := &Book{fired: map[ID]int{}, attempts: map[uint64]uint32{}}
	b.layers[Posted].newestFirst = true
	for _, r := range file {
		b.add(File, r)
	}
	for _, r := range magic {
		b.add(Magic, r)
	}
	return b
}

// Delta is what a request or an operator changes in a book.
type Delta struct {
	Attempt uint64 // counted attempt, 0 for none
	Fired   []ID
	Added   []Rule
	Removed []ID
}

// Apply folds a delta into the book.
func (b *Book) Apply(d Delta) {
	if d.Attempt != 0 {
		b.attempts[d.Attempt]++
	}
	for _, r := range d.Added {
		b.put(r)
		b.next[r.ID.Layer] = max(b.next[r.ID.Layer], r.ID.N+1)
	}
	for _, id := range d.Fired {
		b.fired[id]++
		if r := b.layers[id.Layer].find(id); id.Layer == FailNext && r != nil && b.usedUp(r) {
			b.remove(id)
		}
	}
	for _, id := range d.Removed {
		b.remove(id)
	}
}

func (b *Book) add(layer Layer, r scenarios.Rule) {
	b.put(Rule{ID{layer, b.next[layer]}, r})
	b.next[layer]++
}

func (b *Book) put(r Rule) {
	b.layers[r.ID.Layer].add(r)
	b.budget.Add(r.When)
}

func (b *Book) remove(id ID) {
	if r := b.layers[id.Layer].remove(id); r != nil {
		b.budget.Remove(r.When)
	}
}

// Asks are what the rules of all layers want to know of requests.
func (b *Book) Asks() scenarios.Asks { return b.budget.Asks() }

// Fit reports whether more rules keep within what the rules of an operation may
// look at, over all layers together; if not, the error is a scenarios.ErrBudget.
func (b *Book) Fit(rules []scenarios.Rule) error { return fit(b.budget.Clone(), rules) }

// FitFile reports the same of rules to put in the place of the scenario's.
func (b *Book) FitFile(rules []scenarios.Rule) error {
	left := b.budget.Clone()
	for _, r := range b.List(File) {
		left.Remove(r.When)
	}
	return fit(left, rules)
}

func fit(budget scenarios.Budget, rules []scenarios.Rule) error {
	for i, r := range rules {
		if err := budget.Fits(r.When); err != nil {
			return fmt.Errorf("rule %s: %w", cmp.Or(r.Name, strconv.Itoa(i+1)), err)
		}
		budget.Add(r.When)
	}
	return nil
}

// ReplaceFile puts other rules in the place of the scenario's; they have fired
// never yet.
func (b *Book) ReplaceFile(rules []scenarios.Rule) {
	for id := range b.fired {
		if id.Layer == File {
			delete(b.fired, id)
		}
	}
	for _, r := range b.List(File) {
		b.budget.Remove(r.When)
	}
	b.layers[File], b.next[File] = index{}, 0
	for _, r := range rules {
		b.add(File, r)
	}
}

// NextID is the identity a rule added to the layer next will have.
func (b *Book) NextID(layer Layer) ID { return ID{layer, b.next[layer]} }

// AttemptKey names what attempts are counted by: the requestor, the operation
// and the card or, where none is known, the token.
func AttemptKey(f Facts) uint64 {
	h := fnv.New64a()
	entity := string(f.Card)
	if entity == "" {
		entity = string(f.Token)
	}
	for _, part := range [...]string{f.Requestor, string(f.Op), entity} {
		_, _ = h.Write([]byte(part))
		_, _ = h.Write([]byte{0})
	}
	return h.Sum64() | 1
}

// Attempts says how often the key has been counted.
func (b *Book) Attempts(key uint64) int { return int(b.attempts[key]) }

// Match finds the first rule that applies to the facts at the given attempt
// (counted from 1).
func (b *Book) Match(f Facts, attempt int) (Rule, bool) {
	for layer := range b.layers {
		if r := b.layers[layer].match(f, attempt, b.usedUp); r != nil {
			return *r, true
		}
	}
	return Rule{}, false
}

func (b *Book) usedUp(r *Rule) bool { return r.Times > 0 && b.fired[r.ID] >= r.Times }

// Fired says how often a rule has fired.
func (b *Book) Fired(id ID) int { return b.fired[id] }

// List gives the rules of a layer in the order they are asked.
func (b *Book) List(layer Layer) []Rule {
	all, _ := b.ListFrom(layer, 0, len(b.layers[layer].rules))
	return all
}

// ListFrom gives at most so many rules of a layer in the order they are asked, and
// where to go on, which is 0 when there are no more. It begins with 0.
func (b *Book) ListFrom(layer Layer, from, most int) (list []Rule, next int) {
	return b.layers[layer].list(from, most)
}

// Rule finds a rule by the text of its id.
func (b *Book) Rule(id string) (Rule, bool) {
	for layer := range b.layers {
		n, is := strings.CutPrefix(id, Layer(layer).String()+"-")
		if number, err := strconv.ParseUint(n, 10, 32); is && err == nil {
			if r := b.layers[layer].find(ID{Layer(layer), uint32(number)}); r != nil && r.ID.String() == id {
				return *r, true
			}
		}
	}
	return Rule{}, false
}

// Count says how many rules a layer has.
func (b *Book) Count(layer Layer) int { return len(b.layers[layer].byID) }
