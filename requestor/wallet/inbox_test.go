package wallet_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/requestor/wallet"
	"github.com/pantomime-dev/pantomime/token"
)

// openInbox hands notices to a channel that no test fills.
func openInbox(t *testing.T, takeAll bool) (*wallet.Inbox, <-chan wallet.Notice) {
	t.Helper()
	arrived := make(chan wallet.Notice, 100)
	in, err := wallet.OpenInbox(wallet.InboxOptions{Tell: func(n wallet.Notice) { arrived <- n }, TakeAll: takeAll})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(in.Close)
	return in, arrived
}

// next waits for a notice.
func next(t *testing.T, arrived <-chan wallet.Notice) wallet.Notice {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	select {
	case n := <-arrived:
		return n
	case <-ctx.Done():
		t.Fatal("no notice came")
		return wallet.Notice{}
	}
}

func TestInbox_BelievesWhatVerifies(t *testing.T) {
	in, arrived := openInbox(t, false)
	st := newStage(t, "shared-secret", in.URL())
	other := newStage(t, "shared-secret", "")
	in.Trust(other.Wallet)
	in.Trust(st.Wallet)
	for network, op := range map[token.Network]token.Operation{token.Visa: token.VisaProvisionWithPAN, token.Mastercard: token.MCTokenize} {
		made, err := st.Do(t.Context(), op, wallet.Subject{Card: st.cards[network]})
		if err != nil {
			t.Fatal(err)
		}
		suspend := control.Transition{Do: "suspend", Reason: "SUSPECTED_FRAUD"}
		if _, err := st.door.Transition(t.Context(), made.Ref, suspend); err != nil {
			t.Fatal(err)
		}
		n := next(t, arrived)
		if n.Err != nil || n.Network != network || n.Ref != made.Ref || n.TRID != st.config.TRID[network] || n.How == "" || n.Says == "" {
			t.Errorf("%s: %+v", network, n)
		}
		if network == token.Mastercard && n.Status != token.Suspended {
			t.Errorf("the notice reports %q", n.Status)
		}
	}
}

func TestInbox_BelievesNobodyElse(t *testing.T) {
	for _, takeAll := range []bool{false, true} {
		in, arrived := openInbox(t, takeAll)
		st := newStage(t, "shared-secret", in.URL())
		want := http.StatusBadRequest
		if takeAll {
			want = http.StatusOK
		}
		post := func(path, body string) wallet.Notice {
			t.Helper()
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, in.URL()+path, strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			_ = resp.Body.Close()
			if resp.StatusCode != want {
				t.Errorf("%s is answered %d, want %d", path, resp.StatusCode, want)
			}
			return next(t, arrived)
		}
		const mine = "/digitization/mtf/1/0/notifyTokenUpdated"
		if n := post(mine, "{}"); !errors.Is(n.Err, wallet.ErrUnknownKey) || n.Network != token.Mastercard {
			t.Errorf("without a wallet: %+v", n)
		}
		in.Trust(st.Wallet)
		for path, body := range map[string]string{
			"/provisionedToken?eventType=TOKEN_CREATED&apiKey=x":                                 `{"vProvisionedTokenID":"x","date":1}`,
			"/provisionedToken?eventType=TOKEN_CREATED&apiKey=" + st.config.Visa.Outbound.APIKey: `{"vProvisionedTokenID":"x","date":1}`,
			mine: `{"requestId":"1","tokens":[{"tokenUniqueReference":"x","status":"ACTIVE"}]}`,
		} {
			if n := post(path, body); n.Err == nil || n.TRID != "" {
				t.Errorf("%s: %+v", path, n)
			}
		}
		if _, err := st.Do(t.Context(), token.VisaProvisionWithPAN, wallet.Subject{Card: st.cards[token.Visa]}); err != nil {
			t.Fatal(err)
		}
		for _, e := range []control.Event{
			{Event: token.TokenSuspended, Card: "alice"},
			{Event: token.TokenResumed, Card: "alice", Variants: control.Variants{Variant: []string{"wrong-signature"}}},
		} {
			if _, err := st.door.Trigger(t.Context(), e); err != nil {
				t.Fatal(err)
			}
			if n := next(t, arrived); (n.Err == nil) != (len(e.Variant) == 0) {
				t.Errorf("%+v: %+v", e, n)
			}
		}
	}
}

func TestInbox_WithoutAnybodyToTellTakesAll(t *testing.T) {
	in, err := wallet.OpenInbox(wallet.InboxOptions{TakeAll: true})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, in.URL()+"/anything", strings.NewReader("no notice"))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "application/json" {
		t.Errorf("%d", resp.StatusCode)
	}
}
