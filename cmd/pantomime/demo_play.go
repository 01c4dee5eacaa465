package main

import (
	"context"
	"fmt"
	"time"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/requestor/wallet"
	"github.com/pantomime-dev/pantomime/token"
)

const (
	activation = 4500 * time.Millisecond
	// noticeWait is how long the story waits for a notice after it is due.
	noticeWait = 10 * time.Second
)

// staging is the story of the demo.
type staging struct {
	app     *app
	door    *control.Client
	wallet  *wallet.Wallet
	arrived <-chan wallet.Notice
	begin   time.Time
	byHand  bool // the clock stands and is moved
	actors  []*actor
	unread  map[token.Ref][]wallet.Notice // arrived and judged, not waited for yet
}

// actor is a card and the token that the wallet has of it.
type actor struct {
	network token.Network
	card    wallet.Card
	ref     token.Ref
}

// do performs an operation by its neutral name.
func (p *staging) do(ctx context.Context, a *actor, verb token.Verb) (wallet.Outcome, error) {
	op := token.OperationsNamed(string(verb), a.network)[0]
	if op == token.VisaProvision {
		op = token.VisaProvisionWithPAN
	}
	return p.wallet.Do(ctx, op, wallet.Subject{Card: a.card, Token: wallet.Token{Ref: a.ref}})
}

// run plays the story, each step at both networks.
func (p *staging) run(ctx context.Context) error {
	p.line("TIME", "FROM", "TO", "WHAT", "OUTCOME")
	for _, step := range []func(context.Context, *actor) error{
		p.provision, p.activation, p.payment, p.suspension, p.refusal, p.resumption, p.payment, p.deletion,
	} {
		for _, a := range p.actors {
			if err := step(ctx, a); err != nil {
				return fmt.Errorf("%s: %w", a.network, err)
			}
		}
	}
	return nil
}

// line prints one line of the time line.
func (p *staging) line(at, from, to, what, outcome string) {
	fmt.Fprintf(p.app.out, "%9s  %-10s  %-10s  %-34s  %s\n", at, from, to, what, outcome)
}

func (p *staging) tell(from, to, what, outcome string) {
	at := p.app.wall.Now().Sub(p.begin)
	p.line(fmt.Sprintf("%.3f s", at.Seconds()), from, to, what, p.app.paint(good, outcome))
}

func (p *staging) provision(ctx context.Context, a *actor) error {
	got, err := p.do(ctx, a, token.VerbProvision)
	if err != nil {
		return err
	}
	a.ref = got.Ref
	p.tell("wallet", string(a.network), "provision a token for "+a.card.Name, "made, to be active in "+control.Duration(activation).String())
	return p.shows(ctx, a, "read the token", token.Inactive)
}

// shows reads the token and makes sure of its status.
func (p *staging) shows(ctx context.Context, a *actor, what string, want token.Status) error {
	got, err := p.do(ctx, a, token.VerbStatus)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	status, err := wallet.Status(a.network, got.Status)
	switch {
	case err != nil:
		return fmt.Errorf("%s: %w", what, err)
	case status != want:
		return fmt.Errorf("%s: the token is %s, not %s", what, status, want)
	}
	p.tell("wallet", string(a.network), what, "token is "+string(want))
	return nil
}

func (p *staging) activation(ctx context.Context, a *actor) error {
	if p.byHand && a == p.actors[0] {
		by := control.Duration(activation)
		if _, err := p.door.Advance(ctx, control.Advance{By: &by}); err != nil {
			return err
		}
		p.tell("operator", "clock", "advance "+by.String(), "done")
	}
	return p.told(ctx, a, token.Active)
}

func (p *staging) payment(ctx context.Context, a *actor) error {
	got, err := p.do(ctx, a, token.VerbCryptogram)
	if err != nil {
		return err
	}
	p.tell("wallet", string(a.network), "ask for a cryptogram", got.Headline)
	return nil
}

// asIssuer acts through the control door.
func (p *staging) asIssuer(ctx context.Context, a *actor, do, reason string, want token.Status) error {
	if _, err := p.door.Transition(ctx, a.ref, control.Transition{Do: do, Reason: reason}); err != nil {
		return err
	}
	p.tell("issuer", string(a.network), do+" the token", reason)
	return p.told(ctx, a, want)
}

func (p *staging) suspension(ctx context.Context, a *actor) error {
	return p.asIssuer(ctx, a, "suspend", "SUSPECTED_FRAUD", token.Suspended)
}

func (p *staging) resumption(ctx context.Context, a *actor) error {
	return p.asIssuer(ctx, a, "resume", "NOT_FRAUD", token.Active)
}

// refusal asks for what a suspended token does not get.
func (p *staging) refusal(ctx context.Context, a *actor) error {
	got, err := p.do(ctx, a, token.VerbCryptogram)
	if err == nil {
		return fmt.Errorf("a suspended token gave out a %s", got.Headline)
	}
	why := wallet.RefusalOf(err)
	if why.Reason == "" {
		return err
	}
	p.tell("wallet", string(a.network), "ask for a cryptogram", "refused: "+why.Reason)
	return nil
}

// deletion is the wallet's own. Visa tells of that too, Mastercard does not.
func (p *staging) deletion(ctx context.Context, a *actor) error {
	if _, err := p.do(ctx, a, token.VerbDelete); err != nil {
		return err
	}
	p.tell("wallet", string(a.network), "delete the token", "done")
	if a.network == token.Visa {
		return p.told(ctx, a, token.Deactivated)
	}
	return p.shows(ctx, a, "read the token", token.Deactivated)
}

// told waits for the notice of a change and reads what changed, as Visa's
// notices do not say.
func (p *staging) told(ctx context.Context, a *actor, want token.Status) error {
	limited, cancel := context.WithTimeout(ctx, activation+noticeWait)
	defer cancel()
	for len(p.unread[a.ref]) == 0 {
		select {
		case n := <-p.arrived:
			if err := p.receive(n); err != nil {
				return err
			}
		case <-limited.Done():
			return fmt.Errorf("no notice that the token is %s: %w", want, limited.Err())
		}
	}
	n := p.unread[a.ref][0]
	p.unread[a.ref] = p.unread[a.ref][1:]
	if n.Status != "" && n.Status != want {
		return fmt.Errorf("the notice says that the token is %s, not %s", n.Status, want)
	}
	return p.shows(ctx, a, "read the token", want)
}

// receive tells of a notice and keeps it until somebody waits for it.
func (p *staging) receive(n wallet.Notice) error {
	if n.Err != nil {
		return fmt.Errorf("a notice of %s does not verify: %w", n.Network, n.Err)
	}
	p.tell(string(n.Network), "wallet", "notice "+n.Says, n.How)
	p.unread[n.Ref] = append(p.unread[n.Ref], n)
	return nil
}

// watch goes on telling of notices until ctx ends.
func (p *staging) watch(ctx context.Context) {
	for {
		select {
		case n := <-p.arrived:
			if err := p.receive(n); err != nil {
				fmt.Fprintln(p.app.out, err)
			}
		case <-ctx.Done():
			return
		}
	}
}
