package wallet_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/requestor/wallet"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/token"
)

// stage is a simulator with two cards, and a wallet that got of it what
// any requestor is notified.
type stage struct {
	*wallet.Wallet
	door   *control.Client
	config wallet.Config
	cards  map[token.Network]wallet.Card
}

const script = `version: 1
requestors: { wallet: { encryption: %s } }
issuers: { careful: { decision: step-up, methods: [sms] }, modern: { decision: step-up, methods: [app] } }
cards:
  alice: { network: visa, expiry: "12/29" }
  bob: { network: mastercard, expiry: "12/29" }
  carol: { network: visa, expiry: "12/29", issuer: careful }
  dan: { network: visa, expiry: "12/29", issuer: modern }
`

func newStage(t *testing.T, encryption, notify string) *stage {
	t.Helper()
	s, findings := scenarios.Parse("wallet.yaml", fmt.Appendf(nil, script, encryption))
	if err := findings.Err(); err != nil {
		t.Fatal(err)
	}
	sim, err := pantomime.Start(pantomime.Options{Scenario: s, Notify: notify})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 5*time.Second)
		defer cancel()
		_ = sim.Stop(ctx)
	})
	st := &stage{cards: map[token.Network]wallet.Card{}}
	for _, c := range s.Cards[:2] {
		st.cards[c.Network] = wallet.Card{Name: c.Name, PAN: c.PAN, Expiry: c.Expiry}
	}
	if st.door, err = control.New(sim.AdminURL(), nil, ""); err != nil {
		t.Fatal(err)
	}
	env, err := st.door.Env(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	st.config = wallet.Config{
		BaseURL: env.BaseURL, Env: mdes.MTF, Credentials: pantomime.Credentials(env.Requestors[0]),
	}
	if st.Wallet, err = wallet.New(st.config); err != nil {
		t.Fatal(err)
	}
	return st
}

// turn is an operation, what it is about, and how its headline begins.
type turn struct {
	op    token.Operation
	about wallet.Subject
	says  string
}

// answers performs an operation twice: as [wallet.Wallet.Do] reports it, and as a
// play sees it.
func (st *stage) answers(t *testing.T, c turn) (wallet.Outcome, map[string]string) {
	t.Helper()
	o, err := st.Do(t.Context(), c.op, c.about)
	if err != nil || !strings.HasPrefix(o.Headline, c.says) || o.Answer == nil {
		t.Errorf("%s: %+v, %v; want %q", c.op, o, err, c.says)
	}
	d, err := st.Draft(c.op, c.about)
	if err != nil {
		t.Fatal(err)
	}
	req, err := st.Request(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	a := st.Send(c.op, req)
	if !a.Good() && a.Code == "" { // refused it may be: there is nothing left to activate or to delete
		t.Errorf("%s, seen loosely: %s", c.op, a)
	}
	if c.op.Info().Verb == token.VerbProvision && a.Decision == "" {
		t.Errorf("%s: no decision in %s", c.op, a)
	}
	given := a.Gives()
	for name, value := range d.Gives() {
		given[name] = value
	}
	return o, given
}

func TestWallet_EveryOperation(t *testing.T) {
	for _, encryption := range []string{"shared-secret", "rsa"} {
		t.Run(encryption, func(t *testing.T) {
			st := newStage(t, encryption, "")
			met := map[token.Operation]bool{}
			do := func(op token.Operation, about wallet.Subject, says string) (wallet.Outcome, map[string]string) {
				met[op] = true
				return st.answers(t, turn{op, about, says})
			}
			st.walkVisa(t, do)
			st.walkMastercard(do)
			st.walkAcquirer(t, do)
			for _, row := range token.Operations() {
				if !met[row.Op] {
					t.Errorf("%s is not performed", row.Op)
				}
			}
		})
	}
}

// doing performs an operation that is to be answered in certain words.
type doing func(op token.Operation, about wallet.Subject, says string) (wallet.Outcome, map[string]string)

func (st *stage) walkVisa(t *testing.T, do doing) {
	t.Helper()
	card := wallet.Subject{Card: st.cards[token.Visa]}
	_, given := do(token.VisaEnroll, card, "card enrolled as ")
	enrolment := wallet.Subject{ID: given[wallet.Enrolment]}
	do(token.VisaGetCardMetadata, enrolment, "enrolment "+enrolment.ID)
	do(token.VisaGetContent, wallet.Subject{ID: given[wallet.Content]}, "content ")
	made, given := do(token.VisaProvision, enrolment, "token ")
	one := wallet.Subject{Token: wallet.Token{Ref: made.Ref, Number: token.TokenPAN(given[wallet.TokenNumber]), Expiry: token.Expiry{Year: 2029, Month: 12}}}
	do(token.VisaGetToken, one, "token "+string(made.Ref)+" is ACTIVE")
	do(token.VisaGetPaymentData, one, "cryptogram number 1, ECI 07")
	do(token.VisaDeviceBinding, one, "token "+string(made.Ref)+": device bound")
	do(token.VisaGetAttestationOptions, one, "token "+string(made.Ref)+": options for a passkey")
	do(token.VisaSuspend, one, "token "+string(made.Ref)+" suspended")
	do(token.VisaResume, one, "token "+string(made.Ref)+" resumed")
	byToken := one
	byToken.Account = wallet.ByToken
	do(token.VisaProvisionWithPAN, byToken, "token ")
	do(token.VisaDelete, one, "token "+string(made.Ref)+" deleted")
	st.walkStepUp(t, do)
}

// walkStepUp takes tokens of two cards with careful issuers through both ways of
// identifying who holds them.
func (st *stage) walkStepUp(t *testing.T, do doing) {
	t.Helper()
	s, _ := scenarios.Parse("wallet.yaml", fmt.Appendf(nil, script, "rsa"))
	for i, op := range []token.Operation{token.VisaValidateOTP, token.VisaValidateAuthCode} {
		made, _ := do(token.VisaProvisionWithPAN, wallet.Subject{Card: wallet.Card{PAN: s.Cards[2+i].PAN, Expiry: s.Cards[2+i].Expiry}}, "token ")
		one := wallet.Subject{Token: wallet.Token{Ref: made.Ref}, Code: "456789"}
		_, given := do(token.VisaGetStepUpOptions, one, "token "+string(made.Ref)+": 1 method")
		one.ID = given[wallet.StepUpMethod]
		do(token.VisaSelectStepUpMethod, one, "token "+string(made.Ref)+": a code is on its way, good until 20")
		do(op, one, "token "+string(made.Ref)+": the code is right")
	}
}

func (st *stage) walkMastercard(do doing) {
	bob := wallet.Subject{Card: st.cards[token.Mastercard]}
	made, given := do(token.MCTokenize, bob, "token ")
	one := wallet.Subject{Token: wallet.Token{Ref: made.Ref}}
	do(token.MCGetTaskStatus, wallet.Subject{ID: given[wallet.Task]}, "task "+given[wallet.Task]+" is COMPLETED")
	do(token.MCGetAsset, wallet.Subject{ID: given[wallet.Asset]}, "asset ")
	do(token.MCTokenize, wallet.Subject{Account: wallet.ByReference, ID: given[wallet.CardReference]}, "token ")
	do(token.MCTokenize, wallet.Subject{Account: wallet.ByToken, Token: one.Token}, "token ")
	do(token.MCTransact, one, "cryptogram number 1")
	do(token.MCGetToken, one, "token "+string(made.Ref)+" is ACTIVE")
	do(token.MCSearchTokens, bob, "6 live tokens")
	do(token.MCGetDigitalAssets, bob, "art of card bob")
	do(token.MCSuspend, one, "token "+string(made.Ref)+" is SUSPENDED")
	do(token.MCUnsuspend, one, "token "+string(made.Ref)+" is ACTIVE")
	do(token.MCDelete, one, "token "+string(made.Ref)+" is DEACTIVATED")
}

// walkAcquirer pays with a card and with a token of each network.
func (st *stage) walkAcquirer(t *testing.T, do doing) {
	t.Helper()
	pays := map[token.Network][]token.Operation{
		token.Visa: {token.VisaProvisionWithPAN, token.VisaGetPaymentData}, token.Mastercard: {token.MCTokenize, token.MCTransact},
	}
	for network, card := range st.cards {
		_, given := do(token.Authorize, wallet.Subject{Card: card}, "payment ")
		of := func(amount int64) wallet.Subject {
			return wallet.Subject{ID: given[wallet.Payment], Pay: wallet.Pay{Amount: amount}}
		}
		do(token.GetPayment, of(0), "payment ")
		do(token.Increment, of(500), "increment of 500 EUR: payment ")
		do(token.Reverse, of(200), "reverse of 200 EUR: payment ")
		do(token.Capture, of(300), "capture of 300 EUR: payment ")
		do(token.Refund, of(0), "refund of 600 EUR: payment ") // the second one finds nothing left
		_, given = do(token.Authorize, wallet.Subject{Card: card}, "payment ")
		do(token.Void, of(0), "void of 1000 EUR: payment ")
		made, err := st.Do(t.Context(), pays[network][0], wallet.Subject{Card: card})
		if err != nil {
			t.Fatal(err)
		}
		one := wallet.Subject{Token: wallet.Token{Ref: made.Ref}}
		got, err := st.Do(t.Context(), pays[network][1], one)
		if err != nil {
			t.Fatal(err)
		}
		do(token.Authorize, got.Paying.By(one), "payment ") // twice, the second time declined
		var declined wallet.Declined
		if o, err := st.Do(t.Context(), token.Authorize, got.Paying.By(one)); !errors.As(err, &declined) || o.Headline != "payment declined: cryptogram_used (82)" {
			t.Errorf("a cryptogram that paid: %+v, %v", o, err)
		}
	}
}

func TestWallet_EveryOperationHasARow(t *testing.T) {
	st := newStage(t, "shared-secret", "")
	for _, row := range token.Operations() {
		if _, err := st.Draft(row.Op, wallet.Subject{}); err != nil {
			t.Errorf("%s: %v", row.Op, err)
		}
		for _, by := range []wallet.Account{wallet.ByCard, wallet.ByReference, wallet.ByToken} {
			for _, need := range wallet.Needs(row.Op, by) {
				if named := need.What == wallet.NeedID || need.What == wallet.NeedToken; named && wallet.GivenBy(need.Name) == "" {
					t.Errorf("%s needs %s, and no call gives it", row.Op, need.Name)
				}
			}
		}
	}
}

func TestWallet_SpoiltDraftsAreSignedAsTheyAre(t *testing.T) {
	st := newStage(t, "shared-secret", "")
	for network, op := range map[token.Network]token.Operation{token.Visa: token.VisaProvisionWithPAN, token.Mastercard: token.MCTokenize} {
		d, err := st.Draft(op, wallet.Subject{Card: st.cards[network]})
		if err != nil {
			t.Fatal(err)
		}
		d.Text, d.Header = []byte(`{"mood":"fine"}`), map[string]string{"X-Test": "yes"}
		req, err := st.Request(t.Context(), d)
		if err != nil || req.Header.Get("X-Test") != "yes" {
			t.Fatal(req, err)
		}
		if a := st.Send(op, req); a.Status != 400 && a.Status != 200 || a.Code == "" || a.Good() {
			t.Errorf("%s: %s", op, a)
		}
		why, err := st.door.Explain(t.Context(), "last")
		if err != nil || why.Requestor != "wallet" || strings.Contains(why.Summary, "signature") {
			t.Errorf("%s: %+v, %v", op, why, err)
		}
	}
}

func TestWallet_Refuses(t *testing.T) {
	st := newStage(t, "shared-secret", "")
	if _, err := st.Draft("elsewhere/pay", wallet.Subject{}); !errors.Is(err, wallet.ErrNetwork) {
		t.Errorf("an operation of no network: %v", err)
	}
	var missing *wallet.MissingError
	if _, err := st.Do(t.Context(), token.VisaValidateOTP, wallet.Subject{Token: wallet.Token{Ref: "x"}}); !errors.As(err, &missing) || missing.Need.What != wallet.NeedCode {
		t.Errorf("without a code: %v", err)
	}
	for op, want := range map[token.Operation]string{
		token.VisaValidateOTP: "visa/validateOTP needs a code", token.VisaGetContent: "visa/getContent needs an id: guid, which enroll, provision or getCardMetadata gives",
		token.MCTransact: "mastercard/transact needs a token: tokenUniqueReference, which provision gives",
	} {
		if _, err := st.Do(t.Context(), op, wallet.Subject{Token: wallet.Token{Ref: map[token.Operation]token.Ref{token.VisaValidateOTP: "x"}[op]}}); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
	var declined wallet.Declined
	o, err := st.Do(t.Context(), token.MCTokenize, wallet.Subject{Card: wallet.Card{PAN: "5204731940398145", Expiry: token.Expiry{Year: 2029, Month: 12}}}) // published: the issuer declines
	if !errors.As(err, &declined) || wallet.RefusalOf(err).Message != "the issuer declined" {
		t.Errorf("%+v, %v", o, err)
	}
	_, err = st.Do(t.Context(), token.VisaGetToken, wallet.Subject{Token: wallet.Token{Ref: "00112233445566778899aabbccddeeff"}})
	if r := wallet.RefusalOf(err); r == nil || r.Status != http.StatusNotFound || r.Reason == "" || r.CorrelationID == "" {
		t.Errorf("an unknown token: %+v", r)
	}
}

func TestNew_TellsWhichSettingCannotBeUsed(t *testing.T) {
	st := newStage(t, "shared-secret", "")
	for name, c := range map[string]struct {
		edit func(*wallet.Config)
		says string
		key  bool
	}{
		"a signing key that is none":    {func(c *wallet.Config) { c.Mastercard.Signing = "secret text" }, "mastercard: signing key: ", true},
		"a certificate that is none":    {func(c *wallet.Config) { c.Mastercard.Network = "x" }, "mastercard: network certificate: ", true},
		"an own key that is none":       {func(c *wallet.Config) { c.Mastercard.Own = "x" }, "mastercard: own key: ", true},
		"an own certificate":            {func(c *wallet.Config) { c.Mastercard.Certificate = "x" }, "mastercard: own certificate: ", true},
		"RSA keys that are none":        {func(c *wallet.Config) { c.Visa.RSA = &wallet.VisaRSA{Network: c.Mastercard.Network, Requestor: "x"} }, "visa: requestor key: ", true},
		"no RSA keys":                   {func(c *wallet.Config) { c.Visa.RSA = &wallet.VisaRSA{} }, "visa: network certificate: ", true},
		"a base URL without a scheme":   {func(c *wallet.Config) { c.BaseURL = map[token.Party]string{token.PartyVisa: "127.0.0.1"} }, "visa: ", false},
		"half a key that signs notices": {func(c *wallet.Config) { c.Visa.Outbound.Secret = "" }, "visa: notice key: ", false},
	} {
		cfg := st.config
		c.edit(&cfg)
		_, err := wallet.New(cfg)
		if err == nil || !strings.HasPrefix(err.Error(), "wallet at "+c.says) || strings.Contains(err.Error(), "secret text") || errors.Is(err, wallet.ErrKey) != c.key {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWallet_SaysWhyAnAnswerIsNone(t *testing.T) {
	const kind = "application/json; charset=utf-8"
	st := newStage(t, "shared-secret", "")
	for want, answer := range map[string]func(http.ResponseWriter){
		"200 unreadable: cut short": func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", kind)
			w.Header().Set("Content-Length", "40")
			_, _ = io.WriteString(w, `{"vPanEnrollmentID":"0011`)
		},
		"200 unreadable: no JSON": func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", kind)
			_, _ = io.WriteString(w, `{"vPanEnrollmentID":"0011`)
		},
		"200 unreadable: content type text/html": func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "text/html")
			_, _ = io.WriteString(w, "{}")
		},
		"no answer": func(http.ResponseWriter) { panic(http.ErrAbortHandler) },
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { answer(w) }))
		t.Cleanup(server.Close)
		st.config.BaseURL = map[token.Party]string{token.PartyVisa: server.URL}
		odd, err := wallet.New(st.config)
		if err != nil {
			t.Fatal(err)
		}
		d, err := odd.Draft(token.VisaEnroll, wallet.Subject{Card: st.cards[token.Visa]})
		if err != nil {
			t.Fatal(err)
		}
		req, err := odd.Request(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		if got := odd.Send(token.VisaEnroll, req); got.String() != want || got.Good() {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestWallet_AtOneNetworkAlone(t *testing.T) {
	st := newStage(t, "shared-secret", "")
	cfg := st.config
	cfg.BaseURL = maps.Clone(cfg.BaseURL)
	delete(cfg.BaseURL, token.PartyVisa)
	w, err := wallet.New(cfg)
	if err != nil || w.Visa() != nil || w.Mastercard() == nil {
		t.Fatal(w, err)
	}
	if _, err := w.Do(t.Context(), token.VisaEnroll, wallet.Subject{}); !errors.Is(err, wallet.ErrNetwork) {
		t.Errorf("%v", err)
	}
}

func TestCredentials_PrintWithoutSecrets(t *testing.T) {
	st := newStage(t, "rsa", "")
	credentials := st.config.Credentials
	var said bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v"} {
		fmt.Fprintf(&said, verb+verb, credentials, *credentials.Visa.RSA)
	}
	slog.New(slog.NewJSONHandler(&said, nil)).Info("", "of", credentials)
	slog.New(slog.NewTextHandler(&said, nil)).Info("", "of", credentials)
	if err := json.NewEncoder(&said).Encode(credentials); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"PRIVATE KEY", credentials.Visa.Signing.Secret, credentials.Visa.Outbound.Secret} {
		if strings.Contains(said.String(), secret) {
			t.Errorf("a secret of %d characters is shown", len(secret))
		}
	}
}
