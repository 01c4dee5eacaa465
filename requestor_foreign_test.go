package pantomime_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/requestor"
	"github.com/pantomime-dev/pantomime/requestor/wallet"
	"github.com/pantomime-dev/pantomime/token"
)

// requests counts the requests of each operation.
func (c *counter) requests() map[token.Operation]int {
	c.Helper()
	counts := map[token.Operation]int{}
	for _, e := range stage.Must(c.admin.Requests(c.Context(), control.ExchangeQuery{Limit: 1000}))(c.T).Items {
		counts[e.Operation]++
	}
	return counts
}

// However many answers are lost, a token that nobody has is looked at once, and
// nothing is asked for again because of a token of another card.
func TestRequestor_LooksOnceAtAForeignToken(t *testing.T) {
	const foreign = 5
	for n, ops := range map[token.Network]struct{ provision, read, card, search token.Operation }{
		token.Visa:       {token.VisaProvisionWithPAN, token.VisaGetToken, token.VisaGetCardMetadata, ""},
		token.Mastercard: {token.MCTokenize, token.MCGetToken, "", token.MCSearchTokens},
	} {
		c := openCounter(t, `
networks: { visa: { repeat: new, created-notices: all }, mastercard: { repeat: new } }
rules: [{ when: { card: [alice, bob], operation: [provision, searchTokens] }, then: { fault: 503 } }]
timeline: [{ on: token.provisioned, after: 1s, do: suspend, by: issuer }]
`)
		eve, known := fixtures.Find(fmt.Sprintf("test/%s/2", n))
		if !known {
			t.Fatal("no second card")
		}
		for range 3 {
			if p := c.provision(c.stored(n)); p.Problem == nil || !p.Problem.Lost {
				t.Fatalf("%s: %+v", n, p)
			}
		}
		c.settled(2 * time.Hour)
		before := c.requests()
		client := stage.Must(wallet.New(stage.Must(stage.Must(c.sim.World(""))(t).Links("wallet"))(t)))(t)
		for range foreign {
			stage.Must(client.Do(t.Context(), ops.provision, wallet.Subject{Card: wallet.Card{PAN: eve.Number, Expiry: c.cards[n].Expiry}}))(t)
		}
		c.settled(2 * time.Second)
		after := c.requests()
		if f := c.shop.Report().Findings; len(f) != 3+foreign {
			t.Errorf("%s: %d findings", n, len(f))
		}
		most := map[token.Operation]int{ops.provision: foreign, ops.read: 2 * foreign, ops.card: 2 * foreign, ops.search: 0} // two notices of each
		for op, most := range most {
			if more := after[op] - before[op]; more > most {
				t.Errorf("%s: %d requests more of %s, at most %d", n, more, op, most)
			}
		}
	}
}

// Of very many tokens that nobody has the newest are known, and how many are not.
func TestRequestor_CountsForeignTokensThatItForgets(t *testing.T) {
	c := openCounter(t, "timeline: [{ on: token.provisioned, after: 1h, do: suspend, notify: { unknown-token: true } }]\n")
	world := stage.Must(c.sim.World(""))(t)
	for i := range 1000 {
		raw := stage.Must(json.Marshal(map[string]any{"At": world.Now().Add(time.Duration(i) * time.Millisecond), "Says": "before"}))(t)
		stage.Must(world.Put(fmt.Sprintf("heard/wallet/%04d", i), raw, 0))(t)
	}
	c.made(token.Visa)
	c.settled(2 * time.Hour)
	findings, said := c.shop.Report().Findings, map[string]int{}
	for _, f := range findings {
		if f.Kind != requestor.UnknownToken {
			t.Errorf("%+v", f)
		}
		said[f.Says]++
	}
	if said["before"] != 900 || !strings.HasPrefix(findings[0].Says, "100 more") || len(findings) != 902 {
		t.Errorf("%d findings, %d of before; %+v", len(findings), said["before"], findings[0])
	}
}
