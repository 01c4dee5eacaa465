package simulator

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"net/url"
	"time"

	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/clock"
)

// Default addresses of the two doors.
const (
	DefaultListen = "127.0.0.1:8480"
	DefaultAdmin  = "127.0.0.1:8481"
)

// Options say what to start. The zero value listens on free loopback ports and
// plays no scenario.
type Options struct {
	Listen string // network door; "" is a free loopback port
	Admin  string // control door; "" is a free loopback port

	// AdminToken is the bearer token that callers of the control door must show.
	// Off loopback one is needed: "" then draws one; see [Simulator.AdminToken].
	AdminToken string

	Scenario   scenarios.Scenario
	Seed       uint64     // 0: the scenario's, else seed.Default
	ClockMode  clock.Mode // "": the scenario's, else system
	ClockStart time.Time  // manual clock; zero: the scenario's, else now
	Notify     string     // callback target of the default requestor

	AllowAnyPAN   bool           // switches the PAN guard off; for nobody's real card
	CallbackAllow []netip.Prefix // callback targets beside loopback
	PublicURL     string         // base URL by which clients know the network door
	Logger        *slog.Logger   // nil: discards
	Wall          clock.Wall     // nil: the machine's clock
	Version       string
}

// ErrOptions marks settings that cannot work.
var ErrOptions = errors.New("invalid settings")

func (o Options) withDefaults() (Options, error) {
	o.Listen = cmp.Or(o.Listen, "127.0.0.1:0")
	o.Admin = cmp.Or(o.Admin, "127.0.0.1:0")
	o.Version = cmp.Or(o.Version, "development")
	if o.Wall == nil {
		o.Wall = clock.Real()
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.AdminToken != "" {
		if err := CheckToken(o.AdminToken); err != nil {
			return o, fmt.Errorf("%w: %w", ErrOptions, err)
		}
	}
	if o.PublicURL != "" {
		u, err := url.Parse(o.PublicURL)
		if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
			return o, fmt.Errorf("%w: public URL %q must be http(s)://host[:port]", ErrOptions, o.PublicURL)
		}
	}
	return o, nil
}
