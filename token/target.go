package token

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
)

// ErrTarget says that the target rules forbid an address.
var ErrTarget = errors.New("callback target not allowed")

// ErrTargetForm says that a text is no base of a receiver of notices.
var ErrTargetForm = errors.New("no target of notices")

// Targets says where notices may go. The rules are checked on the address
// that is dialled, so a name that resolves elsewhere does not slip through.
type Targets struct {
	Allowed   []netip.Prefix // besides loopback
	Forbidden []uint16       // our own control and proxy ports, on loopback
}

// never are the ranges that no setting permits: unspecified and link-local
// addresses with the metadata services of clouds among them, and multicast.
var never = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/32"), netip.MustParsePrefix("::/128"),
	netip.MustParsePrefix("169.254.0.0/16"), netip.MustParsePrefix("fe80::/10"), netip.MustParsePrefix("fd00:ec2::254/128"),
	netip.MustParsePrefix("224.0.0.0/4"), netip.MustParsePrefix("ff00::/8"),
}

// neverHolds reports whether all of a range is never a target.
func neverHolds(p netip.Prefix) bool {
	return slices.ContainsFunc(never, func(n netip.Prefix) bool { return n.Bits() <= p.Bits() && n.Contains(p.Addr()) })
}

// Check judges a dialled address.
func (t Targets) Check(addr netip.AddrPort) error {
	ip := addr.Addr().Unmap().WithZone("")
	switch {
	case neverHolds(netip.PrefixFrom(ip, ip.BitLen())):
		return fmt.Errorf("%w: %s is never a target", ErrTarget, ip)
	case ip.IsLoopback():
		for _, port := range t.Forbidden {
			if addr.Port() == port {
				return fmt.Errorf("%w: port %d is our own", ErrTarget, port)
			}
		}
		return nil
	}
	for _, prefix := range t.Allowed {
		if prefix.Contains(ip) {
			return nil
		}
	}
	return fmt.Errorf("%w: %s is not loopback; start with --callback-allow %s to permit it", ErrTarget, ip, ip)
}

// CheckURL judges a target before anything is sent there: its form, and its
// address if it is one. A name can be judged only when it is dialled. It is the
// one rule of every entrance: flags, scenario files, the admin API and the
// responseHost of a request.
func (t Targets) CheckURL(raw string) error {
	u, err := ParseTarget(raw)
	if err != nil {
		return err
	}
	ip, err := netip.ParseAddr(u.Hostname())
	if err != nil {
		return nil //nolint:nilerr // a name
	}
	port, _ := strconv.ParseUint(u.Port(), 10, 16) // none is no port of ours
	return t.Check(netip.AddrPortFrom(ip, uint16(port)))
}

// ParseTarget reads a target: the base of a receiver's URLs, to which each network
// adds its own path and query. The error is an ErrTargetForm and says what
// [TargetFault] does.
func ParseTarget(raw string) (*url.URL, error) {
	if why := TargetFault(raw); why != "" {
		shown, _, _ := strings.Cut(raw, "?") // the query may hold an API key
		return nil, fmt.Errorf("%w: %q %s", ErrTargetForm, Scrub(shown), why)
	}
	return url.Parse(raw)
}

// TargetFault says what is wrong with the form of a target; "" for nothing. A
// slash at its end counts for nothing. Whatever would be written in another way
// on the wire, or get lost, is refused.
func TargetFault(raw string) string {
	u, err := url.Parse(raw)
	switch {
	case err != nil, u.Scheme != "http" && u.Scheme != "https", u.Hostname() == "", u.Opaque != "":
		return "must be a URL such as http://127.0.0.1:9000/notices"
	case u.User != nil:
		return "must not carry a user or a password"
	case strings.ContainsAny(raw, "?#"):
		return "must not carry a query or a fragment; the network adds its own"
	case strings.HasSuffix(u.Host, ":") || !portOK(u.Port()):
		return "must name a port from 1 to 65535, or none"
	case u.String() != raw:
		return "would be written as " + Scrub(u.String()) + "; write it so"
	}
	if p := u.EscapedPath(); p != "" && p != "/" && path.Clean(p) != strings.TrimSuffix(p, "/") {
		return "must not hold empty segments, . or .. in its path"
	}
	return ""
}

func portOK(port string) bool {
	n, err := strconv.Atoi(port)
	return port == "" || err == nil && n >= 1 && n <= 65535
}

// ParseAllow reads an address or a prefix for --callback-allow. One that would
// permit nothing is refused.
func ParseAllow(s string) (netip.Prefix, error) {
	p, err := netip.ParsePrefix(s)
	if ip, notOne := netip.ParseAddr(s); notOne == nil {
		p, err = netip.PrefixFrom(ip, ip.BitLen()), nil
	}
	if p.Addr().Is4In6() && p.Bits() >= 96 { // addresses are judged as the IPv4 ones they are
		p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
	}
	switch {
	case err != nil:
		return netip.Prefix{}, fmt.Errorf("callback-allow %q: accepted are an IP address or a CIDR prefix like 10.0.0.0/8", s)
	case neverHolds(p):
		return netip.Prefix{}, fmt.Errorf("callback-allow %q: link-local, metadata, multicast and unspecified addresses are never targets; "+
			"accepted are any other IP address or CIDR prefix like 10.0.0.0/8", s)
	}
	return p, nil
}
