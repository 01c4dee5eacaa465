package main

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
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// notice is one that arrived and was judged.
type notice struct {
	network token.Network
	ref     token.Ref
	says    string       // what it says of itself
	how     string       // how it was verified
	status  token.Status // Mastercard's tell the status; Visa's do not
	err     error        // it did not verify
}

// inbox receives notices as a token requestor would: nothing is believed that
// does not verify.
type inbox struct {
	url     string
	wall    clock.Wall
	arrived chan notice
	server  *http.Server
	serving sync.WaitGroup

	mu     sync.Mutex
	signer *vts.Signer  // guarded by mu
	opener *mdes.Opener // guarded by mu
}

// openInbox listens on a free loopback port.
func openInbox(wall clock.Wall) (*inbox, error) {
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	in := &inbox{url: "http://" + listener.Addr().String() + "/notices", wall: wall, arrived: make(chan notice, 256)}
	in.server = &http.Server{Handler: in, ReadTimeout: 10 * time.Second, IdleTimeout: time.Minute}
	in.serving.Go(func() { _ = in.server.Serve(listener) })
	return in, nil
}

func (in *inbox) close() {
	_ = in.server.Close()
	in.serving.Wait()
}

// trust takes the keys with which notices are judged.
func (in *inbox) trust(c control.Credentials) (err error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.signer, err = vts.NewSigner(visaCredential(c.Visa.Outbound)); err != nil {
		return err
	}
	in.opener, err = newOpener(c)
	return err
}

// ServeHTTP takes a notice, judges it and answers as the networks expect.
func (in *inbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
	if err != nil {
		http.Error(w, "notice not read", http.StatusRequestEntityTooLarge)
		return
	}
	in.mu.Lock()
	signer, opener := in.signer, in.opener
	in.mu.Unlock()
	var n notice
	answer := any(struct{}{})
	if strings.HasSuffix(r.URL.Path, "/notifyTokenUpdated") {
		n, answer = openMastercard(opener, body)
	} else {
		n = verifyVisa(r, body, signer, in.wall.Now())
	}
	in.arrived <- n
	if n.err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(answer)
}

func verifyVisa(r *http.Request, body []byte, signer *vts.Signer, now time.Time) notice {
	n := notice{network: token.Visa, how: "x-pay-token verified"}
	got, _, err := vts.VerifyNotice(r, body, signer, now)
	n.ref, n.says, n.err = token.Ref(got.ID), cmp.Or(got.EventType, string(got.Kind)), err
	return n
}

func openMastercard(opener *mdes.Opener, body []byte) (notice, any) {
	n := notice{network: token.Mastercard, says: "notifyTokenUpdated", how: "decrypted"}
	got, err := mdes.OpenNotice(opener, body)
	switch {
	case err != nil:
		n.err = err
	case !got.Encrypted || len(got.Tokens) != 1:
		n.err = errors.New("the notice is not encrypted, or not about one token")
	default:
		n.ref = token.Ref(got.Tokens[0].TokenUniqueReference)
		n.status, n.err = statusOf(n.network, got.Tokens[0].Status)
	}
	return n, mdes.NoticeReply{ResponseID: got.RequestID}
}
