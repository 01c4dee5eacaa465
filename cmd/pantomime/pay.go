package main

import (
	"context"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/requestor/wallet"
	"github.com/pantomime-dev/pantomime/token"
)

// paying are the flags of a payment.
type paying struct {
	by, currency, merchant, acquirer string
	amount                           int64
}

func (p *paying) flags(flags *pflag.FlagSet) {
	flags.StringVar(&p.by, "by", "", "what authorize pays with: card, or token, for which a cryptogram is asked for first (default token with --token, else card)")
	flags.Var(whole[int64]{n: &p.amount, least: 1}, "amount", "what is paid, captured, refunded and so on, in the smallest unit of the currency (default 1000 for authorize and increment, else all there is)")
	flags.StringVar(&p.currency, "currency", "", "of --amount (default EUR)")
	flags.StringVar(&p.merchant, "merchant", "", "id of the merchant that authorize pays (default merchant-1)")
	flags.StringVar(&p.acquirer, "acquirer", "", "acquirer through which a payment is asked for, by its name in the scenario (default the first)")
}

// through is the requestor with its credential at the acquirer that was named.
func (p *paying) through(who control.Credentials) (control.Credentials, error) {
	if p.acquirer == "" {
		return who, nil
	}
	one, known := who.Acquirer.At(p.acquirer)
	if !known {
		names := acquirerNames(who)
		return who, unknown(p.acquirer, names, "--acquirer %q is none of this sandbox; accepted: %s", p.acquirer, strings.Join(names, ", "))
	}
	who.Acquirer.AcquirerCredential = one
	return who, nil
}

func acquirerNames(who control.Credentials) []string {
	names := []string{who.Acquirer.Acquirer}
	for _, other := range who.Acquirer.Others {
		names = append(names, other.Acquirer)
	}
	return names
}

// given is the amount as it was given, "" for none.
func (p *paying) given() string {
	if p.amount == 0 {
		return ""
	}
	return strconv.FormatInt(p.amount, 10)
}

// ofMoney reports whether a request says how much money is meant.
func ofMoney(op token.Operation) bool {
	return op.Traits().Pays && !op.Traits().NoBody && op != token.Void
}

// account is what a payment is made with.
func (in callFlags) account() (wallet.Account, error) {
	switch {
	case in.by == "token", in.by == "" && in.ref != "":
		return wallet.ByToken, nil
	case in.by == "card" && in.ref != "":
		return "", usage("--by card has no use for --token")
	case in.by == "card", in.by == "":
		return wallet.ByCard, nil
	}
	return "", usage("--by %q: accepted: card, token", in.by)
}

// payable asks the token's network for a cryptogram to pay with.
func payable(ctx context.Context, w *wallet.Wallet, about wallet.Subject) (wallet.Subject, error) {
	ask := token.OperationsNamed(string(token.VerbCryptogram), wallet.NetworkOf(about.Token.Ref))
	if about.Token.Ref == "" {
		return about, usage("authorize by token needs --token, or --card with a token of that card")
	}
	got, err := w.Do(ctx, ask[0], about)
	if err != nil {
		return about, notDone(err)
	}
	return got.Paying.By(about), nil
}
