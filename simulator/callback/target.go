package callback

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// ErrTarget says that the target rules forbid an address.
var ErrTarget = errors.New("callback target not allowed")

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

// neverHolds tells whether all of a range is never a target.
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

// control is the net.Dialer hook that applies the rules.
func (t Targets) control(_, address string, _ syscall.RawConn) error {
	addr, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrTarget, err)
	}
	return t.Check(addr)
}

// CheckURL judges a target before anything is sent there: its form, and its
// address if it is one. A name can be judged only when it is dialled.
func (t Targets) CheckURL(raw string) error {
	u, err := ParseURL(raw)
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

// ParseURL checks the form of a target: http or https, a host, no user, no
// fragment. Whether its address is allowed is judged when it is dialled.
func ParseURL(raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	raw, _, _ = strings.Cut(raw, "?") // the query may hold an API key
	switch {
	case err != nil:
		return nil, fmt.Errorf("target %q: not a URL", raw)
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, fmt.Errorf("target %q: scheme must be http or https", raw)
	case u.Hostname() == "":
		return nil, fmt.Errorf("target %q: no host", raw)
	case u.User != nil || u.Fragment != "":
		return nil, fmt.Errorf("target %q: user and fragment are not accepted", raw)
	}
	if p := u.Port(); p != "" {
		if n, err := strconv.Atoi(p); err != nil || n < 1 || n > 65535 {
			return nil, fmt.Errorf("target %q: port must be 1 to 65535", raw)
		}
	}
	return u, nil
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
