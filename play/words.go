package play

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/requestor/wallet"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/token"
)

// deeds are what calls do, in words, %s being the card; an operation without a
// verb goes by the network's name for it.
var deeds = map[token.Verb]string{
	token.VerbEnroll:     "enrol %s",
	token.VerbProvision:  "provision a token for %s",
	token.VerbCryptogram: "ask for a cryptogram",
	token.VerbStatus:     "read the token",
	token.VerbSuspend:    "suspend the token",
	token.VerbResume:     "resume the token",
	token.VerbDelete:     "delete the token",
}

// sayings find in the good answer of an operation what people want to know.
var sayings = map[token.Operation]func(body any) string{
	token.VisaGetToken:       func(body any) string { return state(token.Visa, body, "tokenInfo.tokenStatus") },
	token.MCGetToken:         func(body any) string { return state(token.Mastercard, body, "token.status") },
	token.VisaGetPaymentData: visaCryptogram,
	token.MCTransact:         mastercardCryptogram,
	token.MCSuspend:          mastercardBatch,
	token.MCUnsuspend:        mastercardBatch,
	token.MCDelete:           mastercardBatch,
}

// state reads the status of a token.
func state(network token.Network, body any, path string) string {
	wire, _ := wallet.Member(body, path)
	status, err := wallet.Status(network, wire)
	if err != nil {
		return ""
	}
	return "token is " + string(status)
}

func visaCryptogram(body any) string {
	number, ok := wallet.Member(body, "cryptogramInfo.atc")
	if !ok {
		return ""
	}
	eci, _ := wallet.Member(body, "cryptogramInfo.eci")
	return fmt.Sprintf("cryptogram number %s, ECI %s", number, eci)
}

func mastercardCryptogram(body any) string {
	text, _ := wallet.Member(body, "encryptedPayload.encryptedData.de48se43Data")
	u, err := mdes.ParseUCAF(text)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("cryptogram number %d", u.ATC)
}

// mastercardBatch reports the tokens of a batch that were refused, in an answer
// that is good.
func mastercardBatch(body any) string {
	all, refused, code := 0, 0, ""
	for {
		one := "tokens." + strconv.Itoa(all)
		if _, ok := wallet.Member(body, one); !ok {
			break
		}
		if found, ok := wallet.Member(body, one+".errors.0.reasonCode"); ok {
			refused, code = refused+1, found
		}
		all++
	}
	if refused == 0 {
		return ""
	}
	return fmt.Sprintf("%d of %d refused: %s", refused, all, code)
}

// word puts into words who does what in a step, and what came of it.
func (p *player) word(ctx context.Context, s scenarios.Step, came answer, l *Line) {
	switch s.Kind {
	case scenarios.StepAdvance:
		l.From, l.To, l.What = "operator", "clock", p.moved(s)
	case scenarios.StepAct:
		l.From, l.To, l.Outcome = parties[cmp.Or(s.Act.By, token.ByIssuer)], string(s.Cards[0].Network()), s.Act.Reason
		l.What = strings.ReplaceAll(s.Act.Do, "-", " ") + " of " + p.names(s)
		if token.EventOf(s.Act.Do).OfToken() {
			l.What = s.Act.Do + " the token" + p.whose(s)
		}
	default:
		_, l.From, _ = p.wallet(s.Requestor, "")
		l.To, l.What, l.Outcome = string(s.Call.Party()), p.deed(s), p.outcome(ctx, s, came)
	}
	if l.Outcome == "" && s.Expect.Status != "" {
		l.Outcome = "token is " + string(s.Expect.Status)
	}
	l.Outcome = cmp.Or(l.Outcome, "done")
}

// moved is what an advance does.
func (p *player) moved(s scenarios.Step) string {
	switch {
	case s.Advance == 0:
		return "wait for what is due"
	case p.on.Waits:
		return "wait " + s.Said
	}
	return "advance " + s.Said
}

// deed is what a call does.
func (p *player) deed(s scenarios.Step) string {
	what := cmp.Or(deeds[s.Call.Info().Verb], s.Call.Info().Wire)
	if s.Call.Traits().Pays {
		what = "pay by " + cmp.Or(string(s.Account), string(scenarios.AccountCard))
	}
	if strings.Contains(what, "%s") {
		what = fmt.Sprintf(what, p.names(s))
	} else {
		what += p.whose(s)
	}
	if s.Times > 1 {
		what += fmt.Sprintf(", %d times", s.Times)
	}
	return what
}

// whose says of which cards a step is, unless the play has only one at their
// network.
func (p *player) whose(s scenarios.Step) string {
	first, network := s.Cards[0], s.Cards[0].Network()
	for _, other := range p.script.Play {
		if slices.ContainsFunc(other.Cards, func(pan token.PAN) bool { return pan != first && pan.Network() == network }) {
			return " of " + p.names(s)
		}
	}
	return ""
}

// names are the cards of a step.
func (p *player) names(s scenarios.Step) string {
	var names []string
	for _, pan := range s.Cards {
		names = append(names, p.name(pan))
	}
	return strings.Join(names, ", ")
}

// outcome is what came of a call.
func (p *player) outcome(ctx context.Context, s scenarios.Step, a answer) string {
	switch {
	case a.unmade != "":
		return a.String()
	case a.Code != "" && s.Call.Traits().Pays && a.Status < http.StatusBadRequest:
		return "declined: " + a.Code
	case a.Code != "":
		return "refused: " + a.Code
	case !a.Good():
		return a.String()
	case s.Call.Info().Verb == token.VerbProvision:
		return p.made(ctx, a)
	case s.Call.Traits().Pays:
		return "approved"
	case sayings[s.Call] != nil:
		return sayings[s.Call](a.Body)
	}
	return ""
}

// made reports a token that was made, or was not.
func (p *player) made(ctx context.Context, a answer) string {
	switch a.Decision {
	case token.Decline:
		return "declined by the issuer"
	case token.StepUp:
		return "made, the issuer demands a step-up"
	}
	gives := a.Gives()
	ref := token.Ref(cmp.Or(gives[wallet.VisaToken], gives[wallet.TokenRef]))
	c, err := p.on.Admin.Clock(ctx)
	if err != nil {
		return "made"
	}
	for _, next := range c.Planned {
		if next.Token == ref && token.EventOf(next.Do) == token.TokenActivated {
			return "made, to be active in " + token.SpellDuration(next.Due.Sub(c.Now).Round(100*time.Millisecond))
		}
	}
	return "made"
}
