package main

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// walletApp is how our own client introduces itself to Visa.
const walletApp = "pantomime"

// testCard is a card with its number, as a wallet sends it.
type testCard struct {
	name    string
	network token.Network
	pan     token.PAN
	expiry  token.Expiry
}

// task is one operation to be performed.
type task struct {
	op     token.Operation
	card   *testCard
	token  token.Ref
	id     string // of an enrolment, a step-up method, a task or a piece of content
	code   string // that a cardholder received
	reason string
}

// result is what an operation came to.
type result struct {
	headline string // one line for people
	ref      token.Ref
	status   string         // as the wire spells it, "" when the answer tells none
	answer   any            // as on the wire
	opened   map[string]any // what its encrypted fields held
}

// wallet is a token requestor at one network: the real client with the
// credentials of a sandbox.
type wallet interface {
	do(ctx context.Context, t task) (result, error)
}

// errKey says that the control door's answer holds no usable key.
var errKey = errors.New("key of the control door")

// newWallet makes the client of a requestor at a network.
func newWallet(n token.Network, base control.BaseURL, c control.Credentials, hc *http.Client, wall clock.Wall) (wallet, error) {
	if n == token.Visa {
		client, err := newVisaClient(base.Visa, c, hc, wall)
		return visaWallet{client}, err
	}
	cfg, err := mastercardConfig(base.Mastercard, c, hc, wall)
	if err != nil {
		return nil, err
	}
	client, err := mdes.NewClient(cfg)
	return mastercardWallet{client, cfg}, err
}

func newVisaClient(base string, c control.Credentials, hc *http.Client, wall clock.Wall) (*vts.Client, error) {
	cfg := vts.Config{
		BaseURL: base, ClientAppID: walletApp, WalletAccount: string(c.TRID[token.Visa]), HTTP: hc, Wall: wall,
		Signing: visaCredential(c.Visa.Signing), Encryption: visaCredential(c.Visa.Encryption),
	}
	if c.Visa.RSA != nil {
		var err error
		if cfg.FieldKey, cfg.AnswerKey, err = visaRSAKeys(*c.Visa.RSA); err != nil {
			return nil, err
		}
	}
	return vts.NewClient(cfg)
}

// visaRSAKeys are the network's key, which seals fields, and the requestor's,
// which opens answers.
func visaRSAKeys(rsa control.VisaRSA) (field, answer *vts.Key, err error) {
	cert, err := certificate(rsa.Network)
	if err != nil {
		return nil, nil, err
	}
	private, err := privateKey(rsa.Requestor)
	if err != nil {
		return nil, nil, err
	}
	if field, err = vts.NewRSAKey(rsa.NetworkKeyID, rsaPublic(cert), nil); err != nil {
		return nil, nil, err
	}
	answer, err = vts.NewRSAKey(rsa.RequestorKeyID, &private.PublicKey, private)
	return field, answer, err
}

// rsaPublic is nil for a certificate of another kind of key.
func rsaPublic(cert *x509.Certificate) *rsa.PublicKey {
	key, _ := cert.PublicKey.(*rsa.PublicKey)
	return key
}

func visaCredential(k control.APIKey) vts.Credential {
	return vts.Credential{APIKey: k.APIKey, Secret: string(k.Secret)}
}

func mastercardConfig(base string, c control.Credentials, hc *http.Client, wall clock.Wall) (mdes.Config, error) {
	signing, err := privateKey(c.Mastercard.Signing)
	if err != nil {
		return mdes.Config{}, err
	}
	network, err := certificate(c.Mastercard.Encryption)
	if err != nil {
		return mdes.Config{}, err
	}
	sealer, err := mdes.NewSealer(network, mdes.CertificateSHA256)
	if err != nil {
		return mdes.Config{}, err
	}
	opener, err := newOpener(c)
	if err != nil {
		return mdes.Config{}, err
	}
	return mdes.Config{
		BaseURL: base, Env: mdes.MTF, TRID: c.TRID[token.Mastercard], HTTP: hc, Network: sealer, Own: opener,
		Signer: mdes.Signer{ConsumerKey: mdes.ConsumerKey(c.Mastercard.ConsumerKey), Key: signing, Wall: wall},
	}, nil
}

// newOpener opens answers and notices of Mastercard's.
func newOpener(c control.Credentials) (*mdes.Opener, error) {
	own, err := privateKey(c.Mastercard.Decryption)
	if err != nil {
		return nil, err
	}
	cert, err := certificate(c.Mastercard.Decryption)
	if err != nil {
		return nil, err
	}
	return mdes.NewOpener(mdes.OwnKey{Key: own, Certificates: []*x509.Certificate{cert}})
}

func privateKey(k control.Key) (*rsa.PrivateKey, error) {
	block, _ := pem.Decode([]byte(k.PrivateKey))
	if block == nil {
		return nil, fmt.Errorf("%w: no PEM", errKey)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errKey, err)
	}
	key, ok := parsed.(*rsa.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("%w: not RSA", errKey)
	}
	return key, nil
}

func certificate(k control.Key) (*x509.Certificate, error) {
	block, _ := pem.Decode([]byte(k.Certificate))
	if block == nil {
		return nil, fmt.Errorf("%w: no PEM", errKey)
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errKey, err)
	}
	return cert, nil
}

// need is something that a task must be told.
type need int

const (
	needCard need = iota
	needToken
	needID
	needCode
)

// needs are what operations ask for, in the order in which it is missed. All
// others ask for a token alone.
var needs = map[token.Operation][]need{
	token.VisaEnroll:           {needCard},
	token.VisaProvision:        {needID},
	token.VisaProvisionWithPAN: {needCard},
	token.VisaCardMetadata:     {needID},
	token.VisaContent:          {needID},
	token.VisaStepUpMethod:     {needToken, needID},
	token.VisaValidateOTP:      {needToken, needCode},
	token.VisaValidateAuthCode: {needToken, needCode},
	token.MCTokenize:           {needCard},
	token.MCTaskStatus:         {needID},
	token.MCSearchTokens:       {needCard},
	token.MCGetAsset:           {needID},
	token.MCDigitalArt:         {needCard},
}

// needsOf are what an operation asks for.
func needsOf(op token.Operation) []need {
	if asked := needs[op]; asked != nil {
		return asked
	}
	return []need{needToken}
}

// asks tells whether an operation asks for something.
func asks(op token.Operation, what need) bool { return slices.Contains(needsOf(op), what) }

// complete checks that a task has what its operation asks for.
func (t task) complete() error {
	name := t.op.Info().Wire
	for _, what := range needsOf(t.op) {
		switch {
		case what == needCard && t.card == nil:
			return usage("%s needs --card", name)
		case what == needToken && t.token == "":
			return usage("%s needs --token, or --card with a token of that card", name)
		case what == needID && t.id == "":
			return usage("%s needs --id", name)
		case what == needCode && t.code == "":
			return usage("%s needs --code", name)
		}
	}
	return nil
}

// answered makes the result of an answer that tells of no token.
func answered[T any](got *T, err error, headline func() string) (result, error) {
	if err != nil {
		return result{}, err
	}
	return result{headline: headline(), answer: got}, nil
}

// opened makes the map of one opened field; a nil value opens nothing.
func opened[T any](field string, v *T) map[string]any {
	if v == nil {
		return nil
	}
	return map[string]any{field: v}
}

// encode writes an answer without escapes that only HTML needs.
func encode(v any) ([]byte, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("encoding an answer: %w", err)
	}
	return data, nil
}
