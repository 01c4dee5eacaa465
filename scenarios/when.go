package scenarios

import (
	"slices"
	"strings"

	"github.com/pantomime-dev/pantomime/token"
)

type whenDraft struct {
	spot
	network    value[token.Network]
	operations []word
	cards      []word
	bins       []word
	tokens     []word
	requestors []word
	accounts   []word
	header     []condition
	query      []condition
	body       []condition
	attempt    value[int]
	purchase   purchaseDraft
	broken     bool // part of it was refused, so it looks wider than it is
}

// whenKeys are the matchers of a rule; a request must satisfy all that are
// given, and of a list any one item.
var whenKeys = slices.Concat(requestKeys, purchaseKeys)

// requestKeys are those that any request can satisfy.
var requestKeys = table[whenDraft]{
	{"network", false, aNetwork, "the network it is sent to", func(c cursor, d *whenDraft) { d.network = c.network() }},
	{
		"operation", false, some("one or a list of operations", enum(token.OperationNames())), "a neutral name for either network (`enroll`, `provision`, `cryptogram`, `status`, `suspend`, `resume`, `delete`) a network's own (`tokenize`, `getPaymentData`), or that with its network (`visa/getToken`); `pantomime list operations` lists all",
		func(c cursor, d *whenDraft) {
			d.operations = c.words(func(c cursor) word { return c.choice(token.OperationNames()) })
		},
	},
	{
		"card", false, some("one or a list of card names", aName), "names of the files, or listed names",
		func(c cursor, d *whenDraft) { d.cards = c.words(cursor.text) },
	},
	{
		"bin", false, some("one or a list of 4 to 10 leading digits", pattern(`^[0-9]{4,10}$`)), "what the card number begins with, in quotes",
		func(c cursor, d *whenDraft) { d.bins = c.words(cursor.bin) },
	},
	{
		"token", false, some("one or a list of token references", aRef), "in quotes: 32 hex digits at Visa, 48 to 64 characters at Mastercard",
		func(c cursor, d *whenDraft) { d.tokens = c.words(cursor.ref) },
	},
	{
		"requestor", false, some("one or a list of requestor names", aName).like("wallet"), "who sends it",
		func(c cursor, d *whenDraft) { d.requestors = c.words(cursor.text) },
	},
	{
		"account", false, some("one or a list of account names", aName).like("shop"), "for which account: its own requests at the requestor, and at a network those of the requestor that asks for it",
		func(c cursor, d *whenDraft) { d.accounts = c.words(cursor.text) },
	},
	{
		"header", false, conditionsOn(headerForm), "[conditions](#conditions) on headers, whatever their letter case; several of one name count as one, joined by commas",
		func(c cursor, d *whenDraft) { d.header = c.conditions(headerName) },
	},
	{
		"query", false, conditionsOn(queryForm), "[conditions](#conditions) on parameters of the query, decoded",
		func(c cursor, d *whenDraft) { d.query = c.conditions(queryName) },
	},
	{
		"body", false, conditionsOn(bodyPathForm), "[conditions](#conditions) on members of the body by dotted path, list items by their place from 0: `tokenUniqueReferences[0]`. What was encrypted is in the clear in the place of its cipher text: `encPaymentInstrument.cvv2` at Visa, `fundingAccountInfo.encryptedPayload.source` at Mastercard",
		func(c cursor, d *whenDraft) { d.body = c.conditions(bodyPath) },
	},
	{
		"attempt", false, oneOrMore, "only the n-th request of the same requestor, operation, and card or token; refused ones count",
		func(c cursor, d *whenDraft) { d.attempt = c.whole(1, maxCount) },
	},
}

// bin reads the leading digits of card numbers.
func (c cursor) bin() word {
	w := c.quoted("a BIN")
	switch {
	case !w.set:
		return w
	case len(w.v) < 4 || len(w.v) > 10 || !token.Digits(w.v):
		c.refuse("must be 4 to 10 digits")
	case token.PAN(w.v).Network() == "":
		c.refuse("is in no range of visa or mastercard")
	default:
		return w
	}
	return word{}
}

func aRef() *form {
	return &form{AnyOf: eachNetwork(func(_ token.Network, n network) *form { return pattern(n.ref.String())() })}
}

// ref reads a token reference.
func (c cursor) ref() word {
	w := c.quoted("a token reference")
	if w.set && refNetwork(w.v) == "" {
		c.refuse("is no token reference: " + strings.Join(eachNetwork(func(n token.Network, has network) string { return has.refIs + " at " + string(n) }), ", "))
		return word{}
	}
	return w
}

// match is where a rule can match. A broken one may match at fewer networks
// than it seems to.
type match struct {
	within reach
	broken bool
	whose  string // what is limited to these networks, for findings; "" is the rule

	also []string // what else an error may be than one of these networks
}

// limit says what limits to which networks: "the rule matches visa".
func (m match) limit() string {
	if m.whose == "" {
		return "the rule matches " + m.within.String()
	}
	return m.whose + " is of " + m.within.String()
}

// when compiles the matchers of a rule.
func (c *compiler) when(d whenDraft, w *When) match {
	w.Network, w.Attempt = d.network.v, d.attempt.v
	by := c.reachOf(d)
	m := match{within: by.meet(), broken: d.broken}
	if m.within == 0 {
		c.warn(d.spot, "can never match: "+by.describe())
		m = match{within: everywhere, broken: true}
	}
	c.operations(d.operations, m.within, w)
	for _, card := range d.cards {
		known, ok := c.card(card)
		switch {
		case !ok:
			m.broken = true
			continue
		case !m.within.has(known.network):
			c.warn(card.spot, "never matches here: the rule is limited to "+m.within.String())
		}
		w.Cards = append(w.Cards, known.pan)
	}
	w.BINs = spellings(d.bins)
	for _, t := range d.tokens {
		w.Tokens = append(w.Tokens, token.Ref(t.v))
	}
	for _, r := range d.requestors {
		w.Requestors = append(w.Requestors, c.requestor(r))
	}
	for _, a := range d.accounts {
		w.Accounts = append(w.Accounts, c.merchantAccount(a))
		if behind, known := c.names.behind[a.v]; known && len(w.Requestors) > 0 && !slices.Contains(w.Requestors, behind) {
			c.warn(a.spot, "never matches here: the account is of the requestor "+behind)
		}
	}
	c.purchase(d, w)
	w.Header, w.Query, w.Body = c.matches(d.header), c.matches(d.query), c.matches(d.body)
	c.emptyBodies(d, w)
	c.impossible(d.body)
	return m
}

// operations compiles names that may represent an operation at each network.
func (c *compiler) operations(names []word, within reach, w *When) {
	for _, name := range names {
		all := token.OperationsNamed(name.v, "")
		kept := slices.DeleteFunc(slices.Clone(all), func(o token.Operation) bool { return !within.has(o.Info().Network) })
		if len(kept) == 0 {
			c.warn(name.spot, "never matches here: the rule is limited to "+within.String())
			kept = all
		}
		for _, o := range kept {
			w.Operations = appendNew(w.Operations, o)
		}
	}
}

func appendNew[T comparable](list []T, item T) []T {
	if slices.Contains(list, item) {
		return list
	}
	return append(list, item)
}
