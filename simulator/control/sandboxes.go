package control

import (
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

func (c *call) sandboxes() (any, error) {
	var all []control.Sandbox
	for _, box := range c.s.Registry.All() {
		all = append(all, c.s.viewSandbox(box))
	}
	return tail(all, maxLimit), nil
}

func (c *call) sandbox() (any, error) {
	box, err := c.s.Registry.Find(c.param("id"))
	if err != nil {
		p := problem(http.StatusNotFound, control.CodeNoSandbox, "no sandbox has the id "+short(c.param("id")))
		p.Accepted = c.s.sandboxIDs()
		return nil, p
	}
	return c.s.viewSandbox(box), nil
}

func (s *server) viewSandbox(box *sandbox.Sandbox) control.Sandbox {
	tokens := 0
	box.Tokens(func(sandbox.TokenView) bool {
		tokens++
		return false
	})
	v := control.Sandbox{
		ID: box.ID(), Seed: box.Seed(), BaseURL: s.baseURL(box), Clock: viewClock(box),
		Cards: len(box.Cards()), Tokens: tokens, Changes: box.Changes(),
	}
	for _, r := range box.Requestors() {
		v.Requestors = append(v.Requestors, viewRequestor(r))
	}
	return v
}

func viewRequestor(r *sandbox.Requestor) control.Requestor {
	targets := map[token.Network]string{}
	for n, target := range r.Notify {
		targets[n] = token.Scrub(target)
	}
	return control.Requestor{
		Name: r.Name, TRID: r.TRID, Auth: string(r.Auth), Activation: (*control.Duration)(r.Activation),
		Notify: targets, APIKey: r.Visa.Signing.APIKey, ConsumerKey: r.Mastercard.ConsumerKey,
	}
}

// baseURL says where clients of a sandbox are pointed at.
func (s *server) baseURL(box *sandbox.Sandbox) control.BaseURL {
	base := reachable(s.NetworkURL)
	if box.ID() != sandbox.Default {
		base += "/s/" + box.ID()
	}
	return control.BaseURL{Visa: base, Mastercard: base + "/mdes"}
}

// reachable replaces an unspecified address, which means every interface when
// listening and nothing when dialling.
func reachable(base string) string {
	base = strings.TrimSuffix(base, "/")
	u, err := url.Parse(base)
	if err != nil {
		return base
	}
	ip, err := netip.ParseAddr(u.Hostname())
	if err != nil || !ip.IsUnspecified() {
		return base
	}
	u.Host = "127.0.0.1:" + u.Port()
	return u.String()
}

// requestor checks a requestor's name.
func (c *call) requestor(field, name string) error {
	if name == "" {
		return nil
	}
	if _, ok := c.box.Requestor(name); ok {
		return nil
	}
	var known []string
	for _, r := range c.box.Requestors() {
		known = append(known, r.Name)
	}
	return badValue(field, name, "is no requestor of this sandbox", known...)
}

// network reads ?network=.
func (c *call) network() (token.Network, error) { return choice(c, "network", token.Networks()) }
