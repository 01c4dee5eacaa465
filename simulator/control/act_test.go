package control_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	wire "github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/token"
)

// inbox receives notices and keeps their paths.
type inbox struct {
	*httptest.Server
	mu     sync.Mutex
	paths  []string // guarded by mu
	status int      // guarded by mu; 0 is 200
}

func newInbox(t *testing.T) *inbox {
	t.Helper()
	in := &inbox{}
	in.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		in.mu.Lock()
		defer in.mu.Unlock()
		in.paths = append(in.paths, strings.TrimPrefix(r.URL.Path, "/"))
		w.WriteHeader(max(in.status, http.StatusOK))
	}))
	t.Cleanup(in.Close)
	return in
}

func (in *inbox) answer(status int) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.status = status
}

func (in *inbox) got() string {
	in.mu.Lock()
	defer in.mu.Unlock()
	return strings.Join(in.paths, " ")
}

func TestDoor_Transitions(t *testing.T) {
	in := newInbox(t)
	w := newWorld(t, settings{notify: in.URL})
	ref := w.token()
	steps := []struct {
		do     wire.Transition
		status token.Status
		by     string
		event  token.EventType
	}{
		{wire.Transition{Do: "suspend", Reason: "SUSPECTED_FRAUD"}, token.Suspended, "ISSUER", token.TokenSuspended},
		{wire.Transition{Do: "resume"}, token.Active, "", token.TokenResumed},
		{wire.Transition{Do: "suspend", By: "cardholder"}, token.Suspended, "CARDHOLDER", token.TokenSuspended},
		{wire.Transition{Do: "delete"}, token.Deactivated, "", token.TokenDeleted},
	}
	for _, s := range steps {
		got := stage.Must(w.client.Transition(t.Context(), ref, s.do))(t)
		if len(got.Tokens) != 1 || got.Tokens[0].Status != s.status || strings.Join(texts(got.Tokens[0].SuspendedBy), " ") != s.by {
			t.Errorf("%s: the token is %+v", s.do.Do, got.Tokens)
		}
		if len(got.Callbacks) != 1 || got.Callbacks[0].Event.Type != s.event || got.Callbacks[0].Event.Reason != s.do.Reason {
			t.Errorf("%s: notices are %+v", s.do.Do, got.Callbacks)
		}
	}
	stage.Must(w.client.Advance(t.Context(), wire.Advance{By: new(wire.Duration)}))(t)
	if got := in.got(); got != "token.suspended token.resumed token.suspended token.deleted" {
		t.Errorf("the receiver got %q", got)
	}
}

func texts(in token.Suspenders) []string {
	var out []string
	for _, s := range in {
		out = append(out, string(s))
	}
	return out
}

func TestDoor_Events(t *testing.T) {
	w := newWorld(t, settings{})
	ref := w.token()
	tests := []struct {
		name   string
		event  wire.Event
		states string // of the notices
		check  func(e wire.Effect) bool
	}{
		{"a suspension by card", wire.Event{Event: token.TokenSuspended, Card: "alice", Reason: "SUSPECTED_FRAUD"}, "unrouted", func(e wire.Effect) bool { return e.Tokens[0].Status == token.Suspended }},
		{"a resumption by token, reported twice", wire.Event{Event: token.TokenResumed, Token: ref, Variants: wire.Variants{Duplicate: 1}}, "unrouted, unrouted", func(e wire.Effect) bool { return e.Tokens[0].Status == token.Active }},
		{"a suspension, reported with variants", wire.Event{Event: token.TokenSuspended, Token: ref, Variants: wire.Variants{Variant: []string{"stale-time", "unknown-key"}}}, "unrouted", func(e wire.Effect) bool {
			return strings.Join(e.Callbacks[0].Event.Variants, " ") == "stale-time unknown-key"
		}},
		{"a resumption, with a variant under its former name", wire.Event{Event: token.TokenResumed, Token: ref, Variants: wire.Variants{Hostile: []string{"stale-time"}}}, "unrouted", func(e wire.Effect) bool { //nolint:staticcheck // read for one more release
			return strings.Join(e.Callbacks[0].Event.Variants, " ") == "stale-time"
		}},
		{"a suspension again", wire.Event{Event: token.TokenSuspended, Token: ref}, "unrouted", func(e wire.Effect) bool { return true }},
		{"a resumption without a notice", wire.Event{Event: token.TokenResumed, Token: ref, Variants: wire.Variants{Never: true}}, "unrouted", func(e wire.Effect) bool { return len(e.Tokens) == 1 }},
		{"a provisioning, reported again", wire.Event{Event: token.TokenProvisioned, Card: "test/visa/1"}, "unrouted", func(e wire.Effect) bool { return len(e.Tokens) == 1 }},
		{"a new expiry", wire.Event{Event: token.PANExpiryUpdated, Card: "alice", Expiry: token.Expiry{Year: 2031, Month: 5}}, "unrouted", func(e wire.Effect) bool { return e.Card.Expiry.String() == "05/31" }},
		{"a closed account", wire.Event{Event: token.AccountClosed, Card: "alice"}, "unrouted", func(e wire.Effect) bool {
			return e.Card.Closed && e.Tokens[0].Status == token.Deactivated && e.Card.Tokens == 0
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := stage.Must(w.client.Trigger(t.Context(), tt.event))(t)
			var states []string
			for _, c := range got.Callbacks {
				states = append(states, c.State)
			}
			if strings.Join(states, ", ") != tt.states {
				t.Errorf("notices are %q, want %q", states, tt.states)
			}
			if !tt.check(got) {
				t.Errorf("it came to %+v, card %+v", got, got.Card)
			}
		})
	}
}

func TestDoor_Cards(t *testing.T) {
	w := newWorld(t, settings{})
	w.token()
	cards := stage.Must(w.client.Cards(t.Context(), wire.Page{}))(t)
	if len(cards.Items) != 2 || cards.Items[0].Name != "alice" || cards.Items[1].Name != "bob" {
		t.Fatalf("the cards are %+v", cards.Items)
	}
	alice := cards.Items[0]
	if alice.PAN != "462294******0600" || alice.Listed != "test/visa/1" || alice.Expiry.String() != "12/29" || alice.Tokens != 1 || len(alice.PAR) != 29 {
		t.Errorf("alice is %+v", alice)
	}
	for _, name := range []string{"alice", "test/visa/1", string(alice.PAR)} {
		got := stage.Must(w.client.NewMetadata(t.Context(), name, wire.CardChange{}))(t)
		if got.Card.Name != "alice" {
			t.Errorf("%s names %+v", name, got.Card)
		}
	}
	if got := stage.Must(w.client.NewExpiry(t.Context(), "alice", wire.CardChange{Expiry: token.Expiry{Year: 2035, Month: 1}}))(t); got.Card.Expiry.String() != "01/35" || got.Card.Product != 3 {
		t.Errorf("after three new looks and a new expiry: %+v", got.Card)
	}
	got := stage.Must(w.client.Reissue(t.Context(), "alice", wire.CardChange{PAN: "4622943120000618"}))(t)
	if got.Card.PAN != "462294******0618" || got.Card.PAR != alice.PAR || got.Tokens[0].Status != token.Active {
		t.Errorf("after a reissue: %+v %+v", got.Card, got.Tokens)
	}
	if got := stage.Must(w.client.Reissue(t.Context(), "alice", wire.CardChange{}))(t); got.Card.PAN == "462294******0618" {
		t.Errorf("a reissue without a number changes nothing: %+v", got.Card)
	}
	if got := stage.Must(w.client.CloseCard(t.Context(), "alice", wire.CardChange{Reason: "LOST"}))(t); !got.Card.Closed || got.Callbacks[0].Event.Reason != "LOST" {
		t.Errorf("after closing: %+v %+v", got.Card, got.Callbacks)
	}
	closed := stage.Must(w.client.Cards(t.Context(), wire.Page{}))(t).Items[0]
	for _, what := range []string{"reissue", "new-expiry", "metadata", "close"} {
		if got := w.do("POST", "/__admin/v1/cards/alice/"+what, "{}"); got.status != 409 || got.problem.Code != wire.CodeNotAllowed || !strings.Contains(got.problem.Detail, closed.PAN+": the account is closed") {
			t.Errorf("%s of a closed account: %d %s", what, got.status, got.body)
		}
	}
	if now := stage.Must(w.client.Cards(t.Context(), wire.Page{}))(t).Items[0]; now != closed {
		t.Errorf("it changed all the same: %+v", now)
	}
}

func TestDoor_Tokens(t *testing.T) {
	w := newWorld(t, settings{})
	ref := w.token()
	one := stage.Must(w.client.Token(t.Context(), ref))(t)
	if one.Number[:6] != "489537" || !strings.Contains(one.Number, "******") || one.Card.Name != "alice" || one.TRID != "40010000001" || one.Status != token.Active {
		t.Errorf("the token is %+v", one)
	}
	tests := []struct {
		name  string
		query wire.TokenQuery
		n     int
	}{
		{"all", wire.TokenQuery{}, 1},
		{"by card", wire.TokenQuery{Card: "alice"}, 1},
		{"by listed name", wire.TokenQuery{Card: "test/visa/1"}, 1},
		{"by another card", wire.TokenQuery{Card: "bob"}, 0},
		{"by network", wire.TokenQuery{Network: token.Visa}, 1},
		{"by another network", wire.TokenQuery{Network: token.Mastercard}, 0},
		{"by requestor", wire.TokenQuery{Requestor: "wallet"}, 1},
		{"by another requestor", wire.TokenQuery{Requestor: "other"}, 0},
		{"by status", wire.TokenQuery{Status: token.Active}, 1},
		{"by another status", wire.TokenQuery{Status: token.Suspended}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := stage.Must(w.client.Tokens(t.Context(), tt.query))(t); len(got.Items) != tt.n || got.Total != tt.n {
				t.Errorf("got %d of %d, want %d", len(got.Items), got.Total, tt.n)
			}
		})
	}
}

func TestDoor_Callbacks(t *testing.T) {
	in := newInbox(t)
	w := newWorld(t, settings{notify: in.URL})
	ref := w.token()
	in.answer(http.StatusServiceUnavailable)
	made := stage.Must(w.client.Transition(t.Context(), ref, wire.Transition{Do: "suspend"}))(t).Callbacks[0]
	advance := func(d time.Duration) wire.Settlement {
		by := wire.Duration(d)
		return stage.Must(w.client.Advance(t.Context(), wire.Advance{By: &by}))(t)
	}
	advance(0)
	first := stage.Must(w.client.Callback(t.Context(), made.ID))(t)
	if first.State != "scheduled" || len(first.Attempts) != 1 || first.Attempts[0].Status != 503 || !first.Due.Equal(stage.Start.Add(time.Minute)) {
		t.Errorf("after an answer of 503: %+v", first)
	}
	if got := w.do("POST", "/__admin/v1/callbacks/"+made.ID+"/resend", ""); got.status != 409 || got.problem.Code != wire.CodePending {
		t.Errorf("resending what is scheduled: %d %s", got.status, got.body)
	}
	if s := advance(time.Hour); !s.Settled || s.Sent != 3 || s.Left != 0 {
		t.Errorf("after an hour of retries: %+v", s)
	}
	if failed := stage.Must(w.client.Callbacks(t.Context(), wire.CallbackQuery{State: "failed", Token: ref, Event: token.TokenSuspended, Requestor: "wallet"}))(t); failed.Total != 1 {
		t.Errorf("%d have failed, want 1", failed.Total)
	}
	in.answer(http.StatusOK)
	again := stage.Must(w.client.Resend(t.Context(), made.ID))(t)
	if again.ID != made.ID || again.State != "scheduled" {
		t.Errorf("resent as %+v", again)
	}
	advance(0)
	if last := stage.Must(w.client.Callback(t.Context(), made.ID))(t); last.State != "delivered" || len(last.Attempts) != 5 {
		t.Errorf("after resending: %s with %d attempts", last.State, len(last.Attempts))
	}
}
