package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/token"
)

// answerSize is what bare gin answers: the size of an ordinary answer to a
// provisioning.
const answerSize = 780

// serverSettings configure both servers; gin takes none.
type serverSettings struct {
	Rules   int    // rules for cards of their own, P4
	Folder  string // of YAML files to load instead, P7
	Library bool   // check the whole library first, P7
}

// addresses are where a server listens.
type addresses struct {
	Network string
	Admin   string // of the simulator's control door
}

// ginRole is the reference: one route, a fixed answer.
func ginRole(json.RawMessage) (role, error) {
	at, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return role{}, err
	}
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	fixed := append(append([]byte(`{"a":"`), bytes.Repeat([]byte("x"), answerSize-8)...), `"}`...)
	engine.Any("/*path", func(c *gin.Context) { c.Data(http.StatusCreated, "application/json", fixed) })
	server := &http.Server{Handler: engine, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(at) }()
	return role{ready: addresses{Network: at.Addr().String()}, end: func() { _ = server.Close() }}, nil
}

// script is what the simulator plays: each provisioning meets one rule, and its
// activation is scheduled. A step-up withholds the token's number, so nothing
// of its answer is encrypted.
const script = `version: 1
name: bench
rules:
  - { name: in the clear, when: { operation: provisionToken }, then: { decision: step-up } }
  - { name: encrypted, when: { operation: [provisionTokenWithPan, tokenize] }, then: { decision: approve } }
timeline:
  - { on: token.provisioned, after: 36h, do: activate }
`

// simulatorRole is the whole product on free ports.
func simulatorRole(settings json.RawMessage) (role, error) {
	var s serverSettings
	if err := json.Unmarshal(settings, &s); err != nil {
		return role{}, err
	}
	play, err := s.scenario()
	if err != nil {
		return role{}, err
	}
	sim, err := pantomime.Start(pantomime.Options{Scenario: play})
	if err != nil {
		return role{}, err
	}
	end := func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_ = sim.Stop(ctx)
	}
	return role{ready: addresses{sim.NetworkURL()[len("http://"):], sim.AdminURL()[len("http://"):]}, end: end}, nil
}

// scenario makes a card that has its provisioning repeated get a new token each
// time, so that each request changes state.
func (s serverSettings) scenario() (scenarios.Scenario, error) {
	if s.Library {
		for _, story := range scenarios.Library() {
			if _, findings := scenarios.Parse(story.File, story.Data); findings.Err() != nil {
				return scenarios.Scenario{}, findings.Err()
			}
		}
	}
	var play scenarios.Scenario
	var findings scenarios.Findings
	var err error
	if s.Folder != "" {
		play, findings, err = scenarios.Load(s.Folder)
	} else {
		play, findings = scenarios.Parse("bench.yaml", []byte(script))
	}
	if err != nil {
		return play, err
	}
	if err := findings.Err(); err != nil {
		return play, err
	}
	switches := scenarios.DefaultSwitches(scenarios.ProfileDefault)
	switches.Visa.Repeat = scenarios.RepeatNew
	play.Switches = &switches
	if s.Rules > 0 {
		play.Rules, play.Issuers, play.Cards, err = ruled(s.Rules)
	}
	return play, err
}

// The cards of P4 among the synthetic ones.
const firstRuled = 1000

// ruled makes n rules for a card each. Two of those cards and one without a
// rule have an issuer who decides as the rules do, so that the answers are the
// same and only the look-up differs.
func ruled(n int) ([]scenarios.Rule, []scenarios.Issuer, []scenarios.Card, error) {
	rules := make([]scenarios.Rule, n)
	for i := range rules {
		pan, err := fixtures.Synthetic(token.Visa, firstRuled+i)
		if err != nil {
			return nil, nil, nil, err
		}
		rules[i] = scenarios.Rule{
			Name: fmt.Sprintf("rule %d", i), Then: scenarios.Then{Decision: token.StepUp},
			When: scenarios.When{Operations: []token.Operation{token.VisaProvision}, Cards: []token.PAN{pan}},
		}
	}
	var cards []scenarios.Card
	for i, name := range ruledNames {
		pan, err := fixtures.Synthetic(token.Visa, ruledCard(i, n))
		if err != nil {
			return nil, nil, nil, err
		}
		cards = append(cards, scenarios.Card{Name: name, Network: token.Visa, PAN: pan, Expiry: expiry, Issuer: "careful"})
	}
	return rules, []scenarios.Issuer{{Name: "careful", Decision: token.StepUp}}, cards, nil
}

// ruledNames are the three look-ups of P4.
var ruledNames = [...]string{"first rule", "last rule", "no match"}

// ruledCard is the number of the i-th look-up's card among the synthetic ones.
func ruledCard(i, rules int) int {
	return [...]int{firstRuled, firstRuled + rules - 1, firstRuled - 1}[i]
}

// expiry is every card's: far off, whenever this runs.
var expiry = token.Expiry{Year: 2049, Month: 12}
