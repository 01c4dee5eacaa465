package wallet

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// visa is a wallet's half at Visa.
type visa struct {
	client   *vts.Client
	outbound *vts.Signer // judges notices; nil without a key for it
	app      string
	trid     string
	id       func(kind string) string
	wall     clock.Wall
}

func newVisa(cfg Config) (*visa, error) {
	c, trid := cfg.Visa, string(cfg.TRID[token.Visa])
	with := vts.Config{
		BaseURL: cfg.BaseURL[token.PartyVisa], ClientAppID: cfg.App, WalletAccount: trid, HTTP: cfg.HTTP, Wall: cfg.Wall,
		Signing: c.Signing, Encryption: c.Encryption,
	}
	var err error
	if c.RSA != nil {
		if with.FieldKey, with.AnswerKey, err = c.RSA.keys(); err != nil {
			return nil, err
		}
	}
	v := &visa{app: cfg.App, trid: trid, id: cfg.ID, wall: cfg.Wall}
	if c.Outbound != (vts.Credential{}) {
		if v.outbound, err = vts.NewSigner(c.Outbound); err != nil {
			return nil, fmt.Errorf("notice key: %w", err)
		}
	}
	v.client, err = vts.NewClient(with)
	return v, err
}

func (v *visa) with(id func(kind string) string) side {
	other := *v
	other.id = id
	return &other
}

func (v *visa) draft(op token.Operation, about Subject) (Draft, error) {
	return visaRows.draft(v, op, about)
}

func (v *visa) seal(plain any) (any, error) { return v.client.Seal(plain) }

func (v *visa) request(ctx context.Context, op token.Operation, handle string, body []byte) (*http.Request, error) {
	return v.client.NewRequest(ctx, op, handle, body)
}

func (v *visa) do(req *http.Request, op token.Operation, about Subject) (Outcome, error) {
	return visaRows.tell(v, op, about, func(into any) error { return v.client.Do(req, into) })
}

func (v *visa) read(op token.Operation, a *Answer) {
	body, _ := a.Body.(map[string]any)
	text, _ := json.Marshal(a.Body)
	var e vts.ErrorBody
	_ = json.Unmarshal(text, &e)
	switch {
	case e.ErrorResponse != nil:
		a.Code = string(e.ErrorResponse.Reason)
		return
	case e.ResponseStatus != nil:
		a.Code = e.ResponseStatus.Code
		return
	}
	if holder, name, ok := find(body, "tokenInfo.encTokenInfo"); ok {
		compact, _ := holder[name].(string)
		var plain any
		if err := v.client.Open(compact, &plain); err != nil {
			a.Unreadable = "encTokenInfo cannot be opened"
			return
		}
		holder[name] = plain
	}
	if op.Info().Verb == token.VerbProvision {
		a.Decision = token.Approve
		if _, asked := body["stepUpRequest"]; asked {
			a.Decision = token.StepUp
		}
	}
	if len(body) == 0 && !visaRows[op].silent {
		a.Unreadable = "an empty object"
	}
}
