package server_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/vts/server"

	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// delivered is a notice as a receiver finds it.
type delivered struct {
	notice  vts.Notice // as it reads, whoever sent it
	failed  string     // the check that refuses it, "" for none
	err     error
	members map[string]any
}

// victim takes every notice and judges it.
type victim struct {
	t      *testing.T
	signer *vts.Signer
	now    func() time.Time
	answer int
	target string

	mu  sync.Mutex
	got []delivered // guarded by mu
}

func (v *victim) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	v.mu.Lock()
	defer v.mu.Unlock()
	body, _ := io.ReadAll(r.Body)
	_, checks, err := vts.VerifyNotice(r, body, v.signer, v.now())
	check, _ := checks.Failed()
	path, query := vts.Target(r)
	notice, unread := vts.ParseNotice(path, query, body)
	if unread != nil {
		v.t.Errorf("a hostile notice that cannot be read: %v", unread)
	}
	v.got = append(v.got, delivered{notice, check.Name, err, parse(v.t, body)})
	rw.WriteHeader(v.answer)
}

// attacked is a world whose receiver is a victim, with one token.
func attacked(t *testing.T) (*world, *victim, *vts.ProvisionResponse) {
	t.Helper()
	w := newWorld(t)
	v := &victim{t: t, now: w.Wall.Now, answer: http.StatusOK}
	target := httptest.NewServer(v)
	t.Cleanup(target.Close)
	v.target = target.URL
	w.box = w.add("attacked", oneCard, target.URL)
	w.who = w.box.Requestors()[0]
	w.client = w.clientOf(w.keys().Signing, w.keys().Encryption)
	v.signer = stage.Must(vts.NewSigner(w.keys().Outbound))(t)
	return w, v, provision(context.Background(), t, w.client)
}

// TestHostile_EachVariant has what each variant does to a notice of a token, and
// what it leaves alone.
func TestHostile_EachVariant(t *testing.T) {
	for name, c := range map[string]struct {
		variants scenarios.Variants
		err      error
		failed   string
		looks    func(t *testing.T, w *world, made *vts.ProvisionResponse, got delivered)
	}{
		"none":            {scenarios.Variants{}, nil, "", asSent},
		"stale-time":      {scenarios.Variants{StaleTime: true}, vts.ErrPayToken, vts.CheckTimestamp, anHourOld},
		"wrong-signature": {scenarios.Variants{WrongSignature: true}, vts.ErrPayToken, vts.CheckHash, asSent},
		"unknown-key":     {scenarios.Variants{UnknownKey: true}, vts.ErrNoticeAPIKey, vts.CheckNoticeAPIKey, underAForeignKey},
		"unknown-token":   {scenarios.Variants{UnknownToken: true}, nil, "", ofNobody},
		"unknown-field":   {scenarios.Variants{UnknownField: true}, nil, "", withAMember},
		"cut-ciphertext":  {scenarios.Variants{CutCiphertext: true}, nil, "", asSent},
	} {
		t.Run(name, func(t *testing.T) {
			w, v, made := attacked(t)
			action := scenarios.Action{Do: "suspend", Notify: c.variants}
			if err := w.box.Act(action, sandbox.Target{Token: token.Ref(made.VProvisionedTokenID)}); err != nil {
				t.Fatal(err)
			}
			w.advance(0)
			if len(v.got) != 1 {
				t.Fatalf("%d notices", len(v.got))
			}
			got := v.got[0]
			if !errors.Is(got.err, c.err) || got.failed != c.failed {
				t.Errorf("refused with %v by %q, want %v by %q", got.err, got.failed, c.err, c.failed)
			}
			if got.notice.EventType != vts.EventTokenStatusUpdated {
				t.Errorf("event type %q", got.notice.EventType)
			}
			c.looks(t, w, made, got)
		})
	}
}

func asSent(t *testing.T, w *world, made *vts.ProvisionResponse, got delivered) {
	t.Helper()
	if got.notice.ID != made.VProvisionedTokenID || !got.notice.Date.Time().Equal(stage.Start) || got.notice.APIKey != w.keys().Outbound.APIKey || len(got.members) != 2 {
		t.Errorf("notice %+v", got)
	}
}

func anHourOld(t *testing.T, _ *world, made *vts.ProvisionResponse, got delivered) {
	t.Helper()
	if got.notice.ID != made.VProvisionedTokenID || !got.notice.Date.Time().Equal(stage.Start.Add(-time.Hour)) {
		t.Errorf("notice %+v", got)
	}
}

func underAForeignKey(t *testing.T, w *world, made *vts.ProvisionResponse, got delivered) {
	t.Helper()
	own := w.keys().Outbound.APIKey
	if _, _, known := w.Registry.Owner(server.Name, strings.ToLower(got.notice.APIKey)); known || got.notice.APIKey == own || len(got.notice.APIKey) != len(own) {
		t.Errorf("API key %q", got.notice.APIKey)
	}
	if got.notice.ID != made.VProvisionedTokenID {
		t.Errorf("notice %+v", got)
	}
}

func ofNobody(t *testing.T, w *world, made *vts.ProvisionResponse, got delivered) {
	t.Helper()
	if !vts.ValidID(got.notice.ID) || got.notice.ID == made.VProvisionedTokenID {
		t.Errorf("notice %+v", got)
	}
	_, err := w.client.GetToken(context.Background(), got.notice.ID)
	refusedAs(t, err, http.StatusNotFound, vts.ReasonInvalidParameter)
}

func withAMember(t *testing.T, _ *world, made *vts.ProvisionResponse, got delivered) {
	t.Helper()
	known := []string{"vProvisionedTokenID", "date", "relationshipID"}
	for _, name := range known {
		delete(got.members, name)
	}
	if got.notice.ID != made.VProvisionedTokenID || len(got.members) != 1 {
		t.Errorf("members besides the known: %v", got.members)
	}
}

// TestHostile_CardNotices has the variants of notices that name no token.
func TestHostile_CardNotices(t *testing.T) {
	w, v, made := attacked(t)
	variants := scenarios.Variants{UnknownToken: true, UnknownField: true, StaleTime: true, Duplicate: 1}
	if err := w.box.Act(scenarios.Action{Do: "replace-pan", Notify: variants}, sandbox.Target{Card: "alice"}); err != nil {
		t.Fatal(err)
	}
	w.advance(0)
	if len(v.got) != 2 {
		t.Fatalf("%d notices", len(v.got))
	}
	for _, got := range v.got {
		if got.notice.Kind != vts.NoticePAN || got.notice.ID == made.VPanEnrollmentID || got.failed != vts.CheckTimestamp || len(got.members) != 3 {
			t.Errorf("notice %+v", got)
		}
		_, err := w.client.CardMetadata(context.Background(), got.notice.ID)
		refusedAs(t, err, http.StatusNotFound, vts.ReasonInvalidParameter)
	}
	if v.got[0].notice.ID != v.got[1].notice.ID {
		t.Error("two notices of one event name two cards")
	}
}

// TestHostile_StaysOverAttempts keeps the variant when the receiver refuses.
func TestHostile_StaysOverAttempts(t *testing.T) {
	w, v, made := attacked(t)
	v.answer = http.StatusInternalServerError
	action := scenarios.Action{Do: "suspend", Notify: scenarios.Variants{WrongSignature: true}}
	if err := w.box.Act(action, sandbox.Target{Token: token.Ref(made.VProvisionedTokenID)}); err != nil {
		t.Fatal(err)
	}
	w.advance(24 * time.Hour)
	if len(v.got) < 2 {
		t.Fatalf("%d attempts", len(v.got))
	}
	for n, got := range v.got {
		if got.failed != vts.CheckHash {
			t.Errorf("attempt %d: refused by %q", n+1, got.failed)
		}
	}
}
