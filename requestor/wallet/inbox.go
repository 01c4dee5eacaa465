package wallet

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// ErrUnknownKey says that a notice is for none of the wallets that the inbox
// belongs to.
var ErrUnknownKey = errors.New("no wallet of this inbox has the key")

// ErrBatch says that a notice is verified and about several tokens, which those
// of a life-cycle change are not.
var ErrBatch = errors.New("the notice is not about one token")

// Notice is one that arrived and was judged.
type Notice struct {
	Network token.Network
	TRID    token.TRID   // of the requestor whose keys it fits; "" when it did not verify
	Says    string       // what it says of itself: TOKEN_STATUS_UPDATED, panMetadata, notifyTokenUpdated
	How     string       // how it was verified
	Ref     token.Ref    // of the token; of the enrolment in a panMetadata notice
	Status  token.Status // Mastercard's tell the status; Visa's do not
	Shows   []Shown      // Mastercard's: the tokens that it is about, as it shows them
	Err     error        // it did not verify, and nothing of it is believed; ErrBatch is about the number of tokens alone
}

// Inbox receives notices as a token requestor does: nothing is believed that
// does not verify. It may be used by several goroutines at once.
type Inbox struct {
	wall    clock.Wall
	tell    func(Notice)
	takeAll bool
	url     string
	server  *http.Server
	serving sync.WaitGroup

	mu      sync.RWMutex
	wallets []*Wallet // guarded by mu; whose keys judge
}

// InboxOptions say how an inbox behaves.
type InboxOptions struct {
	Wall    clock.Wall   // nil is the machine's clock
	Tell    func(Notice) // gets each notice before it is answered; nil looks at none
	TakeAll bool         // answers 200 also to what does not verify; else 400
}

// maxNotice bounds the body of a notice; a huge batch has some hundred KiB.
const maxNotice = 1 << 20

// OpenInbox listens on a free loopback port, until Close.
func OpenInbox(o InboxOptions) (*Inbox, error) {
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	in := &Inbox{wall: o.Wall, tell: o.Tell, takeAll: o.TakeAll, url: "http://" + listener.Addr().String() + "/notices"}
	if in.wall == nil {
		in.wall = clock.Real()
	}
	in.server = &http.Server{Handler: http.HandlerFunc(in.receive), ReadTimeout: 10 * time.Second, IdleTimeout: time.Minute}
	in.serving.Go(func() { _ = in.server.Serve(listener) })
	return in, nil
}

// URL is the base to which notices are sent; each network adds its own path.
func (in *Inbox) URL() string { return in.url }

// Trust adds a wallet whose keys notices are judged by.
func (in *Inbox) Trust(w *Wallet) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.wallets = append(in.wallets, w)
}

// Close stops listening and cuts what is in progress.
func (in *Inbox) Close() {
	_ = in.server.Close()
	in.serving.Wait()
}

// receive takes a notice, judges it and answers as the networks expect.
func (in *Inbox) receive(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxNotice))
	if err != nil && !in.takeAll {
		http.Error(w, "notice not read", http.StatusRequestEntityTooLarge)
		return
	}
	answer := any(struct{}{})
	if in.tell != nil {
		var n Notice
		n, answer = in.judge(r, body)
		in.tell(n)
		if n.Err != nil && !in.takeAll {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(answer)
}

// judge tries the keys of each wallet. What comes back next to the notice is
// what it is answered with.
func (in *Inbox) judge(r *http.Request, body []byte) (n Notice, answer any) {
	in.mu.RLock()
	defer in.mu.RUnlock()
	n, answer = Notice{Network: token.Visa, Err: ErrUnknownKey}, struct{}{}
	if strings.HasSuffix(r.URL.Path, "/notifyTokenUpdated") {
		n.Network = token.Mastercard
	}
	for _, w := range in.wallets {
		if n, answer = w.Judge(n.Network, r, body, in.wall.Now()); n.Err == nil {
			break
		}
	}
	return n, answer
}

// Judge verifies or decrypts a notice of a network with the wallet's keys. What
// comes back next to it is what it is answered with.
func (w *Wallet) Judge(network token.Network, r *http.Request, body []byte, now time.Time) (n Notice, answer any) {
	n, answer = Notice{Network: network, Err: ErrUnknownKey}, struct{}{}
	switch s := w.sides[token.Party(network)].(type) {
	case *mastercard:
		n, answer = s.notice(body)
	case *visa:
		if s.outbound != nil {
			n = s.notice(r, body, now)
		}
	}
	if n.Err != nil {
		n.TRID = ""
	}
	return n, answer
}

// notice judges a notice by signature and API key.
func (v *visa) notice(r *http.Request, body []byte, now time.Time) Notice {
	got, _, err := vts.VerifyNotice(r, body, v.outbound, now)
	return Notice{
		Network: token.Visa, TRID: token.TRID(v.trid), How: "x-pay-token verified",
		Says: cmp.Or(got.EventType, string(got.Kind)), Ref: token.Ref(got.ID), Err: err,
	}
}

// notice decrypts a notice. It is believed if it is about one token, as those
// of a life-cycle change are.
func (m *mastercard) notice(body []byte) (Notice, any) {
	n := Notice{Network: token.Mastercard, TRID: token.TRID(m.trid), Says: "notifyTokenUpdated", How: "decrypted"}
	got, err := mdes.OpenNotice(m.opener, body)
	switch {
	case err != nil:
		n.Err = err
	case !got.Encrypted:
		n.Err = errors.New("the notice is not encrypted")
	case len(got.Tokens) != 1:
		n.Err = ErrBatch
	default:
		n.Ref = token.Ref(got.Tokens[0].TokenUniqueReference)
		n.Status, n.Err = Status(n.Network, got.Tokens[0].Status)
	}
	for _, t := range got.Tokens {
		if got.Encrypted {
			n.Shows = append(n.Shows, shown(t))
		}
	}
	return n, mdes.NoticeReply{ResponseID: got.RequestID}
}
