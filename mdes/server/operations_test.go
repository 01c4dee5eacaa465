package server_test

import (
	"bytes"
	"encoding/base64"
	"image/png"
	"net/http"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/mdes/server"

	"github.com/google/go-cmp/cmp"

	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

// TestOperations_AnswerInTheDocumentedShape freezes each body, with what the
// ciphertext holds next to it. The files are read against docs/wire/mdes.md
// "Operations" by hand.
func TestOperations_AnswerInTheDocumentedShape(t *testing.T) {
	w := newWorld(t)
	own := opener(t, server.KeysOf(w.who).Requestor)
	made := w.tokenize(goodPAN)
	ref := made.TokenUniqueReference
	look := func(name string, s *sending) reply {
		t.Helper()
		got := w.send(s)
		if got.Status != http.StatusOK {
			t.Errorf("%s: %d", name, got.Status)
		}
		golden(t, name, got.Body)
		return got
	}
	show := func(name string, p mdes.EncryptedPayload) {
		t.Helper()
		golden(t, name, stage.Must(own.Open(p))(t))
	}

	got := look("tokenize", w.request(token.MCTokenize, w.tokenizeBody(goodPAN, nil)))
	show("tokenize-detail", stage.Decode[mdes.TokenizeResponse](t, got.Body).TokenDetail.EncryptedPayload)

	got = look("transact", w.request(token.MCTransact, about(ref, object{"dsrpType": "UCAF"})))
	show("transact-data", stage.Decode[mdes.TransactResponse](t, got.Body).EncryptedPayload)

	look("task-status", w.request(token.MCGetTaskStatus, object{"requestId": "req-2", "tokenRequestorId": ownTRID, "taskId": "task-1"}))
	look("get-token", w.request(token.MCGetToken, about(ref, nil)))
	got = look("get-token-with-detail", w.request(token.MCGetToken, about(ref, object{"includeTokenDetail": "true"})))
	show("get-token-detail", stage.Decode[mdes.GetTokenResponse](t, got.Body).TokenDetail.EncryptedPayload)
	look("suspend", w.request(token.MCSuspend, batch(nil, ref)))
	look("get-token-suspended", w.request(token.MCGetToken, about(ref, nil)))
	look("search-tokens", w.request(token.MCSearchTokens, object{
		"requestId": "req-5", "tokenRequestorId": ownTRID, "fundingAccountInfo": object{"tokenUniqueReference": ref},
	}))
	look("unsuspend", w.request(token.MCUnsuspend, batch(nil, ref)))
	look("delete", w.request(token.MCDelete, batch(nil, ref)))
	look("get-token-deactivated", w.request(token.MCGetToken, about(ref, nil)))

	asset := w.request(token.MCGetAsset, []byte{})
	asset.method, asset.path, asset.contentType = http.MethodGet, asset.path+"/"+made.ProductConfig.IconAssetID, ""
	look("get-asset", asset)
}

// TestClient_WalksTheLifeOfAToken is the happy path through the typed client.
func TestClient_WalksTheLifeOfAToken(t *testing.T) {
	w := newWorld(t)
	c, ctx := w.client, t.Context()
	funding := &mdes.FundingAccountData{
		CardAccountData: &mdes.CardAccountData{AccountNumber: goodPAN, ExpiryMonth: "12", ExpiryYear: "29", SecurityCode: "123"},
		Source:          "ACCOUNT_ON_FILE",
	}
	made := stage.Must(c.Tokenize(ctx, mdes.TokenizeRequest{TaskID: "life-1", ConsumerLanguage: "en"}, funding))(t)
	ref := token.Ref(made.TokenUniqueReference)
	if made.Decision != "APPROVED" || !bool(made.SupportsAuthentication) || made.Clear == nil {
		t.Fatalf("%+v", made.TokenizeResponse)
	}
	number := token.TokenPAN(made.Clear.TokenNumber)
	if v, ok := w.box.Token(ref); !ok || v.Token.Number != number || v.Token.Status != token.Active {
		t.Errorf("the sandbox holds %+v", v.Token)
	}
	if status := stage.Must(c.GetTaskStatus(ctx, "life-1"))(t); status.Status != "COMPLETED" {
		t.Errorf("the task is %s", status.Status)
	}
	paid := stage.Must(c.Transact(ctx, mdes.TransactRequest{TokenUniqueReference: string(ref), UnpredictableNumber: "23424563"}))(t)
	ucaf := stage.Must(mdes.ParseUCAF(string(paid.Clear.DE48SE43Data)))(t)
	if ucaf.ATC != 1 || ucaf.UnpredictableNumber != [4]byte{0x23, 0x42, 0x45, 0x63} || string(paid.Clear.AccountNumber) != number.Digits() {
		t.Errorf("%s for %s", ucaf, number)
	}
	suspended := stage.Must(c.Suspend(ctx, mdes.LifecycleRequest{TokenUniqueReferences: mdes.References{string(ref)}, ReasonCode: "SUSPECTED_FRAUD"}))(t)
	if s := suspended.Tokens[0]; s.Status != "SUSPENDED" || !slices.Equal(s.SuspendedBy, []string{"TOKEN_REQUESTOR"}) || !s.StatusTimestamp.Equal(stage.Start) {
		t.Errorf("%+v", s)
	}
	_, err := c.Transact(ctx, mdes.TransactRequest{TokenUniqueReference: string(ref)})
	refusedAs(t, err, http.StatusOK, "INVALID_TOKEN_STATUS")
	resumed := stage.Must(c.Unsuspend(ctx, mdes.LifecycleRequest{TokenUniqueReferences: mdes.References{string(ref)}}))(t)
	if s := resumed.Tokens[0]; s.Status != "ACTIVE" || s.SuspendedBy != nil {
		t.Errorf("%+v", s)
	}
	found := stage.Must(c.SearchTokens(ctx, mdes.FundingAccountInfo{}, &mdes.CardAccountData{AccountNumber: goodPAN, ExpiryMonth: "12", ExpiryYear: "29"}))(t)
	if len(found.Tokens) != 1 || found.Tokens[0].TokenUniqueReference != string(ref) {
		t.Errorf("found %+v", found.Tokens)
	}
	deleted := stage.Must(c.Delete(ctx, mdes.LifecycleRequest{TokenUniqueReferences: mdes.References{string(ref)}}))(t)
	if deleted.Tokens[0].Status != "DEACTIVATED" {
		t.Errorf("%+v", deleted.Tokens)
	}
	if after := stage.Must(c.GetToken(ctx, ref, true))(t); after.Token.Status != "DEACTIVATED" || after.Token.TokenRequestorID != ownTRID {
		t.Errorf("%+v", after.Token)
	}
}

func TestTokenize_ByReferenceGivesAnotherTokenOfTheCard(t *testing.T) {
	w := newWorld(t)
	first := w.tokenize(goodPAN)
	for name, funding := range map[string]object{
		"by the card's reference":             {"panUniqueReference": first.PANUniqueReference},
		"by a token's reference":              {"tokenUniqueReference": first.TokenUniqueReference},
		"with a source next to it":            {"panUniqueReference": first.PANUniqueReference, "encryptedPayload": w.sealed(object{"source": "ACCOUNT_ON_FILE"})},
		"from an existing token's credential": {"tokenUniqueReference": first.TokenUniqueReference, "encryptedPayload": w.sealed(object{"source": "EXISTING_TOKEN_CREDENTIAL"})},
	} {
		t.Run(name, func(t *testing.T) {
			w := w.in(t)
			got := w.send(w.request(token.MCTokenize, w.tokenizeBody("", object{"fundingAccountInfo": funding})))
			made := stage.Decode[mdes.TokenizeResponse](t, got.Body)
			if made.Decision != "APPROVED" || made.PANUniqueReference != first.PANUniqueReference || made.TokenUniqueReference == first.TokenUniqueReference {
				t.Errorf("%s", got.Body)
			}
		})
	}
}

func TestTokenize_TheIssuerDecides(t *testing.T) {
	w := newWorld(t, `
version: 1
name: issuers
issuers:
  no: { decision: decline }
  careful: { decision: step-up, methods: [sms, email, app, call, web, online-banking, customer-service] }
cards:
  refused: { network: mastercard, pan: "5204731600014784", expiry: "12/29", issuer: "no" }
  checked: { network: mastercard, pan: "5204731600013711", expiry: "12/29", issuer: careful }
`)
	got := w.send(w.request(token.MCTokenize, w.tokenizeBody(goodPAN, object{"taskId": "declined"})))
	golden(t, "tokenize-declined", got.Body)
	if got.Status != http.StatusOK || got.Entry.Problem != "" || got.Entry.Decision != token.Decline {
		t.Errorf("%d, journal %q %q", got.Status, got.Entry.Problem, got.Entry.Decision)
	}
	if status := stage.Must(w.client.GetTaskStatus(t.Context(), "declined"))(t); status.Status != "COMPLETED" {
		t.Errorf("a decline leaves the task %s", status.Status)
	}
	got = w.send(w.request(token.MCTokenize, w.tokenizeBody(otherPAN, nil)))
	golden(t, "tokenize-step-up", got.Body)
	made := stage.Decode[mdes.TokenizeResponse](t, got.Body)
	if v, _ := w.box.Token(token.Ref(made.TokenUniqueReference)); v.Token.Status != token.Active {
		t.Errorf("the token is %s; authentication is on offer, not asked for", v.Token.Status)
	}
}

func TestGetAsset_IsTheArtOfTheProduct(t *testing.T) {
	w := newWorld(t)
	product := w.tokenize(goodPAN).ProductConfig
	for _, id := range []string{product.CardBackgroundCombinedAssetID, product.BrandLogoAssetID, product.IssuerLogoAssetID, product.IconAssetID} {
		asset := stage.Must(w.client.GetAsset(t.Context(), id))(t)
		media := asset.MediaContents[0]
		shown, err := png.DecodeConfig(bytes.NewReader(stage.Must(base64.StdEncoding.DecodeString(media.Data))(t)))
		digits := regexp.MustCompile(`^[0-9]{1,6}$`)
		if err != nil || media.Type != "image/png" || shown.Width == 0 || !digits.MatchString(string(media.Width)) || !digits.MatchString(string(media.Height)) {
			t.Errorf("%s: %s %sx%s %v", id, media.Type, media.Width, media.Height, err)
		}
	}
	_, err := w.client.GetAsset(t.Context(), "00000000-0000-4000-8000-000000000000")
	refusedAs(t, err, http.StatusOK, "INVALID_FIELD_VALUE")
}

func TestSearchTokens_TellsOnlyTheCallersLiveTokens(t *testing.T) {
	w := newWorld(t, `
version: 1
name: two requestors
requestors:
  a-shop: { trid: { mastercard: "50120000001" } }
  another: { trid: { mastercard: "50120000002" } }
`)
	mine, gone := w.tokenize(goodPAN), w.tokenize(goodPAN)
	other := w.clientOf(w.box.Requestors()[1], mdes.Production)
	foreign := stage.Must(other.Tokenize(t.Context(), mdes.TokenizeRequest{TaskID: "t"}, &mdes.FundingAccountData{
		CardAccountData: &mdes.CardAccountData{AccountNumber: goodPAN, ExpiryMonth: "12", ExpiryYear: "29"}, Source: "ACCOUNT_ON_FILE",
	}))(t)
	stage.Must(w.client.Delete(t.Context(), mdes.LifecycleRequest{TokenUniqueReferences: mdes.References{gone.TokenUniqueReference}}))(t)
	stage.Must(w.client.Suspend(t.Context(), mdes.LifecycleRequest{TokenUniqueReferences: mdes.References{mine.TokenUniqueReference}}))(t)

	six := &mdes.CardAccountData{AccountNumber: "520473"}
	for name, ask := range map[string]func() (*mdes.TokensResponse, error){
		"by card": func() (*mdes.TokensResponse, error) { return w.search(mdes.FundingAccountInfo{}, goodPAN) },
		"by PAN reference": func() (*mdes.TokensResponse, error) {
			return w.search(mdes.FundingAccountInfo{PANUniqueReference: mine.PANUniqueReference}, "")
		},
		"by a live token": func() (*mdes.TokensResponse, error) {
			return w.search(mdes.FundingAccountInfo{TokenUniqueReference: mine.TokenUniqueReference}, "")
		},
		"by a deleted one": func() (*mdes.TokensResponse, error) {
			return w.search(mdes.FundingAccountInfo{TokenUniqueReference: gone.TokenUniqueReference}, "")
		},
		"with six digits": func() (*mdes.TokensResponse, error) {
			return w.client.SearchTokens(t.Context(), mdes.FundingAccountInfo{TokenUniqueReference: mine.TokenUniqueReference}, six)
		},
		"without requestor": func() (*mdes.TokensResponse, error) {
			return w.searchWithout("tokenRequestorId", mine.PANUniqueReference)
		},
	} {
		found := stage.Must(ask())(t)
		want := []mdes.Token{{
			TokenUniqueReference: mine.TokenUniqueReference, Status: "SUSPENDED", SuspendedBy: []string{"TOKEN_REQUESTOR"}, StatusTimestamp: mdes.At(stage.Start),
		}}
		if diff := cmp.Diff(want, found.Tokens); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	_, err := w.search(mdes.FundingAccountInfo{TokenUniqueReference: foreign.TokenUniqueReference}, "")
	refusedAs(t, err, http.StatusOK, "INVALID_TOKEN_UNIQUE_REFERENCE")
	_, err = w.search(mdes.FundingAccountInfo{PANUniqueReference: foreign.PANUniqueReference}, "")
	refusedAs(t, err, http.StatusOK, "INVALID_PAN_UNIQUE_REFERENCE")
	if none := stage.Must(w.search(mdes.FundingAccountInfo{}, otherPAN))(t); none.Tokens == nil || len(none.Tokens) != 0 {
		t.Errorf("an unknown card: %+v", none.Tokens)
	}
}

func (w *world) search(by mdes.FundingAccountInfo, pan string) (*mdes.TokensResponse, error) {
	var card *mdes.CardAccountData
	if pan != "" {
		card = &mdes.CardAccountData{AccountNumber: mdes.Sensitive(pan)}
	}
	return w.client.SearchTokens(w.t.Context(), by, card)
}

func (w *world) searchWithout(member, pur string) (*mdes.TokensResponse, error) {
	got := w.send(w.request(token.MCSearchTokens, with(object{
		"requestId": "r", "tokenRequestorId": ownTRID, "fundingAccountInfo": object{"panUniqueReference": pur},
	}, object{member: nil})))
	list := stage.Decode[mdes.TokensResponse](w.t, got.Body)
	return &list, nil
}

func TestLifecycle_EachTokenOfABatchAnswersForItself(t *testing.T) {
	w := newWorld(t)
	one, two := w.tokenize(goodPAN).TokenUniqueReference, w.tokenize(goodPAN).TokenUniqueReference
	unknown := "DWSPMC0000000001" + "00000000000000000000000000000000"

	got := w.send(w.request(token.MCSuspend, batch(nil, one, unknown, two)))
	golden(t, "suspend-partly", got.Body)
	if got.Status != http.StatusOK || got.Entry.Problem != "" || !slices.Equal(got.Entry.Tokens, []token.Ref{token.Ref(one), token.Ref(two)}) {
		t.Errorf("%d, journal %q %v", got.Status, got.Entry.Problem, got.Entry.Tokens)
	}
	got = w.send(w.request(token.MCUnsuspend, batch(object{"causedBy": "CARDHOLDER"}, one, unknown)))
	golden(t, "unsuspend-none", got.Body)
	if got.Status != http.StatusOK || got.Entry.Problem != token.InvalidTokenStatus {
		t.Errorf("%d, journal %q", got.Status, got.Entry.Problem)
	}
	if refs := stage.Decode[mdes.ErrorResponse](t, got.Body).Tokens; len(refs) != 2 {
		t.Errorf("%+v", refs)
	}
}

func TestLifecycle_SeveralSuspendersMustAllLetGo(t *testing.T) {
	w := newWorld(t)
	ref := w.tokenize(goodPAN).TokenUniqueReference
	act := func(op token.Operation, by string) (string, []string) {
		t.Helper()
		got := w.send(w.request(op, batch(object{"causedBy": by}, ref)))
		if code := got.refused(t).ErrorCode; code != "" {
			return code, nil
		}
		one := stage.Decode[mdes.TokensResponse](t, got.Body).Tokens[0]
		return one.Status, one.SuspendedBy
	}
	for _, step := range []struct {
		op    token.Operation
		by    string
		want  string
		still []string
	}{
		{token.MCSuspend, "TOKEN_REQUESTOR", "SUSPENDED", []string{"TOKEN_REQUESTOR"}},
		{token.MCSuspend, "TOKEN_REQUESTOR", "SUSPENDED", []string{"TOKEN_REQUESTOR"}},
		{token.MCSuspend, "CARDHOLDER", "SUSPENDED", []string{"TOKEN_REQUESTOR", "CARDHOLDER"}},
		{token.MCUnsuspend, "TOKEN_REQUESTOR", "SUSPENDED", []string{"CARDHOLDER"}},
		{token.MCUnsuspend, "TOKEN_REQUESTOR", "INVALID_TOKEN_STATUS", nil},
		{token.MCUnsuspend, "CARDHOLDER", "ACTIVE", nil},
		{token.MCUnsuspend, "CARDHOLDER", "INVALID_TOKEN_STATUS", nil},
	} {
		if status, by := act(step.op, step.by); status != step.want || !slices.Equal(by, step.still) {
			t.Errorf("%s by %s: %s %v, want %s %v", step.op, step.by, status, by, step.want, step.still)
		}
	}
	issuer := scenarios.Action{Do: "suspend", By: token.ByIssuer}
	if err := w.box.Act(issuer, sandbox.Target{Token: token.Ref(ref)}); err != nil {
		t.Fatal(err)
	}
	if status, _ := act(token.MCUnsuspend, "TOKEN_REQUESTOR"); status != "INVALID_TOKEN_STATUS" {
		t.Errorf("the requestor lifts the issuer's suspension: %s", status)
	}
	if status, _ := act(token.MCDelete, "CARDHOLDER"); status != "DEACTIVATED" {
		t.Errorf("a suspended token cannot be deleted: %s", status)
	}
	for _, op := range []token.Operation{token.MCSuspend, token.MCUnsuspend, token.MCDelete} {
		if status, _ := act(op, "TOKEN_REQUESTOR"); status != "INVALID_TOKEN_STATUS" {
			t.Errorf("%s of a deleted token: %s", op, status)
		}
	}
}

func TestTransact_CountsAndNeverRepeats(t *testing.T) {
	w := newWorld(t)
	ref := w.tokenize(goodPAN).TokenUniqueReference
	seen := map[mdes.Sensitive]bool{}
	for n := 1; n <= 3; n++ {
		paid := stage.Must(w.client.Transact(t.Context(), mdes.TransactRequest{TokenUniqueReference: ref, UnpredictableNumber: "00000000"}))(t)
		if got := stage.Must(mdes.ParseUCAF(string(paid.Clear.DE48SE43Data)))(t); int(got.ATC) != n || seen[paid.Clear.DE48SE43Data] {
			t.Errorf("payment %d: %s, seen before: %t", n, got, seen[paid.Clear.DE48SE43Data])
		}
		seen[paid.Clear.DE48SE43Data] = true
	}
	without := func() [4]byte {
		paid := stage.Must(w.client.Transact(t.Context(), mdes.TransactRequest{TokenUniqueReference: ref}))(t)
		return stage.Must(mdes.ParseUCAF(string(paid.Clear.DE48SE43Data)))(t).UnpredictableNumber
	}
	if a, b := without(), without(); a == b || a == [4]byte{} {
		t.Errorf("unpredictable numbers of our own: %x and %x", a, b)
	}
	v, _ := w.box.Token(token.Ref(ref))
	key := w.box.Derive("mastercard", "ucaf").Bytes()
	paid := stage.Must(w.client.Transact(t.Context(), mdes.TransactRequest{TokenUniqueReference: ref}))(t)
	if !stage.Must(mdes.ParseUCAF(string(paid.Clear.DE48SE43Data)))(t).Valid(key[:], v.Token.Number) {
		t.Error("whoever shares the sandbox's key cannot validate the cryptogram")
	}
}

func TestTransact_AnExpiredTokenCannotPay(t *testing.T) {
	w := newWorld(t)
	ref := w.tokenize(goodPAN).TokenUniqueReference
	if _, err := w.box.Advance(t.Context(), 5*366*24*time.Hour, 5*time.Second); err != nil {
		t.Fatal(err)
	}
	_, err := w.client.Transact(t.Context(), mdes.TransactRequest{TokenUniqueReference: ref})
	refusedAs(t, err, http.StatusOK, "INVALID_TOKEN_STATUS")
	if after := stage.Must(w.client.GetToken(t.Context(), token.Ref(ref), false))(t); after.Token.Status != "ACTIVE" {
		t.Errorf("its status became %s", after.Token.Status)
	}
}

func TestTaskStatus_TellsHowATokenizeEnded(t *testing.T) {
	w := newWorld(t, `
version: 1
name: one failure
rules:
  - { when: { operation: tokenize }, times: 1, then: { error: PROVISION_FAILED } }
`)
	send := func(code string) {
		t.Helper()
		got := w.send(w.request(token.MCTokenize, w.tokenizeBody(goodPAN, object{"taskId": "again"})))
		if got.refused(t).ErrorCode != code {
			t.Errorf("%s, want %q", got.Body, code)
		}
	}
	status := func(want string) {
		t.Helper()
		if got := stage.Must(w.client.GetTaskStatus(t.Context(), "again"))(t); got.Status != want {
			t.Errorf("the task is %s, want %s", got.Status, want)
		}
	}
	_, err := w.client.GetTaskStatus(t.Context(), "again")
	refusedAs(t, err, http.StatusOK, "INVALID_TASK_ID")
	send("PROVISION_FAILED")
	status("FAILED")
	send("")
	status("COMPLETED")
	send("INVALID_TASK_ID")
	status("COMPLETED")
}
