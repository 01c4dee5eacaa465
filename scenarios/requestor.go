package scenarios

import (
	"strconv"
	"strings"
	"time"

	"github.com/pantomime-dev/pantomime/internal/yamldoc"
	"github.com/pantomime-dev/pantomime/token"
)

// DefaultRequestor is who calls when a scenario declares no requestor.
const DefaultRequestor = "wallet"

// maxActivation bounds delays that run on the sandbox clock.
const maxActivation = 10 * 366 * day

type requestorDraft struct {
	name       word
	trid       map[token.Network]word
	activation value[time.Duration]
	notify     map[token.Network]word
	notifyOwn  value[bool]
	auth       word
	keys       word
	further    []word
	encryption word
	relation   word
	merchants  []word
}

var (
	aTRID   = shape{"11 digits in quotes", pattern(`^[0-9]{11}$`)}.like("40010000001")
	aURL    = shape{"a URL", pattern(`^https?://[^?#@]+$`)}.like("http://127.0.0.1:9000/notices")
	aTarget = shape{"a URL, or visa and mastercard", func() *form {
		return &form{AnyOf: []*form{aURL.form(), byNetwork("", aURL).form()}}
	}}
)

// What one requestor's connection to the networks can be like
// (docs/wire/vts.md "Authentication", "Encryption").
const (
	oneKey       = "one"
	sharedSecret = "shared-secret"
	rsaKeys      = "rsa"
)

var (
	authKind       = oneWord("verify", "warn", "off")
	keysKind       = oneWord("two", oneKey)
	encryptionKind = oneWord(sharedSecret, rsaKeys)
)

// maxFurther bounds the pairs besides the usual ones.
const maxFurther = 8

var (
	keyUses     = []string{string(KeySigns), string(KeyEncrypts), string(KeyDoesBoth)}
	furtherKeys = shape{"a list of at most 8 of sign, encrypt and both", func() *form {
		return &form{Type: "array", Items: enum(keyUses)(), MaxItems: maxFurther}
	}}
)

// furtherKeys reads what further pairs are for; uses may repeat.
func (c cursor) furtherKeys() (uses []word) {
	if len(c.node.Items) > maxFurther {
		c.refuse("must list at most " + strconv.Itoa(maxFurther))
		return nil
	}
	for item := range c.items(false) {
		if w := item.choice(keyUses); w.set {
			uses = append(uses, w)
		}
	}
	return uses
}

// byNetwork is one value of a shape for each network.
func byNetwork(says string, of shape) shape {
	return shape{says, func() *form {
		f := &form{Type: "object", Additional: false}
		for _, n := range token.Networks() {
			one := of.form()
			one.Description = "at " + strings.ToUpper(string(n[:1])) + string(n[1:])
			f.Properties = append(f.Properties, member{string(n), one})
		}
		return f
	}}
}

var requestorKeys = table[requestorDraft]{
	{
		"trid", false, byNetwork("visa and mastercard, 11 digits each", aTRID), "its ids at the networks; what is left out is derived from the seed",
		func(c cursor, d *requestorDraft) { d.trid = c.byNetwork(cursor.trid) },
	},
	{
		"activation", false, aDuration, "how long its new tokens stay inactive; without it they are active at once",
		func(c cursor, d *requestorDraft) { d.activation = c.span(maxActivation) },
	},
	{
		"notify", false, aTarget, "base of its notice receiver: `http` or `https`, without query, on loopback unless `--callback-allow` permits more; each network adds its own path, and a slash at the end counts for nothing. Without it, notices are kept as `unrouted`",
		func(c cursor, d *requestorDraft) { d.notify = c.notify() },
	},
	{
		"notify-own", false, aFlag, "whether it is notified of changes that it asked for itself; without it, as the network does: Visa notifies, Mastercard does not",
		func(c cursor, d *requestorDraft) { d.notifyOwn = c.flag() },
	},
	{
		"auth", false, authKind.shape.unlessGiven("verify"), "how its signatures are judged: refused if they do not verify, let pass and recorded, or not looked at; without it, `verify`",
		func(c cursor, d *requestorDraft) { d.auth = authKind.read(c) },
	},
	{
		"keys", false, keysKind.shape.unlessGiven("two"), "Visa: whether one API key with its secret both signs and encrypts, or there are two; without it, two",
		func(c cursor, d *requestorDraft) { d.keys = keysKind.read(c) },
	},
	{
		"further-keys", false, furtherKeys, "Visa: further pairs of API key and secret that are live as well, each to sign, to encrypt or for both, as while keys are rolled over. An answer is sealed to the pair that its request used",
		func(c cursor, d *requestorDraft) { d.further = c.furtherKeys() },
	},
	{
		"encryption", false, encryptionKind.shape.unlessGiven(sharedSecret), "Visa: whether fields are encrypted under the shared secret of the key, or under RSA keys; without it, under the secret",
		func(c cursor, d *requestorDraft) { d.encryption = encryptionKind.read(c) },
	},
	{
		"relationship-id", false, aLine("a line of at most 100 characters", 100), "Visa: which merchant it acts for; sent in notices about tokens",
		func(c cursor, d *requestorDraft) { d.relation = c.line(100) },
	},
	{
		"merchants", false, aMerchantList, "ids of the merchants that its tokens pay at, as at a merchant's own token requestor; without it, at all",
		func(c cursor, d *requestorDraft) {
			d.merchants = c.words(func(c cursor) word { return c.line(maxMerchant) })
		},
	},
}

func readRequestors(c cursor, d *draft) {
	c.named(func(name word, at cursor) {
		r := requestorDraft{name: name}
		requestorKeys.read(at, &r)
		d.requestors = append(d.requestors, r)
	})
}

// byNetwork reads one word a network.
func (c cursor) byNetwork(read func(cursor) word) map[token.Network]word {
	all := map[token.Network]word{}
	row := func(n token.Network) field[map[token.Network]word] {
		return field[map[token.Network]word]{string(n), false, someText, "", func(c cursor, into *map[token.Network]word) {
			if w := read(c); w.set {
				(*into)[n] = w
			}
		}}
	}
	table[map[token.Network]word](eachNetwork(func(n token.Network, _ network) field[map[token.Network]word] { return row(n) })).read(c, &all)
	return all
}

func (c cursor) trid() word {
	w := c.quoted("a token requestor id")
	if !w.set {
		return w
	}
	if _, err := token.ParseTRID(w.v); err != nil {
		c.refuse("must be 11 digits")
		return word{}
	}
	return w
}

// notify reads a URL for each network, or one for both.
func (c cursor) notify() map[token.Network]word {
	if c.node.Kind != yamldoc.Scalar {
		return c.byNetwork(cursor.url)
	}
	w := c.url()
	if !w.set {
		return nil
	}
	all := map[token.Network]word{}
	for _, n := range token.Networks() {
		all[n] = w
	}
	return all
}

// url reads the base of a receiver: the networks add their own path and query.
func (c cursor) url() word {
	w := c.text()
	if !w.set {
		return w
	}
	if why := token.TargetFault(w.v); why != "" {
		c.refuse(why)
		return word{}
	}
	return w
}

// permitted refuses the targets that the rules forbid. One for both networks is
// reported of once.
func (c *compiler) permitted(targets map[token.Network]word) {
	reported := map[Position]bool{}
	for _, n := range token.Networks() {
		target, given := targets[n]
		if !given || reported[target.at] {
			continue
		}
		reported[target.at] = true
		c.reachable(target)
	}
}

// reachable refuses a target that the rules forbid.
func (c *compiler) reachable(target word) {
	if !target.set || c.loader.compiled {
		return
	}
	if err := c.loader.Targets.CheckURL(target.v); err != nil {
		c.refuse(target.spot, "is refused: "+err.Error())
	}
}

// requestors compiles all requestors of the files.
func (c *compiler) requestors() {
	owners := map[token.Network]map[string]spot{}
	for _, n := range token.Networks() {
		owners[n] = map[string]spot{}
	}
	for _, d := range drafts(c, func(d draft) []requestorDraft { return d.requestors }) {
		if !c.unique(c.names.requestors, d.name) {
			continue
		}
		c.permitted(d.notify)
		r := Requestor{Name: d.name.v, TRID: map[token.Network]token.TRID{}, Notify: map[token.Network]string{}}
		for _, n := range token.Networks() {
			if id, ok := d.trid[n]; ok {
				c.ownTRID(owners[n], id)
				r.TRID[n] = token.TRID(id.v)
			}
			if target, ok := d.notify[n]; ok {
				r.Notify[n] = target.v
			}
		}
		r.Activation, r.NotifyOwn = d.activation.pointer(), d.notifyOwn.pointer()
		r.Auth, r.Relation, r.Merchants = d.auth.v, d.relation.v, spellings(d.merchants)
		r.OneKey, r.RSA = d.keys.v == oneKey, d.encryption.v == rsaKeys
		for _, use := range d.further {
			r.Further = append(r.Further, KeyUse(use.v))
		}
		c.sc.Requestors = append(c.sc.Requestors, r)
	}
}

// ownTRID refuses an id that two requestors claim at one network.
func (c *compiler) ownTRID(owners map[string]spot, id word) {
	if first, taken := owners[id.v]; taken {
		c.add(id.finding("belongs to another requestor").near(first))
		return
	}
	owners[id.v] = id.spot
}

// requestor refuses a name that no requestor has.
func (c *compiler) requestor(w word) string {
	known := c.names.requestors
	if len(known) == 0 {
		known = map[string]spot{DefaultRequestor: {}}
	}
	if _, ok := known[w.v]; w.set && !ok {
		unknown(c, w, "requestor", known)
	}
	return w.v
}
