package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/requestor/wallet"
	"github.com/pantomime-dev/pantomime/token"
)

func newTrigger(a *app) *cobra.Command {
	var e control.Event
	var ref, expiry string
	cmd := a.calls(&cobra.Command{
		Use: "trigger EVENT", Short: "Bring an event about, as the issuer or the network would",
		Long: "Does what leads to an event, so that its notices go out: `trigger token.suspended --card alice` suspends\n" +
			"the card's tokens as their issuer. `pantomime list events` names the events.",
		Example: "  pantomime trigger token.suspended --card alice --reason SUSPECTED_FRAUD\n" +
			"  pantomime trigger token.deleted --token last --duplicate 2\n" +
			"  pantomime trigger pan.replaced --card alice --expiry 06/33",
		Args: words("an event; `pantomime list events` names them"),
	})
	flags := cmd.Flags()
	flags.StringVar(&e.Card, "card", "", "name of a card, such as alice or test/visa/1")
	flags.StringVar(&ref, "token", "", "reference of a token")
	flags.StringVar(&e.Payment, "payment", "", "id of a payment; with --card or --token the newest one that the event can happen to")
	flags.StringVar(&e.By, "by", "", "who does it: issuer (the default), requestor or cardholder")
	flags.StringVar(&e.Reason, "reason", "", "the issuer's reason code, such as SUSPECTED_FRAUD")
	flags.StringVar(&expiry, "expiry", "", "new expiry MM/YY, for pan.expiry-updated and pan.replaced")
	flags.BoolVar(&e.NewNumber, "new-number", false, "the token gets a new number next to its new expiry, for token.redigitized")
	variants(cmd, &e.Variants)
	f := formats(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if !slices.Contains(eventNames(), args[0]) {
			return usage("event %q is not known; accepted: %s", args[0], strings.Join(eventNames(), ", "))
		}
		if given := slices.DeleteFunc([]string{e.Card, ref, e.Payment}, func(s string) bool { return s == "" }); len(given) != 1 {
			return usage("trigger needs one of --card, --token and, for an event of a payment, --payment")
		}
		if err := e.Expiry.UnmarshalText([]byte(expiry)); err != nil {
			return usage("--expiry %q: %w", expiry, err)
		}
		e.Event, e.Token = token.EventType(args[0]), token.Ref(ref)
		c, err := a.client(patience)
		if err != nil {
			return err
		}
		if e.Payment != "" {
			if e.Payment, err = wholeID(cmd.Context(), c, wallet.Payment, e.Payment, ""); err != nil {
				return err
			}
		}
		effect, err := c.Trigger(cmd.Context(), e)
		if err != nil {
			return err
		}
		return a.print(f, effect, func(w io.Writer) { tellEffect(w, effect) })
	}
	return cmd
}

func eventNames() []string {
	var names []string
	for _, e := range token.Events() {
		names = append(names, string(e.Type))
	}
	return names
}

// tellEffect says how things are now and which notices that made.
func tellEffect(w io.Writer, e control.Effect) {
	if c := e.Card; c != nil {
		state := ""
		if c.Closed {
			state = ", closed"
		}
		fmt.Fprintf(w, "card %s %s, expiry %s%s\n", c.Best(), c.PAN, c.Expiry, state)
	}
	for _, t := range e.Tokens {
		fmt.Fprintf(w, "token %s of %s is %s, number %s, expiry %s\n", t.Ref, t.Requestor, status(t), t.Number, t.Expiry)
	}
	for _, n := range e.Callbacks {
		fmt.Fprintf(w, "notice %s of %s to %s: %s\n", n.ID, n.Event.Type, n.Event.Requestor, noticeState(n))
	}
	if len(e.Callbacks) == 0 {
		fmt.Fprintln(w, "no notice: nothing changed that a requestor is notified of")
	}
}

func status(t control.Token) string {
	text := string(t.Status)
	for i, by := range t.SuspendedBy {
		if i == 0 {
			text += " by"
		}
		text += " " + string(by)
	}
	return text
}

func noticeState(n control.Callback) string {
	switch n.State {
	case "unrouted":
		return "unrouted, as the requestor has no target; start the server with --notify URL"
	case "scheduled":
		return "scheduled for " + moment(n.Due)
	}
	return n.State
}
