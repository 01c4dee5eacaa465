package main

import (
	"context"
	"crypto/rand"
	"fmt"

	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/token"
)

// mastercardWallet is a token requestor at Mastercard.
type mastercardWallet struct {
	*mdes.Client
	cfg mdes.Config
}

// artHost is the response host of getDigitalAssets, the one operation that must
// name one. Its answer comes at once, so nothing is ever sent there.
const artHost = "callback.pantomime.example"

func (w mastercardWallet) do(ctx context.Context, t task) (result, error) {
	if err := t.complete(); err != nil {
		return result{}, err
	}
	switch t.op {
	case token.MCTokenize:
		return w.tokenize(ctx, t)
	case token.MCTransact:
		return w.transact(ctx, t)
	case token.MCTaskStatus:
		return w.taskStatus(ctx, t)
	case token.MCGetToken:
		return w.getToken(ctx, t)
	case token.MCSearchTokens:
		return w.search(ctx, t)
	case token.MCGetAsset:
		return w.asset(ctx, t)
	case token.MCDigitalArt:
		return w.art(ctx, t)
	default:
		return w.change(ctx, t)
	}
}

// account is the card as it is sealed into a request.
func (c *testCard) account() *mdes.CardAccountData {
	return &mdes.CardAccountData{AccountNumber: mdes.Sensitive(c.pan.Digits()), ExpiryMonth: c.expiry.MM(), ExpiryYear: c.expiry.YY()}
}

// tokenize makes a token. Its answer tells no status; getToken does.
func (w mastercardWallet) tokenize(ctx context.Context, t task) (result, error) {
	request := mdes.TokenizeRequest{TaskID: "task-" + rand.Text(), ConsumerLanguage: "en"}
	got, err := w.Tokenize(ctx, request, &mdes.FundingAccountData{CardAccountData: t.card.account(), Source: "ACCOUNT_ON_FILE"})
	if err != nil {
		return result{}, err
	}
	r := result{ref: token.Ref(got.TokenUniqueReference), answer: got.TokenizeResponse, opened: opened("tokenDetail", got.Clear)}
	r.headline = fmt.Sprintf("%s by the issuer, task %s", got.Decision, request.TaskID)
	if r.ref != "" {
		r.headline = fmt.Sprintf("token %s, %s", r.ref, r.headline)
	}
	if got.Decision == mdes.DecisionDeclined {
		return r, failed("the issuer declined")
	}
	return r, nil
}

func (w mastercardWallet) transact(ctx context.Context, t task) (result, error) {
	got, err := w.Transact(ctx, mdes.TransactRequest{TokenUniqueReference: string(t.token)})
	if err != nil {
		return result{}, err
	}
	u, err := mdes.ParseUCAF(string(got.Clear.DE48SE43Data))
	if err != nil {
		return result{}, err
	}
	return result{
		headline: fmt.Sprintf("cryptogram number %d", u.ATC), ref: t.token,
		answer: got.TransactResponse, opened: opened("encryptedPayload", &got.Clear),
	}, nil
}

func (w mastercardWallet) taskStatus(ctx context.Context, t task) (result, error) {
	got, err := w.GetTaskStatus(ctx, t.id)
	return answered(got, err, func() string { return fmt.Sprintf("task %s is %s", t.id, got.Status) })
}

func (w mastercardWallet) getToken(ctx context.Context, t task) (result, error) {
	got, err := w.GetToken(ctx, t.token, true)
	if err != nil {
		return result{}, err
	}
	r := result{ref: t.token, answer: got.GetTokenResponse, opened: opened("tokenDetail", got.Clear)}
	if got.Token != nil {
		r.status = got.Token.Status
	}
	r.headline = fmt.Sprintf("token %s is %s", t.token, r.status)
	return r, nil
}

func (w mastercardWallet) search(ctx context.Context, t task) (result, error) {
	got, err := w.SearchTokens(ctx, mdes.FundingAccountInfo{}, t.card.account())
	return answered(got, err, func() string { return plural(len(got.Tokens), "live token") })
}

func (w mastercardWallet) asset(ctx context.Context, t task) (result, error) {
	got, err := w.GetAsset(ctx, t.id)
	return answered(got, err, func() string { return fmt.Sprintf("asset %s, %s", t.id, plural(len(got.MediaContents), "rendition")) })
}

// art asks for the art of a card that needs no token.
func (w mastercardWallet) art(ctx context.Context, t task) (result, error) {
	cfg := w.cfg
	cfg.ResponseHost = artHost
	client, err := mdes.NewClient(cfg)
	if err != nil {
		return result{}, err
	}
	got, err := client.GetDigitalAssets(ctx, t.card.pan)
	return answered(got, err, func() string { return "art of card " + token.Scrub(t.card.name) })
}

// change suspends, unsuspends or deletes one token of the batch that the wire
// would take.
func (w mastercardWallet) change(ctx context.Context, t task) (result, error) {
	request := mdes.LifecycleRequest{TokenUniqueReferences: mdes.References{string(t.token)}, ReasonCode: t.reason}
	var got *mdes.TokensResponse
	var err error
	switch t.op {
	case token.MCSuspend:
		got, err = w.Suspend(ctx, request)
	case token.MCUnsuspend:
		got, err = w.Unsuspend(ctx, request)
	case token.MCDelete:
		got, err = w.Delete(ctx, request)
	default:
		return result{}, usage("%s is no operation of Mastercard's", t.op)
	}
	if err != nil {
		return result{}, err
	}
	r := result{ref: t.token, answer: got, headline: "token " + string(t.token)}
	for _, one := range got.Tokens {
		if len(one.Errors) > 0 {
			return r, failed("%s: %s: %s", t.op, one.Errors[0].ReasonCode, one.Errors[0].Description)
		}
		r.status = one.Status
	}
	r.headline += " is " + r.status
	return r, nil
}
