package harness

import (
	"context"
	"fmt"
	"net/url"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/token"
)

// AskTarget describes a running Pantomime: credentials of the token requestor
// that has a notice target, or of the first, those of another one as the other,
// and where notices go.
func AskTarget(ctx context.Context, client *control.Client) (Target, error) {
	env, err := client.Env(ctx)
	if err != nil {
		return Target{}, err
	}
	box, err := client.Sandbox(ctx, env.Sandbox)
	if err != nil {
		return Target{}, err
	}
	if len(env.Requestors) == 0 {
		return Target{}, fmt.Errorf("%w: the sandbox %s has no token requestor", ErrTarget, env.Sandbox)
	}
	who := env.Requestors[0].Requestor
	var notices *Notices
	for _, r := range box.Requestors {
		if n := noticesOf(r.Notify); n != nil {
			who, notices = r.Name, n
			break
		}
	}
	t := targetOf(env, who)
	t.Visa.Created, t.Mastercard.ErrorStatus = box.CreateStatus, box.ErrorStatus
	for code, n := range box.ErrorStatuses {
		if t.Mastercard.ErrorStatuses == nil {
			t.Mastercard.ErrorStatuses = map[string]int{}
		}
		t.Mastercard.ErrorStatuses[string(code)] = n
	}
	t.Notices = notices
	t.Control = Control{Kind: ControlAdmin, URL: client.BaseURL(), Sandbox: env.Sandbox}
	return t, nil
}

// targetOf turns the answer of the control door about credentials into the
// target of one requestor.
func targetOf(env control.Env, who string) Target {
	t := Target{Version: 1, Name: "pantomime, sandbox " + env.Sandbox}
	var other *control.Credentials
	for _, r := range env.Requestors {
		switch {
		case r.Requestor == who:
			t.Visa, t.Mastercard = visaOf(env, r), mastercardOf(env, r)
		case other == nil:
			other = &r
		}
	}
	if other != nil {
		t.Visa.Other, t.Mastercard.Other = visaOf(env, *other), mastercardOf(env, *other)
	}
	t.Visa.Cards, t.Mastercard.Cards = magicCards(token.Visa), magicCards(token.Mastercard)
	return t
}

// magicCards are what Pantomime claims of listed numbers, by their names.
func magicCards(network token.Network) Cards {
	name := func(kind, which string) Number { return Number(kind + "/" + string(network) + "/" + which) }
	cards := Cards{
		Declined: []Number{name("decline", "1")}, Unlisted: unlistedNumbers[network], Keys: map[token.Key]Number{},
	}
	for _, key := range token.KeyNames(network) {
		if n := name("magic", key); n.resolved() != n {
			cards.Keys[token.Key(key)] = n
		}
	}
	return cards
}

// unlistedNumbers pass the check digit and are in no list of test numbers:
// Pantomime, which guards against real cards, refuses them.
var unlistedNumbers = map[token.Network]Number{
	token.Visa: "4539578763621486", token.Mastercard: "5425233430109903",
}

func visaOf(env control.Env, r control.Credentials) *Visa {
	pair := func(k control.APIKey) *KeyPair { return &KeyPair{k.APIKey, k.Secret} }
	return &Visa{
		URL: env.BaseURL[token.PartyVisa], TRID: r.TRID[token.Visa], Signing: *pair(r.Visa.Signing),
		Encryption: pair(r.Visa.Encryption), Outbound: pair(r.Visa.Outbound),
	}
}

func mastercardOf(env control.Env, r control.Credentials) *Mastercard {
	keys := r.Mastercard
	return &Mastercard{
		URL: env.BaseURL[token.PartyMastercard], Environment: "static", TRID: r.TRID[token.Mastercard],
		ConsumerKey: keys.ConsumerKey, SigningKey: keys.Signing.PrivateKey,
		EncryptionCertificate: keys.Encryption.Certificate,
		DecryptionKey:         keys.Decryption.PrivateKey, DecryptionCertificate: keys.Decryption.Certificate,
	}
}

// noticesOf finds the one address that notices of both networks go to; nil if
// there is none, or two.
func noticesOf(notify map[token.Network]string) *Notices {
	listen := ""
	for _, network := range token.Networks() {
		u, err := url.Parse(notify[network])
		switch {
		case notify[network] == "":
		case err != nil || u.Port() == "" || listen != "" && listen != u.Host:
			return nil
		default:
			listen = u.Host
		}
	}
	if listen == "" {
		return nil
	}
	return &Notices{Listen: listen}
}
