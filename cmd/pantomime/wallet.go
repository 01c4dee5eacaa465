package main

import (
	"net/http"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/requestor/wallet"
	"github.com/pantomime-dev/pantomime/token"
)

// wallet is a token requestor of a sandbox; a nil client has a time-out of its
// own.
func (a *app) wallet(base control.BaseURL, who control.Credentials, client *http.Client) (*wallet.Wallet, error) {
	return wallet.New(wallet.Config{
		BaseURL: base, Env: mdes.MTF, Credentials: pantomime.Credentials(who), HTTP: client, Wall: a.wall,
	})
}

// lacks says which flag would give what an operation needs.
func lacks(op token.Operation, need wallet.Need) error {
	name := op.Info().Wire
	switch need.What {
	case wallet.NeedCard:
		return usage("%s needs --card", name)
	case wallet.NeedToken:
		return usage("%s needs --token, or --card with a token of that card", name)
	case wallet.NeedNumber, wallet.NeedCryptogram:
		return usage("%s needs --token", name)
	case wallet.NeedCode:
		return usage("%s needs --code", name)
	default:
		return usage("%s needs --id", name)
	}
}
