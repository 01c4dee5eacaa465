package control

import (
	"cmp"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

// sandboxes lists the sandboxes by their ids.
func (c *call) sandboxes() (any, error) {
	p, err := c.page(1)
	if err != nil {
		return nil, err
	}
	all := c.s.Registry.All()
	from := 0
	if p.cursor != nil {
		var found bool
		if from, found = slices.BinarySearchFunc(all, p.cursor[0], func(box *sandbox.Sandbox, id string) int { return cmp.Compare(box.ID(), id) }); found {
			from++
		}
	}
	part := all[from:min(len(all), from+p.limit)]
	views := make([]view, len(part))
	for i, box := range part {
		views[i] = c.s.viewSandbox(box)
	}
	return listed(views, len(all), from+len(part) < len(all), func() string { return cursor(part[len(part)-1].ID()) }), nil
}

func (c *call) sandbox() (any, error) {
	box, err := c.sandboxNamed()
	if err != nil {
		return nil, err
	}
	return c.s.viewSandbox(box), nil
}

// sandboxNamed finds the sandbox that the path names, by all of its id: whoever
// resets or ends one has to say which.
func (c *call) sandboxNamed() (*sandbox.Sandbox, error) {
	box, err := c.s.Registry.Find(c.param("id"))
	if err != nil {
		p := problem(http.StatusNotFound, control.CodeNoSandbox, "no sandbox has the id "+short(c.param("id")))
		p.Value, p.Accepted = short(c.param("id")), c.s.sandboxIDs()
		return nil, p
	}
	return box, nil
}

// viewSandbox shows a sandbox; clients read it as a [control.Sandbox].
func (s *server) viewSandbox(box *sandbox.Sandbox) view {
	cards, tokens := box.Count()
	var requestors []view
	for _, r := range box.Requestors() {
		requestors = append(requestors, s.viewRequestor(r))
	}
	v := view{
		{"id", box.ID()},
		{"seed", box.Seed()},
		{"baseUrl", s.baseURL(box)},
		{"clock", viewClock(box)},
		{"requestors", requestors},
		{"cards", cards},
		{"tokens", tokens},
		{"changes", box.Changes()},
		{"createStatus", box.Switches().Visa.CreateStatus},
		{"errorStatus", box.Switches().Mastercard.ErrorStatus},
	}
	if single := box.Switches().Mastercard.ErrorStatuses; len(single) > 0 {
		v = append(v, named{"errorStatuses", single})
	}
	return v
}

// viewRequestor shows a requestor without its secrets; clients read it as a
// [control.Requestor].
func (s *server) viewRequestor(r *sandbox.Requestor) view {
	v := view{{"name", r.Name}, {"trid", r.TRID}, {"auth", string(r.Auth)}}
	if r.Activation != nil {
		v = append(v, named{"activation", control.Duration(*r.Activation)})
	}
	if len(r.Notify) > 0 {
		targets := map[token.Network]string{}
		for n, target := range r.Notify {
			targets[n] = token.Scrub(target)
		}
		v = append(v, named{"notify", targets})
	}
	for _, f := range s.Faces {
		if name, value := f.Usual(r.Keys(f.Name())); name != "" {
			v = append(v, named{name, value})
		}
	}
	return v
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
