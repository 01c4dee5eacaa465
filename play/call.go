package play

import (
	"cmp"
	"context"
	"net/http"
	"strconv"
	"time"

	jsonpatch "github.com/evanphx/json-patch/v5"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/requestor/wallet"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/token"
)

// patience is how long an answer is waited for unless the step says otherwise.
const patience = 10 * time.Second

// call is a step's request with all that it is about.
type call struct {
	op        token.Operation
	requestor string
	cards     []token.PAN // as the scenario names them
	refs      []token.Ref // of their newest tokens, "" for none
	about     wallet.Subject
}

// call performs one request and returns its answer.
func (p *player) call(ctx context.Context, s scenarios.Step) answer {
	w, name, err := p.wallet(s.Requestor, s.Acquirer)
	if err != nil {
		return answer{unmade: err.Error()}
	}
	p.calls++
	c, err := p.subject(ctx, s, name)
	if err != nil {
		return answer{unmade: why(err)}
	}
	if why := p.lacking(c, s.Body); why != "" {
		return answer{unmade: why}
	}
	req, err := p.request(ctx, w, c, s)
	if err != nil {
		return answer{unmade: err.Error()}
	}
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(s.Timeout, patience)) // encrypting and signing took none of it
	defer cancel()
	a := w.Send(s.Call, req.WithContext(ctx))
	p.handles.keep(name, c.cards[0], a.Gives())
	return answer{Answer: a}
}

// request merges the step's body into the draft's.
func (p *player) request(ctx context.Context, w *wallet.Wallet, c call, s scenarios.Step) (*http.Request, error) {
	d, err := w.Draft(c.op, c.about)
	if err != nil {
		return nil, err
	}
	if d.Text != nil && s.Body != nil {
		if d.Text, err = jsonpatch.MergePatch(d.Text, s.Body); err != nil {
			return nil, err
		}
	}
	d.Header = s.Header
	p.handles.keep(c.requestor, c.cards[0], d.Gives())
	return w.Request(ctx, d)
}

// subject gathers what a step's request is about.
func (p *player) subject(ctx context.Context, s scenarios.Step, requestor string) (call, error) {
	c := call{op: s.Call, requestor: requestor, about: wallet.Subject{Account: wallet.Account(s.Account), Code: p.code()}}
	for _, pan := range s.Cards {
		id, err := p.world.identify(ctx, pan)
		if err != nil {
			return c, err
		}
		if err := p.world.see(ctx, id); err != nil {
			return c, err
		}
		t, _ := p.world.newest(requestor, id)
		c.cards, c.refs = append(c.cards, id), append(c.refs, t.Ref)
	}
	if len(c.cards) > 1 {
		c.about.Batch = c.refs
	}
	id := c.cards[0]
	mine, _ := p.world.newest(requestor, id)
	owner, of := requestor, mine
	if s.Account == scenarios.AccountToken && mine.Ref == "" { // another requestor's token is as good a source
		of, _ = p.world.newest("", id)
		owner, c.refs = of.Requestor, []token.Ref{of.Ref}
	}
	c.about.Card = p.world.card(id)
	c.about.Token = wallet.Token{Ref: of.Ref, Expiry: of.Expiry, Number: token.TokenPAN(p.handles[handleKey{owner, id, wallet.TokenNumber}])}
	c.about.Pay.Cryptogram = token.Cryptogram(p.handles[handleKey{requestor, id, wallet.Cryptogram}])
	for _, n := range wallet.Needs(s.Call, c.about.Account) {
		if n.What == wallet.NeedID {
			c.about.ID = p.id(n.Name, requestor, id, string(mine.CardRef))
		}
	}
	return c, nil
}

// id finds what an earlier call gave: the requestor's handle of a card is also
// that of its token, where the answer was lost; art is what the card shows now.
func (p *player) id(name, requestor string, card token.PAN, enrolment string) string {
	switch name {
	case wallet.Content, wallet.Asset:
		return p.world.art(card)
	case wallet.Enrolment, wallet.CardReference:
		return cmp.Or(p.handles[handleKey{requestor, card, name}], enrolment)
	}
	return p.handles[handleKey{requestor, card, name}]
}

// code is the one-time password that the cardholder gets.
func (p *player) code() string {
	if p.script.Switches != nil {
		return p.script.Switches.Visa.StepUpOTP
	}
	return scenarios.DefaultSwitches(scenarios.ProfileDefault).Visa.StepUpOTP
}

// wallet is that of the requestor named, or else of the scenario's first, with its
// credential at the acquirer named, or else at the first.
func (p *player) wallet(requestor, acquirer string) (*wallet.Wallet, string, error) {
	if requestor == "" && len(p.script.Requestors) > 0 {
		requestor = p.script.Requestors[0].Name
	}
	requestor = cmp.Or(requestor, scenarios.DefaultRequestor)
	key := walletKey{requestor, acquirer}
	if w := p.wallets[key]; w != nil {
		return w, requestor, nil
	}
	who, _ := p.env.Requestor(requestor)
	if at, known := who.Acquirer.At(acquirer); known {
		who.Acquirer.AcquirerCredential = at
	}
	w, err := wallet.New(wallet.Config{
		BaseURL: p.env.BaseURL, Env: mdes.MTF, Credentials: pantomime.Credentials(who),
		App: "play", ID: func(kind string) string { return kind + "-" + strconv.Itoa(p.calls) }, Wall: p.on.Wall,
		// A reused connection that breaks would be tried again behind our back.
		HTTP: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}},
	})
	p.wallets[key] = w
	return w, requestor, err
}
