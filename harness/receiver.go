package harness

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/pantomime-dev/pantomime/token"
)

// maxNotice bounds what is read of a notice.
const maxNotice = 1 << 20

// Notice is one request that came to the receiver. Request's body has been
// read into Body.
type Notice struct {
	Request *http.Request
	Body    []byte
}

// About says which token or card a notice is about, "" for one it cannot
// read.
type About func(Notice) string

// Receiver is a real notice endpoint on one address. It keeps what comes, by
// the token or card it is about, and answers 200 and {} by default.
type Receiver struct {
	listener net.Listener
	server   *http.Server

	mu      sync.Mutex
	about   []About             // guarded by mu
	came    map[string][]Notice // guarded by mu
	unread  int                 // guarded by mu; notices that no reader understood
	plans   map[string][]Reply  // guarded by mu
	changed chan struct{}       // guarded by mu; closed and replaced with each notice
	told    map[string]int      // guarded by mu; how many of id are in a report
}

// Reply is what the receiver does with one notice.
type Reply struct {
	Status int             // 0: 200
	Before func(n Notice)  // called before the answer is written
	Hang   <-chan struct{} // the answer waits until it is closed
}

// NewReceiver listens on an address, "127.0.0.1:0" for any free port.
func NewReceiver(ctx context.Context, listen string) (*Receiver, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", listen)
	if err != nil {
		return nil, err
	}
	r := &Receiver{
		listener: listener, came: map[string][]Notice{}, plans: map[string][]Reply{}, told: map[string]int{}, changed: make(chan struct{}),
	}
	r.server = &http.Server{Handler: http.HandlerFunc(r.serve), ReadHeaderTimeout: 10 * time.Second}
	go func() {
		// Serve's error is that of Close; any other shows as missing notices.
		_ = r.server.Serve(listener)
	}()
	return r, nil
}

// URL is the base URL of the receiver.
func (r *Receiver) URL() string { return "http://" + r.listener.Addr().String() }

// Close stops listening and drops what is in progress.
func (r *Receiver) Close() error { return r.server.Close() }

// Understand adds a way to say what notices are about.
func (r *Receiver) Understand(about About) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.about = append(r.about, about)
}

// Plan says what to do with the next notices about id, one reply each.
func (r *Receiver) Plan(id string, replies ...Reply) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.plans[id] = append(r.plans[id], replies...)
}

// About lists what has come about id so far.
func (r *Receiver) About(id string) []Notice {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]Notice(nil), r.came[id]...)
}

// untold are those of the notices about id that no report shows yet.
func (r *Receiver) untold(id string, came []Notice) []Notice {
	r.mu.Lock()
	defer r.mu.Unlock()
	fresh := came[min(r.told[id], len(came)):]
	r.told[id] = max(r.told[id], len(came))
	return fresh
}

// ErrNoNotice says that a notice did not come.
var ErrNoNotice = errors.New("no notice came")

// Wait returns the notices about id once there are at least n.
func (r *Receiver) Wait(ctx context.Context, id string, n int, patience time.Duration) ([]Notice, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		r.mu.Lock()
		came, changed, unread := append([]Notice(nil), r.came[id]...), r.changed, r.unread
		r.mu.Unlock()
		if len(came) >= n {
			return came, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return came, fmt.Errorf("%w: %d of %d about %s within %s (%d came that could not be read)",
				ErrNoNotice, len(came), n, token.Scrub(id), patience, unread)
		}
	}
}

func (r *Receiver) serve(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, req.Body, maxNotice))
	if err != nil {
		http.Error(w, "notice not read", http.StatusBadRequest)
		return
	}
	notice := Notice{Request: req, Body: body}
	reply := r.take(notice)
	if reply.Before != nil {
		reply.Before(notice)
	}
	if reply.Hang != nil {
		select {
		case <-reply.Hang:
		case <-req.Context().Done():
		}
	}
	w.Header().Set("Content-Type", "application/json")
	if reply.Status != 0 {
		w.WriteHeader(reply.Status)
	}
	_, _ = io.WriteString(w, "{}")
}

// take files a notice and picks the reply planned for it.
func (r *Receiver) take(n Notice) Reply {
	r.mu.Lock()
	defer r.mu.Unlock()
	defer func() {
		close(r.changed)
		r.changed = make(chan struct{})
	}()
	for _, about := range r.about {
		id := about(n)
		if id == "" {
			continue
		}
		r.came[id] = append(r.came[id], n)
		plan := r.plans[id]
		if len(plan) == 0 {
			return Reply{}
		}
		r.plans[id] = plan[1:]
		return plan[0]
	}
	r.unread++
	return Reply{}
}
