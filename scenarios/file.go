package scenarios

import (
	"errors"
	"strconv"

	"github.com/pantomime-dev/pantomime/internal/yamldoc"
)

// Version is the one version of the language this program reads.
const Version = 1

// draft is one file as decoded: shapes are checked, references are not yet.
type draft struct {
	spot
	version     value[int]
	name        word
	description word
	seed        value[uint64]
	profile     value[Profile]
	clock       clockDraft
	requestors  []requestorDraft
	accounts    []accountDraft
	issuers     []issuerDraft
	acquirers   []acquirerDraft
	cards       []cardDraft
	networks    networksDraft
	rules       []ruleDraft
	timeline    []entryDraft
	callbacks   callbacksDraft
	play        []stepDraft
	expect      expectDraft
}

var profileKind = oneWord(ProfileDefault, ProfileStrict, ProfileLenient)

var (
	aVersion = shape{"1", func() *form { return &form{Const: Version} }}
	aSeed    = shape{"a whole number from 1", func() *form {
		return &form{Type: "integer", Minimum: "1", Maximum: "18446744073709551615"}
	}}
)

// fileKeys are the sections of a scenario file.
var fileKeys = table[draft]{
	{"version", true, aVersion, "the version of the language", func(c cursor, d *draft) { d.version = c.version() }},
	{"name", false, aLine("a line of text", 200).like("activated late, then suspended for fraud"), "what listings show", func(c cursor, d *draft) { d.name = c.line(200) }},
	{"description", false, someText, "for readers", func(c cursor, d *draft) { d.description = c.text() }},
	{
		"seed", false, aSeed, "what ids, numbers and secrets derive from; without it, what the program was started with",
		func(c cursor, d *draft) { d.seed = c.seed() },
	},
	{
		"profile", false, profileKind.shape.unlessGiven(ProfileDefault), "what the [switches](#networks) of both networks are set to: by the evidence, as a careful network might, or as any known client needs it",
		func(c cursor, d *draft) { d.profile = profileKind.read(c) },
	},
	{"clock", false, aSet(clockKeys), "[the clock](#clock)", func(c cursor, d *draft) { clockKeys.read(c, &d.clock) }},
	{
		"requestors", false, named("requestors by name", requestorKeys.form), "[who asks for tokens](#requestors)",
		func(c cursor, d *draft) { readRequestors(c, d) },
	},
	{
		"accounts", false, named("accounts by name", accountKeys.form), "[what merchants have at a requestor](#accounts)",
		func(c cursor, d *draft) { readAccounts(c, d) },
	},
	{"issuers", false, named("issuers by name", issuerKeys.form), "[the banks](#issuers)", func(c cursor, d *draft) { readIssuers(c, d) }},
	{"acquirers", false, named("acquirers by name", acquirerKeys.form), "[who takes payments for merchants](#acquirers)", func(c cursor, d *draft) { readAcquirers(c, d) }},
	{"cards", false, named("cards by name", withOneOf(cardKeys, "network", "pan")), "[their cards](#cards)", func(c cursor, d *draft) { readCards(c, d) }},
	{"networks", false, aSet(networkKeys), "[what the networks leave open](#networks)", func(c cursor, d *draft) { networkKeys.read(c, &d.networks) }},
	{
		"rules", false, listOf("a list of rules", ruleKeys.form), "[what single requests meet](#rules)",
		func(c cursor, d *draft) { d.rules = readRules(c.items(false)) },
	},
	{
		"timeline", false, listOf("a list of entries", timelineKeys.form), "[what happens later](#timeline)",
		func(c cursor, d *draft) { readTimeline(c, d) },
	},
	{
		"callbacks", false, aSet(callbackKeys), "[how notices are delivered](#callbacks)",
		func(c cursor, d *draft) { callbackKeys.read(c, &d.callbacks) },
	},
	{"play", false, listOf("a list of steps", stepForm), "[the story, step by step](#play)", func(c cursor, d *draft) { readPlay(c, d) }},
	{"expect", false, aSet(expectKeys), "[how it should end](#expect)", func(c cursor, d *draft) { readExpect(c, d) }},
}

// decode reads one file. Everything wrong with its form is in the report; the
// draft holds what was right.
func decode(file string, data []byte, r *report) draft {
	root := parse(file, data, r)
	if root == nil {
		return draft{}
	}
	c := cursor{report: r, file: file, node: root}
	d := draft{spot: c.spot()}
	fileKeys.read(c, &d)
	return d
}

// parse reads YAML and turns what is wrong with it into findings.
func parse(file string, data []byte, r *report) *yamldoc.Node {
	root, err := yamldoc.Parse(file, data)
	var errs yamldoc.Errors
	if errors.As(err, &errs) {
		for _, e := range errs {
			r.add(Finding{At: Position{e.File, e.Line, e.Column}, Severity: SeverityError, Message: masked(e.Message)})
		}
	}
	return root
}

func (c cursor) version() value[int] {
	if !c.is(yamldoc.Scalar) {
		return value[int]{}
	}
	if c.node.Quoted || c.node.Text != strconv.Itoa(Version) {
		c.refuse("is not a version this program reads; write version: " + strconv.Itoa(Version))
		return value[int]{}
	}
	return of(c, Version)
}

func (c cursor) seed() value[uint64] {
	if !c.is(yamldoc.Scalar) {
		return value[uint64]{}
	}
	n, err := strconv.ParseUint(c.node.Text, 10, 64)
	switch {
	case err != nil || c.node.Quoted || strconv.FormatUint(n, 10) != c.node.Text:
		c.refuse("must be a whole number from 1 to 18446744073709551615, without quotes")
	case n == 0:
		c.refuse("must not be 0, which fake-data libraries read as \"draw at random\"")
	default:
		return of(c, n)
	}
	return value[uint64]{}
}
