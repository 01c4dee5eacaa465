// Package errorkeys holds the checks of documented error keys. Each key is asked for
// in three ways, at both networks alike: by a rule, by the magic card for
// it, and for the next request only. How a key looks on the wire is the suites'
// to say.
package errorkeys

import (
	"context"

	. "github.com/onsi/ginkgo/v2"

	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/token"
)

// Ways are the bodies of the three checks of one key.
type Ways struct {
	Rule, Card, Next func(SpecContext)
}

// Check adds the checks of a key; the ids begin with prefix, "V-ERR-", and the
// sentences with says, "answers provisioning with ".
func Check(prefix, says string, key token.Key, by Ways) {
	id, says := prefix+string(key), says+string(key)
	harness.Check(id+"-rule", harness.Documented, says+" while a rule says so", by.Rule)
	harness.Check(id+"-card", harness.Documented, says+" for its magic card", by.Card)
	harness.Check(id+"-next", harness.Documented, says+" once, when the next request is to fail", by.Next)
}

// Asked is a documented key and how a suite asks for it.
type Asked struct {
	Config  *harness.Config
	Network token.Network
	Key     token.Key
	Ask     func(context.Context, harness.Card) harness.Answer // for a token of a card
	Expects func(harness.Answer)                               // expects the key
	Works   func(harness.Answer)                               // expects a token
}

// ByRule expects the key as long as a rule about the n-th card says so.
func (a Asked) ByRule(ctx context.Context, n int) {
	GinkgoHelper()
	card := a.Config.RuledCard(a.Network, n)
	lift := a.Config.Operator(a.Network).Rule(ctx, card, a.Key)
	a.Expects(a.Ask(ctx, card))
	a.Expects(a.Ask(ctx, card))
	lift(ctx)
	a.Works(a.Ask(ctx, card))
}

// ByCard expects the key for its magic card, and a token for one
// that does not; it returns the former.
func (a Asked) ByCard(ctx context.Context) harness.Card {
	GinkgoHelper()
	card := a.Config.MagicCard(a.Network, a.Key)
	a.Expects(a.Ask(ctx, card))
	a.Works(a.Ask(ctx, a.Config.FreshCard(a.Network)))
	return card
}

// Next expects the key once, for a card that the target has seen.
func (a Asked) Next(ctx context.Context, card harness.Card) {
	GinkgoHelper()
	a.Config.Operator(a.Network).FailNext(ctx, card, a.Key)
	a.Expects(a.Ask(ctx, card))
	a.Works(a.Ask(ctx, card))
}
