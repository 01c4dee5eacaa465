package control

import (
	"net/netip"
	"sync"
	"time"

	"github.com/pantomime-dev/pantomime/clock"
)

// Who shows wrong bearer tokens has to wait, so that many cannot be tried.
const (
	maxGuesses   = 10               // wrong tokens from one address
	guessWindow  = 10 * time.Second // within this time
	guessPenalty = time.Second      // and then it gets no answer but 429 for so long
	maxGuessers  = 4096             // addresses that are remembered; then all are forgotten
)

// guesses remembers who showed wrong tokens. Clients on this machine are not
// counted: they could read the token where the server shows it.
type guesses struct {
	wall clock.Wall

	mu sync.Mutex
	by map[netip.Prefix]*guesser // guarded by mu
}

type guesser struct {
	wrong   []time.Time // the last ones, oldest first
	blocked time.Time   // until then
}

// guesserOf is an address as far as somebody may have it alone: all of an IPv4
// one, the network of an IPv6 one. It is not valid for one on this machine.
func guesserOf(remote string) (who netip.Prefix) {
	at, err := netip.ParseAddrPort(remote)
	if err != nil || at.Addr().Unmap().IsLoopback() {
		return who
	}
	ip := at.Addr().Unmap().WithZone("")
	bits := 64
	if ip.Is4() {
		bits = 32
	}
	who, _ = ip.Prefix(bits)
	return who
}

// mayTry reports whether a token from an address is looked at.
func (g *guesses) mayTry(remote string) bool {
	who := guesserOf(remote)
	if !who.IsValid() {
		return true
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	known := g.by[who]
	return known == nil || !g.wall.Now().Before(known.blocked)
}

// wrong counts a wrong token.
func (g *guesses) wrong(remote string) {
	who := guesserOf(remote)
	if !who.IsValid() {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	known := g.by[who]
	if known == nil {
		if len(g.by) >= maxGuessers {
			clear(g.by)
		}
		known = &guesser{}
		g.by[who] = known
	}
	now := g.wall.Now()
	known.wrong = append(known.wrong, now)
	if len(known.wrong) < maxGuesses {
		return
	}
	if now.Sub(known.wrong[0]) <= guessWindow {
		known.blocked = now.Add(guessPenalty)
	}
	known.wrong = known.wrong[1:]
}
