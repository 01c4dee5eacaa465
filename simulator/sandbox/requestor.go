package sandbox

import (
	"cmp"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/seed"
	"github.com/pantomime-dev/pantomime/token"
)

// Auth says how strictly a requestor's signatures are judged.
type Auth string

// The modes: refuse what does not verify, let it pass but record it, or do
// not look.
const (
	AuthVerify Auth = "verify"
	AuthWarn   Auth = "warn"
	AuthOff    Auth = "off"
)

// Requestor is a token requestor with all it needs to talk to both networks.
// It never changes while its sandbox lives.
type Requestor struct {
	Name       string
	TRID       map[token.Network]token.TRID
	Auth       Auth
	Activation *time.Duration
	Notify     map[token.Network]string
	NotifyOwn  *bool
	Relation   string // Visa relationship id, sent in token notices
	Visa       VisaKeys
	Mastercard MastercardKeys
}

// VisaKey is one API key with its shared secret (docs/wire/vts.md
// "Authentication").
type VisaKey struct {
	APIKey string
	Secret string
}

// VisaRecord is a pair with what it is for.
type VisaRecord struct {
	VisaKey
	Use scenarios.KeyUse
}

// VisaKeys are a requestor's key pairs at Visa: one to sign requests, one to
// encrypt fields, one with which the network signs its own calls, and more while
// keys are rolled over. Signing and Encryption may be the same.
type VisaKeys struct {
	Signing    VisaKey
	Encryption VisaKey
	Outbound   VisaKey
	Further    []VisaRecord // live beside Signing and Encryption
	RSA        *RSAKeys     // set when fields are encrypted under RSA instead of a shared secret
}

// RSAKeys are the two key pairs of RSA field encryption; the ids are the kid of
// the JWE.
type RSAKeys struct {
	NetworkID   string
	Network     fixtures.KeyPair // requests are encrypted to it
	RequestorID string
	Requestor   fixtures.KeyPair // answers are encrypted to it
}

// Pairs are all that a client may use, each once.
func (k VisaKeys) Pairs() []VisaKey {
	pairs := []VisaKey{k.Encryption}
	if k.Signing != k.Encryption {
		pairs = append(pairs, k.Signing)
	}
	for _, record := range k.Further {
		pairs = append(pairs, record.VisaKey)
	}
	return pairs
}

// Signers are the API keys that are meant to sign requests.
func (k VisaKeys) Signers() []string { return k.used(k.Signing.APIKey, scenarios.KeySigns) }

// Sealers are the ids of the keys that fields are meant to be sealed with.
func (k VisaKeys) Sealers() []string {
	if k.RSA != nil {
		return k.used(k.RSA.NetworkID, scenarios.KeyEncrypts)
	}
	return k.used(k.Encryption.APIKey, scenarios.KeyEncrypts)
}

// used are the usual key of a use and the further ones.
func (k VisaKeys) used(usual string, use scenarios.KeyUse) []string {
	ids := []string{usual}
	for _, record := range k.Further {
		if record.Use == use || record.Use == scenarios.KeyDoesBoth {
			ids = append(ids, record.APIKey)
		}
	}
	return ids
}

// MastercardKeys are a requestor's keys at Mastercard (docs/wire/mdes.md
// "Authentication", "Payload encryption"). The private halves of Signing and
// Requestor belong to the client and are handed out; Network's stays with us.
type MastercardKeys struct {
	ConsumerKey string
	Signing     fixtures.KeyPair // the client signs with it
	Network     fixtures.KeyPair // requests are encrypted to its certificate
	Requestor   fixtures.KeyPair // answers and notices are encrypted to it
}

// tellsOwn says whether the network notifies a requestor of changes it asked
// for itself: as the requestor wants, else as the network does.
func (r *Requestor) tellsOwn(n token.Network) bool {
	if r.NotifyOwn != nil {
		return *r.NotifyOwn
	}
	return networks[n].tellsOwn
}

// target is where a notice goes: the registered base, or (Mastercard) the
// responseHost of the tokenize request; "" for nowhere.
func (r *Requestor) target(ev token.Event) string {
	if base := r.Notify[ev.Network]; base != "" || ev.Token.ReplyTo == "" {
		return base
	}
	host, _, err := net.SplitHostPort(strings.SplitN(ev.Token.ReplyTo, "/", 2)[0])
	if err != nil {
		host = strings.SplitN(ev.Token.ReplyTo, "/", 2)[0]
	}
	if ip := net.ParseIP(host); host == "localhost" || (ip != nil && ip.IsLoopback()) {
		return "http://" + ev.Token.ReplyTo
	}
	return "https://" + ev.Token.ReplyTo
}

// defaultRequestor is who calls when a scenario names nobody.
func defaultRequestor() scenarios.Requestor {
	r := scenarios.Requestor{Name: "wallet", TRID: map[token.Network]token.TRID{}}
	for n, has := range networks {
		r.TRID[n] = has.trid
	}
	return r
}

// newRequestor gives a requestor its credentials, all derived from the
// sandbox's seed.
func newRequestor(r scenarios.Requestor, ids seed.Source) *Requestor {
	d := ids.Child("requestor", r.Name)
	pair := func(use string) VisaKey {
		return VisaKey{APIKey: d.Text(49, "visa", use, "api key"), Secret: d.Text(40, "visa", use, "secret")}
	}
	first := d.Uint64("mastercard", "keys") // three neighbours in the pool, so never the same key twice
	visa := VisaKeys{Signing: pair("signing"), Encryption: pair("encryption"), Outbound: pair("outbound")}
	if r.OneKey {
		visa.Encryption = visa.Signing
	}
	for i, use := range r.Further {
		visa.Further = append(visa.Further, VisaRecord{pair("further " + strconv.Itoa(i+1)), use})
	}
	if r.RSA {
		visa.RSA = &RSAKeys{
			NetworkID: d.Hex(32, "visa", "network key"), Network: fixtures.Key(first + 3),
			RequestorID: d.Hex(32, "visa", "requestor key"), Requestor: fixtures.Key(first + 4),
		}
	}
	return &Requestor{
		Name: r.Name, TRID: trids(r, d), Auth: cmp.Or(Auth(r.Auth), AuthVerify), Activation: r.Activation,
		Notify: r.Notify, NotifyOwn: r.NotifyOwn, Relation: r.Relation, Visa: visa,
		Mastercard: MastercardKeys{
			ConsumerKey: d.Text(48, "client id") + "!" + d.Hex(32, "key id") + "0000000000000000",
			Signing:     fixtures.Key(first), Network: fixtures.Key(first + 1), Requestor: fixtures.Key(first + 2),
		},
	}
}

// trids fills in what a scenario leaves out.
func trids(r scenarios.Requestor, d seed.Source) map[token.Network]token.TRID {
	out := map[token.Network]token.TRID{}
	for n, has := range networks {
		out[n] = token.TRID(has.trids + d.Digits(5, "trid", string(n)))
	}
	for n, id := range r.TRID {
		out[n] = id
	}
	return out
}
