package pantomime

import (
	"fmt"
	"net"
	"net/netip"
)

// address is where a door listens, as its listener words it: "127.0.0.1:8480",
// or a name of a listener that is no socket.
type address string

func addressOf(l net.Listener) address {
	if at, err := netip.ParseAddrPort(l.Addr().String()); err == nil {
		return address(netip.AddrPortFrom(at.Addr().Unmap(), at.Port()).String())
	}
	return address(l.Addr().String())
}

// socket is the address of a socket; ok is false for one that is none, which
// no other machine can reach.
func (a address) socket() (at netip.AddrPort, ok bool) {
	at, err := netip.ParseAddrPort(string(a))
	return at, err == nil
}

// loopback reports whether only this machine reaches the door.
func (a address) loopback() bool {
	at, ok := a.socket()
	return !ok || at.Addr().IsLoopback()
}

// url is a base URL that works for a client on this machine: a door that
// listens on every address is dialled as loopback.
func (a address) url() string {
	if at, ok := a.socket(); ok && at.Addr().IsUnspecified() {
		return fmt.Sprintf("http://127.0.0.1:%d", at.Port())
	}
	return "http://" + string(a)
}

// ports is the port of a socket, as the list that the rules for notices take.
func (a address) ports() []uint16 {
	if at, ok := a.socket(); ok {
		return []uint16{at.Port()}
	}
	return nil
}
