package pantomime_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/internal/stage"
)

// pipes is a network without sockets: whoever dials a name gets one end of a
// net.Pipe, and the listener of that name the other.
type pipes struct {
	mu        sync.Mutex
	listeners map[string]*pipeListener // guarded by mu
}

func newPipes() *pipes { return &pipes{listeners: map[string]*pipeListener{}} }

func (p *pipes) listen(_, address string) (net.Listener, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	l := &pipeListener{name: address, conns: make(chan net.Conn), closed: make(chan struct{})}
	p.listeners[address+":80"] = l
	return l, nil
}

func (p *pipes) dial(ctx context.Context, _, address string) (net.Conn, error) {
	p.mu.Lock()
	l := p.listeners[address]
	p.mu.Unlock()
	if l == nil {
		return nil, fmt.Errorf("no server listens at %s", address)
	}
	here, there := net.Pipe()
	select {
	case l.conns <- there:
		return here, nil
	case <-l.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

type pipeListener struct {
	name   string
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

// Accept implements net.Listener.
func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener.
func (l *pipeListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

// Addr implements net.Listener.
func (l *pipeListener) Addr() net.Addr { return l }

// Network and String make the listener its own address.
func (l *pipeListener) Network() string { return "pipe" }

func (l *pipeListener) String() string { return l.name }

// TestStart_WithoutSockets plays both networks' stories, notices and the control
// door included, over net.Pipe alone.
func TestStart_WithoutSockets(t *testing.T) {
	in := newPipes()
	reported := make(chan string, 64)
	receiver := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		reported <- r.URL.Path
	})}
	at, _ := in.listen("", "receiver.example")
	go func() { _ = receiver.Serve(at) }()
	t.Cleanup(func() { _ = receiver.Close() })

	sim := started(t, pantomime.Options{
		Network: "network.example", Admin: "admin.localhost", Listen: in.listen, Dial: in.dial,
		Notify: "http://receiver.example/hook", ClockMode: clock.Manual, ClockStart: noon,
	})
	via := &http.Client{Transport: &http.Transport{DialContext: in.dial}}
	t.Cleanup(via.CloseIdleConnections)
	w := &world{sim: sim, admin: stage.Must(control.New(sim.AdminURL(), via, ""))(t)}
	w.target = stage.Must(harness.AskTarget(t.Context(), w.admin))(t)
	w.visa = stage.Must(w.target.Visa.Client(clock.Real(), via))(t)
	w.mc = stage.Must(w.target.Mastercard.Client(clock.Real(), via))(t)
	w.playAll(t, 2, 2)
	for range 6 { // of two Visa tokens: suspended, resumed, deleted
		if path := <-reported; path != "/hook/provisionedToken" {
			t.Errorf("a notice came to %s", path)
		}
	}
	if sim.NetworkURL() != "http://network.example" || sim.AdminToken() != "" {
		t.Errorf("%s, token %q", sim.NetworkURL(), sim.AdminToken())
	}
}

// A start must stay cheap enough to have one for every test. The two are started
// in turn, so that what else the machine does slows both; a machine that was busy
// in the middle gets another chance.
func TestStart_CostsAtMostTenEmptyServers(t *testing.T) {
	const rounds, most, chances = 20, 10, 3
	for chance := 1; ; chance++ {
		var empty, whole []time.Duration
		for range rounds {
			empty = append(empty, startEmpty(t))
			whole = append(whole, startWhole(t))
		}
		slices.Sort(empty)
		slices.Sort(whole)
		t.Logf("median of %d starts to the first answer: the whole %s, an empty gin server %s", rounds, whole[rounds/2], empty[rounds/2])
		switch {
		case whole[rounds/2] <= most*empty[rounds/2]:
			return
		case chance == chances:
			t.Fatalf("%d times, starting took more than %d times as long as an empty server", chances, most)
		}
	}
}

// startEmpty starts a gin server with one route and says how long its first
// answer took.
func startEmpty(t *testing.T) time.Duration {
	t.Helper()
	began := time.Now()
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	engine.GET("/", func(c *gin.Context) { c.Status(http.StatusOK) })
	at := stage.Must(net.Listen("tcp", "127.0.0.1:0"))(t)
	srv := &http.Server{Handler: engine, ReadHeaderTimeout: time.Minute}
	go func() { _ = srv.Serve(at) }()
	defer func() { _ = srv.Close() }()
	stage.Must(http.Get("http://" + at.Addr().String() + "/"))(t).Body.Close()
	return time.Since(began)
}

// startWhole starts everything and says how long the first answer took.
func startWhole(t *testing.T) time.Duration {
	t.Helper()
	began := time.Now()
	sim := stage.Must(pantomime.Start(pantomime.Options{}))(t)
	defer func() { _ = sim.Stop(context.Background()) }()
	stage.Must(http.Get(sim.NetworkURL() + "/"))(t).Body.Close()
	return time.Since(began)
}
