// Package simulator starts the whole card network: it listens, builds every
// part and joins them. One line in a test is enough:
//
//	sim, err := simulator.Start(simulator.Options{})
//
// It holds no behaviour of its own.
package simulator

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/pantomime-dev/pantomime/fixtures"
	mdesserver "github.com/pantomime-dev/pantomime/mdes/server"
	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/simulator/control"
	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/simulator/token"
	vtsserver "github.com/pantomime-dev/pantomime/vts/server"
)

// Simulator is a running card network.
type Simulator struct {
	options  Options
	registry *sandbox.Registry
	sender   *callback.Sender
	house    *house

	network, admin *http.Server
	networkAt      net.Listener
	adminAt        net.Listener
	token          string // the control door's bearer token, "" where it asks for none
	serving        sync.WaitGroup
}

// Start listens on both doors, builds the default sandbox and serves until
// Stop. With an error nothing is left running.
func Start(o Options) (*Simulator, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	s := &Simulator{options: o, registry: sandbox.NewRegistry()}
	if s.networkAt, err = net.Listen("tcp", o.Listen); err != nil {
		return nil, fmt.Errorf("network door: %w", err)
	}
	if s.adminAt, err = net.Listen("tcp", o.Admin); err != nil {
		_ = s.networkAt.Close()
		return nil, fmt.Errorf("control door: %w", err)
	}
	if err = s.build(); err != nil {
		_ = s.networkAt.Close()
		_ = s.adminAt.Close()
		return nil, err
	}
	return s, nil
}

// build joins the parts and serves.
func (s *Simulator) build() (err error) {
	gin.SetMode(gin.ReleaseMode)
	o := s.options
	if at := s.NetworkAddr(); !at.Addr().IsLoopback() {
		o.Logger.Warn("the network door is reachable from other machines: it holds no control, but anybody there may call it", "address", at.String())
	}
	if s.token, err = bearer(o.AdminToken, s.adminAt); err != nil {
		return err
	}
	guard := s.guard()
	faces := s.faces(guard)
	renderers := map[token.Network]callback.Renderer{}
	for _, f := range faces {
		renderers[f.Network()] = f
	}
	targets := callback.Targets{Allowed: o.CallbackAllow, Forbidden: []uint16{port(s.adminAt)}}
	s.sender = callback.NewSender(o.Wall, targets, renderers)
	s.house = newHouse(o, s.registry, s.sender)
	if _, err := s.house.Create(sandbox.Request{
		ID: sandbox.Default, Seed: o.Seed, Mode: o.ClockMode, Start: o.ClockStart, Scenario: o.Scenario, Notify: o.Notify,
	}); err != nil {
		return err
	}
	f := door.Face{Wall: o.Wall, Logger: o.Logger, Internal: func(*door.Exchange) door.Reply {
		return door.Reply{Status: http.StatusInternalServerError, Body: []byte("{}")}
	}}
	s.network = server(networkDoor(f, faces))
	s.admin = server(control.New(control.Options{
		Registry: s.registry, House: s.house, Logger: o.Logger, Version: o.Version, NetworkURL: s.NetworkURL(),
		AdminURL: "http://" + s.adminAt.Addr().String(), Token: s.token, Wall: o.Wall, Guard: guard, Targets: targets,
	}))
	s.serve(s.network, s.networkAt)
	s.serve(s.admin, s.adminAt)
	return nil
}

func (s *Simulator) faces(guard func(pan string) bool) []face {
	return []face{
		vtsserver.New(vtsserver.Options{Registry: s.registry, Wall: s.options.Wall, Logger: s.options.Logger, Guard: guard}),
		mdesserver.New(mdesserver.Options{
			Registry: s.registry, Wall: s.options.Wall, Logger: s.options.Logger, Guard: guard,
			PublicURL: s.options.PublicURL,
		}),
	}
}

// guard tells which card numbers may enter, at both networks and at the control
// door.
func (s *Simulator) guard() func(pan string) bool {
	if s.options.AllowAnyPAN {
		s.options.Logger.Warn("the PAN guard is off: never use a real card number")
		return func(string) bool { return true }
	}
	return fixtures.NewGuard().Allowed
}

// server has the time-outs of both doors. HTTP/1.1 only: faults need the socket.
func server(h http.Handler) *http.Server {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	return &http.Server{
		Handler: h, Protocols: protocols, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
	}
}

func (s *Simulator) serve(srv *http.Server, at net.Listener) {
	s.serving.Go(func() {
		if err := srv.Serve(at); !errors.Is(err, http.ErrServerClosed) {
			s.options.Logger.Error("door closed", "address", at.Addr().String(), "error", err)
		}
	})
}

// Stop closes the doors and waits for notices under way until ctx ends.
func (s *Simulator) Stop(ctx context.Context) error {
	err := errors.Join(s.network.Shutdown(ctx), s.admin.Shutdown(ctx))
	if ctx.Err() != nil {
		_ = s.network.Close()
		_ = s.admin.Close()
	}
	s.serving.Wait()
	s.house.Stop(ctx)
	s.sender.Close()
	return err
}

// NetworkAddr is where the network door listens.
func (s *Simulator) NetworkAddr() netip.AddrPort {
	at := s.networkAt.Addr().(*net.TCPAddr).AddrPort()
	return netip.AddrPortFrom(at.Addr().Unmap(), at.Port())
}

// NetworkURL is the base URL of the network door, by which clients reach it.
func (s *Simulator) NetworkURL() string {
	if s.options.PublicURL != "" {
		return s.options.PublicURL
	}
	return reachable(s.networkAt)
}

// AdminURL is the base URL of the control door for clients on this machine.
func (s *Simulator) AdminURL() string { return reachable(s.adminAt) }

// AdminToken is the bearer token that the control door asks for, "" for none.
func (s *Simulator) AdminToken() string { return s.token }

// Bound tells the addresses that the doors listen on.
func (s *Simulator) Bound() (network, admin string) {
	return s.networkAt.Addr().String(), s.adminAt.Addr().String()
}

// House makes, resets and ends sandboxes, for tests in the same process.
func (s *Simulator) House() sandbox.House { return s.house }

// Sandbox returns the default sandbox, for tests in the same process.
func (s *Simulator) Sandbox() *sandbox.Sandbox {
	box, _ := s.registry.Find("")
	return box
}
