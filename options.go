package pantomime

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/simulator/store"
	"github.com/pantomime-dev/pantomime/token"
)

// Default addresses of the two doors.
const (
	DefaultNetwork = "127.0.0.1:8480"
	DefaultAdmin   = "127.0.0.1:8481"
)

// Options say what to start. The zero value listens on free loopback ports and
// plays no scenario.
type Options struct {
	Network string // address of the network door; "" is a free loopback port, and ":8480" that one on loopback
	Admin   string // of the control door, likewise

	// Listen opens a door, and Dial the connections by which notices leave; nil
	// is TCP. With a Dial of your own the rules for targets are applied to the
	// address as it is in the URL, not to the one that is dialled.
	Listen func(network, address string) (net.Listener, error)
	Dial   func(ctx context.Context, network, address string) (net.Conn, error)

	// AdminToken is the bearer token that callers of the control door must show.
	// Off loopback one is needed: "" then draws one; see [Simulator.AdminToken].
	AdminToken string

	Scenario   scenarios.Scenario
	Seed       uint64     // 0: the scenario's, else seed.Default
	ClockMode  clock.Mode // "": the scenario's, else system
	ClockStart time.Time  // manual clock; zero: the scenario's, else now
	Notify     string     // callback target of the default requestor

	AllowAnyPAN   bool           // switches the PAN guard off; never for a real card
	CallbackAllow []netip.Prefix // callback targets besides loopback
	PublicURL     string         // base URL by which clients know the network door
	Logger        *slog.Logger   // nil: discards
	Wall          clock.Wall     // nil: the machine's clock
	Version       string

	// JournalBytes and NoticeBytes bound what the journals of all sandboxes take
	// together, and their notices; 0 is 256 MiB. The oldest ones are dropped then.
	JournalBytes, NoticeBytes int64

	// StoryBytes bounds what the stories of the tokens of all sandboxes take; 0 is
	// 64 MiB. MaxObjects is how many cards, enrolments and tokens a sandbox has at
	// most, of each; 0 is a million.
	StoryBytes int64
	MaxObjects int

	Log store.Log[sandbox.Change] // keeps the sandboxes' changes; nil: in memory, without history
}

// ErrOptions marks settings that cannot work.
var ErrOptions = errors.New("invalid settings")

func (o Options) withDefaults() (Options, error) {
	o.Network = cmp.Or(o.Network, "127.0.0.1:0")
	o.Admin = cmp.Or(o.Admin, "127.0.0.1:0")
	for _, at := range []*string{&o.Network, &o.Admin} {
		if strings.HasPrefix(*at, ":") { // every interface to package net, which somebody must ask for
			*at = "127.0.0.1" + *at
		}
	}
	o.Version = cmp.Or(o.Version, "development")
	if o.Listen == nil {
		o.Listen = net.Listen
	}
	if o.Wall == nil {
		o.Wall = clock.Real()
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	o.Logger = slog.New(token.ScrubLogs(o.Logger.Handler()))
	if o.AdminToken != "" {
		if err := control.CheckToken(o.AdminToken); err != nil {
			return o, fmt.Errorf("%w: %w", ErrOptions, err)
		}
	}
	if o.PublicURL != "" {
		u, err := url.Parse(o.PublicURL)
		if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
			return o, fmt.Errorf("%w: public URL %q must be http(s)://host[:port]", ErrOptions, o.PublicURL)
		}
	}
	if o.Notify != "" {
		if err := o.targets().CheckURL(o.Notify); err != nil {
			return o, fmt.Errorf("%w: notify: %w", ErrOptions, err)
		}
	}
	return o, nil
}

// targets are the rules for notices as far as settings tell: a control door on
// any free port has none yet.
func (o Options) targets() token.Targets {
	t := token.Targets{Allowed: o.CallbackAllow}
	if _, text, err := net.SplitHostPort(o.Admin); err == nil {
		if port, err := strconv.ParseUint(text, 10, 16); err == nil && port > 0 {
			t.Forbidden = []uint16{uint16(port)}
		}
	}
	return t
}
