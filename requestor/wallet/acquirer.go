package wallet

import (
	"context"
	"encoding/json"
	"net/http"

	acq "github.com/pantomime-dev/pantomime/acquirer"
	"github.com/pantomime-dev/pantomime/token"
)

// acquirer is a wallet's half at the acquirer: it pays as a merchant does.
type acquirer struct {
	client *acq.Client
	id     func(kind string) string
}

func newAcquirer(cfg Config) (*acquirer, error) {
	client, err := acq.NewClient(acq.Config{BaseURL: cfg.BaseURL[token.PartyAcquirer], Credential: cfg.Acquirer, HTTP: cfg.HTTP})
	return &acquirer{client: client, id: cfg.ID}, err
}

func (a *acquirer) with(id func(kind string) string) side {
	other := *a
	other.id = id
	return &other
}

func (a *acquirer) draft(op token.Operation, about Subject) (Draft, error) {
	d, err := acquirerRows.draft(a, op, about)
	if about.Once != "" && d.Text != nil {
		d.Header = map[string]string{acq.IdempotencyHeader: about.Once}
	}
	return d, err
}

// seal leaves everything as it is: this wire has nothing encrypted.
func (a *acquirer) seal(plain any) (any, error) { return plain, nil }

func (a *acquirer) request(ctx context.Context, op token.Operation, id string, body []byte) (*http.Request, error) {
	return a.client.NewRequest(ctx, op, id, body)
}

func (a *acquirer) do(req *http.Request, op token.Operation, about Subject) (Outcome, error) {
	return acquirerRows.tell(a, op, about, func(into any) error { return a.client.Do(req, into) })
}

// read takes the reason of a declined payment for its code, as it takes the code
// of an error.
func (a *acquirer) read(_ token.Operation, answer *Answer) {
	text, _ := json.Marshal(answer.Body)
	var said struct {
		acq.AuthorizeResponse
		acq.ErrorBody
	}
	switch err := json.Unmarshal(text, &said); {
	case err != nil, said.Outcome == "" && said.Error.Code == "":
		answer.Unreadable = "neither an outcome nor an error"
	case said.Error.Code != "":
		answer.Code = said.Error.Code
	case said.Outcome != acq.Approved:
		answer.Code = said.Reason
	}
}
