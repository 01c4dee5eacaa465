package pantomime_test

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/internal/sweep"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/outcome"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

// objectTrials fill a sandbox with what it keeps.
var objectTrials = map[string]trial{
	"cards of a sandbox (`Options.MaxObjects`)": {coarse: 1000, to: func(l *limited, n int) string {
		return l.fill(n, func(i int) sandbox.Call {
			return sandbox.Call{Op: token.MCGetDigitalAssets, Effect: sandbox.EffectFindCard, Subject: sandbox.Subject{Card: someCard(i + 1)}}
		})
	}},
	"enrolments of a sandbox (`Options.MaxObjects`)": {coarse: 1000, to: func(l *limited, n int) string {
		return l.fill(n, func(i int) sandbox.Call {
			return sandbox.Call{
				Op: token.MCTokenize, Effect: sandbox.EffectEnroll, Subject: sandbox.Subject{Card: someCard(0)}, Making: sandbox.Making{Wallet: strconv.Itoa(i + 1)},
			}
		})
	}},
	"tokens of a sandbox (`Options.MaxObjects`)": {coarse: 1000, to: func(l *limited, n int) string {
		return l.fill(n, func(i int) sandbox.Call {
			return sandbox.Call{
				Op: token.MCTokenize, Effect: sandbox.EffectProvision, Subject: sandbox.Subject{Card: someCard(0)}, Making: sandbox.Making{TaskID: strconv.Itoa(i)},
			}
		})
	}},
	"rules added to a sandbox at run time": {long: true, to: func(l *limited, n int) string {
		_, err := l.Sandbox().AddRules(outcome.Posted, slices.Repeat([]scenarios.Rule{{}}, n-1)...)
		if err != nil {
			l.Fatal(err)
		}
		return l.admin("POST", "/rules", "- { then: {} }")
	}},
	"moments that the tokens of a sandbox remember": {coarse: 10, to: func(l *limited, n int) string { return l.untold(l.Running, 1, n) }},
	"moments of all sandboxes (`Options.StoryBytes`)": {coarse: 6 << 20, to: func(l *limited, n int) string {
		const each = 200
		scale := sweep.Rounds(l.T, 16, 1)
		net := pantomime.Run(l.T, "", pantomime.With(func(o *pantomime.Options) { o.StoryBytes = 64 << 20 / int64(scale) }))
		return l.untold(net, max(2, 24/scale), n/each/scale)
	}},
}

// untold makes so many moments in some sandboxes together, and says how many are
// no longer remembered.
func (l *limited) untold(net *pantomime.Running, boxes, n int) (said string) {
	var all []*sandbox.Sandbox
	var refs []token.Ref
	for range boxes {
		box := stage.Must(net.Factory().Create(emptySandbox))(l.T)
		made, _, err := box.Do(sandbox.Call{
			Op: token.MCTokenize, Effect: sandbox.EffectProvision, Requestor: box.Requestors()[0].Name, Subject: sandbox.Subject{Card: someCard(0)},
		})
		if err != nil || made.Problem != nil {
			l.Fatal(made.Problem, err)
		}
		first, _ := box.Story(made.Token.Ref)
		for i := range n/boxes - len(first) {
			act := scenarios.Action{Do: []string{"suspend", "resume"}[i%2], By: token.ByIssuer}
			if err := box.Act(act, sandbox.Target{Token: made.Token.Ref}); err != nil {
				l.Fatal(err)
			}
		}
		all, refs = append(all, box), append(refs, made.Token.Ref)
	}
	for i, box := range all {
		if err := box.Quiet(l.Context()); err != nil {
			l.Fatal(err)
		}
		if story := stage.Must(net.Control.In(box.ID()).Story(l.Context(), refs[i]))(l.T); story.Dropped > 0 {
			said += fmt.Sprintln(story.Dropped, "dropped")
		}
	}
	return said
}

// someCard is the n-th card of Mastercard.
func someCard(n int) sandbox.CardInput {
	pan, err := fixtures.Synthetic(token.Mastercard, n)
	if err != nil {
		panic(err)
	}
	return sandbox.CardInput{PAN: pan, Expiry: token.Expiry{Year: 2029, Month: time.December}}
}

// fill makes what a sandbox keeps, the last one by a request of the network, and
// returns what was said to that. It tries a thousandth.
func (l *limited) fill(n int, one func(i int) sandbox.Call) string {
	const scale = 1000
	net := pantomime.Run(l.T, "", pantomime.With(func(o *pantomime.Options) { o.MaxObjects = sandbox.DefaultMaxObjects / scale }))
	for i := range n/scale - 1 {
		c := one(i)
		c.Requestor = net.Env.Requestors[0].Requestor
		if made, _, err := net.Sandbox().Do(c); err != nil || made.Problem != nil {
			l.Fatal(i, made.Problem, err)
		}
	}
	_, err := net.MDES.Tokenize(l.Context(), mdes.TokenizeRequest{TaskID: "the last"}, &mdes.FundingAccountData{
		CardAccountData: &mdes.CardAccountData{AccountNumber: mdes.Sensitive(someCard(0).PAN.Digits()), ExpiryMonth: "12", ExpiryYear: "29"},
		Source:          "ACCOUNT_ON_FILE",
	})
	e := stage.Must(net.Control.Explain(l.Context(), "last"))(l.T)
	return fmt.Sprint(e.Status, e.Summary, err)
}
