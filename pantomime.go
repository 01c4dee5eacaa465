// Package pantomime starts a whole mock card network: it listens, builds every
// part and joins them. One line in a test is enough, and ends it with the test:
//
//	net := pantomime.Run(t, "")
//
// net has ready clients of both networks, what a client of yours needs to know,
// and the control client; see [Run]. A program that is no test calls [Start].
//
// It holds no behaviour of its own.
package pantomime

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/issuer"
	"github.com/pantomime-dev/pantomime/requestor"
	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/simulator/control"
	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

// Simulator is a running mock card network.
type Simulator struct {
	options  Options
	registry *sandbox.Registry
	sender   *callback.Sender
	factory  *sandbox.Factory
	worlds   *worlds

	network, admin *entrance
	networkAt      address
	adminAt        address
	token          string // the control door's bearer token, "" where it asks for none
}

// Start listens on both doors, builds the default sandbox and serves until
// Stop. With an error nothing is left running.
func Start(o Options) (*Simulator, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	network, err := o.Listen("tcp", o.Network)
	if err != nil {
		return nil, fmt.Errorf("network door: %w", err)
	}
	admin, err := o.Listen("tcp", o.Admin)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("control door: %w", err), network.Close())
	}
	s := &Simulator{options: o, registry: sandbox.NewRegistry(), networkAt: addressOf(network), adminAt: addressOf(admin)}
	s.network, s.admin = newEntrance(network), newEntrance(admin)
	if err = s.build(); err != nil {
		if errors.Is(err, token.ErrTarget) || errors.Is(err, token.ErrTargetForm) {
			err = fmt.Errorf("%w: %w", ErrOptions, err)
		}
		return nil, errors.Join(err, network.Close(), admin.Close())
	}
	s.network.open(o.Logger)
	s.admin.open(o.Logger)
	return s, nil
}

// build joins the parts.
func (s *Simulator) build() (err error) {
	o := s.options
	if !s.networkAt.loopback() {
		o.Logger.Warn("the network door is reachable from other machines: it holds no control, but anybody there may call it", "address", string(s.networkAt))
	}
	if s.token = o.AdminToken; s.token == "" && !s.adminAt.loopback() {
		if s.token, err = control.DrawToken(); err != nil {
			return err
		}
	}
	guard := s.guard()
	on := base{Registry: s.registry, Wall: o.Wall, Logger: o.Logger, Guard: guard, PublicURL: o.PublicURL}
	s.worlds = s.newWorlds(guard)
	faces := append(each(func(p party) face.Face { return p.face(on) }),
		requestor.New(face.Base[requestor.World]{Registry: s.worlds, Wall: o.Wall, Logger: o.Logger, Guard: guard}))
	renderers := map[string]callback.Renderer{}
	for _, f := range faces {
		renderers[f.Name()] = f
	}
	targets := token.Targets{Allowed: o.CallbackAllow, Forbidden: s.adminAt.ports()}
	s.sender = callback.NewSender(callback.Options{Wall: o.Wall, Targets: targets, Renderers: renderers, Inquirer: issuer.Codec{Wall: o.Wall}, Dial: o.Dial})
	s.factory = sandbox.NewFactory(sandbox.Shared{
		Registry: s.registry, Sender: s.sender, Wall: o.Wall, Logger: o.Logger, Log: o.Log, Masks: Masks(),
		Journals: o.JournalBytes, Notices: o.NoticeBytes, Stories: o.StoryBytes, MaxObjects: o.MaxObjects,
		Keyrings: each(func(p party) sandbox.Keyring { return p.keys }), Proofs: proofs(), Hears: s.hears,
	})
	if _, err := s.factory.Create(sandbox.Request{
		ID: sandbox.Default, Seed: o.Seed, Mode: o.ClockMode, Start: o.ClockStart, Scenario: o.Scenario, Notify: o.Notify,
	}); err != nil {
		return err
	}
	d := door.Door{Wall: o.Wall, Logger: o.Logger, Internal: func(*door.Exchange) door.Reply {
		return door.Reply{Status: http.StatusInternalServerError, Body: []byte("{}")}
	}}
	s.network.server.Handler = face.NewHandler(d, faces)
	s.admin.server.Handler = control.New(control.Options{
		Registry: s.registry, Factory: s.factory, Logger: o.Logger, Version: o.Version, NetworkURL: s.NetworkURL(),
		AdminURL: "http://" + string(s.adminAt), Token: s.token, Wall: o.Wall, Guard: guard, Targets: targets, Report: s.worlds.report,
		Faces: each(func(p party) control.Face { return p.keys }),
	})
	return nil
}

// guard says which card numbers may enter, at both networks and at the control
// door.
func (s *Simulator) guard() func(pan string) bool {
	if s.options.AllowAnyPAN {
		s.options.Logger.Warn("the PAN guard is off: never use a real card number")
		return func(string) bool { return true }
	}
	return fixtures.NewGuard().Allowed
}

// NetworkURL is the base URL of the network door, by which clients reach it.
func (s *Simulator) NetworkURL() string {
	if s.options.PublicURL != "" {
		return s.options.PublicURL
	}
	return s.networkAt.url()
}

// AdminURL is the base URL of the control door for clients on this machine.
func (s *Simulator) AdminURL() string { return s.adminAt.url() }

// AdminToken is the bearer token that the control door asks for, "" for none.
func (s *Simulator) AdminToken() string { return s.token }

// Bound reports the addresses that the doors listen on.
func (s *Simulator) Bound() (network, admin string) { return string(s.networkAt), string(s.adminAt) }

// Factory makes, resets and ends sandboxes, for tests in the same process.
func (s *Simulator) Factory() *sandbox.Factory { return s.factory }

// Sandbox returns the default sandbox, for tests in the same process.
func (s *Simulator) Sandbox() *sandbox.Sandbox {
	box, _ := s.registry.Find("")
	return box
}
