package pantomime_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/acquirer"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/requestor/wallet"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

const paymentStory = `version: 1
clock: { mode: manual, start: 2026-03-01T09:00:00Z }
requestors: { wallet: {}, shop: {}, slow: { activation: 1h }, own: { merchants: [m-1] } }
issuers: { poor: { funds: 500 } }
cards:
  alice: { network: visa, pan: test/visa/1, expiry: "12/29" }
  bob: { network: mastercard, pan: test/mastercard/1, expiry: "12/29" }
  dan: { network: visa, pan: test/visa/2, expiry: "12/29", issuer: poor }
`

// till is a simulator with wallets that pay, each network by its own operations.
type till struct {
	t       *testing.T
	sim     *pantomime.Simulator
	story   string
	admin   *control.Client
	url     string
	wallets map[string]*wallet.Wallet
	keys    map[string]acquirer.Credential // at the first acquirer
	second  map[string]acquirer.Credential // at the second
	cards   map[string]wallet.Card
}

func newTill(t *testing.T, more ...string) *till {
	t.Helper()
	return tillOf(t, paymentStory+strings.Join(more, ""), pantomime.Options{})
}

// tillOf plays another story.
func tillOf(t *testing.T, story string, o pantomime.Options) *till {
	t.Helper()
	s, findings := scenarios.Parse("payment.yaml", []byte(story))
	if err := findings.Err(); err != nil {
		t.Fatal(err)
	}
	o.Scenario = s
	sim, err := pantomime.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sim.Stop(t.Context()) })
	c := &till{t: t, sim: sim, story: story, cards: map[string]wallet.Card{}}
	for _, card := range s.Cards {
		c.cards[card.Name] = wallet.Card{Name: card.Name, PAN: card.PAN, Expiry: card.Expiry}
	}
	if c.admin, err = control.New(sim.AdminURL(), nil, ""); err != nil {
		t.Fatal(err)
	}
	env, err := c.admin.Env(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c.equip(env)
	return c
}

// equip makes the wallets of a sandbox's requestors.
func (c *till) equip(env control.Env) {
	c.t.Helper()
	c.wallets, c.keys, c.second = map[string]*wallet.Wallet{}, map[string]acquirer.Credential{}, map[string]acquirer.Credential{}
	var err error
	c.url = env.BaseURL[token.PartyAcquirer]
	for _, who := range env.Requestors {
		c.keys[who.Requestor] = pantomime.Credentials(who).Acquirer
		c.second[who.Requestor] = acquirer.Credential{Key: who.Acquirer.Others[0].Key, Secret: string(who.Acquirer.Others[0].Secret)}
		if c.wallets[who.Requestor], err = wallet.New(wallet.Config{
			BaseURL: env.BaseURL, Env: mdes.MTF, Credentials: pantomime.Credentials(who),
		}); err != nil {
			c.t.Fatal(err)
		}
	}
}

// in is a till of another sandbox with the same story.
func (c *till) in(id string) *till {
	c.t.Helper()
	made, err := c.admin.CreateSandbox(c.t.Context(), control.NewSandbox{ID: id, Scenario: c.story})
	if err != nil {
		c.t.Fatal(err)
	}
	other := *c
	other.equip(made.Env)
	return &other
}

func (c *till) do(who string, op token.Operation, about wallet.Subject) wallet.Outcome {
	c.t.Helper()
	got, err := c.wallets[who].Do(c.t.Context(), op, about)
	if err != nil {
		c.t.Fatal(op, err)
	}
	return got
}

// token makes a token of a card and a cryptogram of it.
func (c *till) token(who, card string) (one, paying wallet.Subject) {
	c.t.Helper()
	provision := token.VisaProvisionWithPAN
	if c.cards[card].PAN.Network() == token.Mastercard {
		provision = token.MCTokenize
	}
	one.Token.Ref = c.do(who, provision, wallet.Subject{Card: c.cards[card]}).Ref
	return one, c.again(who, card, one)
}

// again makes a further cryptogram of a token.
func (c *till) again(who, card string, one wallet.Subject) wallet.Subject {
	c.t.Helper()
	cryptogram := token.VisaGetPaymentData
	if c.cards[card].PAN.Network() == token.Mastercard {
		cryptogram = token.MCTransact
	}
	return c.do(who, cryptogram, one).Paying.By(one)
}

// declined pays and reports the reason, "" for an approved payment.
func (c *till) declined(who string, about wallet.Subject) string {
	c.t.Helper()
	got, err := c.wallets[who].Do(c.t.Context(), token.Authorize, about)
	answer, ok := got.Answer.(*acquirer.AuthorizeResponse)
	if !ok {
		c.t.Fatal(err)
	}
	return answer.Reason
}

// Each thing that can be wrong with a token or a card has a reason of its own,
// over HTTP, at both networks.
func TestPayment_EachFindingHasItsReason(t *testing.T) {
	altered := func(about wallet.Subject, change func(*wallet.Subject)) wallet.Subject {
		change(&about)
		return about
	}
	issuer := func(c *till, ref token.Ref, do string) {
		c.t.Helper()
		if _, err := c.admin.Transition(c.t.Context(), ref, control.Transition{Do: do}); err != nil {
			c.t.Fatal(err)
		}
	}
	for _, card := range []string{"alice", "bob"} {
		t.Run(card, func(t *testing.T) {
			c := newTill(t)
			one, paying := c.token("wallet", card)
			_, other := c.token("shop", card)
			expect := func(want, who string, about wallet.Subject) {
				t.Helper()
				if got := c.declined(who, about); got != want {
					t.Errorf("declined for %q, want %q", got, want)
				}
			}
			expect("token_of_another_requestor", "shop", paying)
			expect("unknown_token", "wallet", altered(paying, func(s *wallet.Subject) { s.Token.Number = "4895370000000011" }))
			expect("token_expiry_differs", "wallet", altered(paying, func(s *wallet.Subject) { s.Token.Expiry.Year++ }))
			expect("cryptogram_invalid", "wallet", altered(paying, func(s *wallet.Subject) { s.Pay.Cryptogram = other.Pay.Cryptogram }))
			expect("cryptogram_invalid", "wallet", altered(paying, func(s *wallet.Subject) { s.Pay.Cryptogram = "AgAAAAAABk4DWZ4C28yUQAAAAAA=" }))
			issuer(c, one.Token.Ref, "suspend")
			expect("token_suspended", "wallet", paying)
			issuer(c, one.Token.Ref, "resume")
			expect("", "wallet", paying) // nothing before this spent the cryptogram
			expect("cryptogram_used", "wallet", paying)
			by := control.Duration(24*time.Hour + time.Second)
			if _, err := c.admin.Advance(t.Context(), control.Advance{By: &by}); err != nil {
				t.Fatal(err)
			}
			expect("cryptogram_expired", "shop", other)
			issuer(c, one.Token.Ref, "delete")
			expect("token_deleted", "wallet", paying)
			expect("", "wallet", wallet.Subject{Card: c.cards[card]})
			expect("expired_card", "wallet", wallet.Subject{Card: wallet.Card{PAN: c.cards[card].PAN, Expiry: token.Expiry{Year: 2020, Month: 1}}})
			expect("expired_card", "wallet", wallet.Subject{Card: wallet.Card{PAN: c.cards[card].PAN, Expiry: token.Expiry{Year: 2031, Month: 1}}})
			if _, err := c.admin.CloseCard(t.Context(), card, control.CardChange{}); err != nil {
				t.Fatal(err)
			}
			expect("closed_account", "wallet", wallet.Subject{Card: c.cards[card]})
		})
	}
}

// What a token cannot get a cryptogram for it cannot pay with either.
func TestPayment_InactiveAndExpiredTokensDoNotPay(t *testing.T) {
	c := newTill(t)
	made := c.do("slow", token.VisaProvisionWithPAN, wallet.Subject{Card: c.cards["alice"]})
	waiting := wallet.Subject{Account: wallet.ByToken, Token: wallet.Token{
		Ref: made.Ref, Number: token.TokenPAN(made.Opened["encTokenInfo"].(*vts.TokenNumber).Token), Expiry: token.Expiry{Year: 2030, Month: 1},
	}, Pay: wallet.Pay{Cryptogram: "AgAAAAAABk4DWZ4C28yUQAAAAAA="}}
	if got := c.declined("slow", waiting); got != "token_inactive" {
		t.Errorf("before its activation: %q", got)
	}
	_, paying := c.token("wallet", "alice")
	end := time.Date(paying.Token.Expiry.Year, paying.Token.Expiry.Month+1, 1, 0, 0, 0, 0, time.UTC)
	if _, err := c.admin.Advance(t.Context(), control.Advance{To: &end}); err != nil {
		t.Fatal(err)
	}
	if got := c.declined("wallet", paying); got != "token_expired" {
		t.Errorf("after its expiry: %q", got)
	}
}

// The acquirer gets a token's own digits alone, the issuer sees the card,
// and explain shows both as one story.
func TestPayment_TheIssuerSeesTheCardTheAcquirerTheToken(t *testing.T) {
	c := newTill(t)
	_, paying := c.token("wallet", "alice")
	got := c.do("wallet", token.Authorize, paying).Answer.(*acquirer.AuthorizeResponse)
	answer, _ := json.Marshal(got)
	if got.Instrument.Last4 != paying.Token.Number.Last4() || strings.Contains(string(answer), c.cards["alice"].PAN.Last4()) {
		t.Errorf("the acquirer got %s", answer)
	}
	why, err := c.admin.Explain(t.Context(), "last")
	if err != nil {
		t.Fatal(err)
	}
	var story []string
	for _, check := range why.Checks {
		story = append(story, check.Name+": "+check.Hint)
	}
	reported := strings.Join(story, "\n")
	for _, want := range []string{
		"token: " + paying.Token.Number.String() + " is active and belongs to card " + c.cards["alice"].PAN.String(),
		"cryptogram: number 1 of the token, spent now; ECI 07",
		"issuer: the issuer sees card " + c.cards["alice"].PAN.String() + " and 1000 EUR at merchant merchant-1: approved",
	} {
		if !strings.Contains(reported, want) {
			t.Errorf("%q is not in\n%s", want, reported)
		}
	}
	whole, err := c.admin.Request(t.Context(), "last")
	if err != nil {
		t.Fatal(err)
	}
	text, _ := json.Marshal(whole)
	for _, hidden := range []string{paying.Token.Number.Digits(), c.cards["alice"].PAN.Digits(), paying.Pay.Cryptogram.Reveal(), c.keys["wallet"].Secret} {
		if strings.Contains(string(text), hidden) {
			t.Errorf("the journal shows %d characters of what is secret", len(hidden))
		}
	}
}

// A cryptogram is spent although the issuer declines, and what the network finds
// wrong takes precedence over a rule.
func TestPayment_IssuerAndRulesDecline(t *testing.T) {
	c := newTill(t)
	_, paying := c.token("wallet", "dan")
	if got := c.declined("wallet", paying); got != "insufficient_funds" {
		t.Errorf("1000 of 500: %q", got)
	}
	if _, err := c.admin.FailNext(t.Context(), control.FailNext{Operation: "authorize", Error: "stolen_card"}); err != nil {
		t.Fatal(err)
	}
	if got := c.declined("wallet", paying); got != "cryptogram_used" {
		t.Errorf("a second payment: %q", got)
	}
	small := wallet.Subject{Card: c.cards["dan"], Pay: wallet.Pay{Amount: 500}}
	if got := c.declined("wallet", small); got != "" {
		t.Errorf("500 of 500: %q", got)
	}
	for _, wrong := range []string{"service_error", "CRYPTOGRAPHY_ERROR", "insufficient_fund"} {
		if _, err := c.admin.FailNext(t.Context(), control.FailNext{Operation: "authorize", Error: token.Key(wrong)}); err == nil {
			t.Errorf("%s is taken for a reason", wrong)
		}
	}
	if _, err := c.admin.FailNext(t.Context(), control.FailNext{Operation: "provision", Error: "stolen_card"}); err == nil {
		t.Error("a provisioning is declined for a reason of payments")
	}
}

// No payment is made without the right secret, and nothing is paid twice by two at once.
func TestPayment_OneCryptogramPaysOnceForManyAtOnce(t *testing.T) {
	c := newTill(t)
	_, paying := c.token("wallet", "bob")
	outcomes := make(chan string)
	for range 16 {
		go func() { outcomes <- c.declined("wallet", paying) }()
	}
	paid := 0
	for range 16 {
		switch got := <-outcomes; got {
		case "":
			paid++
		case "cryptogram_used":
		default:
			t.Errorf("declined for %q", got)
		}
	}
	if paid != 1 {
		t.Errorf("one cryptogram paid %d times", paid)
	}
	client, err := acquirer.NewClient(acquirer.Config{BaseURL: c.url, Credential: acquirer.Credential{Key: c.keys["wallet"].Key, Secret: c.keys["shop"].Secret}})
	if err != nil {
		t.Fatal(err)
	}
	var refused *acquirer.Error
	if _, err = client.Authorize(t.Context(), acquirer.AuthorizeRequest{}); !errors.As(err, &refused) || refused.Status != http.StatusUnauthorized {
		t.Errorf("with another's secret: %v", err)
	}
}

// What a requestor and its acquirer do about one payment under one trace is reported as
// one story: who saw the token, and who the card.
func TestPayment_OneTraceIsOneStory(t *testing.T) {
	c := newTill(t)
	one, _ := c.token("wallet", "alice")
	send := func(op token.Operation, about wallet.Subject) wallet.Answer {
		t.Helper()
		d, err := c.wallets["wallet"].Draft(op, about)
		if err != nil {
			t.Fatal(err)
		}
		d.Header = map[string]string{"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}
		req, err := c.wallets["wallet"].Request(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		return c.wallets["wallet"].Send(op, req)
	}
	send(token.VisaGetPaymentData, one)
	_, paying := c.token("wallet", "alice")
	send(token.Authorize, paying)
	why, err := c.admin.Explain(t.Context(), "last")
	if err != nil || len(why.Together) != 2 {
		t.Fatalf("%+v %v", why.Together, err)
	}
	first, last := why.Together[0], why.Together[1]
	if first.Operation != token.VisaGetPaymentData || last.Operation != token.Authorize || last.ID != why.ID || first.Requestor != "wallet" {
		t.Errorf("%+v", why.Together)
	}
	story := strings.Join(last.Says, "\n")
	for _, want := range []string{
		"acquirer: sees token " + paying.Token.Number.String() + " and never its card", "issuer: the issuer sees card " + c.cards["alice"].PAN.String(),
	} {
		if !strings.Contains(story, want) {
			t.Errorf("%q is not in\n%s", want, story)
		}
	}
}

// Whatever a payment's token refuses or its issuer declines, the journal names the
// token once.
func TestPayment_TheJournalNamesItsTokenOnce(t *testing.T) {
	c := newTill(t)
	one, paying := c.token("wallet", "dan")
	large := c.again("wallet", "dan", one)
	large.Pay.Amount, paying.Pay.Amount = 501, 100
	for _, pay := range []struct {
		wallet.Subject
		why string
	}{{paying, ""}, {paying, "cryptogram_used"}, {large, "insufficient_funds"}} {
		got := c.declined("wallet", pay.Subject)
		list, err := c.admin.Requests(t.Context(), control.ExchangeQuery{Operation: string(token.Authorize), Limit: 1})
		if err != nil || len(list.Items) != 1 || !slices.Equal(list.Items[0].Tokens, []token.Ref{one.Token.Ref}) || got != pay.why {
			t.Errorf("%q: declined for %q: %+v %v, want its one token", pay.why, got, list.Items, err)
		}
	}
}
