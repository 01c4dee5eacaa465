package wallet

import (
	"cmp"
	"fmt"
	"net/http"

	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/wire"
)

// funding is where the account is in a request.
const funding = "fundingAccountInfo"

var (
	mastercardCard     = []Need{{What: NeedCard, In: funding}}
	mastercardAccounts = map[Account][]Need{
		ByReference: {{What: NeedID, Name: CardReference, In: funding + "." + CardReference}},
		ByToken:     {{What: NeedToken, Name: TokenRef, In: funding + "." + TokenRef}},
	}
	mastercardToken = []Need{{What: NeedToken, Name: TokenRef, In: TokenRef}}
	mastercardBatch = []Need{{What: NeedToken, Name: TokenRef, In: "tokenUniqueReferences"}}
	mastercardTask  = []Need{{What: NeedID, Name: Task, In: Task}}
	mastercardAsset = []Need{{What: NeedID, Name: Asset}}
	mastercardArt   = []Need{{What: NeedCard, In: "encryptedPayload"}}
)

// mastercardRows are Mastercard's operations (docs/wire/mdes.md "Operations").
var mastercardRows = table[*mastercard]{
	token.MCTokenize: {
		needs: mastercardCard, accounts: mastercardAccounts, body: (*mastercard).tokenization, seals: funding + ".encryptedPayload",
		answer: answerOf((*mastercard).tokenized),
	},
	token.MCTransact: {needs: mastercardToken, body: (*mastercard).payment, answer: answerOf((*mastercard).cryptogram)},
	token.MCGetTaskStatus: {needs: mastercardTask, body: (*mastercard).task, answer: line[*mastercard](func(about Subject, got *mdes.TaskStatusResponse) string {
		return fmt.Sprintf("task %s is %s", about.ID, got.Status)
	})},
	token.MCGetToken: {needs: mastercardToken, body: (*mastercard).reading, answer: answerOf((*mastercard).status)},
	token.MCSearchTokens: {
		needs: mastercardCard, accounts: mastercardAccounts, body: (*mastercard).search, seals: funding + ".encryptedPayload",
		answer: answerOf((*mastercard).found),
	},
	token.MCSuspend:   {needs: mastercardBatch, body: (*mastercard).change, answer: batch(token.MCSuspend)},
	token.MCUnsuspend: {needs: mastercardBatch, body: (*mastercard).change, answer: batch(token.MCUnsuspend)},
	token.MCDelete:    {needs: mastercardBatch, body: (*mastercard).change, answer: batch(token.MCDelete)},
	token.MCGetAsset: {needs: mastercardAsset, answer: line[*mastercard](func(about Subject, got *mdes.AssetResponse) string {
		return fmt.Sprintf("asset %s, %s", about.ID, plural(len(got.MediaContents), "rendition"))
	})},
	token.MCGetDigitalAssets: {
		needs: mastercardArt, body: (*mastercard).art, seals: "encryptedPayload",
		answer: line[*mastercard](func(about Subject, _ *mdes.DigitalAssetsResponse) string { return "art of card " + about.Card.title() }),
	},
}

func (m *mastercard) tokenization(about Subject) map[string]any {
	return map[string]any{
		"requestId": m.id("req"), "tokenType": "CLOUD", "tokenRequestorId": m.trid, "taskId": m.id("task"),
		funding: m.account(about, "ACCOUNT_ON_FILE"),
	}
}

func (m *mastercard) search(about Subject) map[string]any {
	return map[string]any{"requestId": m.id("req"), "tokenRequestorId": m.trid, funding: m.account(about, "")}
}

// account names the account: by the card, by its handle, or by a token.
func (m *mastercard) account(about Subject, source string) map[string]any {
	switch about.Account {
	case ByReference:
		return map[string]any{CardReference: about.ID}
	case ByToken:
		return map[string]any{TokenRef: string(about.Token.Ref)}
	}
	card := map[string]any{"accountNumber": about.Card.PAN.Digits()}
	if e := about.Card.Expiry; !e.IsZero() {
		card["expiryMonth"], card["expiryYear"] = e.MM(), e.YY()
	}
	plain := map[string]any{"cardAccountData": card}
	if source != "" {
		plain["source"] = source
	}
	return map[string]any{"encryptedPayload": plain}
}

func (m *mastercard) payment(about Subject) map[string]any {
	return map[string]any{"requestId": m.id("req"), TokenRef: string(about.Token.Ref), "dsrpType": "UCAF"}
}

func (m *mastercard) reading(about Subject) map[string]any {
	return map[string]any{"requestId": m.id("req"), TokenRef: string(about.Token.Ref), "includeTokenDetail": "true"}
}

func (m *mastercard) task(about Subject) map[string]any {
	return map[string]any{"requestId": m.id("req"), "tokenRequestorId": m.trid, Task: about.ID}
}

func (m *mastercard) change(about Subject) map[string]any {
	return map[string]any{
		"requestId": m.id("req"), "tokenUniqueReferences": about.refs(),
		"causedBy": string(token.ByRequestor), "reasonCode": cmp.Or(about.Reason, "OTHER"),
	}
}

// art must name a response host. Its answer comes at once, so nothing is ever
// sent there.
func (m *mastercard) art(about Subject) map[string]any {
	return map[string]any{
		"requestId": m.id("req"), "responseHost": "callback." + m.app + ".example",
		"encryptedPayload": map[string]any{"accountNumber": about.Card.PAN.Digits()},
	}
}

// tokenized reports a token made. The answer reports no status; getToken does.
func (m *mastercard) tokenized(about Subject, got *mdes.TokenizeResponse) (Outcome, error) {
	o := Outcome{Ref: token.Ref(got.TokenUniqueReference), Answer: got}
	if err := m.detail(token.MCTokenize, got.TokenDetail, &o); err != nil {
		return Outcome{}, err
	}
	o.Headline = fmt.Sprintf("%s by the issuer, task %s", got.Decision, about.sent[Task])
	if o.Ref != "" {
		o.Headline = fmt.Sprintf("token %s, %s", o.Ref, o.Headline)
	}
	if got.Decision == mdes.DecisionDeclined {
		return o, Declined("the issuer declined")
	}
	one := Shown{Ref: o.Ref, Card: token.CardRef(got.PANUniqueReference)}
	one.describe(got.TokenInfo)
	o.Shows = []Shown{one}
	return o, nil
}

func (m *mastercard) cryptogram(about Subject, got *mdes.TransactResponse) (Outcome, error) {
	plain := new(mdes.TransactEncryptedData)
	if err := m.client.Open(got.EncryptedPayload, plain); err != nil {
		return Outcome{}, unopened(token.MCTransact, err)
	}
	u, err := mdes.ParseUCAF(string(plain.DE48SE43Data))
	if err != nil {
		return Outcome{}, err
	}
	expiry, err := expiryOf(plain.ApplicationExpiryDate)
	return Outcome{
		Headline: fmt.Sprintf("cryptogram number %d", u.ATC), Ref: about.Token.Ref,
		Answer: got, Opened: map[string]any{"encryptedPayload": plain},
		Paying: Paying{Number: token.TokenPAN(plain.AccountNumber), Expiry: expiry, Cryptogram: u.Encode()},
	}, err
}

// expiryOf reads the month of a day written as YYMMDD.
func expiryOf(day string) (token.Expiry, error) {
	if len(day) != len("YYMMDD") {
		return token.Expiry{}, token.ErrExpiry
	}
	return token.ExpiryOf(day[2:4], day[:2])
}

func (m *mastercard) status(about Subject, got *mdes.GetTokenResponse) (Outcome, error) {
	o := Outcome{Ref: about.Token.Ref, Answer: got}
	if err := m.detail(token.MCGetToken, got.TokenDetail, &o); err != nil {
		return Outcome{}, err
	}
	if got.Token != nil {
		o.Status, o.Shows = got.Token.Status, []Shown{shown(*got.Token)}
	}
	o.Headline = fmt.Sprintf("token %s is %s", o.Ref, o.Status)
	return o, nil
}

// found reports the tokens that a search finds.
func (m *mastercard) found(_ Subject, got *mdes.TokensResponse) (Outcome, error) {
	o := Outcome{Headline: plural(len(got.Tokens), "live token"), Answer: got}
	for _, t := range got.Tokens {
		o.Shows = append(o.Shows, shown(t))
	}
	return o, nil
}

// detail opens what an answer says of a token's number, if it does.
func (m *mastercard) detail(op token.Operation, detail *mdes.TokenDetail, o *Outcome) error {
	if detail == nil || detail.EncryptedData == "" {
		return nil
	}
	plain := new(mdes.TokenDetailData)
	if err := m.client.Open(detail.EncryptedPayload, plain); err != nil {
		return unopened(op, err)
	}
	o.Opened = map[string]any{"tokenDetail": plain}
	return nil
}

// unopened is the failure to open a good answer.
func unopened(op token.Operation, err error) error {
	return &mdes.Error{Failure: wire.Failure{Call: string(op), Status: http.StatusOK, Err: err}}
}

// batch reads the answer of a life-cycle operation, in which each token of the
// batch answers for itself.
func batch(op token.Operation) reading[*mastercard] {
	return answerOf(func(_ *mastercard, about Subject, got *mdes.TokensResponse) (Outcome, error) {
		o := Outcome{Ref: about.Token.Ref, Answer: got, Headline: "token " + string(about.Token.Ref)}
		for _, one := range got.Tokens {
			if len(one.Errors) > 0 {
				return o, Declined(fmt.Sprintf("%s: %s: %s", op, one.Errors[0].ReasonCode, one.Errors[0].Description))
			}
			o.Status = one.Status
		}
		o.Headline += " is " + o.Status
		return o, nil
	})
}
