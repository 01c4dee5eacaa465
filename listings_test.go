package pantomime_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/internal/sweep"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

// crowd makes a sandbox with so many cards, each with a token that is to become
// active in an hour.
func crowd(t *testing.T, cards int) *pantomime.Running {
	t.Helper()
	net := pantomime.Run(t, "version: 1\nname: a crowd\nrequestors: { wallet: { activation: 1h } }\n", pantomime.With(func(o *pantomime.Options) {
		o.ClockMode = clock.Manual
	}))
	for n := range cards {
		provisionCard(t, net.Sandbox(), n)
	}
	return net
}

// someRules are so many rules, each of which could match.
func someRules(n int) []byte {
	var b bytes.Buffer
	for i := range n {
		fmt.Fprintf(&b, "- { when: { operation: getToken, header: { x-number: %q } }, then: {} }\n", strconv.Itoa(i))
	}
	return b.Bytes()
}

// provisionCard makes a token for the n-th card, without HTTP.
func provisionCard(t *testing.T, box *sandbox.Sandbox, n int) sandbox.Result {
	t.Helper()
	made, _, err := box.Do(sandbox.Call{
		Op: token.VisaProvisionWithPAN, Effect: sandbox.EffectProvision, Requestor: "wallet",
		Making: sandbox.Making{Presentation: "ECOM"}, Subject: sandbox.Subject{Card: sandbox.CardInput{PAN: stage.Must(fixtures.Synthetic(token.Visa, n))(t), Expiry: token.Expiry{Year: 2031, Month: time.March}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// [D4] Nobody waits for who lists what a full sandbox holds: the longest
// provisioning meanwhile takes no more than some milliseconds.
func TestSweep_ListingsHoldNobodyUp(t *testing.T) {
	sweep.Mark(t)
	cards := 100_000
	net := crowd(t, cards)
	stage.Must(net.Control.PostRules(t.Context(), someRules(5000)))(t)
	for what, list := range map[string]func(context.Context) error{
		"GET /tokens": func(ctx context.Context) error { _, err := net.Control.Tokens(ctx, control.TokenQuery{}); return err },
		"GET /tokens?status=ACTIVE": func(ctx context.Context) error {
			_, err := net.Control.Tokens(ctx, control.TokenQuery{Status: token.Active})
			return err
		},
		"GET /cards":     func(ctx context.Context) error { _, err := net.Control.Cards(ctx, control.Page{}); return err },
		"GET /rules":     func(ctx context.Context) error { _, err := net.Control.Rules(ctx, "", control.Page{}); return err },
		"GET /sandboxes": func(ctx context.Context) error { _, err := net.Control.Sandboxes(ctx, control.Page{}); return err },
		"GET /clock":     func(ctx context.Context) error { _, err := net.Control.Clock(ctx); return err },
		"GET /env":       func(ctx context.Context) error { _, err := net.Control.Env(ctx); return err },
	} {
		t.Run(what, func(t *testing.T) {
			var worst []time.Duration
			for range 9 {
				done := make(chan error)
				go func() { done <- list(t.Context()) }()
				worst = append(worst, whileListing(t, done, func() {
					cards++
					provisionCard(t, net.Sandbox(), cards)
				}))
			}
			t.Logf("the longest provisioning during a listing: %s", worst)
			if least := slices.Min(worst); least > 20*time.Millisecond { // a busy machine is slow at times, a lock always
				t.Errorf("a provisioning takes %s", least)
			}
		})
	}
}

// whileListing does something again and again while a listing is made, and
// returns the longest that it took.
func whileListing(t *testing.T, done <-chan error, do func()) (longest time.Duration) {
	for range 2000 { // no more, lest what is to be listed grows faster than it is listed
		start := clock.Real().Now()
		do()
		longest = max(longest, clock.Real().Now().Sub(start))
		select {
		case err := <-done:
			if err != nil {
				t.Error(err)
			}
			return longest
		default:
		}
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
	return longest
}

// [D4] The pieces of a listing are the whole, each item once and in order.
func TestListings_InPieces(t *testing.T) {
	const many = 1234
	net := crowd(t, many)
	ctx := t.Context()
	for n := range 25 {
		stage.Must(net.Control.CreateSandbox(ctx, control.NewSandbox{ID: fmt.Sprintf("box-%02d", n)}))(t)
	}
	stage.Must(net.Control.PostRules(ctx, someRules(130)))(t)
	tokens := pieces(t, 100, func(p control.Page) (control.List[control.Token], error) {
		return net.Control.Tokens(ctx, control.TokenQuery{Limit: p.Limit, Cursor: p.Cursor})
	}, func(one control.Token) string { return string(one.Ref) })
	if len(tokens) != many {
		t.Errorf("%d tokens", len(tokens))
	}
	named := pieces(t, 100, func(p control.Page) (control.List[control.Card], error) { return net.Control.Cards(ctx, p) },
		func(one control.Card) string { return string(one.PAR) })
	if len(named) != many {
		t.Errorf("%d cards", len(named))
	}
	boxes := pieces(t, 10, func(p control.Page) (control.List[control.Sandbox], error) { return net.Control.Sandboxes(ctx, p) },
		func(one control.Sandbox) string { return one.ID })
	if len(boxes) != 26 || !slices.IsSorted(boxes) {
		t.Errorf("sandboxes %v", boxes)
	}
	for range net.Sandbox().Tokens("") { // whoever looks at one holds no lock
		provisionCard(t, net.Sandbox(), many)
		break
	}
	rules := pieces(t, 50, func(p control.Page) (control.List[control.Rule], error) { return net.Control.Rules(ctx, "posted", p) },
		func(one control.Rule) string { return one.ID })
	if len(rules) != 130 || rules[0] != "posted-129" || rules[129] != "posted-0" {
		t.Errorf("rules %v", rules)
	}
	for _, path := range []string{"tokens", "cards", "sandboxes", "rules", "faults"} {
		said := (&limited{t, net}).admin("GET", "/"+path+"?cursor=bm90IG91cnMBAQ", "")
		if path != "sandboxes" && !strings.Contains(said, "is no cursor of this listing") {
			t.Errorf("a cursor of nobody's for %s: %s", path, said)
		}
	}
}

// pieces reads a listing to its end and returns the ids.
func pieces[T any](t *testing.T, limit int, ask func(control.Page) (control.List[T], error), id func(T) string) (ids []string) {
	t.Helper()
	for p := (control.Page{Limit: limit}); ; {
		part := stage.Must(ask(p))(t)
		for _, one := range part.Items {
			if slices.Contains(ids, id(one)) {
				t.Errorf("%s is listed twice", id(one))
			}
			ids = append(ids, id(one))
		}
		if len(part.Items) > limit || part.Next != "" && len(part.Items) < limit {
			t.Errorf("a piece of %d", len(part.Items))
		}
		if p.Cursor = part.Next; p.Cursor == "" {
			if part.Total != len(ids) {
				t.Errorf("%d in pieces, %d in total", len(ids), part.Total)
			}
			return ids
		}
	}
}
