package scenarios

import (
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pantomime-dev/pantomime/token"
)

// compiler turns the drafts of all files of one load into one scenario.
type compiler struct {
	*report
	loader Loader
	drafts []draft
	names  names
	shadow shadows
	loops  loops
	budget Budget
	sc     Scenario

	overspent bool // what the rules look at was refused already
}

// names are what rules, timelines and expectations can refer to.
type names struct {
	requestors map[string]spot
	accounts   map[string]spot
	behind     map[string]string // the requestor of each account
	issuers    map[string]spot
	acquirers  map[string]spot
	rules      map[string]spot
	cards      map[string]knownCard
}

func newCompiler(l Loader, r *report, drafts []draft) *compiler {
	return &compiler{
		report: r, loader: l, drafts: drafts, shadow: shadows{},
		names: names{
			requestors: map[string]spot{}, accounts: map[string]spot{}, behind: map[string]string{}, issuers: map[string]spot{},
			acquirers: map[string]spot{},
			rules:     map[string]spot{}, cards: map[string]knownCard{},
		},
	}
}

// compile checks and resolves everything, in an order in which each section
// finds the names it refers to.
func (c *compiler) compile() Scenario {
	c.sc.Name = c.joined(func(d draft) word { return d.name }, "; ")
	c.sc.Description = c.joined(func(d draft) word { return d.description }, "\n")
	c.sc.Seed = single(c, func(d draft) value[uint64] { return d.seed }).v
	c.clock()
	c.switches()
	c.requestors()
	c.accounts()
	c.issuers()
	c.acquirers()
	c.cards()
	c.rules()
	c.timeline()
	c.personas()
	c.callbacks()
	c.play()
	c.expect()
	return c.sc
}

// clock compiles the `clock:` section, of which files may give a part each.
func (c *compiler) clock() {
	d := clockDraft{
		mode:  single(c, func(d draft) word { return d.clock.mode }),
		start: single(c, func(d draft) value[time.Time] { return d.clock.start }),
	}
	d.modeGiven = slices.ContainsFunc(c.drafts, func(d draft) bool { return d.clock.modeGiven })
	c.sc.Clock = d.compile(c.report)
}

// callbacks compiles the one `callbacks:` section.
func (c *compiler) callbacks() {
	var first word
	for _, d := range c.drafts {
		retry := d.callbacks.retry
		if !retry.set {
			continue
		}
		if first.set {
			c.add(retry.finding("is given by two files").near(first.spot))
			continue
		}
		first = word{spot: retry.spot, set: true}
		c.sc.Callbacks.Retry = retry.v
	}
	c.sc.Callbacks.Timeout = single(c, func(d draft) value[time.Duration] { return d.callbacks.timeout }).v
	c.sc.Callbacks.Order = single(c, func(d draft) value[NoticeOrder] { return d.callbacks.order }).v
}

// drafts walks one section of all files, in the order of the files, as long as
// anybody wants to know.
func drafts[T any](c *compiler, of func(draft) []T) iter.Seq2[int, T] {
	return func(yield func(int, T) bool) {
		n := 0
		for _, file := range c.drafts {
			for _, d := range of(file) {
				if c.over() || !yield(n, d) {
					return
				}
				n++
			}
		}
	}
}

// single picks a value that files may give more than once only if they agree.
func single[T comparable](c *compiler, of func(draft) value[T]) value[T] {
	var first value[T]
	for _, d := range c.drafts {
		next := of(d)
		switch {
		case !next.set:
		case !first.set:
			first = next
		case first.v != next.v:
			c.add(next.finding("differs from what another file says").near(first.spot))
		}
	}
	return first
}

// joined puts the texts of all files together.
func (c *compiler) joined(of func(draft) word, separator string) string {
	var all []string
	for _, d := range c.drafts {
		if w := of(d); w.set {
			all = append(all, token.Scrub(w.v))
		}
	}
	return strings.Join(all, separator)
}

// unique refuses a name that something of the same kind has already.
func (c *compiler) unique(taken map[string]spot, name word) bool {
	if first, twice := taken[name.v]; twice {
		c.add(name.finding("is a name given twice").near(first))
		return false
	}
	taken[name.v] = name.spot
	return true
}

// maxChoices is how many names a finding lists and compares with.
const maxChoices = 200

// unknown reports a name that refers to nothing, with all that it could be.
func unknown[T any](c *compiler, w word, kind string, known map[string]T) {
	finding := w.finding("is no " + kind + " of this scenario")
	switch n := len(known); {
	case n == 0:
		finding.Message += ", which names none"
	case n > maxChoices:
		finding.Message += ", which names " + strconv.Itoa(n)
	default:
		finding = finding.among(w.v, slices.Sorted(maps.Keys(known)))
	}
	c.add(finding)
}

// pointer is nil for a value that was not given.
func (v value[T]) pointer() *T {
	if !v.set {
		return nil
	}
	return &v.v
}

// spellings leaves the texts of words; nil for none.
func spellings(words []word) []string {
	var all []string
	for _, w := range words {
		all = append(all, w.v)
	}
	return all
}
