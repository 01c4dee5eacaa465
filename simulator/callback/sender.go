package callback

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/token"
)

// maxAnswer is how much of a receiver's answer is read; it is not used.
const maxAnswer = 64 << 10

// Sender carries out attempts over HTTP.
type Sender struct {
	wall      clock.Wall
	client    *http.Client
	renderers map[string]Renderer
	inquirer  Inquirer
	targets   token.Targets
	asking    context.Context // ends when no issuer is asked any longer
	hurry     context.CancelFunc
}

// Options say how notices leave.
type Options struct {
	Wall      clock.Wall
	Targets   token.Targets
	Renderers map[string]Renderer // by the name of the face
	Inquirer  Inquirer            // words what issuers' endpoints are asked
	// Dial opens connections; nil is TCP, where the target rules judge the address
	// that is dialled. Another one is asked for addresses as URLs name them, and
	// only those are judged.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// NewSender makes a sender that obeys the target rules, follows no redirect
// and ignores proxy variables.
func NewSender(o Options) *Sender {
	targets := o.Targets
	dial := (&net.Dialer{Timeout: 5 * time.Second, Control: dialled(targets)}).DialContext
	if o.Dial != nil {
		dial = func(ctx context.Context, network, address string) (net.Conn, error) {
			if err := targets.CheckURL("http://" + address); err != nil {
				return nil, err
			}
			return o.Dial(ctx, network, address)
		}
	}
	transport := &http.Transport{
		DialContext: dial, MaxIdleConnsPerHost: 32, IdleConnTimeout: 30 * time.Second,
		TLSHandshakeTimeout: 5 * time.Second, ForceAttemptHTTP2: true,
	}
	s := &Sender{wall: o.Wall, renderers: o.Renderers, inquirer: o.Inquirer, targets: targets, client: &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	s.asking, s.hurry = context.WithCancel(context.Background())
	return s
}

// dialled is the net.Dialer hook that applies the rules.
func dialled(targets token.Targets) func(network, address string, _ syscall.RawConn) error {
	return func(_, address string, _ syscall.RawConn) error {
		addr, err := netip.ParseAddrPort(address)
		if err != nil {
			return fmt.Errorf("%w: %w", token.ErrTarget, err)
		}
		return targets.Check(addr)
	}
}

// Permits judges a target before anything is sent there; see
// [token.Targets.CheckURL].
func (s *Sender) Permits(target string) error { return s.targets.CheckURL(target) }

// Hurry lets no issuer's endpoint take any longer to answer.
func (s *Sender) Hurry() { s.hurry() }

// Close drops idle connections.
func (s *Sender) Close() {
	s.hurry()
	s.client.CloseIdleConnections()
}

// Send makes one attempt of a delivery and reports it; at is sandbox time. It
// never fails: what went wrong is in the attempt.
func (s *Sender) Send(ctx context.Context, d Delivery, at time.Time, timeout time.Duration) Attempt {
	a := Attempt{N: len(d.Attempts) + 1, At: at}
	renderer, ok := s.renderers[d.Event.Face()]
	if !ok {
		a.Error = fmt.Sprintf("no renderer for %s", d.Event.Face())
		return a
	}
	if worker, does := renderer.(Worker); does {
		return s.work(ctx, worker, d, a)
	}
	req, err := renderer.Render(*d.Event, Try{Delivery: d.ID, N: a.N, Target: d.Target})
	if err != nil {
		a.Error = "render: " + err.Error()
		return a
	}
	a.URL, a.Body = withoutValues(req.URL), req.Masked
	start := s.wall.Now()
	a.Status, err = s.post(ctx, req, timeout)
	a.Took = s.wall.Now().Sub(start)
	if err != nil {
		a.Error, a.Final = explain(err), errors.Is(err, token.ErrTarget)
	}
	return a
}

// workTime is how long one attempt of work may take, in wall time. It asks the
// networks, which may be slow.
const workTime = time.Minute

// work has a party do what the event asks for.
func (s *Sender) work(ctx context.Context, w Worker, d Delivery, a Attempt) Attempt {
	ctx, cancel := context.WithTimeout(ctx, workTime)
	defer cancel()
	start := s.wall.Now()
	err := w.Work(ctx, *d.Event)
	a.URL, a.Took = d.Target, s.wall.Now().Sub(start)
	if err != nil {
		a.Error = explain(err)
		return a
	}
	a.Status = http.StatusOK
	return a
}

func (s *Sender) post(ctx context.Context, req Request, timeout time.Duration) (status int, err error) {
	status, _, err = s.exchange(ctx, req, timeout, 0)
	return status, err
}

// exchange sends a request and reads its answer to the end, of which it keeps so
// many bytes. Longer ones than maxAnswer are cut.
func (s *Sender) exchange(ctx context.Context, req Request, timeout time.Duration, keep int64) (status int, body []byte, err error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	out, err := http.NewRequestWithContext(ctx, req.Method, req.URL, bytes.NewReader(req.Body))
	if err != nil {
		return 0, nil, err
	}
	if req.Header != nil {
		out.Header = req.Header
	}
	resp, err := s.client.Do(out)
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	if keep > 0 {
		if body, err = io.ReadAll(io.LimitReader(resp.Body, keep)); err != nil {
			return resp.StatusCode, nil, err
		}
	}
	_, err = io.Copy(io.Discard, io.LimitReader(resp.Body, maxAnswer))
	return resp.StatusCode, body, err
}

// explain says what went wrong without repeating the URL, which the attempt
// reports besides it.
func explain(err error) string {
	var ue *url.Error
	if errors.As(err, &ue) {
		err = ue.Err
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return "no answer in time"
	case errors.Is(err, context.Canceled):
		return "given up"
	}
	return err.Error()
}

// withoutValues keeps a URL readable and its query values out of the log, but
// for those that say what the notice is: its kind, and by the API key, which is
// no secret (see [token.Check]), whose it is.
func withoutValues(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	q := u.Query()
	for k := range q {
		if k != "eventType" && k != "apiKey" {
			q.Set(k, "*")
		}
	}
	u.RawQuery = q.Encode()
	return u.String()
}
