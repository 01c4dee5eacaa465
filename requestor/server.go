package requestor

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/requestor/wallet"
	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/token"
)

const (
	// Name is by which events find the face.
	Name = "requestor"
	// Prefix is the first segment of the paths of its notices.
	Prefix = "/requestor"
)

// OpNotice is what the journal calls a notice that arrives here.
const OpNotice token.Operation = "requestor/notice"

// CheckNotice names the check of a notice's signature or encryption.
const CheckNotice = "notice"

// NoticeBase is where an account hears a network, below the network door.
func NoticeBase(account string, n token.Network) string { return Prefix + "/" + account + paths[n] }

// paths are what the base of each network's notices ends in.
var paths = map[token.Network]string{token.Visa: "/vts", token.Mastercard: "/mdes"}

// Server is the requestor on the network door: it hears the networks, and does its
// own work when the queue says so.
type Server struct {
	*face.Skeleton[World, *heard, *refusal]
	worlds face.Registry[World]
}

// New makes the face.
func New(on face.Base[World]) *Server {
	s := &Server{worlds: on.Registry}
	begin := func(n token.Network) func(*door.Exchange) *heard {
		return func(x *door.Exchange) *heard {
			return &heard{Request: face.Request[World]{In: x}, network: n, wall: on.Wall}
		}
	}
	route := func(n token.Network, rest string) face.Route[*heard] {
		return face.Route[*heard]{Op: OpNotice, Method: http.MethodPost, Path: Prefix + "/{account}" + paths[n] + rest, New: begin(n)}
	}
	s.Skeleton = face.New(face.Options[World, *heard, *refusal]{
		Name: Name, Prefix: Prefix, Base: on, About: "the notices of a requestor's account",
		New: begin(""), Routes: []face.Route[*heard]{
			route(token.Visa, "/{kind}"),
			route(token.Mastercard, "/digitization/{env}/1/0/notifyTokenUpdated"),
			route(token.Mastercard, "/digitization/1/0/notifyTokenUpdated"),
		},
	})
	return s
}

// ErrNotice says that the requestor's events are work and send no notices.
var ErrNotice = errors.New("a requestor's work is no notice")

// Render refuses.
func (*Server) Render(ev token.Event, _ callback.Try) (callback.Request, error) {
	return callback.Request{}, fmt.Errorf("%w: %s", ErrNotice, ev.Type)
}

// Work does what an event asks for; see [Work].
func (s *Server) Work(ctx context.Context, ev token.Event) error {
	world, err := s.worlds.Find(ev.Sandbox)
	if err != nil {
		return err
	}
	return Work(ctx, world, ev)
}

// heard is one notice on its way through the face.
type heard struct {
	face.Request[World]
	network   token.Network
	wall      clock.Wall
	requestor *Requestor
	notice    wallet.Notice
	answer    any
}

// refusal is an answer that says no.
type refusal struct {
	status int
	why    string
}

// Reason is what the journal says.
func (f *refusal) Reason() (token.Key, string) { return token.Key(http.StatusText(f.status)), f.why }

// Credential is none: the address names the account.
func (r *heard) Credential() string { return "" }

// Admit finds the account.
func (r *heard) Admit() *refusal {
	q, err := At(r.World, r.In.Param("account"))
	if err != nil {
		return &refusal{http.StatusNotFound, err.Error()}
	}
	r.requestor, r.Caller = q, q.desk.requestor
	r.In.Entry.Requestor = r.Caller
	return nil
}

// Verify judges signature or encryption: nothing is believed that does not verify.
func (r *heard) Verify() *refusal {
	req, err := http.NewRequestWithContext(r.In.Context(), r.In.Method, "http://"+r.In.Host+r.In.RawPath+"?"+r.In.RawQuery, bytes.NewReader(r.In.Body))
	if err != nil {
		return &refusal{http.StatusBadRequest, err.Error()}
	}
	req.Header = r.In.Header
	r.notice, r.answer = r.requestor.desk.wallet.Judge(r.network, req, r.In.Body, r.wall.Now())
	if err := r.notice.Err; err != nil && !errors.Is(err, wallet.ErrBatch) {
		r.Checks.Fail(token.Check{Name: CheckNotice, Expected: "a notice for the requestor " + r.Caller, Received: token.Scrub(err.Error())})
		return &refusal{http.StatusBadRequest, "the notice does not verify"}
	}
	r.Checks.Pass(CheckNotice, "")
	return nil
}

// Read has nothing left to read.
func (r *heard) Read() *refusal { return nil }

// Misread counts nothing: no rule strikes at notices.
func (r *heard) Misread() {}

// Step takes the notice in.
func (r *heard) Step() (out face.Outcome, err error) {
	out.Note = token.Note{At: r.World.Now()}
	if r.notice.Ref != "" {
		out.Note.Tokens = []token.Ref{r.notice.Ref}
	}
	err = r.requestor.Hear(r.In.Context(), r.notice)
	if errors.Is(err, ErrEnded) || err == nil {
		return out, err
	}
	out.Problem = token.Refuse(NetworkServiceError, err.Error())
	return out, nil
}

// Problem asks the network to tell again.
func (r *heard) Problem(p *token.Problem) *refusal {
	return &refusal{http.StatusServiceUnavailable, p.Error()}
}

// Answer is what the network expects.
func (r *heard) Answer() (face.Answer, *refusal) { return face.Answer{Body: r.answer}, nil }

// Trouble words what the skeleton found.
func (r *heard) Trouble(t face.Trouble) *refusal {
	if t.Check.Name != "" {
		r.Checks.Fail(t.Check)
	}
	return &refusal{t.Status, t.Detail}
}

// Say is a refusal without a word, as receivers give it.
func (r *heard) Say(f *refusal) face.Words { return face.Words{Status: f.status} }

// Stamp numbers nothing.
func (r *heard) Stamp() http.Header { return http.Header{} }

// End keeps nothing.
func (r *heard) End() {}
