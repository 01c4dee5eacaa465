package play

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"github.com/pantomime-dev/pantomime/mdes/server"
	"net/http"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

// mastercard is a requestor at Mastercard.
type mastercard struct {
	r    *sandbox.Requestor
	base string
	box  *sandbox.Sandbox
	wall clock.Wall
}

func (m mastercard) keys() server.Keys { return server.KeysOf(m.r) }

func (m mastercard) draft(op token.Operation, about subject) (draft, error) {
	if op == token.MCGetAsset {
		return draft{verb: http.MethodGet, path: mdes.MTF.AssetPath(m.box.ProductOf(about.card).CardArtID)}, nil
	}
	d := draft{verb: mdes.Method(op), path: mdes.MTF.Path(op), body: m.body(op, about), needs: m.needs(op, about)}
	if d.body == nil {
		return d, errNoDraft(op)
	}
	switch {
	case op == token.MCDigitalArt:
		d.clear = "encryptedPayload"
	case about.account == "" || about.account == scenarios.AccountCard:
		if op == token.MCTokenize || op == token.MCSearchTokens {
			d.clear = "fundingAccountInfo.encryptedPayload"
		}
	}
	return d, nil
}

func (m mastercard) body(op token.Operation, about subject) map[string]any {
	body := map[string]any{"requestId": about.id("req")}
	trid := string(m.r.TRID[token.Mastercard])
	switch op {
	case token.MCTokenize:
		body["tokenType"], body["tokenRequestorId"], body["taskId"] = "CLOUD", trid, about.id("task")
		body["fundingAccountInfo"] = m.account(about, true)
	case token.MCSearchTokens:
		body["tokenRequestorId"], body["fundingAccountInfo"] = trid, m.account(about, false)
	case token.MCTransact:
		body["tokenUniqueReference"], body["dsrpType"] = string(about.token.Ref), "UCAF"
	case token.MCGetToken:
		body["tokenUniqueReference"], body["includeTokenDetail"] = string(about.token.Ref), "true"
	case token.MCTaskStatus:
		body["tokenRequestorId"], body["taskId"] = trid, about.handle(handleTask)
	case token.MCSuspend, token.MCUnsuspend, token.MCDelete:
		refs := []string{}
		for _, t := range about.tokens {
			refs = append(refs, string(t.Ref))
		}
		body["tokenUniqueReferences"], body["causedBy"], body["reasonCode"] = refs, "TOKEN_REQUESTOR", "OTHER"
	case token.MCDigitalArt:
		body["responseHost"], body["encryptedPayload"] = "callback.play.example", map[string]any{"accountNumber": about.card.PAN.Digits()}
	default:
		return nil
	}
	return body
}

// needs are the handles that a request is made of.
func (m mastercard) needs(op token.Operation, about subject) []need {
	switch op {
	case token.MCTransact, token.MCGetToken:
		return []need{about.ref(handleMastercard).in(handleMastercard)}
	case token.MCTaskStatus:
		return []need{{name: handleTask, card: about.card.ID, value: about.handle(handleTask), member: handleTask}}
	case token.MCSuspend, token.MCUnsuspend, token.MCDelete:
		var all []need
		for i, t := range about.tokens {
			all = append(all, need{name: handleMastercard, card: about.cards[i], value: string(t.Ref), member: handleMastercardList})
		}
		return all
	case token.MCTokenize, token.MCSearchTokens:
		switch about.account {
		case scenarios.AccountReference:
			return []need{about.enrolment(handleCard).in("fundingAccountInfo." + handleCard)}
		case scenarios.AccountToken:
			return []need{about.ref(handleMastercard).in("fundingAccountInfo." + handleMastercard)}
		}
	}
	return nil
}

// account names the account: by the card, by its handle, or by a token.
func (m mastercard) account(about subject, source bool) map[string]any {
	switch about.account {
	case scenarios.AccountReference:
		return map[string]any{handleCard: about.enrolment(handleCard).value}
	case scenarios.AccountToken:
		return map[string]any{handleMastercard: string(about.token.Ref)}
	}
	card := map[string]any{"accountNumber": about.card.PAN.Digits()}
	if e := about.card.Expiry; !e.IsZero() {
		card["expiryMonth"], card["expiryYear"] = e.MM(), e.YY()
	}
	clear := map[string]any{"cardAccountData": card}
	if source {
		clear["source"] = "ACCOUNT_ON_FILE"
	}
	return map[string]any{"encryptedPayload": clear}
}

func (m mastercard) seal(clear any) (any, error) {
	sealer, err := mdes.NewSealer(m.keys().Network.Certificate, mdes.CertificateSHA256)
	if err != nil {
		return nil, err
	}
	return sealer.SealJSON(clear)
}

func (m mastercard) sign(ctx context.Context, d draft, text []byte) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, d.verb, m.base+d.path, bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	signer := mdes.Signer{ConsumerKey: m.keys().ConsumerKey, Key: m.keys().Signing.Private, Wall: m.wall}
	return req, signer.Sign(req, text)
}

func (m mastercard) read(_ token.Operation, a *answer) {
	body, _ := a.body.(map[string]any)
	text, _ := json.Marshal(a.body)
	var gateway mdes.GatewayErrors
	_ = json.Unmarshal(text, &gateway)
	if len(gateway.Errors.Error) > 0 {
		a.code = gateway.Errors.Error[0].ReasonCode
		return
	}
	if a.code, _ = body["errorCode"].(string); a.code != "" {
		return
	}
	own := m.keys().Requestor
	opener, err := mdes.NewOpener(mdes.OwnKey{Key: own.Private, Certificates: []*x509.Certificate{own.Certificate}})
	if err != nil {
		a.unreadable = err.Error()
		return
	}
	for _, name := range []string{"tokenDetail", "encryptedPayload"} {
		if !open(opener, body[name]) {
			a.unreadable = name + " cannot be opened"
			return
		}
	}
	switch decision, _ := body["decision"].(string); decision {
	case "APPROVED":
		a.decision = token.Approve
	case "DECLINED":
		a.decision = token.Decline
	case "REQUIRE_ADDITIONAL_AUTHENTICATION":
		a.decision = token.StepUp
	}
	if len(body) == 0 {
		a.unreadable = "an empty object"
	}
}

// open puts the clear text in the place of a holder's ciphertext.
func open(opener *mdes.Opener, holder any) bool {
	object, ok := holder.(map[string]any)
	if !ok || object["encryptedData"] == nil {
		return true
	}
	text, _ := json.Marshal(object)
	var payload mdes.EncryptedPayload
	var clear any
	if json.Unmarshal(text, &payload) != nil || opener.OpenJSON(payload, &clear) != nil {
		return false
	}
	object["encryptedData"] = clear
	return true
}
