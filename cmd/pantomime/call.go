package main

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/spf13/cobra"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// callFlags are what `call` is told.
type callFlags struct {
	op, card, network, requestor, ref, id, code, reason string
	curl, reveal                                        bool
}

func newCall(a *app) *cobra.Command {
	var in callFlags
	cmd := a.calls(&cobra.Command{
		Use: "call OPERATION", Short: "Perform an operation as a token requestor, signed and encrypted",
		Long: "Performs an operation of a network against a running server, through the real client and with the sandbox's\n" +
			"credentials, and prints the answer decrypted. OPERATION is a neutral name (provision, cryptogram, status …) or a\n" +
			"wire name, with its network (visa/getToken) or without; `pantomime list operations` has them all. With --curl nothing is sent: the signed request is printed.",
		Args: words("an operation such as provision"),
	})
	flags := cmd.Flags()
	flags.StringVar(&in.card, "card", "", "card by its name in the scenario, its listed name (test/visa/1) or its number")
	flags.StringVar(&in.ref, "token", "", "reference of a token; without it the card's newest one")
	flags.StringVar(&in.id, "id", "", "id of an enrolment, a step-up method, a task or a piece of content, for operations that ask for one")
	flags.StringVar(&in.code, "code", "", "code that the cardholder received, for validateOTP and validateAuthCode")
	flags.StringVar(&in.network, "network", "", "visa or mastercard, where the operation and the card do not say")
	flags.StringVar(&in.requestor, "requestor", "", "token requestor who calls (default the first)")
	flags.StringVar(&in.reason, "reason", "", "reason code of suspend, resume and delete")
	flags.BoolVar(&in.curl, "curl", false, "send nothing; print the signed request as a curl command")
	flags.BoolVar(&in.reveal, "reveal", false, "show numbers and cryptograms in full")
	f := formats(cmd, "text", "json")
	cmd.ValidArgsFunction = cobra.FixedCompletions(token.OperationNames(), cobra.ShellCompDirectiveNoFileComp)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		in.op = args[0]
		return a.call(cmd.Context(), in, f)
	}
	return cmd
}

func (a *app) call(ctx context.Context, in callFlags, f *format) error {
	door, err := a.client(patience)
	if err != nil {
		return err
	}
	env, err := door.Env(ctx)
	if err != nil {
		return err
	}
	who, err := findRequestor(env, in.requestor)
	if err != nil {
		return err
	}
	t, err := prepare(ctx, door, in, who.Requestor)
	if err != nil {
		return err
	}
	client, caught := &http.Client{Timeout: patience, CheckRedirect: stay}, &catcher{}
	if in.curl {
		client.Transport = caught
	}
	w, err := newWallet(t.op.Network(), env.BaseURL, who, client, a.wall)
	if err != nil {
		return err
	}
	got, err := w.do(ctx, t)
	if in.curl && errors.Is(err, errCaught) {
		return a.printCurl(t.op, caught)
	}
	err = notDone(err)
	if isUsage(err) || got.answer == nil && f.value == "text" {
		return err
	}
	c := called{t.op, who.Requestor, got.ref, got.status, got.answer, got.opened, refusalOf(err)}
	return errors.Join(a.printCalled(f, c, got.headline, in.reveal), err)
}

// isUsage tells whether nothing was sent because the command line is wrong.
func isUsage(err error) bool {
	var e *exit
	return errors.As(err, &e) && e.code == exitUsage
}

// notDone makes any error of a call a failure of what was asked for: a network
// that refuses, a connection that a fault cut, an answer nobody can read.
func notDone(err error) error {
	var known *exit
	if err == nil || errors.As(err, &known) {
		return err
	}
	return &exit{code: exitFailed, err: err, hint: "`pantomime explain last` tells why."}
}

func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// prepare finds out what exactly is to be done.
func prepare(ctx context.Context, door *control.Client, in callFlags, requestor string) (task, error) {
	t := task{token: token.Ref(in.ref), id: in.id, code: in.code, reason: in.reason}
	network, err := in.at()
	if err != nil {
		return t, err
	}
	if in.card != "" {
		c, err := findCard(ctx, door, in.card)
		if err != nil {
			return t, err
		}
		if network != "" && network != c.network {
			return t, usage("card %s is of %s, not of %s", in.card, c.network, network)
		}
		t.card, network = &c, c.network
	}
	if network == "" && in.ref != "" {
		network = refNetwork(in.ref)
	}
	if t.op, err = findOperation(in, network); err != nil {
		return t, err
	}
	if err := in.checkUses(t.op); err != nil {
		return t, err
	}
	if t.token == "" && t.card != nil && asks(t.op, needToken) {
		t.token, err = newestToken(ctx, door, in.card, requestor)
	}
	return t, err
}

// at tells the network that the command line names: by --network, or as part of
// the operation's name.
func (in callFlags) at() (token.Network, error) {
	network := token.Network(in.network)
	if network != "" && !network.Valid() {
		return "", usage("--network %q: accepted: visa, mastercard", in.network)
	}
	named := token.Operation(in.op).Info().Network
	if named != "" && network != "" && named != network {
		return "", usage("%s is an operation of %s, not of %s", in.op, named, network)
	}
	return cmp.Or(named, network), nil
}

// refNetwork tells whose form a token reference has.
func refNetwork(ref string) token.Network {
	if vts.ValidID(ref) {
		return token.Visa
	}
	return token.Mastercard
}

// findOperation resolves a name at a network. Provisioning at Visa has two
// forms; which one is meant follows from what is given.
func findOperation(in callFlags, network token.Network) (token.Operation, error) {
	found := token.OperationsNamed(in.op, network)
	if in.op == string(token.VerbProvision) && network == token.Visa {
		if in.id != "" {
			return token.VisaProvision, nil
		}
		return token.VisaProvisionWithPAN, nil
	}
	switch len(found) {
	case 0:
		if network != "" && len(token.OperationsNamed(in.op, "")) > 0 {
			return "", usage("%s has no operation %q", network, in.op)
		}
		return "", usage("no operation is called %q; `pantomime list operations` names them", in.op)
	case 1:
		return found[0], nil
	}
	return "", usage("%s is an operation of both networks: give --card, --token or --network", in.op)
}

// checkUses refuses flags that the operation has no use for. A card is of use
// where it says of which network a neutral name is meant.
func (in callFlags) checkUses(op token.Operation) error {
	for _, f := range []struct {
		name, value string
		used        bool
	}{
		{"card", in.card, asks(op, needCard) || asks(op, needToken) || len(token.OperationsNamed(in.op, "")) > 1},
		{"token", in.ref, asks(op, needToken)},
		{"id", in.id, asks(op, needID)},
		{"code", in.code, asks(op, needCode)},
		{"reason", in.reason, slices.Contains([]token.Verb{token.VerbSuspend, token.VerbResume, token.VerbDelete}, op.Info().Verb)},
	} {
		if f.value != "" && !f.used {
			return usage("%s has no use for --%s", op.Info().Wire, f.name)
		}
	}
	return nil
}

// findCard finds a card with its number. The control door shows numbers
// masked, so a card of the scenario is found by the name under which every
// sandbox knows its number.
func findCard(ctx context.Context, door *control.Client, name string) (testCard, error) {
	cards, err := door.Cards(ctx)
	if err != nil {
		return testCard{}, err
	}
	c := testCard{name: name, expiry: scenarios.DefaultExpiry()}
	listed, own := name, ""
	for _, known := range cards.Items {
		if known.Name != "" {
			own += known.Name + ", "
		}
		if known.Name == name || known.Listed == name {
			if listed = known.Listed; !known.Expiry.IsZero() {
				c.expiry = known.Expiry
			}
			if listed == "" {
				return c, usage("the number of %s (%s) is not a listed one; give it with --card NUMBER", name, known.PAN)
			}
			break
		}
	}
	if number, ok := fixtures.Find(listed); ok {
		c.pan, c.network = number.Number, number.Network()
	} else if pan, err := token.ParsePAN(name); err == nil {
		c.pan, c.network = pan, pan.Network()
	} else {
		return c, usage("no card is called %q; accepted: %sthose of `pantomime list cards` and their numbers", name, own)
	}
	if c.network == "" {
		return c, usage("card %q is of neither visa nor mastercard", token.Scrub(name))
	}
	return c, nil
}

// newestToken finds the token a card's operation is about: its newest live
// one or, when none lives, the newest.
func newestToken(ctx context.Context, door *control.Client, card, requestor string) (token.Ref, error) {
	list, err := door.Tokens(ctx, control.TokenQuery{Card: card, Requestor: requestor})
	var p *control.Problem
	if errors.As(err, &p) && p.Code == control.CodeNotFound {
		return "", failed("card %s has no token yet; `pantomime call provision --card %s` makes one", card, card)
	}
	if err != nil {
		return "", err
	}
	ref := token.Ref("")
	for _, t := range list.Items {
		if t.Status != token.Deactivated || ref == "" {
			ref = t.Ref
		}
	}
	if ref == "" {
		return "", failed("card %s has no token yet; `pantomime call provision --card %s` makes one", card, card)
	}
	return ref, nil
}

// listed tells whether every sandbox knows a number by name.
func listed(pan token.PAN) bool {
	for _, c := range fixtures.Cards() {
		if c.Number == pan && c.Name != "" {
			return true
		}
	}
	return false
}
