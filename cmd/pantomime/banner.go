package main

import (
	"cmp"
	"fmt"
	"io"
	"net/netip"
	"os/exec"
	"strings"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

// banner says where everything is and what to do next.
func (a *app) banner(sim *pantomime.Simulator, o pantomime.Options) {
	box := sim.Sandbox()
	fmt.Fprintf(a.out, "%s %s plays Visa's and Mastercard's token services for tests.\n", a.paint(bold, "Pantomime"), a.version)
	fmt.Fprintln(a.out, "It is not a payment system and not certified. Never use real card numbers.")
	fmt.Fprintln(a.out)
	t := newTable(a.out)
	for _, p := range token.Parties() {
		about := "base URL, in front of " + p.Below
		if p.About != "" {
			about += "; " + p.About
		}
		t.row("  "+p.Title, sim.NetworkURL()+p.Path, about)
	}
	network, _ := sim.Bound()
	if at, err := netip.ParseAddrPort(network); err == nil && !at.Addr().IsLoopback() {
		where := "listens there"
		if at.Addr().IsUnspecified() {
			where = "listens on every interface"
		}
		t.row("  Network door", at.String(), where+", reachable from other machines")
	}
	t.row("  Control door", sim.AdminURL(), "for commands")
	t.row("  Scenario", cmp.Or(o.Scenario.Name, "none"), fmt.Sprintf("%s clock, seed %d", box.ClockMode(), box.Seed()))
	t.flush()
	fmt.Fprintln(a.out)
	tellRequestors(a.out, box.Requestors())
	fmt.Fprintln(a.out)
	a.next(sim)
}

func tellRequestors(w io.Writer, all []*sandbox.Requestor) {
	t := newTable(w, "REQUESTOR", "AT", "TRID", "KEY", "NOTICES TO")
	for _, r := range all {
		for _, key := range pantomime.UsualKeys(r) {
			n := token.Network(key.Party)
			t.row(r.Name, string(key.Party), string(r.TRID[n]), key.Named+" "+shortened(key.Value), token.Scrub(r.Notify[n]))
		}
	}
	t.flush()
}

// shortened cuts a long text.
func shortened(text string) string {
	const most = 49 // an API key of Visa's; a consumer key has three times as many
	if len(text) <= most {
		return text
	}
	return text[:most] + "…"
}

// next names commands to try, such that they work when copied.
func (a *app) next(sim *pantomime.Simulator) {
	fmt.Fprintln(a.out, "Next, in another shell:")
	if url := sim.AdminURL(); url != adminURL(defaultAdmin) {
		fmt.Fprintf(a.out, "  export PANTOMIME_ADMIN=%s\n", url)
	}
	self := a.self()
	t := newTable(a.out, "  "+self+" journal --follow", "watch requests come in")
	for _, l := range [][2]string{
		{"env --write keys", "secrets, and keys and certificates as files"},
		{"call provision --card " + exampleCard(sim.Sandbox()), "make a token, signed and encrypted for you"},
		{"explain last", "why the last one was answered as it was"},
	} {
		t.row("  "+self+" "+l[0], l[1])
	}
	t.flush()
}

// self is what a shell calls this program: its name where the PATH leads to one,
// otherwise as the user did, since a fresh clone has it in bin only.
func (a *app) self() string {
	if _, err := exec.LookPath("pantomime"); err == nil || a.invoked == "" {
		return "pantomime"
	}
	if strings.ContainsAny(a.invoked, " '\"$&;()") {
		return quote(a.invoked)
	}
	return a.invoked
}

// exampleCard is a card of the scenario whose number is a listed one, or a
// card that every sandbox knows.
func exampleCard(box *sandbox.Sandbox) string {
	first := ""
	for c := range box.Cards() {
		if c.Name != "" && listed(c.PAN) && (first == "" || c.Name < first) {
			first = c.Name
		}
	}
	return cmp.Or(first, "test/visa/1")
}
