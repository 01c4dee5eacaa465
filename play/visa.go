package play

import (
	"bytes"
	"context"
	"encoding/json"
	"github.com/pantomime-dev/pantomime/vts/server"
	"net/http"
	"strconv"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// visa is a requestor at Visa.
type visa struct {
	r    *sandbox.Requestor
	base string
	box  *sandbox.Sandbox
	wall clock.Wall
}

func (v visa) own() server.Keys { return server.KeysOf(v.r) }

func (v visa) draft(op token.Operation, about subject) (draft, error) {
	route, ok := vts.RouteOf(op)
	if !ok {
		return draft{}, errNoDraft(op)
	}
	d := draft{verb: route.Method, body: v.body(op, about), needs: v.needs(op, about)}
	handle := v.box.ProductOf(about.card).CardArtID // what getContent asks for
	if len(d.needs) > 0 {
		handle = d.needs[0].value
	}
	d.path = route.At(handle)
	if op == token.VisaEnroll || op == token.VisaProvisionWithPAN {
		d.clear = "encPaymentInstrument"
	}
	return d, nil
}

// needs are the handles that a request is made of, that of its path first.
func (v visa) needs(op token.Operation, about subject) []need {
	switch op {
	case token.VisaContent:
		return nil
	case token.VisaEnroll, token.VisaProvisionWithPAN:
		if about.account == scenarios.AccountToken {
			return []need{about.ref(handleVisaToken).in("encPaymentInstrument.accountNumber")}
		}
		return nil
	case token.VisaCardMetadata, token.VisaProvision:
		return []need{about.enrolment(handleEnrolment)}
	case token.VisaStepUpMethod:
		method := need{name: handleMethod, card: about.card.ID, value: about.handle(handleMethod)}
		return []need{about.ref(handleVisaToken), method.in(handleMethod)}
	}
	return []need{about.ref(handleVisaToken)}
}

// body is the smallest body the network takes, encrypted members in the clear.
func (v visa) body(op token.Operation, about subject) map[string]any {
	account := map[string]any{"clientAppID": "play", "clientWalletAccountID": string(v.r.TRID[token.Visa])}
	with := func(more map[string]any) map[string]any {
		for name, value := range account {
			more[name] = value
		}
		return more
	}
	now := strconv.FormatInt(v.wall.Now().Unix(), 10)
	switch op {
	case token.VisaEnroll:
		return with(v.source(about, map[string]any{"locale": "en_US"}))
	case token.VisaProvisionWithPAN:
		return with(v.source(about, map[string]any{"locale": "en_US", "presentationType": []string{"ECOM"}, "protectionType": "CLOUD"}))
	case token.VisaProvision:
		return with(map[string]any{"presentationType": []string{"ECOM"}, "protectionType": "CLOUD"})
	case token.VisaPaymentData:
		return map[string]any{"clientPaymentDataID": about.id("order"), "paymentRequest": map[string]any{"transactionType": "ECOM"}}
	case token.VisaSuspend, token.VisaResume, token.VisaDelete:
		return map[string]any{"updateReason": map[string]any{"reasonCode": "CUSTOMER_CONFIRMED"}}
	case token.VisaStepUpMethod:
		return map[string]any{handleMethod: about.handle(handleMethod), "date": now, "clientReferenceId": about.id("step"), "clientAppID": "play"}
	case token.VisaValidateOTP:
		return map[string]any{"otpValue": v.box.Switches().Visa.StepUpOTP, "date": now, "clientReferenceId": about.id("step"), "clientAppID": "play"}
	case token.VisaValidateAuthCode:
		return map[string]any{"authCode": v.box.Switches().Visa.StepUpOTP, "date": now, "clientReferenceId": about.id("step"), "clientAppID": "play"}
	case token.VisaDeviceBinding:
		return map[string]any{"clientReferenceID": about.id("bind"), "clientAppID": "play", "platformType": "WEB", "intent": "FIDO"}
	case token.VisaAttestation:
		return map[string]any{"clientReferenceID": about.id("bind"), "clientAppID": "play", "type": "REGISTER", "reasonCode": "DEVICE_BINDING"}
	}
	return nil
}

// source adds the account: the card's number, or a token's.
func (v visa) source(about subject, to map[string]any) map[string]any {
	number, source := about.card.PAN.Digits(), vts.SourceOnFile
	expiry := about.card.Expiry
	if about.account == scenarios.AccountToken {
		number, source, expiry = about.token.Number.Digits(), vts.SourceToken, about.token.Expiry
	}
	to["panSource"] = source
	to["encPaymentInstrument"] = map[string]any{
		"accountNumber": number, "expirationDate": map[string]any{"month": expiry.MM(), "year": expiry.YYYY()},
	}
	return to
}

func (v visa) seal(clear any) (any, error) {
	key, err := v.key()
	if err != nil {
		return nil, err
	}
	return key.SealJSON(clear, v.wall.Now(), nil)
}

// key seals requests: the shared secret, or the network's RSA key.
func (v visa) key() (*vts.Key, error) {
	if rsa := v.own().RSA; rsa != nil {
		return vts.NewRSAKey(rsa.NetworkID, &rsa.Network.Private.PublicKey, nil)
	}
	return vts.NewSharedKey(v.own().Encryption)
}

func (v visa) keys() (keys vts.Keys) {
	if shared, err := vts.NewSharedKey(v.own().Encryption); err == nil {
		keys = append(keys, shared)
	}
	if rsa := v.own().RSA; rsa != nil {
		if own, err := vts.NewRSAKey(rsa.RequestorID, &rsa.Requestor.Private.PublicKey, rsa.Requestor.Private); err == nil {
			keys = append(keys, own)
		}
	}
	return keys
}

func (v visa) sign(ctx context.Context, d draft, text []byte) (*http.Request, error) {
	signer, err := vts.NewSigner(v.own().Signing)
	if err != nil {
		return nil, err
	}
	query := "apiKey=" + v.own().Signing.APIKey
	req, err := http.NewRequestWithContext(ctx, d.verb, v.base+d.path+"?"+query, bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set(vts.HeaderRequestID, "play")
	req.Header.Set(vts.HeaderPayToken, signer.Sign(v.wall.Now(), vts.Message{Path: d.path[1:], Query: query, Body: text}))
	return req, nil
}

func (v visa) read(op token.Operation, a *answer) {
	body, _ := a.body.(map[string]any)
	text, _ := json.Marshal(a.body)
	var e vts.ErrorBody
	_ = json.Unmarshal(text, &e)
	switch {
	case e.ErrorResponse != nil:
		a.code = string(e.ErrorResponse.Reason)
		return
	case e.ResponseStatus != nil:
		a.code = e.ResponseStatus.Code
		return
	}
	if holder, name, ok := find(body, "tokenInfo.encTokenInfo"); ok {
		compact, _ := holder[name].(string)
		var clear any
		if _, err := v.keys().OpenJSON(compact, &clear); err != nil {
			a.unreadable = "encTokenInfo cannot be opened"
			return
		}
		holder[name] = clear
	}
	if op.Info().Verb == token.VerbProvision {
		a.decision = token.Approve
		if _, asked := body["stepUpRequest"]; asked {
			a.decision = token.StepUp
		}
	}
	if len(body) == 0 && op.Info().Verb != token.VerbSuspend && op.Info().Verb != token.VerbResume && op.Info().Verb != token.VerbDelete &&
		op != token.VisaValidateOTP && op != token.VisaValidateAuthCode {
		a.unreadable = "an empty object"
	}
}
