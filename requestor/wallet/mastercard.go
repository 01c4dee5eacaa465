package wallet

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/token"
)

// mastercard is a wallet's half at Mastercard.
type mastercard struct {
	client *mdes.Client
	opener *mdes.Opener // opens notices
	app    string
	trid   string
	id     func(kind string) string
}

func newMastercard(cfg Config) (*mastercard, error) {
	c, trid := cfg.Mastercard, cfg.TRID[token.Mastercard]
	signing, err := privateKey("signing key", c.Signing)
	if err != nil {
		return nil, err
	}
	network, err := certificate("network certificate", c.Network)
	if err != nil {
		return nil, err
	}
	sealer, err := mdes.NewSealer(network, mdes.CertificateSHA256)
	if err != nil {
		return nil, err
	}
	m := &mastercard{app: cfg.App, trid: string(trid), id: cfg.ID}
	if m.opener, err = c.opener(); err != nil {
		return nil, err
	}
	m.client, err = mdes.NewClient(mdes.Config{
		BaseURL: cfg.BaseURL[token.PartyMastercard], Env: cfg.Env, TRID: trid, HTTP: cfg.HTTP, Network: sealer, Own: m.opener,
		Signer: mdes.Signer{ConsumerKey: mdes.ConsumerKey(c.ConsumerKey), Key: signing, Wall: cfg.Wall},
	})
	return m, err
}

func (m *mastercard) with(id func(kind string) string) side {
	other := *m
	other.id = id
	return &other
}

func (m *mastercard) draft(op token.Operation, about Subject) (Draft, error) {
	return mastercardRows.draft(m, op, about)
}

func (m *mastercard) seal(plain any) (any, error) { return m.client.Seal(plain) }

func (m *mastercard) request(ctx context.Context, op token.Operation, handle string, body []byte) (*http.Request, error) {
	return m.client.NewRequest(ctx, op, handle, body)
}

func (m *mastercard) do(req *http.Request, op token.Operation, about Subject) (Outcome, error) {
	return mastercardRows.tell(m, op, about, func(into any) error { return m.client.Do(op, req, into) })
}

func (m *mastercard) read(_ token.Operation, a *Answer) {
	body, _ := a.Body.(map[string]any)
	text, _ := json.Marshal(a.Body)
	var gateway mdes.GatewayErrors
	_ = json.Unmarshal(text, &gateway)
	if len(gateway.Errors.Error) > 0 {
		a.Code = gateway.Errors.Error[0].ReasonCode
		return
	}
	if a.Code, _ = body["errorCode"].(string); a.Code != "" {
		return
	}
	for _, name := range []string{"tokenDetail", "encryptedPayload"} {
		if !m.open(body[name]) {
			a.Unreadable = name + " cannot be opened"
			return
		}
	}
	switch decision, _ := body["decision"].(string); decision {
	case mdes.DecisionApproved:
		a.Decision = token.Approve
	case mdes.DecisionDeclined:
		a.Decision = token.Decline
	case mdes.DecisionRequireAuthentication:
		a.Decision = token.StepUp
	}
	if len(body) == 0 {
		a.Unreadable = "an empty object"
	}
}

// open puts the clear text in the place of a holder's ciphertext.
func (m *mastercard) open(holder any) bool {
	object, ok := holder.(map[string]any)
	if !ok || object["encryptedData"] == nil {
		return true
	}
	text, _ := json.Marshal(object)
	var payload mdes.EncryptedPayload
	var plain any
	if json.Unmarshal(text, &payload) != nil || m.client.Open(payload, &plain) != nil {
		return false
	}
	object["encryptedData"] = plain
	return true
}
