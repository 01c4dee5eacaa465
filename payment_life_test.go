package pantomime_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/acquirer"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/requestor/wallet"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/wire"
)

// merchant acts on payments over HTTP.
type merchant struct {
	*till
	client *acquirer.Client
}

func (c *till) merchant(who string) merchant {
	c.t.Helper()
	return merchant{c, c.at(c.keys[who])}
}

// at is a client with a credential.
func (c *till) at(keys acquirer.Credential) *acquirer.Client {
	c.t.Helper()
	client, err := acquirer.NewClient(acquirer.Config{BaseURL: c.url, Credential: keys})
	if err != nil {
		c.t.Fatal(err)
	}
	return client
}

// paid pays an amount by card and reports the id.
func (m merchant) paid(who, card string, amount int64) string {
	m.t.Helper()
	got := m.do(who, token.Authorize, wallet.Subject{Card: m.cards[card], Pay: wallet.Pay{Amount: amount}})
	return got.Answer.(*acquirer.AuthorizeResponse).ID
}

// act is a step of a payment's life: what is asked, and what comes of it.
type act struct {
	op     token.Operation
	amount string // "" for all there is
	final  bool
	code   string // of a refusal, "" for none
	status string // of the payment afterwards
}

func (m merchant) act(id string, a act) (acquirer.Payment, error) {
	m.t.Helper()
	var r acquirer.ActRequest
	if a.amount != "" {
		r.Amount = &acquirer.Amount{Value: wire.LooseString(a.amount), Currency: "EUR"}
	}
	if a.final {
		r.CaptureType = acquirer.CaptureFinal
	}
	do := map[token.Operation]func() (acquirer.Payment, error){
		token.Capture:    func() (acquirer.Payment, error) { return m.client.Capture(m.t.Context(), id, r) },
		token.Void:       func() (acquirer.Payment, error) { return m.client.Void(m.t.Context(), id, r) },
		token.Refund:     func() (acquirer.Payment, error) { return m.client.Refund(m.t.Context(), id, r) },
		token.Increment:  func() (acquirer.Payment, error) { return m.client.Increment(m.t.Context(), id, r) },
		token.Reverse:    func() (acquirer.Payment, error) { return m.client.Reverse(m.t.Context(), id, r) },
		token.GetPayment: func() (acquirer.Payment, error) { return m.client.GetPayment(m.t.Context(), id) },
	}
	return do[a.op]()
}

// codeOf is the acquirer's own word for a refusal, "" for none.
func codeOf(err error) string {
	var refused *acquirer.Error
	if errors.As(err, &refused) {
		return refused.Code
	}
	return ""
}

func (c *till) advance(by time.Duration) {
	c.t.Helper()
	d := control.Duration(by)
	if _, err := c.admin.Advance(c.t.Context(), control.Advance{By: &d}); err != nil {
		c.t.Fatal(err)
	}
}

// What becomes of a payment of 1000, act by act (docs/wire/acquirer.md "Acts").
func TestPayment_Acts(t *testing.T) {
	c := newTill(t)
	m := c.merchant("wallet")
	for name, story := range map[string][]act{
		"captured in parts, refunded in parts": {
			{op: token.GetPayment, status: "authorized"},
			{op: token.Refund, amount: "1", code: "payment_status", status: "authorized"},
			{op: token.Capture, amount: "600", status: "partially_captured"},
			{op: token.Void, code: "payment_status", status: "partially_captured"},
			{op: token.Capture, amount: "401", code: "amount_too_high", status: "partially_captured"},
			{op: token.Capture, status: "captured"},
			{op: token.Capture, amount: "1", code: "amount_too_high", status: "captured"},
			{op: token.Refund, amount: "1001", code: "amount_too_high", status: "captured"},
			{op: token.Refund, amount: "400", status: "partially_refunded"},
			{op: token.Refund, status: "refunded"},
			{op: token.Refund, amount: "1", code: "amount_too_high", status: "refunded"},
		},
		"a final capture of less": {
			{op: token.Capture, amount: "300", final: true, status: "captured"},
			{op: token.Capture, amount: "1", code: "payment_status", status: "captured"},
			{op: token.Refund, amount: "301", code: "amount_too_high", status: "captured"},
		},
		"void": {
			{op: token.Void, status: "voided"},
			{op: token.Void, code: "payment_status", status: "voided"},
			{op: token.Capture, code: "payment_status", status: "voided"},
		},
		"increments": {
			{op: token.Increment, amount: "500", status: "authorized"},
			{op: token.Capture, amount: "1500", status: "captured"},
			{op: token.Increment, amount: "1", status: "partially_captured"},
		},
		"a reversal of nothing": {
			{op: token.Capture, status: "captured"},
			{op: token.Reverse, code: "payment_status", status: "captured"},
		},
		"reversals": {
			{op: token.Reverse, amount: "1001", code: "amount_too_high", status: "authorized"},
			{op: token.Reverse, amount: "400", status: "authorized"},
			{op: token.Capture, amount: "601", code: "amount_too_high", status: "authorized"},
			{op: token.Reverse, status: "voided"},
			{op: token.Capture, code: "payment_status", status: "voided"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			id := m.paid("wallet", "alice", 1000)
			for i, a := range story {
				got, err := m.act(id, a)
				if codeOf(err) != a.code || (err != nil && a.code == "") || (a.code == "" && (got.Outcome != "approved" || got.Status != a.status)) {
					t.Fatalf("step %d, %s %s: %q %+v %v, want %q", i+1, a.op, a.amount, got.Status, got, err, a.code)
				}
				if now, err := m.client.GetPayment(t.Context(), id); err != nil || now.Status != a.status {
					t.Fatalf("step %d, %s %s: it is %s %v, want %s", i+1, a.op, a.amount, now.Status, err, a.status)
				}
			}
		})
	}
}

// A payment is its merchant's alone, and one of its acquirer's.
func TestPayment_IsKnownToItsMerchantAlone(t *testing.T) {
	c := newTill(t)
	id := c.merchant("wallet").paid("wallet", "alice", 1000)
	for name, client := range map[string]*acquirer.Client{"another merchant": c.merchant("shop").client, "another acquirer": c.at(c.second["wallet"])} {
		_, err := client.GetPayment(t.Context(), id)
		var refused *acquirer.Error
		if !errors.As(err, &refused) || refused.Status != http.StatusNotFound {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// On a manual clock a payment expires after its days, also one of which all was
// captured and more is allowed; what was captured of it before stays refundable.
func TestPayment_ExpiresOnTheSandboxClock(t *testing.T) {
	c := newTill(t, "acquirers: { first: { over-capture: 15 }, second: {} }\n")
	m := c.merchant("wallet")
	plain, part := m.paid("wallet", "alice", 1000), m.paid("wallet", "bob", 1000)
	whole, more := m.paid("wallet", "alice", 1000), m.paid("wallet", "bob", 1000)
	for _, done := range []struct {
		id string
		act
	}{
		{part, act{op: token.Capture, amount: "600"}},
		{whole, act{op: token.Capture}},
		{more, act{op: token.Capture}},
		{more, act{op: token.Increment, amount: "500"}},
	} {
		if _, err := m.act(done.id, done.act); err != nil {
			t.Fatal(err)
		}
	}
	c.advance(7*24*time.Hour - time.Second)
	if got, err := m.client.GetPayment(t.Context(), plain); err != nil || got.Status != "authorized" || got.ExpiresAt != "2026-03-08T09:00:00Z" {
		t.Errorf("before: %+v %v", got, err)
	}
	c.advance(time.Second)
	for id, want := range map[string]string{plain: "expired", part: "captured", whole: "captured", more: "captured"} {
		if got, err := m.client.GetPayment(t.Context(), id); err != nil || got.Status != want || got.Balances.Capturable != 0 {
			t.Errorf("after: %+v %v, want %s", got, err, want)
		}
		if _, err := m.act(id, act{op: token.Capture, amount: "1"}); codeOf(err) != "payment_status" {
			t.Errorf("a capture after the expiry: %v", err)
		}
		if _, err := m.act(id, act{op: token.Increment, amount: "1"}); codeOf(err) != "payment_status" {
			t.Errorf("an increment after the expiry: %v", err)
		}
	}
	if _, err := m.act(part, act{op: token.Refund, amount: "600"}); err != nil {
		t.Error(err)
	}
}

// Captures and refunds are cleared after a day and settled after another.
func TestPayment_IsClearedAndSettled(t *testing.T) {
	c := newTill(t)
	m := c.merchant("wallet")
	id := m.paid("wallet", "alice", 1000)
	if _, err := m.act(id, act{op: token.Capture}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []acquirer.EntryInfo{
		{Status: "pending"},
		{Status: "cleared", ClearedAt: "2026-03-02T09:00:00Z"},
		{Status: "settled", ClearedAt: "2026-03-02T09:00:00Z", SettledAt: "2026-03-03T09:00:00Z"},
	} {
		got, err := m.client.GetPayment(t.Context(), id)
		if err != nil || len(got.Entries) != 1 {
			t.Fatalf("%+v %v", got, err)
		}
		want.ID, want.Type, want.Amount, want.CreatedAt = got.Entries[0].ID, "capture", 1000, "2026-03-01T09:00:00Z"
		if got.Entries[0] != want {
			t.Errorf("%+v, want %+v", got.Entries[0], want)
		}
		c.advance(24 * time.Hour)
	}
}

// request is a payment by card as it is written, to be changed.
func (m merchant) request(card string) acquirer.AuthorizeRequest {
	c := m.cards[card]
	return acquirer.AuthorizeRequest{
		Amount:   acquirer.Amount{Value: "1000", Currency: "EUR"},
		Merchant: acquirer.Merchant{ID: "m-1", Category: "5411", Country: "DE"},
		Instrument: acquirer.Instrument{
			Type: acquirer.TypeCard, Number: wire.Sensitive(c.PAN.Digits()), ExpiryMonth: c.Expiry.MM(), ExpiryYear: c.Expiry.YYYY(),
		},
	}
}

// by pays with a token; without a cryptogram if it is "".
func by(r acquirer.AuthorizeRequest, paying wallet.Subject, cryptogram token.Cryptogram) acquirer.AuthorizeRequest {
	r.Instrument = acquirer.Instrument{
		Type: acquirer.TypeToken, Number: wire.Sensitive(paying.Token.Number.Digits()),
		ExpiryMonth: paying.Token.Expiry.MM(), ExpiryYear: paying.Token.Expiry.YYYY(), Cryptogram: wire.Sensitive(cryptogram.Reveal()),
	}
	return r
}

func (m merchant) authorize(r acquirer.AuthorizeRequest) acquirer.AuthorizeResponse {
	m.t.Helper()
	got, err := m.client.Authorize(m.t.Context(), r)
	if err != nil {
		m.t.Fatal(err)
	}
	return got
}

// The issuer approves what there is, where the merchant takes less.
func TestPayment_PartialApproval(t *testing.T) {
	m := newTill(t).merchant("wallet")
	r := m.request("dan") // whose issuer has 500
	if got := m.authorize(r); got.Reason != "insufficient_funds" {
		t.Errorf("unasked: %+v", got)
	}
	r.PartialApproval = acquirer.PartialAllowed
	got := m.authorize(r)
	if got.Outcome != "approved" || got.ResponseCode != "10" || got.Amount.Value != 500 || got.Requested.Value != 1000 {
		t.Errorf("asked: %+v", got)
	}
	if _, err := m.act(got.ID, act{op: token.Capture, amount: "501"}); codeOf(err) != "amount_too_high" {
		t.Errorf("a capture of more than was approved: %v", err)
	}
	if more, err := m.act(got.ID, act{op: token.Increment, amount: "1"}); err != nil || more.Reason != "insufficient_funds" {
		t.Errorf("an increment beyond the funds: %+v %v", more, err)
	}
	if _, err := m.admin.FailNext(t.Context(), control.FailNext{Operation: "authorize", Error: "insufficient_funds"}); err != nil {
		t.Fatal(err)
	}
	r.Amount.Value = "400"
	if got := m.authorize(r); got.Reason != "insufficient_funds" {
		t.Errorf("more is approved than was asked for: %+v", got)
	}
}

// A token pays without cryptogram if an earlier payment of its card at the same
// merchant is named, through whichever acquirer that was asked for.
func TestPayment_RestsOnAnEarlierOne(t *testing.T) {
	c := newTill(t)
	m := c.merchant("wallet")
	_, paying := c.token("wallet", "alice")
	first := m.authorize(by(m.request("alice"), paying, paying.Pay.Cryptogram))
	later := by(m.request("alice"), paying, "")
	if _, err := m.client.Authorize(t.Context(), later); codeOf(err) != "invalid_request" {
		t.Errorf("without cryptogram and earlier payment: %v", err)
	}
	later.Initiator = acquirer.ByMerchant
	if _, err := m.client.Authorize(t.Context(), later); codeOf(err) != "invalid_request" {
		t.Errorf("begun by the merchant, without earlier payment: %v", err)
	}
	later.PreviousTransactionID = first.NetworkTransactionID
	second := m
	second.client = m.at(c.second["wallet"])
	for name, shop := range map[string]merchant{"the same acquirer": m, "the other acquirer": second} {
		if got := shop.authorize(later); got.Outcome != "approved" {
			t.Errorf("at %s: %+v", name, got)
		}
	}
	_, others := c.token("wallet", "dan")
	for name, r := range map[string]acquirer.AuthorizeRequest{
		"another merchant": func(r acquirer.AuthorizeRequest) acquirer.AuthorizeRequest { r.Merchant.ID = "m-2"; return r }(later),
		"another card":     by(later, others, ""),
		"a transaction of nobody": func(r acquirer.AuthorizeRequest) acquirer.AuthorizeRequest {
			r.PreviousTransactionID = "123456789012345"
			return r
		}(later),
	} {
		if got := m.authorize(r); got.Reason != "previous_transaction_unknown" {
			t.Errorf("%s: %+v", name, got)
		}
	}
	fresh := by(m.request("dan"), others, others.Pay.Cryptogram) // of 500
	fresh.Amount.Value, fresh.PreviousTransactionID = "100", "123456789012345"
	for _, want := range []string{"previous_transaction_unknown", ""} { // which spends no cryptogram
		if got := m.authorize(fresh); got.Reason != want {
			t.Errorf("with a cryptogram: %+v, want %q", got, want)
		}
		fresh.PreviousTransactionID = ""
	}
	if _, err := c.admin.Transition(t.Context(), paying.Token.Ref, control.Transition{Do: "suspend"}); err != nil {
		t.Fatal(err)
	}
	if got := m.authorize(later); got.Reason != "token_suspended" {
		t.Errorf("a suspended token: %+v", got)
	}
}

// A token of a merchant's own requestor pays at that merchant alone, at both
// networks; a card pays anywhere.
func TestPayment_TokensOfOneMerchant(t *testing.T) {
	c := newTill(t)
	m := c.merchant("own")
	for _, card := range []string{"alice", "bob"} {
		_, paying := c.token("own", card)
		elsewhere := by(m.request(card), paying, paying.Pay.Cryptogram)
		elsewhere.Merchant.ID = "m-2"
		if got := m.authorize(elsewhere); got.Reason != "token_of_another_merchant" || got.ResponseCode != "58" {
			t.Errorf("%s at another merchant: %+v", card, got)
		}
		if got := m.authorize(by(m.request(card), paying, paying.Pay.Cryptogram)); got.Outcome != "approved" {
			t.Errorf("%s at its merchant: %+v", card, got)
		}
		plain := m.request(card)
		plain.Merchant.ID = "m-2"
		if got := m.authorize(plain); got.Outcome != "approved" {
			t.Errorf("%s by its number: %+v", card, got)
		}
	}
}
