package main

import (
	"bytes"
	"context"
	"net/http"
	"strings"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/requestor/wallet"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// wallet is the token requestor of a simulator that runs, with the credentials
// that its control door hands out.
func (b *bench) wallet(ctx context.Context, at addresses) (*wallet.Wallet, control.Credentials, error) {
	door, err := control.New("http://"+at.Admin, nil, "")
	if err != nil {
		return nil, control.Credentials{}, err
	}
	env, err := door.Env(ctx)
	if err != nil {
		return nil, control.Credentials{}, err
	}
	who, _ := env.Requestor("")
	w, err := wallet.New(wallet.Config{
		BaseURL: env.BaseURL, Credentials: pantomime.Credentials(who), App: "bench", Wall: b.wall,
	})
	return w, who, err
}

// walletAccount is the consumer's account at the requestor, as long as real
// ones are.
const walletAccount = "cust0000000000000042"

// visaWallet makes a client's requests ready without sending them.
type visaWallet struct {
	*vts.Client
	cards []vts.PaymentInstrument
}

// visaWallet is a client of a simulator with some synthetic cards, the given
// ones or the first few.
func (b *bench) visaWallet(ctx context.Context, at addresses, numbers ...int) (*visaWallet, error) {
	requestor, _, err := b.wallet(ctx, at)
	if err != nil {
		return nil, err
	}
	if len(numbers) == 0 {
		for n := range b.size.Cards {
			numbers = append(numbers, n)
		}
	}
	w := &visaWallet{Client: requestor.Visa()}
	for _, n := range numbers {
		pan, err := fixtures.Synthetic(token.Visa, n)
		if err != nil {
			return nil, err
		}
		w.cards = append(w.cards, vts.PaymentInstrument{AccountNumber: pan.Digits(), ExpirationDate: vts.DateOf(expiry)})
	}
	return w, nil
}

// raw is a request as it goes over the wire.
func raw(req *http.Request, err error) (shot, error) {
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = req.Write(&b)
	return b.Bytes(), err
}

// provisionBody is a body of about 1.2 KB without anything encrypted.
func provisionBody() vts.ProvisionRequest {
	return vts.ProvisionRequest{
		ClientAppID: "bench", ClientWalletAccountID: walletAccount, PresentationType: []string{vts.PresentationECOM},
		ProtectionType: vts.ProtectionCloud, AccountType: vts.AccountWallet,
		EmailAddress: strings.Repeat("m", 240) + "@example.com", EmailAddressHash: strings.Repeat("h", 64),
		ShortEmail: strings.Repeat("s", 200) + "@example.com", ShortEmailHash: strings.Repeat("k", 64),
		ClientDeviceID: strings.Repeat("d", 24), IP4Address: "192.0.2.17", Location: "37.77/-122.41", LocationSource: "WIFI",
		TermsAndConditions: &vts.TermsAndConditions{ID: strings.Repeat("t", 36), Date: "1700000000"}, PlatformType: vts.PlatformWeb,
	}
}

// enrolments enrols every card.
func (w *visaWallet) enrolments(ctx context.Context) ([]string, error) {
	var ids []string
	for i := range w.cards {
		got, err := w.EnrollPAN(ctx, vts.EnrollRequest{Locale: "en_US", PANSource: vts.SourceManual, ClientWalletAccountID: walletAccount}, &w.cards[i])
		if err != nil {
			return nil, err
		}
		ids = append(ids, got.VPanEnrollmentID)
	}
	return ids, nil
}

// inTheClear are provisionings for enrolments.
func (w *visaWallet) inTheClear(ctx context.Context, enrolments []string) ([]shot, error) {
	return each(enrolments, func(id string) (shot, error) {
		return raw(w.NewRequest(ctx, token.VisaProvision, id, provisionBody()))
	})
}

// encrypted are provisionings with the card's data.
func (w *visaWallet) encrypted(ctx context.Context) ([]shot, error) {
	return each(w.cards, func(card vts.PaymentInstrument) (shot, error) {
		body := w.withCard()
		var err error
		if body.EncPaymentInstrument, err = w.Seal(card); err != nil {
			return nil, err
		}
		return raw(w.NewRequest(ctx, token.VisaProvisionWithPAN, "", body))
	})
}

func (w *visaWallet) withCard() vts.ProvisionWithPANRequest {
	return vts.ProvisionWithPANRequest{
		Locale: "en_US", PANSource: vts.SourceManual, ConsumerEntryMode: vts.EntryKeyed,
		ProvisionRequest: vts.ProvisionRequest{
			ClientAppID: "bench", ClientWalletAccountID: walletAccount, PresentationType: []string{vts.PresentationECOM},
			ProtectionType: vts.ProtectionCloud, AccountType: vts.AccountWallet,
			EmailAddress: strings.Repeat("m", 40) + "@example.com", EmailAddressHash: strings.Repeat("h", 64),
			ClientDeviceID: strings.Repeat("d", 24), IP4Address: "192.0.2.17", Location: "37.77/-122.41",
			TermsAndConditions: &vts.TermsAndConditions{ID: strings.Repeat("t", 36), Date: "1700000000"},
		},
	}
}

// tokens makes an active token for every card.
func (w *visaWallet) tokens(ctx context.Context) ([]string, error) {
	var ids []string
	for i := range w.cards {
		got, err := w.ProvisionWithPAN(ctx, w.withCard(), &w.cards[i], nil)
		if err != nil {
			return nil, err
		}
		ids = append(ids, got.VProvisionedTokenID)
	}
	return ids, nil
}

// about are requests of an operation about tokens.
func (w *visaWallet) about(ctx context.Context, op token.Operation, ids []string, body any) ([]shot, error) {
	return each(ids, func(id string) (shot, error) { return raw(w.NewRequest(ctx, op, id, body)) })
}

// each maps a list, up to the first error.
func each[T, U any](list []T, turn func(T) (U, error)) ([]U, error) {
	out := make([]U, 0, len(list))
	for _, item := range list {
		made, err := turn(item)
		if err != nil {
			return nil, err
		}
		out = append(out, made)
	}
	return out, nil
}
