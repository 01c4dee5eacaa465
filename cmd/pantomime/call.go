package main

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/requestor/wallet"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/token"
)

// callFlags are the flags of `call`.
type callFlags struct {
	op, card, network, requestor, ref, id, code, reason string
	curl, reveal, quiet                                 bool
	body                                                string
	header                                              []string
	timeout                                             control.Duration
	paying
}

func newCall(a *app) *cobra.Command {
	in := callFlags{timeout: control.Duration(patience)}
	cmd := a.calls(&cobra.Command{
		Use: "call OPERATION", Short: "Perform an operation as a token requestor, signed and encrypted",
		Long: "Performs an operation of a network against a running server, through the real client and with the sandbox's\n" +
			"credentials, and prints the answer decrypted. OPERATION is a neutral name (provision, cryptogram, status …) or a\n" +
			"wire name, with its network (visa/getToken) or without; `pantomime list operations` has them all. With --curl nothing is sent: the signed request is printed.",
		Example: "  pantomime call provision --card alice\n" +
			"  pantomime call status --token last -o json\n" +
			"  pantomime call cryptogram --card alice --reveal\n" +
			"  pantomime call provision --card test/visa/1 --curl",
		Args: words("an operation such as provision"),
	})
	flags := cmd.Flags()
	flags.StringVar(&in.card, "card", "", "card by its name in the scenario, its listed name (test/visa/1) or its number")
	flags.StringVar(&in.ref, "token", "", "reference of a token; without it the card's newest one")
	flags.StringVar(&in.id, "id", "", "id of an enrolment, a step-up method, a task, a piece of content or a payment, for operations that ask for one")
	flags.StringVar(&in.code, "code", "", "code that the cardholder received, for validateOTP and validateAuthCode")
	flags.StringVar(&in.network, "network", "", "visa or mastercard, where the operation and the card do not say")
	flags.StringVar(&in.requestor, "requestor", "", "token requestor who calls (default the first)")
	flags.StringVar(&in.reason, "reason", "", "reason code of suspend, resume and delete")
	in.paying.flags(flags)
	flags.BoolVar(&in.curl, "curl", false, "send nothing; print the signed request as a curl command")
	flags.BoolVar(&in.reveal, "reveal", false, "show numbers and cryptograms in full")
	flags.StringVar(&in.body, "body", "", "JSON merged into the request before it is encrypted and signed, as in a play: null takes a member away")
	flags.StringArrayVar(&in.header, "header", nil, "further `HEADER` as NAME: VALUE, added after signing; may be given several times")
	flags.Var(patient(&in.timeout), "timeout", "how long to wait for the answer")
	flags.BoolVarP(&in.quiet, "quiet", "q", false, "print the first line alone")
	f := formats(cmd)
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
	if who, err = in.through(who); err != nil {
		return err
	}
	op, about, err := prepare(ctx, door, in, who.Requestor)
	if err != nil {
		return err
	}
	seen := &answerWatch{}
	w, err := a.wallet(env.BaseURL, who, &http.Client{Transport: seen, Timeout: time.Duration(in.timeout), CheckRedirect: stay})
	if err != nil {
		return err
	}
	if about.Account == wallet.ByToken {
		if about, err = payable(ctx, w, about); err != nil {
			return err
		}
	}
	if need, missing := about.Missing(op); missing {
		return lacks(op, need)
	}
	d, err := in.draft(w, op, about)
	if err != nil {
		return err
	}
	if in.curl {
		return a.printCurl(ctx, w, d)
	}
	got, err := w.DoDraft(ctx, d, about)
	err = seen.reported(notDone(err))
	if got.Answer == nil && f.forPeople() {
		return err
	}
	c := called{op, who.Requestor, got.Ref, got.Status, got.Answer, got.Opened, got.Task, seen.retryAfter, wallet.RefusalOf(err)}
	return errors.Join(a.printCalled(f, c, got.Headline, in), err)
}

func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// prepare finds out what exactly is to be done.
func prepare(ctx context.Context, door *control.Client, in callFlags, requestor string) (token.Operation, wallet.Subject, error) {
	about := wallet.Subject{ID: in.id, Code: in.code, Reason: in.reason}
	var err error
	if about.Token.Ref, err = wholeRef(ctx, door, in.ref); err != nil {
		return "", about, err
	}
	network, err := in.at()
	if err != nil {
		return "", about, err
	}
	if in.card != "" {
		if about.Card, err = findCard(ctx, door, in.card); err != nil {
			return "", about, err
		}
		of := about.Card.PAN.Network()
		if network != "" && network != of {
			return "", about, usage("card %s is of %s, not of %s", in.card, of, network)
		}
		network = of
	}
	if network == "" && in.ref != "" {
		network = wallet.NetworkOf(about.Token.Ref)
	}
	op, err := findOperation(in, network)
	if err != nil {
		return "", about, err
	}
	if err := in.checkUses(op); err != nil {
		return "", about, err
	}
	if op.Traits().PaidWith {
		if about.Account, err = in.account(); err != nil {
			return "", about, err
		}
	}
	if op.Traits().Pays {
		if in.amount < 0 {
			return "", about, usage("--amount %d: it must be 1 or more", in.amount)
		}
		about.Pay = wallet.Pay{Amount: in.amount, Currency: in.currency, Merchant: in.merchant}
	}
	if in.ref == "" && in.card != "" && (wallet.Asks(op, wallet.NeedToken) || about.Account == wallet.ByToken) {
		about.Token.Ref, err = newestToken(ctx, door, in.card, requestor)
	}
	if need, lacks := about.Missing(op); err == nil && lacks && need.What == wallet.NeedID && in.card != "" {
		about.ID, err = givenBefore(ctx, door, need.Name, in.card, requestor)
	}
	without := about
	without.ID = ""
	if need, lacks := without.Missing(op); err == nil && lacks && need.What == wallet.NeedID && in.id != "" {
		about.ID, err = wholeID(ctx, door, need.Name, in.id, requestor)
	}
	return op, about, err
}

// at reports the network that the command line names: by --network, or as part of
// the operation's name.
func (in callFlags) at() (token.Network, error) {
	network := token.Network(in.network)
	if network != "" && !network.Valid() {
		return "", unknown(in.network, texts(token.Networks()), "--network %q: accepted: visa, mastercard", in.network)
	}
	named := token.Operation(in.op).Info().Network
	if named != "" && network != "" && named != network {
		return "", usage("%s is an operation of %s, not of %s", in.op, named, network)
	}
	return cmp.Or(named, network), nil
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
		{"card", in.card, wallet.Asks(op, wallet.NeedCard) || wallet.Asks(op, wallet.NeedToken) || in.id == "" && wallet.Asks(op, wallet.NeedID) || len(token.OperationsNamed(in.op, "")) > 1},
		{"token", in.ref, wallet.Asks(op, wallet.NeedToken) || op.Traits().PaidWith},
		{"id", in.id, wallet.Asks(op, wallet.NeedID)},
		{"code", in.code, wallet.Asks(op, wallet.NeedCode)},
		{"by", in.by, op.Traits().PaidWith},
		{"currency", in.currency, ofMoney(op)},
		{"merchant", in.merchant, op.Traits().PaidWith},
		{"acquirer", in.acquirer, op.Party() == token.PartyAcquirer},
		{"amount", in.paying.given(), ofMoney(op)},
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
func findCard(ctx context.Context, door *control.Client, name string) (wallet.Card, error) {
	known, err := door.Card(ctx, name)
	var unseen *control.Problem
	if err != nil && !(errors.As(err, &unseen) && unseen.Code == control.CodeNotFound) {
		return wallet.Card{}, err
	}
	c := wallet.Card{Name: name, Expiry: scenarios.DefaultExpiry()}
	listed := name
	if unseen == nil {
		if listed = known.Listed; !known.Expiry.IsZero() {
			c.Expiry = known.Expiry
		}
		if listed == "" {
			return c, usage("the number of %s (%s) is not a listed one; give it with --card NUMBER", name, known.PAN)
		}
	}
	if number, ok := fixtures.Find(listed); ok {
		c.PAN = number.Number
	} else if c.PAN, err = token.ParsePAN(name); err != nil {
		return c, noCard(name, unseen.Accepted)
	}
	if c.PAN.Network() == "" {
		return c, usage("card %q is of neither visa nor mastercard", token.Scrub(name))
	}
	return c, nil
}

// noCard refuses a name that neither the sandbox nor the list of cards has; seen
// are those of the sandbox.
func noCard(name string, seen []string) error {
	listed, own := fixtures.Names(), ""
	for _, one := range seen {
		if !slices.Contains(listed, one) {
			own += one + ", "
		}
	}
	return unknown(name, append(listed, seen...), "no card is called %q; accepted: %sthose of `pantomime list cards` and their numbers", name, own)
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

// listed reports whether every sandbox knows a number by name.
func listed(pan token.PAN) bool {
	for _, c := range fixtures.Cards() {
		if c.Number == pan && c.Name != "" {
			return true
		}
	}
	return false
}
