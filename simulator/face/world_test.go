package face_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/simulator/journal"
	"github.com/pantomime-dev/pantomime/token"
)

// The tests play a face that is no network, in worlds that are no sandboxes: what
// passes here knows neither.

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// island is a world with one caller, whose name is its credential.
type island struct {
	id, caller string
	auth       token.Auth
	trusting   bool
	plan       token.Plan
	journal    *journal.Journal
	quiet      int
	sinks      func() // called when a request finds the world ended

	mu    sync.Mutex
	kept  map[string]any // guarded by mu
	ended bool           // guarded by mu

	misread int // guarded by mu; requests whose form was refused
}

func newIsland(id, caller string) *island {
	return &island{id: id, caller: caller, auth: token.AuthVerify, journal: journal.New(1<<20, nil), kept: map[string]any{}}
}

func (w *island) ID() string                  { return w.id }
func (w *island) Now() time.Time              { return noon }
func (w *island) Journal() *journal.Journal   { return w.journal }
func (w *island) Auth(string) token.Auth      { return w.auth }
func (w *island) Quiet(context.Context) error { w.quiet++; return nil }
func (w *island) Asks(op token.Operation) []token.Ask {
	return []token.Ask{{Part: token.PartHeader, Name: "X-Wish"}}
}

func (w *island) Trusting() string {
	if w.trusting {
		return w.caller
	}
	return ""
}

func (w *island) Ready(caller, face string, prepare func() (any, error)) (any, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if made, ok := w.kept[caller+face]; ok {
		return made, nil
	}
	made, err := prepare()
	if err == nil {
		w.kept[caller+face] = made
	}
	return made, err
}

// sea finds islands.
type sea struct {
	mu      sync.Mutex
	islands map[string]*island // guarded by mu
}

func (s *sea) Find(id string) (*island, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if id == "" {
		id = "home"
	}
	if w, ok := s.islands[id]; ok {
		return w, nil
	}
	return nil, errors.New("no such island")
}

func (s *sea) Owner(face, credential string) (*island, string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, w := range s.islands {
		if face == "postal" && w.caller == credential {
			return w, w.caller, true
		}
	}
	return nil, "", false
}

// no is the face's refusal.
type no struct {
	status int
	why    string
}

func (n *no) Reason() (token.Key, string) { return token.Key(n.why), "the face says " + n.why }

// message is the face's own request: POST /post/{box} with the caller in a header
// and "signed" in another.
type message struct {
	face.Request[*island]
	made *int // accounts made
}

func (r *message) Credential() string { return r.In.Header.Get("X-Caller") }

func (r *message) Admit() *no {
	if r.Caller == "" {
		return nil
	}
	account, err := face.Ready(r.World, r.Caller, "postal", func() (*face.Replays, error) {
		*r.made++
		return face.NewReplays(0), nil
	})
	if err != nil || account == nil {
		return &no{500, "account"}
	}
	return nil
}

func (r *message) Verify() *no {
	if r.Caller != "" && r.In.Header.Get("X-Signed") == "yes" {
		r.Checks.Pass("signature", "")
		return nil
	}
	r.Checks.Fail(token.Check{Name: "signature"})
	return &no{401, "signature"}
}

func (r *message) Read() *no {
	if r.In.Header.Get("X-Panic") != "" {
		panic("a mistake")
	}
	if !bytes.HasPrefix(r.In.Body, []byte("{")) {
		return &no{400, "body"}
	}
	return nil
}

func (r *message) Misread() {
	r.World.mu.Lock()
	defer r.World.mu.Unlock()
	r.World.misread++
}

func (r *message) Step() (out face.Outcome, err error) {
	r.World.mu.Lock()
	defer r.World.mu.Unlock()
	if r.World.ended {
		r.World.sinks()
		return out, errors.New("it sank")
	}
	out.Plan, out.Note = r.World.plan, token.Note{At: noon.Add(time.Hour), Entity: "box " + r.In.Param("box"), EntitySeq: 7}
	if r.In.Header.Get("X-Problem") != "" {
		out.Problem = token.Refuse("full", "the box is full")
	}
	return out, nil
}

func (r *message) Problem(p *token.Problem) *no { return &no{409, string(p.Key)} }

func (r *message) Answer() (face.Answer, *no) {
	return face.Answer{
		Status: 201, Body: map[string]any{"box": r.In.Param("box"), "asked": r.Facts[0].Value},
	}, nil
}

func (r *message) Trouble(t face.Trouble) *no {
	if t.Check.Name != "" {
		r.Checks.Fail(t.Check)
	}
	if t.Kind == face.Foreign {
		t.Status = 403
	}
	return &no{t.Status, t.Detail}
}

func (r *message) Say(n *no) face.Words {
	return face.Words{Status: n.status, Body: map[string]string{"no": n.why}}
}

func (r *message) Stamp() http.Header { return http.Header{"X-Stamp": {"1"}} }

// End keeps nothing.
func (r *message) End() {}

// post is the face.
type post struct {
	*face.Skeleton[*island, *message, *no]
}

func (post) Render(token.Event, callback.Try) (callback.Request, error) {
	return callback.Request{}, errors.New("it sends no notices")
}

// rig is a door with that face and another one behind it.
type rig struct {
	t    *testing.T
	sea  *sea
	home *island
	url  string
	made int
	log  *bytes.Buffer
}

func newRig(t *testing.T) *rig {
	t.Helper()
	s := &rig{t: t, home: newIsland("home", "robin"), log: new(bytes.Buffer)}
	s.sea = &sea{islands: map[string]*island{"home": s.home, "far": newIsland("far", "friday")}}
	wall, logger := clock.Real(), slog.New(slog.NewTextHandler(s.log, nil))
	on := face.Base[*island]{Registry: s.sea, Wall: wall, Logger: logger}
	begin := func(x *door.Exchange) *message { return &message{Request: face.Request[*island]{In: x}, made: &s.made} }
	one := post{face.New(face.Options[*island, *message, *no]{
		Name: "postal", Prefix: "/post", About: "the post", Base: on, New: begin,
		Routes: []face.Route[*message]{
			{Op: "drop", Method: http.MethodPost, Path: "/post/{box}", New: begin},
			{Method: "", Path: "/post/by/air", New: begin, Unplayed: token.Check{Name: "air", Hint: "it is too far"}},
		},
	})}
	other := post{face.New(face.Options[*island, *message, *no]{
		Name: "radio", Prefix: "/radio", About: "the radio", Base: on, New: begin,
	})}
	server := httptest.NewServer(face.NewHandler(door.Door{Wall: wall, Logger: logger}, []face.Face{other, one}))
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

// said is an answer with the newest entry of a world's journal.
type said struct {
	status int
	header http.Header
	body   string
	entry  journal.Entry
}

// send posts a good message with some headers changed: "X-Caller: friday".
func (s *rig) send(in *island, path string, headers ...string) said {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.url+path, strings.NewReader(`{}`))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("X-Caller", "robin")
	req.Header.Set("X-Signed", "yes")
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		req.Header.Set(name, value)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	got := said{status: resp.StatusCode, header: resp.Header, body: string(body)}
	if entries := in.journal.List(journal.Query{Limit: 1}); len(entries) > 0 {
		got.entry = entries[0]
	}
	return got
}

// failed names the check that refused.
func (a said) failed() token.Check {
	c, _ := a.entry.Checks.Failed()
	return c
}

// no reads a refusal.
func (a said) no(t *testing.T) string {
	t.Helper()
	var body struct{ No string }
	if err := json.Unmarshal([]byte(a.body), &body); err != nil {
		t.Fatalf("%q: %v", a.body, err)
	}
	return body.No
}
