package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/spf13/cobra"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/journal"
	"github.com/pantomime-dev/pantomime/simulator/token"
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
			"wire name; `pantomime list operations` has them all. With --curl nothing is sent: the signed request is printed.",
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
	who, ok := env.Requestor(in.requestor)
	if !ok {
		return usage("--requestor %q is none of this sandbox", in.requestor)
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
	if got.answer == nil {
		return err
	}
	return errors.Join(a.printResult(f, t.op, who.Requestor, got, in.reveal), err)
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
	network := token.Network(in.network)
	if network != "" && !network.Valid() {
		return t, usage("--network %q: accepted: visa, mastercard", in.network)
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
	var err error
	if t.op, err = findOperation(in, network); err != nil {
		return t, err
	}
	if t.token == "" && t.card != nil && aboutToken(t.op) {
		t.token, err = newestToken(ctx, door, in.card, requestor)
	}
	return t, err
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
	if op := token.Operation(in.op); op.Info().Op != "" {
		return op, nil
	}
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

// aboutToken tells whether an operation names a token.
func aboutToken(op token.Operation) bool {
	switch op.Info().Verb {
	case token.VerbCryptogram, token.VerbStatus, token.VerbSuspend, token.VerbResume, token.VerbDelete:
		return true
	}
	switch op {
	case token.VisaStepUpOptions, token.VisaStepUpMethod, token.VisaValidateOTP, token.VisaValidateAuthCode,
		token.VisaDeviceBinding, token.VisaAttestation:
		return true
	}
	return false
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
	listed := name
	for _, known := range cards.Items {
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
		return c, usage("no card is called %q; `pantomime list cards` names the listed ones", name)
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

// called is the result of a call for programs.
type called struct {
	Operation token.Operation `json:"operation"`
	Requestor string          `json:"requestor"`
	Ref       token.Ref       `json:"ref,omitempty"`
	Status    string          `json:"status,omitempty"`
	Answer    any             `json:"answer"`
	Opened    map[string]any  `json:"opened,omitempty"`
}

// printResult prints what an operation came to. Numbers, cryptograms and
// ciphertext are masked as in the journal, unless they are asked for.
func (a *app) printResult(f *format, op token.Operation, requestor string, r result, reveal bool) error {
	whole := called{op, requestor, r.ref, r.status, r.answer, r.opened}
	shown := any(whole)
	if f.value == "text" {
		fmt.Fprintf(a.out, "%s: %s\n", op, r.headline)
		shown = struct {
			Answer any            `json:"answer"`
			Opened map[string]any `json:"opened,omitempty"`
		}{r.answer, r.opened}
	}
	data, err := encode(shown)
	if err != nil {
		return err
	}
	if !reveal {
		data = []byte(journal.Mask(data))
	}
	var out bytes.Buffer
	if err := json.Indent(&out, data, "", "  "); err != nil {
		return fmt.Errorf("masking an answer: %w", err)
	}
	out.WriteByte('\n')
	_, err = io.Copy(a.out, &out)
	return err
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
