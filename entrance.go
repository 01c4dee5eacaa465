package pantomime

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/simulator/door"
)

// ErrLeft says that notices were due when the simulator stopped and that no receiver
// took.
var ErrLeft = errors.New("notices were left")

// entrance is a door on its listener.
type entrance struct {
	server  *http.Server
	at      *door.Limited
	letGo   context.CancelFunc // ends what requests wait for: a delay, a fault, news
	serving sync.WaitGroup
}

// newEntrance has the time-outs of both doors. HTTP/1.1 only: faults need the
// socket.
func newEntrance(at net.Listener) *entrance {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	e := &entrance{at: door.Limit(at, door.WriteLimit)}
	ctx, cancel := context.WithCancel(context.Background())
	e.letGo = cancel
	e.server = &http.Server{
		Protocols: protocols, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		DisableGeneralOptionsHandler: true, // OPTIONS * is journaled like every unserved request
		BaseContext:                  func(net.Listener) context.Context { return ctx },
	}
	return e
}

func (e *entrance) open(logger *slog.Logger) {
	e.serving.Go(func() {
		if err := e.server.Serve(e.at); !errors.Is(err, http.ErrServerClosed) {
			logger.Error("door closed", "address", e.at.Addr().String(), "error", err)
		}
	})
}

// close waits for requests in progress until ctx ends; then they are cut. From the
// end of wait on none waits for anything, and clients that do not read get a
// moment.
func (e *entrance) close(wait, ctx context.Context) error {
	e.at.Hurry()
	defer context.AfterFunc(wait, e.letGo)()
	err := e.server.Shutdown(ctx)
	e.letGo()
	if err != nil {
		err = errors.Join(fmt.Errorf("requests in progress at %s were cut: %w", e.at.Addr(), err), e.server.Close())
	}
	e.serving.Wait()
	return err
}

// Stop closes the doors, lets the notices that are due leave, and ends. Of the
// time that ctx leaves, requests that are held open (a delay, a fault, an issuer's endpoint) have half;
// in the last quarter no other notice leaves, so that those in progress can be
// answered. One line of the log counts what is left, and the error is ErrLeft
// then.
func (s *Simulator) Stop(ctx context.Context) error {
	half, cancel := clock.Part(ctx, 1, 2)
	defer cancel()
	begin, cancel := clock.Part(ctx, 3, 4)
	defer cancel()
	now, cancel := context.WithCancel(ctx)
	cancel() // whoever waits for news at the control door waits no longer
	defer context.AfterFunc(half, s.sender.Hurry)()
	errs := make([]error, 2)
	var doors sync.WaitGroup
	doors.Go(func() { errs[0] = s.network.close(half, begin) })
	doors.Go(func() { errs[1] = s.admin.close(now, begin) })
	doors.Wait()
	left := s.factory.Stop(begin, ctx)
	s.sender.Close()
	s.worlds.http.CloseIdleConnections()
	s.options.Logger.Info("stopped", "left", left.All(), "unanswered", left.Unanswered)
	err := errors.Join(errs...)
	if left.All() > 0 {
		err = errors.Join(err, fmt.Errorf("%w: %d were due, of which %d had left and got no answer", ErrLeft, left.All(), left.Unanswered))
	}
	return err
}
