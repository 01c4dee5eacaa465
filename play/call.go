package play

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	jsonpatch "github.com/evanphx/json-patch/v5"

	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/simulator/vault"
	"github.com/pantomime-dev/pantomime/token"
)

// draft is a request before it is encrypted and signed: what a step may lay
// something over.
type draft struct {
	path  string         // "/vts/…" or below the network's base
	verb  string         // HTTP method
	body  map[string]any // nil for none
	clear string         // dotted path of the member that is encrypted, "" for none
	needs []need         // handles that it is made of
}

// wallet is a requestor at one network.
type wallet interface {
	// draft makes the smallest request of an operation.
	draft(op token.Operation, about subject) (draft, error)
	// seal encrypts a member's clear text for the network.
	seal(clear any) (any, error)
	// sign makes the HTTP request.
	sign(ctx context.Context, d draft, text []byte) (*http.Request, error)
	// read finds out what an answer says and opens what is encrypted in it.
	read(op token.Operation, a *answer)
}

// subject is what a call is about.
type subject struct {
	card      vault.Card
	token     vault.Token   // newest token of the card
	tokens    []vault.Token // of all cards, for batches
	cards     []token.PAN
	account   scenarios.Account
	n         int    // number of the call, for ids
	requestor string // who calls
	handles   handles
	borrowed  bool // the token is another requestor's
}

// call performs one request and returns its answer.
func (p *player) call(ctx context.Context, s scenarios.Step) answer {
	r := p.requestor(s)
	w := p.wallet(s.Call.Network(), r)
	p.calls++
	about := subject{cards: s.Cards, account: s.Account, n: p.calls, requestor: r.Name, handles: p.handles}
	for i, pan := range s.Cards {
		t, _ := p.box.Newest(r.Name, pan)
		about.tokens = append(about.tokens, t)
		if i == 0 {
			about.card, about.token = p.card(pan), t
		}
	}
	if s.Account == scenarios.AccountToken && about.token.Ref == "" {
		about.token, about.borrowed = p.box.Newest("", about.card.ID) // another requestor's token is as good a source
	}
	req, err := p.request(ctx, w, s, about)
	if err != nil {
		return answer{unmade: err.Error()}
	}
	a, _ := send(ctx, req, s.Timeout)
	if a.silent == nil && a.unreadable == "" {
		w.read(s.Call, &a)
		about.remember(a)
	}
	return a
}

// request lays the step's body over the draft's, encrypts and signs.
func (p *player) request(ctx context.Context, w wallet, s scenarios.Step, about subject) (*http.Request, error) {
	d, err := w.draft(s.Call, about)
	if err != nil {
		return nil, err
	}
	if why := p.lacking(about.requestor, d.needs, s.Body); why != "" {
		return nil, errors.New(why)
	}
	var text []byte
	if d.body != nil {
		if text, err = json.Marshal(d.body); err != nil {
			return nil, err
		}
		if s.Body != nil {
			if text, err = jsonpatch.MergePatch(text, s.Body); err != nil {
				return nil, err
			}
		}
		about.sent(s.Call, text)
		if text, err = sealed(w, d.clear, text); err != nil {
			return nil, err
		}
	}
	req, err := w.sign(ctx, d, text)
	if err != nil {
		return nil, err
	}
	for name, value := range s.Header {
		req.Header.Set(name, value)
	}
	return req, nil
}

// sealed puts ciphertext in the place of the member at a path.
func sealed(w wallet, path string, text []byte) ([]byte, error) {
	if path == "" {
		return text, nil
	}
	var body map[string]any
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	if err := dec.Decode(&body); err != nil {
		return nil, err
	}
	holder, name, ok := find(body, path)
	if !ok {
		return text, nil // the step took it out
	}
	value, err := w.seal(holder[name])
	if err != nil {
		return nil, err
	}
	holder[name] = value
	return json.Marshal(body)
}

func (s subject) id(prefix string) string { return prefix + "-" + strconv.Itoa(s.n) }

func (p *player) wallet(n token.Network, r *sandbox.Requestor) wallet {
	if n == token.Visa {
		return visa{r: r, base: p.base, box: p.box, wall: p.wall}
	}
	return mastercard{r: r, base: p.base + "/mdes", box: p.box, wall: p.wall}
}

// errNoDraft says that a player has no request for an operation.
func errNoDraft(op token.Operation) error { return fmt.Errorf("no request for %s", op) }
