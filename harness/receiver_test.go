package harness_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/harness"
)

// newReceiver distinguishes notices by what is in their body.
func newReceiver(t *testing.T) *harness.Receiver {
	t.Helper()
	r, err := harness.NewReceiver(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	r.Understand(func(n harness.Notice) string { return strings.TrimPrefix(string(n.Body), "about ") })
	return r
}

func post(t *testing.T, url, body string) (status int, answer string) {
	t.Helper()
	resp, err := http.Post(url, "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

func TestReceiver_KeepsNoticesApart(t *testing.T) {
	r := newReceiver(t)
	for _, body := range []string{"about a", "about b", "about a"} {
		if status, answer := post(t, r.URL()+"/path?x=1", body); status != 200 || answer != "{}" {
			t.Errorf("answered %d %q", status, answer)
		}
	}
	came, err := r.Wait(t.Context(), "a", 2, time.Second)
	if err != nil || len(came) != 2 || came[1].Request.URL.Path != "/path" || !bytes.Equal(came[1].Body, []byte("about a")) {
		t.Errorf("%v, %v", came, err)
	}
	if len(r.About("b")) != 1 || len(r.About("c")) != 0 {
		t.Errorf("b %d, c %d", len(r.About("b")), len(r.About("c")))
	}
	post(t, r.URL(), "about ")
	if _, err := r.Wait(t.Context(), "c", 1, 0); err == nil || !strings.Contains(err.Error(), "(1 came that could not be read)") {
		t.Errorf("after a notice that cannot be read: %v", err)
	}
}

func TestReceiver_PlansAreUsedUp(t *testing.T) {
	r := newReceiver(t)
	seen := make(chan string, 1)
	r.Plan("a", harness.Reply{Status: 500}, harness.Reply{Before: func(n harness.Notice) { seen <- string(n.Body) }})
	var got []int
	for range 3 {
		status, _ := post(t, r.URL(), "about a")
		got = append(got, status)
	}
	if got[0] != 500 || got[1] != 200 || got[2] != 200 || <-seen != "about a" {
		t.Errorf("answered %v", got)
	}
}

func TestReceiver_WaitEnds(t *testing.T) {
	r := newReceiver(t)
	release := make(chan struct{})
	r.Plan("a", harness.Reply{Hang: release})
	done := make(chan int, 1)
	go func() {
		status, _ := post(t, r.URL(), "about a")
		done <- status
	}()
	if _, err := r.Wait(t.Context(), "a", 1, 5*time.Second); err != nil {
		t.Error("a notice in progress does not count:", err)
	}
	close(release)
	if status := <-done; status != 200 {
		t.Errorf("the hanging notice got %d", status)
	}
	came, err := r.Wait(t.Context(), "a", 2, time.Millisecond)
	if !errors.Is(err, harness.ErrNoNotice) || len(came) != 1 {
		t.Errorf("%d came, %v", len(came), err)
	}
	if _, err := harness.NewReceiver(t.Context(), strings.TrimPrefix(r.URL(), "http://")); err == nil {
		t.Error("two receivers share an address")
	}
}
