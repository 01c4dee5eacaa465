package sandbox

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/pantomime-dev/pantomime/scenarios"
)

// overrideKey is the record that an account's changed settings are kept in; no
// requestor's keys begin like it.
func overrideKey(account string) string { return "settings/" + account }

// Account finds what a merchant has at a requestor, as it is now: by the
// scenario, unless [Sandbox.SetAccount] changed it.
func (s *Sandbox) Account(name string) (scenarios.MerchantAccount, bool) {
	a, ok := s.script.Load().accounts[name]
	if !ok {
		return a, false
	}
	if raw, _ := s.Record(overrideKey(name)); raw != nil {
		changed := a
		changed.Features.Networks, changed.Gateways = nil, nil // else it is read into the scenario's own
		if json.Unmarshal(raw, &changed) == nil {
			return changed, true
		}
	}
	return a, true
}

// Accounts lists all accounts, as they are now, by name.
func (s *Sandbox) Accounts() []scenarios.MerchantAccount {
	var all []scenarios.MerchantAccount
	for name := range s.script.Load().accounts {
		a, _ := s.Account(name)
		all = append(all, a)
	}
	slices.SortFunc(all, func(a, b scenarios.MerchantAccount) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// AccountsOf names the accounts that a requestor asks the networks for. The
// list never changes.
func (s *Sandbox) AccountsOf(requestor string) []string { return s.script.Load().of[requestor] }

// SetAccount changes the settings of a known account from now on. Name and
// requestor stay.
func (s *Sandbox) SetAccount(a scenarios.MerchantAccount) error {
	known, ok := s.Account(a.Name)
	if !ok {
		return fmt.Errorf("account %q: %w", a.Name, ErrUnknown)
	}
	a.Requestor = known.Requestor
	raw, err := json.Marshal(a)
	if err != nil {
		return err
	}
	_, number := s.Record(overrideKey(a.Name))
	_, err = s.PutRecord(overrideKey(a.Name), raw, number)
	return err
}
