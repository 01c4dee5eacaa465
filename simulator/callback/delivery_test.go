package callback_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/token"
)

var at = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

func TestDelivery_AfterEachAttempt(t *testing.T) {
	policy := callback.Policy{Retry: []time.Duration{time.Minute, 5 * time.Minute}}
	d := callback.New("id", &token.Event{At: at}, "http://127.0.0.1:1")
	for i, c := range []struct {
		status int
		state  callback.State
		due    time.Time
	}{
		{500, callback.Scheduled, at.Add(time.Minute)},
		{0, callback.Scheduled, at.Add(5 * time.Minute)},
		{302, callback.Failed, at.Add(5 * time.Minute)},
	} {
		d = d.With(d.After(callback.Attempt{N: i + 1, At: at, Status: c.status}, policy))
		if d.State != c.state || !d.Due.Equal(c.due) || len(d.Attempts) != i+1 {
			t.Errorf("after attempt %d: %s due %s, %d attempts", i+1, d.State, d.Due, len(d.Attempts))
		}
	}
	if d = d.With(d.After(callback.Attempt{Status: 204}, policy)); d.State != callback.Delivered {
		t.Errorf("a 204 leaves it %s", d.State)
	}
}

func TestDelivery_WithoutTargetIsUnrouted(t *testing.T) {
	if d := callback.New("id", &token.Event{}, ""); d.State != callback.Unrouted || d.State.Pending() {
		t.Errorf("state %s", d.State)
	}
}

func TestSchedule_ComesOutByDueThenSequence(t *testing.T) {
	var s callback.Schedule
	for _, it := range []callback.Item{{Due: at.Add(2), Seq: 1, ID: "d"}, {Due: at, Seq: 3, ID: "b"}, {Due: at, Seq: 2, ID: "a"}, {Due: at.Add(1), Seq: 9, ID: "c"}} {
		s.Push(it)
	}
	got := ""
	for s.Len() > 0 {
		got += s.Pop().ID
	}
	if got != "abcd" {
		t.Errorf("order %s", got)
	}
}

type toURL string

func (u toURL) Render(token.Event, callback.Try) (callback.Request, error) {
	return callback.Request{Method: http.MethodPost, URL: string(u)}, nil
}

func TestSender_FollowsNoRedirectAndLogsWhoseNoticeItIs(t *testing.T) {
	hits := 0
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hits++
		http.Redirect(w, r, "/elsewhere", http.StatusFound)
	}))
	defer srv.Close()
	s := callback.NewSender(callback.Options{Wall: clock.Real(), Renderers: map[string]callback.Renderer{"visa": toURL(srv.URL + "/n?eventType=E&apiKey=KEY0001&other=value")}})
	defer s.Close()
	a := s.Send(context.Background(), callback.Delivery{Event: &token.Event{Network: token.Visa}}, at, 5*time.Second)
	if a.Status != http.StatusFound || hits != 1 {
		t.Errorf("status %d after %d requests", a.Status, hits)
	}
	if a.URL != srv.URL+"/n?apiKey=KEY0001&eventType=E&other=%2A" {
		t.Errorf("logged URL %s", a.URL)
	}
}

func TestSender_SaysWhyNoAnswerCame(t *testing.T) {
	hang := make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-hang }))
	defer srv.Close()
	defer close(hang)
	for name, c := range map[string]struct{ url, want string }{
		"a receiver that hangs":    {srv.URL + "/?other=KEY0001", "no answer in time"},
		"a target off loopback":    {"http://192.0.2.1:9/?other=KEY0001", "not allowed"},
		"no server listens":        {"http://127.0.0.1:1/?other=KEY0001", "refused"},
		"a URL that cannot be":     {"gopher://x/?other=KEY0001", "scheme"},
		"metadata of a cloud host": {"http://169.254.169.254/?other=KEY0001", "never a target"},
	} {
		s := callback.NewSender(callback.Options{Wall: clock.Real(), Renderers: map[string]callback.Renderer{"visa": toURL(c.url)}})
		a := s.Send(context.Background(), callback.Delivery{Event: &token.Event{Network: token.Visa}}, at, 50*time.Millisecond)
		s.Close()
		if a.Status != 0 || !strings.Contains(a.Error, c.want) {
			t.Errorf("%s: status %d, error %q", name, a.Status, a.Error)
		}
		if strings.Contains(a.Error+a.URL, "KEY0001") {
			t.Errorf("%s: the value is in the log: %s %s", name, a.URL, a.Error)
		}
	}
}
