package control

import (
	"cmp"
	"net/http"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/scenarios"
)

func (c *call) accounts() (any, error) {
	list := control.List[control.Account]{Items: []control.Account{}}
	for _, a := range c.box.Accounts() {
		list.Items = append(list.Items, viewAccount(a))
	}
	list.Total = len(list.Items)
	return list, nil
}

func (c *call) account() (any, error) {
	a, err := c.knownAccount()
	if err != nil {
		return nil, err
	}
	return viewAccount(a), nil
}

// knownAccount is the one that the path names.
func (c *call) knownAccount() (scenarios.MerchantAccount, error) {
	a, ok := c.box.Account(c.param("account"))
	if ok {
		return a, nil
	}
	var known []string
	for _, a := range c.box.Accounts() {
		known = append(known, a.Name)
	}
	return a, notFound("no account has the name "+short(c.param("account")), known...)
}

// putAccount changes an account's settings, which the body says as a scenario does.
func (c *call) putAccount() (any, error) {
	known, err := c.knownAccount()
	if err != nil {
		return nil, err
	}
	if len(c.body) == 0 {
		return nil, missing("body", "put what the accounts section of a scenario file says of an account")
	}
	a, findings := scenarios.ParseAccount(posted, c.body, known.Name, c.names())
	if n := len(findings.Errors()); n > 0 {
		p := problem(http.StatusBadRequest, control.CodeScenario, keep(n, "the account from being changed"))
		p.Findings = viewFindings(findings)
		return nil, p
	}
	a.Requestor = known.Requestor
	if err := c.box.SetAccount(a); err != nil {
		return nil, err
	}
	return viewAccount(a), nil
}

func (c *call) accountReport() (any, error) {
	a, err := c.knownAccount()
	if err != nil {
		return nil, err
	}
	if c.s.Report == nil {
		return nil, notFound("nobody here keeps the accounts")
	}
	return c.s.Report(c.box, a.Name)
}

func viewAccount(a scenarios.MerchantAccount) control.Account {
	f := a.Features
	v := control.Account{
		Name: a.Name, Requestor: a.Requestor, Timeout: control.Duration(cmp.Or(a.Timeout, scenarios.DefaultAccountTimeout)),
		Features: control.AccountFeatures{
			Service: f.Service, Environment: f.Environment, Asynchronous: f.Asynchronous, PANFallback: f.Fallback, Networks: f.Networks,
		},
	}
	for _, g := range a.Gateways {
		v.Gateways = append(v.Gateways, control.Gateway(g))
	}
	return v
}
