package play

import (
	"cmp"
	"log/slog"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/journal"
	"github.com/pantomime-dev/pantomime/simulator/outcome"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

// What the language warns of rests on what requests tell, so each operation is
// asked over HTTP whether a rule on its card, its number or its token fires.
func TestTraits_AreWhatRequestsTell(t *testing.T) {
	for _, row := range token.Operations() {
		t.Run(string(row.Op), func(t *testing.T) {
			t.Parallel()
			p, box, pan := beginner(t, cmp.Or(row.Network, token.Visa))
			if row.Op.Traits().Pays && !row.Op.Traits().PaidWith {
				pays(t, p, pan)
			}
			if err := p.world.see(t.Context(), pan); err != nil {
				t.Fatal(err)
			}
			made, _ := p.world.newest("", pan)
			reports := func(w scenarios.When, by scenarios.Account) bool {
				t.Helper()
				w.Operations = []token.Operation{row.Op}
				rule, err := box.AddRules(outcome.Posted, scenarios.Rule{When: w, Then: scenarios.Then{Error: refuses(row.Op)}})
				if err != nil {
					t.Fatal(err)
				}
				s := scenarios.Step{Call: row.Op, Cards: []token.PAN{pan}, Account: by}
				if row.Op == token.VisaSelectStepUpMethod {
					s.Body = []byte(`{"stepUpRequestID":"none"}`)
				}
				if a := p.call(t.Context(), s); a.unmade != "" {
					t.Fatal(a.unmade)
				}
				posted, _ := box.Rule(rule[0].ID.String())
				fired := posted.Fired > 0
				if err := box.RemoveRule(rule[0].ID.String()); err != nil {
					t.Fatal(err)
				}
				return fired
			}
			if got := reports(scenarios.When{Cards: []token.PAN{pan}}, ""); got != row.Op.Traits().Card {
				t.Errorf("a rule on its card fires: %t", got)
			}
			if got := reports(scenarios.When{BINs: []string{pan.First6()}}, ""); got != row.Op.Traits().Card {
				t.Errorf("a rule on its BIN fires: %t", got)
			}
			by := scenarios.Account("") // the account of the other operations does not matter
			if row.Op == token.MCTokenize || row.Op == token.MCSearchTokens || row.Op.Traits().PaidWith {
				by = scenarios.AccountToken
			}
			if row.Op.Traits().PaidWith {
				p.call(t.Context(), scenarios.Step{Call: token.VisaGetPaymentData, Cards: []token.PAN{pan}})
			}
			if got := reports(scenarios.When{Tokens: []token.Ref{made.Ref}}, by); got != row.Op.Traits().Token {
				t.Errorf("a rule on its token fires: %t", got)
			}
		})
	}
}

// Cipher text is where the table says, and nowhere else.
func TestTraits_SealedAnswersAreThoseThatCanBeDamaged(t *testing.T) {
	for _, row := range token.Operations() {
		t.Run(string(row.Op), func(t *testing.T) {
			t.Parallel()
			p, box, pan := beginner(t, cmp.Or(row.Network, token.Visa))
			rule := scenarios.Rule{
				When: scenarios.When{Operations: []token.Operation{row.Op}}, Then: scenarios.Then{Fault: token.FaultBadCiphertext},
			}
			added, err := box.AddRules(outcome.Posted, rule)
			if err != nil {
				t.Fatal(err)
			}
			if row.Op.Traits().Pays && !row.Op.Traits().PaidWith {
				pays(t, p, pan)
			}
			s := scenarios.Step{Call: row.Op, Cards: []token.PAN{pan}}
			if row.Op == token.VisaSelectStepUpMethod {
				s.Body = []byte(`{"stepUpRequestID":"none"}`)
			}
			a := p.call(t.Context(), s)
			posted, _ := box.Rule(added[0].ID.String())
			if sealed := row.Op.Traits().Sealed; (a.Unreadable != "") != sealed || (posted.Fired > 0) != sealed {
				t.Errorf("the answer is %s, the rule has fired %d times; want damage: %t", a, posted.Fired, sealed)
			}
		})
	}
}

// Products are shown where the table says, and requests have a body unless it says
// otherwise.
func TestTraits_ProductsAndBodies(t *testing.T) {
	for _, row := range token.Operations() {
		t.Run(string(row.Op), func(t *testing.T) {
			t.Parallel()
			p, box, pan := beginner(t, cmp.Or(row.Network, token.Visa))
			rule := scenarios.Rule{
				When: scenarios.When{Operations: []token.Operation{row.Op}}, Then: scenarios.Then{Metadata: map[string]string{"long-description": "seen in a rule"}},
			}
			if _, err := box.AddRules(outcome.Posted, rule); err != nil {
				t.Fatal(err)
			}
			s := scenarios.Step{Call: row.Op, Cards: []token.PAN{pan}}
			if row.Op == token.VisaSelectStepUpMethod {
				s.Body = []byte(`{"stepUpRequestID":"none"}`)
			}
			if row.Op.Traits().Pays && !row.Op.Traits().PaidWith {
				pays(t, p, pan)
			}
			p.call(t.Context(), s)
			e := box.Journal().List(journal.Query{Limit: 1})[0]
			if got := strings.Contains(e.Response.Body, "seen in a rule"); got != row.Traits.Shows {
				t.Errorf("the answer shows the product: %t: %s", got, e.Response.Body)
			}
			if got := e.Request.Size == 0; got != row.Traits.NoBody {
				t.Errorf("the request has no body: %t: %s", got, e.Request.Body)
			}
		})
	}
}

// refuses is an error that requests of an operation can meet.
func refuses(op token.Operation) token.Key {
	if op.Traits().Pays {
		return token.DeclineFunds
	}
	return token.JSONParseError
}

// pays makes a payment by token, which other operations are about.
func pays(t *testing.T, p *player, pan token.PAN) {
	t.Helper()
	for _, op := range []token.Operation{token.VisaGetPaymentData, token.Authorize} {
		s := scenarios.Step{Call: op, Cards: []token.PAN{pan}}
		if op == token.Authorize {
			s.Account = scenarios.AccountToken
		}
		if a := p.call(t.Context(), s); !a.Good() {
			t.Fatalf("%s: %s %s", op, a, a.unmade)
		}
	}
}

// beginner is a player who has one token, with the sandbox.
func beginner(t *testing.T, network token.Network) (*player, *sandbox.Sandbox, token.PAN) {
	t.Helper()
	s, findings := scenarios.Parse("f.yaml", []byte("version: 1\ncards: { a: { network: "+string(network)+" } }\n"))
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	sim, err := pantomime.Start(pantomime.Options{Scenario: s, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sim.Stop(t.Context()) })
	admin, err := control.New(sim.AdminURL(), nil, "")
	if err != nil {
		t.Fatal(err)
	}
	p, err := newPlayer(t.Context(), Target{Admin: admin, Wall: clock.Real()}, s)
	if err != nil {
		t.Fatal(err)
	}
	pan := s.Cards[0].PAN
	first := token.OperationsNamed(string(token.VerbProvision), network)
	if a := p.call(t.Context(), scenarios.Step{Call: first[len(first)-1], Cards: []token.PAN{pan}}); !a.Good() {
		t.Fatalf("provisioning: %s %s", a, a.unmade)
	}
	return p, sim.Sandbox(), pan
}

// A time line is for people: it has words for what the networks have in common.
func TestDeeds_HaveWordsForEveryVerb(t *testing.T) {
	for _, row := range token.Operations() {
		if row.Verb != "" && deeds[row.Verb] == "" {
			t.Errorf("%s: no words for %s", row.Op, row.Verb)
		}
	}
}
