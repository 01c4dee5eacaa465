package pantomime

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/requestor"
	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

// worlds are the sandboxes as token requestors that the simulator plays see them.
type worlds struct {
	registry *sandbox.Registry
	guard    func(pan string) bool
	base     string       // of the network door, as clients sign it
	http     *http.Client // leads there
}

// Find returns a world by its id; "" is the default one.
func (w *worlds) Find(id string) (requestor.World, error) {
	box, err := w.registry.Find(id)
	if err != nil {
		return nil, err
	}
	return &world{box, w}, nil
}

// Owner finds none: accounts are named by the address.
func (w *worlds) Owner(string, string) (requestor.World, string, bool) { return nil, "", false }

// world is one sandbox.
type world struct {
	*sandbox.Sandbox
	all *worlds
}

// Account translates an account.
func (w *world) Account(name string) (requestor.Account, bool) {
	a, ok := w.Sandbox.Account(name)
	out := requestor.Account{Name: a.Name, Requestor: a.Requestor, Features: requestor.Features(a.Features), Timeout: a.Timeout}
	for _, g := range a.Gateways {
		abilities := make([]requestor.Ability, len(g.For))
		for i, able := range g.For {
			abilities[i] = requestor.Ability(able)
		}
		out.Gateways = append(out.Gateways, requestor.Gateway{Name: g.Name, Tokens: g.Tokens, For: abilities, OptIn: g.OptIn, Enabled: g.Enabled})
	}
	return out, ok
}

// Match lets rules strike at a request to the requestor itself.
func (w *world) Match(c requestor.Call) (face.Outcome, error) {
	a, ok := w.Sandbox.Account(c.Account)
	if !ok {
		return face.Outcome{}, fmt.Errorf("%q: %w", c.Account, requestor.ErrAccount)
	}
	result, plan, err := w.Do(sandbox.Call{
		Op: c.Op, Network: c.Card.Network(), Effect: sandbox.EffectNothing, Requestor: a.Requestor, Account: c.Account,
		Subject: sandbox.Subject{Card: sandbox.CardInput{PAN: c.Card}, Token: c.Token}, Facts: c.Facts,
	})
	return face.Outcome{Note: result.Note, Plan: plan, Problem: result.Problem}, ended(err)
}

// Keys lists the keys of records.
func (w *world) Keys(folder string) []string { return w.RecordKeys(folder) }

// Put keeps a record.
func (w *world) Put(key string, value []byte, expect uint64) (uint64, error) {
	number, err := w.PutRecord(key, value, expect)
	if errors.Is(err, sandbox.ErrRecordChanged) {
		err = fmt.Errorf("%w: %w", requestor.ErrChanged, err)
	}
	return number, ended(err)
}

// Send queues an event.
func (w *world) Send(ev token.Event, target string, after time.Duration) error {
	return ended(w.Sandbox.Send(ev, target, after))
}

// ended words the end of a sandbox for a requestor.
func ended(err error) error {
	if errors.Is(err, sandbox.ErrEnded) {
		return fmt.Errorf("%w: %w", requestor.ErrEnded, err)
	}
	return err
}

// Links are what anybody gets from the control door.
func (w *world) Links(name string) (requestor.Links, error) {
	r, ok := w.Requestor(name)
	if !ok {
		return requestor.Links{}, fmt.Errorf("requestor %q: %w", name, sandbox.ErrUnknown)
	}
	shown := map[string]any{"requestor": r.Name, "trid": r.TRID}
	for _, p := range parties {
		keys, err := p.keys.Shown(r.Keys(p.keys.Name()))
		if err != nil {
			return requestor.Links{}, err
		}
		shown[p.keys.Name()] = keys
	}
	var credentials control.Credentials
	if err := again(shown, &credentials); err != nil {
		return requestor.Links{}, err
	}
	return requestor.Links{BaseURL: control.BaseURLs(w.at("")), Env: mdes.MTF, Credentials: Credentials(credentials), HTTP: w.all.http}, nil
}

// at is a URL of this sandbox's at the network door.
func (w *world) at(path string) string { return w.all.at(w.ID(), path) }

func (w *worlds) at(id, path string) string {
	if id == sandbox.Default {
		return w.base + path
	}
	return w.base + "/s/" + id + path
}

// again reads one value as another by its JSON.
func again(from, into any) error {
	text, err := door.JSON(from)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}

// Admits reports whether a card number may be kept.
func (w *world) Admits(pan string) bool { return w.all.guard(pan) }

// newWorlds makes the requestors' own way to the network door: to the address
// that it listens on, whatever name clients know it by, and without a proxy.
func (s *Simulator) newWorlds(guard func(pan string) bool) *worlds {
	dial := s.options.Dial
	if dial == nil {
		dial = new(net.Dialer).DialContext
	}
	there := strings.TrimPrefix(s.networkAt.url(), "http://")
	if _, isSocket := s.networkAt.socket(); !isSocket {
		there += ":80" // as a client dials a name
	}
	home := func(ctx context.Context, _, _ string) (net.Conn, error) { return dial(ctx, "tcp", there) }
	transport := &http.Transport{DialContext: home, DialTLSContext: home, MaxIdleConnsPerHost: idleConnections, IdleConnTimeout: time.Minute}
	return &worlds{registry: s.registry, guard: guard, base: s.NetworkURL(), http: &http.Client{
		Transport:     requestor.Tracing{RoundTripper: transport},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// idleConnections are kept for the next request of an account.
const idleConnections = 64

// World is a sandbox as token requestors see it, for a dialect of yours; "" is the
// default one.
func (s *Simulator) World(box string) (requestor.World, error) { return s.worlds.Find(box) }

// Account opens a merchant's account of a token requestor that the simulator
// plays, in a sandbox; "" is the default one.
func (s *Simulator) Account(box, name string) (*requestor.Requestor, error) {
	w, err := s.World(box)
	if err != nil {
		return nil, err
	}
	return requestor.At(w, name)
}

// report is what the control door shows of an account's work.
func (w *worlds) report(box *sandbox.Sandbox, account string) (any, error) {
	q, err := requestor.At(&world{box, w}, account)
	if err != nil {
		return nil, err
	}
	return q.Report(), nil
}

// hears is where an account hears a network. Notices come from this machine, so
// the address counts, not the name that clients know the door by.
func (s *Simulator) hears(box, account string, n token.Network) string {
	own := worlds{base: s.networkAt.url()}
	return own.at(box, requestor.NoticeBase(account, n))
}
