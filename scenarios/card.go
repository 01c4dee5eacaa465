package scenarios

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/token"
)

// DefaultExpiry is the expiry of a card whose file gives none. It is fixed, so
// that a file means the same in every year, and far off, so that no token
// expires by surprise.
func DefaultExpiry() token.Expiry { return token.Expiry{Year: 2049, Month: time.December} }

type cardDraft struct {
	name       word
	network    value[token.Network]
	pan        word
	panGiven   bool // also when it was refused
	expiry     value[token.Expiry]
	code       token.SecurityCode
	issuer     word
	activation value[time.Duration]
	traits     traitsDraft
}

var cardKeys = table[cardDraft]{
	{
		"network", false, aNetwork, "needed only where there is no `pan`; must agree with it",
		func(c cursor, d *cardDraft) { d.network = c.network() },
	},
	{
		"pan", false, aNumber, "without it, the first listed numbers of the network that no card of the files uses, in the order of the cards",
		func(c cursor, d *cardDraft) { d.pan, d.panGiven = c.pan(), true },
	},
	{
		"expiry", false, anExpiry.unlessGiven("12/49"), "with it, the issuer refuses another one; without it, `\"12/49\"` and any",
		func(c cursor, d *cardDraft) { d.expiry = c.expiry() },
	},
	{
		"security-code", false,
		shape{"3 or 4 digits in quotes", pattern(`^[0-9]{3,4}$`)},
		"with it, the issuer refuses another one that a request has",
		func(c cursor, d *cardDraft) { d.code = c.securityCode() },
	},
	{
		"issuer", false,
		shape{"an issuer name", aName},
		"without it, a bank that approves",
		func(c cursor, d *cardDraft) { d.issuer = c.text() },
	},
	{
		"activation", false, aDuration, "how long its new tokens stay inactive; counts before the issuer's and the requestor's",
		func(c cursor, d *cardDraft) { d.activation = c.span(maxActivation) },
	},
	{
		"product", false, choiceOf(productWords), "the kind of account, Mastercard's `productCategory`; without it, as its issuer's other cards",
		func(c cursor, d *cardDraft) { d.traits.product = c.choice(productWords) },
	},
	{
		"card-art", false, choiceOf(artWords), "the form of its card art; without it, `png`",
		func(c cursor, d *cardDraft) { d.traits.art = c.choice(artWords) },
	},
	{
		"issuer-flags", false, aSet(flagKeys), "[what its issuer offers](#issuer-flags) for it; counts before the issuer's own",
		func(c cursor, d *cardDraft) { d.traits.flagsAt, d.traits.flags = c.spot(), c.flags() },
	},
	{
		"eci", false,
		shape{list(eciWords), pattern(`^0[075]$`)},
		"the indicator next to its cryptograms, in quotes; only at Visa. Without it, `\"07\"`",
		func(c cursor, d *cardDraft) { d.traits.eci = c.indicator() },
	},
	{
		"account-status", false,
		shape{"1 to 16 capital letters", pattern(statusForm.String())},
		"Visa's `accountStatus`, of which samples show `N` alone",
		func(c cursor, d *cardDraft) { d.traits.status = c.accountStatus() },
	},
}

func readCards(c cursor, d *draft) {
	c.named(func(name word, at cursor) {
		card := cardDraft{name: name}
		if cardKeys.read(at, &card) && !at.has("network") && !at.has("pan") {
			at.refuse("needs a network or a pan")
		}
		d.cards = append(d.cards, card)
	})
}

func (c cursor) securityCode() token.SecurityCode {
	w := c.quoted("a security code")
	if w.set && (len(w.v) < 3 || len(w.v) > 4 || !token.Digits(w.v)) {
		c.refuse("must be 3 or 4 digits")
		return ""
	}
	return token.SecurityCode(w.v)
}

// pan reads a card number or the name of a listed one; the word's text becomes
// the number itself.
func (c cursor) pan() word {
	w := c.panText()
	if !w.set || token.Digits(w.v) {
		return w
	}
	card, ok := fixtures.Find(w.v)
	switch {
	case !ok:
		f := w.finding("is no listed card, and no card number of 9 to 19 digits")
		f.Accepted, f.Suggestion = listedNames(), Nearest(w.v, fixtures.Names())
		c.add(f)
		return word{}
	case card.Network() == "":
		c.refuse("is a card of neither visa nor mastercard")
		return word{}
	}
	w.v = card.Number.Digits()
	return w
}

func (c cursor) panText() word {
	if strings.Trim(c.node.Text, "0123456789 -") == "" {
		w := c.quoted("a card number")
		if _, err := token.ParsePAN(w.v); w.set && err != nil {
			c.refuse("must be 9 to 19 digits, without spaces or dashes")
			return word{}
		}
		return w
	}
	return c.text()
}

// listedNames are the cards a file can name, without the magic ones, which
// would bury the others.
func listedNames() []string {
	var names []string
	for _, card := range fixtures.Cards() {
		if card.Name != "" && card.Network() != "" && card.Magic == "" {
			names = append(names, card.Name)
		}
	}
	return names
}

// knownCard is a card that rules can refer to; pan is "" if it was refused.
type knownCard struct {
	spot
	pan     token.PAN
	network token.Network
}

// cards compiles all cards of the files. Numbers given in files are settled
// first: cards without one get listed numbers that no file uses, in order.
func (c *compiler) cards() {
	var all []cardDraft
	used := map[string]spot{}
	for _, d := range drafts(c, func(d draft) []cardDraft { return d.cards }) {
		if d.pan.set && !c.fits(d, used) {
			d.pan = word{}
		}
		all = append(all, d)
	}
	next := map[token.Network]int{}
	for _, d := range all {
		if c.over() {
			return
		}
		c.declare(d, c.number(d, used, next))
	}
}

// fits judges a card number that a file gives.
func (c *compiler) fits(d cardDraft, used map[string]spot) bool {
	network := token.PAN(d.pan.v).Network()
	first, taken := used[d.pan.v]
	switch {
	case !c.allowed(d.pan):
	case network == "":
		c.refuse(d.pan.spot, "is in no range of visa or mastercard")
	case d.network.set && d.network.v != network:
		c.refuse(d.pan.spot, "is a number of "+string(network)+", and the card's network is "+string(d.network.v))
	case taken:
		c.add(d.pan.finding("is the number of another card").near(first))
	default:
		used[d.pan.v] = d.pan.spot
		return true
	}
	return false
}

// allowed refuses a number that may be somebody's card.
func (c *compiler) allowed(pan word) bool {
	if c.loader.AllowAnyPAN || fixtures.NewGuard().Allowed(pan.v) {
		return true
	}
	c.refuse(pan.spot, "may be a real card: it is neither a published test number nor in a test range; write a listed name such as test/visa/1")
	return false
}

// numberInText is what could be a card number, in groups or not.
var numberInText = regexp.MustCompile(`[0-9](?:[ ._-]?[0-9]){12,}`)

// guarded refuses text with a number in it that may be somebody's card.
func (c *compiler) guarded(w word) {
	if !w.set || c.loader.AllowAnyPAN {
		return
	}
	for _, found := range numberInText.FindAllString(w.v, -1) {
		if n := stripped(found); token.PAN(n).Network() != "" && !fixtures.NewGuard().Allowed(n) {
			c.refuse(w.spot, "holds what may be the number of a real card: "+token.Mask(n))
			return
		}
	}
}

// number picks the number of a card: the file's, or the next listed one.
func (c *compiler) number(d cardDraft, used map[string]spot, next map[token.Network]int) token.PAN {
	if d.panGiven || !d.network.set {
		return token.PAN(d.pan.v)
	}
	for {
		next[d.network.v]++
		card, ok := fixtures.Find("test/" + string(d.network.v) + "/" + strconv.Itoa(next[d.network.v]))
		if !ok {
			c.refuse(d.name.spot, "needs a pan: no listed number of "+string(d.network.v)+" is left")
			return ""
		}
		if _, taken := used[card.Number.Digits()]; !taken {
			return card.Number
		}
	}
}

// declare makes a card known under its name.
func (c *compiler) declare(d cardDraft, pan token.PAN) {
	if first, twice := c.names.cards[d.name.v]; twice {
		c.add(d.name.finding("is a name given twice").near(first.spot))
		return
	}
	network := d.network.v
	if pan != "" {
		network = pan.Network()
	}
	c.names.cards[d.name.v] = knownCard{d.name.spot, pan, network}
	if _, known := c.names.issuers[d.issuer.v]; d.issuer.set && !known {
		unknown(c, d.issuer, "issuer", c.names.issuers)
	}
	card := Card{
		Name: d.name.v, Network: network, PAN: pan, Expiry: d.expiry.v,
		Issuer: d.issuer.v, Activation: d.activation.pointer(), ExpiryGiven: d.expiry.set, Code: d.code,
	}
	if card.Expiry.IsZero() {
		card.Expiry = DefaultExpiry()
	}
	c.traits(d.traits, &card)
	c.sc.Cards = append(c.sc.Cards, card)
}

// lookup finds a card by its name in the files or by a listed name.
func (c *compiler) lookup(name string) (knownCard, bool) {
	if card, ok := c.names.cards[name]; ok {
		return card, true
	}
	card, ok := fixtures.Find(name)
	return knownCard{pan: card.Number, network: card.Network()}, ok && card.Network() != ""
}

// card resolves a reference to a card; false means that there is none, or none
// worth comparing with, and that it has been reported.
func (c *compiler) card(w word) (knownCard, bool) {
	if !w.set {
		return knownCard{}, false
	}
	card, ok := c.lookup(w.v)
	if !ok {
		unknown(c, w, "card", c.names.cards)
	}
	return card, ok && card.pan != ""
}

// newPAN judges the number that a card is to get.
func (c *compiler) newPAN(d entryDraft) token.PAN {
	if !d.pan.set || !c.allowed(d.pan) {
		return ""
	}
	pan := token.PAN(d.pan.v)
	card, ok := c.lookup(d.card.v)
	switch {
	case pan.Network() == "":
		c.refuse(d.pan.spot, "is in no range of visa or mastercard")
	case !d.card.set:
		c.refuse(d.pan.spot, "needs a card, as two cards cannot get the same number")
	case ok && card.network != pan.Network():
		c.refuse(d.pan.spot, "is a number of "+string(pan.Network())+", and the card's network is "+string(card.network))
	case ok && card.pan == pan:
		c.refuse(d.pan.spot, "is the number the card has already")
	}
	return pan
}
