package pantomime_test

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/internal/sweep"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/journal"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
)

// asked is what came of a bad request.
type asked struct {
	status int
	header http.Header
	body   []byte
	took   time.Duration
	err    error
}

// library reports whether the HTTP library answered, which has no hook for a request
// that it cannot read, a transfer coding that it does not have and an expectation
// that it does not meet (docs/wire/vts.md). It may cut the connection right after.
func (a asked) library() bool {
	plain := strings.HasPrefix(a.header.Get("Content-Type"), "text/plain")
	return plain && slices.Contains([]int{400, 431, 501, 505}, a.status) || a.status == http.StatusExpectationFailed
}

// send writes raw bytes to a door and reads what it answers. With cut the client
// writes no more afterwards, and says so.
func (b badRequest) send(t *testing.T, address string) (a asked) {
	t.Helper()
	conn := stage.Must(net.Dial("tcp", address))(t)
	defer conn.Close()
	start := clock.Real().Now()
	_ = conn.SetDeadline(start.Add(10 * time.Second))
	go func() {
		_, _ = conn.Write(b.raw) // a refusal may come before all is written
		if b.cut {
			_ = conn.(*net.TCPConn).CloseWrite()
		}
	}()
	in, to := bufio.NewReader(conn), &http.Request{Method: b.method}
	resp, err := http.ReadResponse(in, to)
	if err == nil && resp.StatusCode == http.StatusContinue {
		resp, err = http.ReadResponse(in, to)
	}
	if err != nil {
		return asked{err: err, took: clock.Real().Now().Sub(start)}
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return asked{resp.StatusCode, resp.Header, body, clock.Real().Now().Sub(start), err}
}

// entries counts the exchanges of all sandboxes.
func entries(boxes []*sandbox.Sandbox) (n uint64) {
	for _, box := range boxes {
		n += box.Journal().Dropped() + uint64(box.Journal().Find(journal.Query{Limit: 1}).Total)
	}
	return n
}

// Whatever comes in at a door, an answer goes out soon: no fault of our own, no
// empty success, and at the network door nothing that the journal does not know.
func TestDoors_BadRequestsAreAnswered(t *testing.T) {
	sim := started(t, pantomime.Options{})
	open := stage.Scenario(t, "version: 1\nname: open\nrequestors: { wallet: { auth: off } }\n")
	boxes := []*sandbox.Sandbox{sim.Sandbox(), stage.Must(sim.Factory().Create(sandbox.Request{ID: "open", Scenario: open}))(t)}
	network, control := sim.Bound()
	for seed := range uint64(sweep.Rounds(t, 1, 10)) {
		t.Logf("seed %d", seed)
		g := newBadRequests(t, seed, sim)
		distinct, statuses := map[string]bool{}, map[int]int{}
		for len(distinct) < 1200 {
			b := g.next()
			if distinct[string(b.raw)] {
				continue
			}
			distinct[string(b.raw)] = true
			address, before := network, entries(boxes)
			if b.control {
				address = control
			}
			a := b.send(t, address)
			statuses[a.status]++
			if why := b.wrong(a, entries(boxes)-before); why != "" {
				t.Errorf("seed %d: %s: %d %.200q after %s, %v\n%.400q", seed, why, a.status, a.body, a.took, a.err, b.raw)
			}
		}
		t.Logf("answered %v", statuses)
	}
}

// wrong says what is wrong with an answer.
func (b badRequest) wrong(a asked, journaled uint64) string {
	const longest = 2 * time.Second
	switch {
	case a.took > longest:
		return "a late answer"
	case a.library():
		return ""
	case a.err != nil && (!b.stray || a.status == 0): // bytes that belong to no request cut what is not read yet
		return "no answer"
	case a.status >= 500:
		return "a fault of our own"
	case a.status == http.StatusOK && len(a.body) == 0 && b.method != http.MethodHead:
		return "an empty success"
	case !b.control && journaled != 1:
		return fmt.Sprint(journaled, " entries in the journal")
	}
	return ""
}

// badRequest is one that somebody might send.
type badRequest struct {
	method  string
	control bool // at the control door
	cut     bool // the client's half of the connection ends behind it
	stray   bool // bytes follow that belong to no request
	raw     []byte
}

// badRequests makes them, the same ones from the same seed.
type badRequests struct {
	*rand.Rand
	keys   []string // credentials that are known
	bodies []string // of requests that are right

	merchant string // credentials of the acquirer, as basic authentication has them
}

func newBadRequests(t *testing.T, seed uint64, sim *pantomime.Simulator) *badRequests {
	t.Helper()
	_, admin := sim, stage.Must(newAdmin(sim))(t)
	env := stage.Must(admin.Env(t.Context()))(t)
	who := env.Requestors[0]
	g := &badRequests{Rand: rand.New(rand.NewPCG(seed, 1)), keys: []string{who.Visa.Signing.APIKey, who.Visa.Encryption.APIKey, who.Mastercard.ConsumerKey}}
	for _, story := range scenarios.Library()[:5] {
		g.bodies = append(g.bodies, string(story.Data))
	}
	g.bodies = append(g.bodies, goldenBodies(t)...)
	g.merchant = base64.StdEncoding.EncodeToString([]byte(who.Acquirer.Key + ":" + string(who.Acquirer.Secret)))
	for range 12 { // one for a few of the networks'
		g.bodies = append(g.bodies, `{"reference": "r-1", "amount": {"value": 4200, "currency": "EUR"}, "merchant": {"id": "m-1", "category": "5732", "country": "DE"}, "instrument": {"type": "card", "number": "4622943120000600", "expiryMonth": "12", "expiryYear": "2029"}}`)
	}
	return g
}

// pick is one of a few.
func pick[T any](g *badRequests, of ...T) T { return of[g.IntN(len(of))] }

// mostly is the first in two cases of three, else one of the others.
func mostly(g *badRequests, usual string, of ...string) string {
	if g.IntN(3) > 0 {
		return usual
	}
	return pick(g, of...)
}

func (g *badRequests) next() badRequest {
	b := badRequest{control: g.IntN(4) == 0}
	paths := networkPaths()
	if b.control {
		paths = controlPaths()
	}
	usual := pick(g, paths...)
	b.method = mostly(g, usual.method, "GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "HEAD", "post", "FOO", "BREW-COFFEE")
	target := g.path(usual.path)
	if g.IntN(2) == 0 {
		target += "?" + g.query()
	}
	body := g.body()
	f, version := g.frame(body), mostly(g, "HTTP/1.1", "HTTP/1.0")
	lines := slices.Concat([]string{b.method + " " + target + " " + version}, g.headers(), f.head, []string{"Connection: close"})
	b.cut, b.stray = f.cut, f.stray || version == "HTTP/1.0" // which knows no chunks
	b.raw = []byte(strings.Join(lines, "\r\n") + "\r\n\r\n" + f.sent)
	return b
}
