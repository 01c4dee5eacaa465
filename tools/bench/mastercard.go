package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/token"
)

// mastercardWallet makes a client's requests ready without sending them.
type mastercardWallet struct {
	*mdes.Client
	trid token.TRID
	made int // task ids used up, since none may come twice
}

func (b *bench) mastercardWallet(ctx context.Context, at addresses) (*mastercardWallet, error) {
	w, who, err := b.wallet(ctx, at)
	if err != nil {
		return nil, err
	}
	return &mastercardWallet{Client: w.Mastercard(), trid: who.TRID[token.Mastercard]}, nil
}

// request signs a body for an operation.
func (w *mastercardWallet) request(ctx context.Context, op token.Operation, body []byte) (shot, error) {
	return raw(w.NewRequest(ctx, op, "", body))
}

const tokenizeBody = `{"requestId":"%s","tokenType":"CLOUD","tokenRequestorId":"%s","taskId":"task-%d","consumerLanguage":"en",` +
	`"fundingAccountInfo":{"encryptedPayload":{"publicKeyFingerprint":"%s","encryptedKey":"%s","oaepHashingAlgorithm":"%s","iv":"%s","encryptedData":"%s"}}}`

const requestID = "6e1d0b52-4a53-4d0c-9a1f-0f7f3f7a9b11"

func (w *mastercardWallet) account(n int) (*mdes.FundingAccountData, error) {
	pan, err := fixtures.Synthetic(token.Mastercard, n)
	if err != nil {
		return nil, err
	}
	return &mdes.FundingAccountData{Source: "ACCOUNT_ON_FILE", CardAccountData: &mdes.CardAccountData{
		AccountNumber: mdes.Sensitive(pan.Digits()), ExpiryMonth: expiry.MM(), ExpiryYear: expiry.YY(),
	}}, nil
}

// tokenizes makes n requests, each with its own task id; the two cores share
// the signing.
func (w *mastercardWallet) tokenizes(ctx context.Context, n int) ([]shot, error) {
	funding, err := w.account(0)
	if err != nil {
		return nil, err
	}
	p, err := w.Seal(funding)
	if err != nil {
		return nil, err
	}
	shots, problems := make([]shot, n), make([]error, n)
	var all sync.WaitGroup
	for part := range 2 {
		all.Go(func() {
			for i := part; i < n; i += 2 {
				body := fmt.Sprintf(tokenizeBody, requestID, w.trid, w.made+i, p.PublicKeyFingerprint, p.EncryptedKey, p.OAEPHashingAlgorithm, p.IV, p.EncryptedData)
				shots[i], problems[i] = w.request(ctx, token.MCTokenize, []byte(body))
			}
		})
	}
	all.Wait()
	w.made += n
	for _, err := range problems {
		if err != nil {
			return nil, err
		}
	}
	return shots, nil
}

// transacts makes a few tokens and a request for a cryptogram of each.
func (w *mastercardWallet) transacts(ctx context.Context, n int) ([]shot, error) {
	var shots []shot
	for i := range n {
		funding, err := w.account(i)
		if err != nil {
			return nil, err
		}
		got, err := w.Tokenize(ctx, mdes.TokenizeRequest{TaskID: fmt.Sprintf("setup-%d", i)}, funding)
		if err != nil {
			return nil, err
		}
		body := fmt.Sprintf(`{"requestId":"%s","tokenUniqueReference":"%s","dsrpType":"UCAF","unpredictableNumber":"1A2B3C4D"}`, requestID, got.TokenUniqueReference)
		one, err := w.request(ctx, token.MCTransact, []byte(body))
		if err != nil {
			return nil, err
		}
		shots = append(shots, one)
	}
	return shots, nil
}

// mastercard measures tokenize and transact against what of them is RSA.
func (b *bench) mastercard(ctx context.Context) ([]Row, error) {
	var at addresses
	sim, err := b.start(ctx, "simulator", serverSettings{}, &at)
	if err != nil {
		return nil, err
	}
	defer sim.stop()
	alone, err := b.start(ctx, "cryptography", nil, nil)
	if err != nil {
		return nil, err
	}
	defer alone.stop()
	w, err := b.mastercardWallet(ctx, at)
	if err != nil {
		return nil, err
	}
	transacts, err := w.transacts(ctx, b.size.Cards/2)
	if err != nil {
		return nil, err
	}
	if err := b.warm(ctx, at.Network, transacts); err != nil {
		return nil, err
	}
	var theirs, ours [2][]sample
	for range b.Rounds {
		tokenizes, err := w.tokenizes(ctx, b.size.Tokenizes)
		if err != nil {
			return nil, err
		}
		for i, shots := range [...][]shot{tokenizes, transacts} {
			limit := 0
			if i == 0 {
				limit = len(tokenizes)
			}
			var reference sample
			if err := alone.ask("loop", cryptographyOrder{Private: i == 0, For: b.size.Round}, &reference); err != nil {
				return nil, err
			}
			one, err := b.loaded(ctx, sim, b.gun(at.Network, shots), limit)
			if err != nil {
				return nil, err
			}
			theirs[i], ours[i] = append(theirs[i], reference), append(ours[i], one)
		}
	}
	for name, ready := range map[string]load{"P3-tokenize": b.tokenizeLoad, "P3-transact": b.transactLoad} {
		if err := b.keepProfile(ctx, name, ready); err != nil {
			return nil, err
		}
	}
	return mastercardRows(theirs, ours), nil
}

// tokenizeLoad is as many requests as fill a profile: each is sent once.
func (b *bench) tokenizeLoad(ctx context.Context, at addresses) ([]shot, int, error) {
	w, err := b.mastercardWallet(ctx, at)
	if err != nil {
		return nil, 0, err
	}
	shots, err := w.tokenizes(ctx, 8*b.size.Tokenizes)
	return shots, len(shots), err
}

func (b *bench) transactLoad(ctx context.Context, at addresses) ([]shot, int, error) {
	w, err := b.mastercardWallet(ctx, at)
	if err != nil {
		return nil, 0, err
	}
	shots, err := w.transacts(ctx, b.size.Cards/2)
	return shots, 0, err
}

// mastercardRows compares each operation, and one of both together.
func mastercardRows(theirs, ours [2][]sample) []Row {
	var both [2][]sample
	for side, got := range [...][2][]sample{theirs, ours} {
		for round := range got[0] {
			cpu := got[0][round].CPU + got[1][round].CPU
			both[side] = append(both[side], sample{cpu, float64(time.Second) / float64(cpu)})
		}
	}
	return []Row{
		compared(workload{goal: "P3", name: "Mastercard tokenize", limit: 0.88}, "RSA alone", theirs[0], ours[0]),
		compared(workload{goal: "P3", name: "Mastercard transact", limit: 0.88}, "RSA alone", theirs[1], ours[1]),
		compared(workload{name: "one tokenize and one transact"}, "RSA alone", both[0], both[1]),
	}
}
