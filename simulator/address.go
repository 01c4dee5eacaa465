package simulator

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"strings"
)

// shortestToken is how long a bearer token must be to be no guess.
const shortestToken = 16

// ErrToken says that a text cannot be the bearer token of the control door.
var ErrToken = errors.New("bearer token must be at least 16 visible ASCII characters")

// CheckToken judges a bearer token that somebody chose.
func CheckToken(text string) error {
	visible := func(r rune) bool { return r > ' ' && r <= '~' }
	if len(text) < shortestToken || strings.TrimFunc(text, visible) != "" {
		return ErrToken
	}
	return nil
}

// bearer is the token that the control door asks for: the one that was given,
// or, where other machines reach the door, one that nobody can guess. It is not
// derived from the seed, which everybody may know.
func bearer(given string, at net.Listener) (token string, err error) {
	if given != "" || onLoopback(at) {
		return given, nil
	}
	room := make([]byte, 32)
	if _, err := rand.Read(room); err != nil {
		return "", fmt.Errorf("bearer token: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(room), nil
}

func onLoopback(at net.Listener) bool { return at.Addr().(*net.TCPAddr).IP.IsLoopback() }

// reachable is a base URL that works for a client on this machine: a door that
// listens on every address is dialled as loopback.
func reachable(at net.Listener) string {
	addr := at.Addr().(*net.TCPAddr)
	if addr.IP.IsUnspecified() {
		return fmt.Sprintf("http://127.0.0.1:%d", addr.Port)
	}
	return "http://" + addr.String()
}

func port(at net.Listener) uint16 { return at.Addr().(*net.TCPAddr).AddrPort().Port() }
