package server

import (
	"slices"

	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// wireMethods spells the ways of checking a cardholder as Visa's published
// client lists them (docs/wire/vts.md "Provisioning").
var wireMethods = map[string]string{
	"sms":              vts.MethodSMS,
	"email":            vts.MethodEmail,
	"app":              vts.MethodAppToApp,
	"call":             vts.MethodOutboundCall,
	"web":              vts.MethodOnlineBanking,
	"online-banking":   vts.MethodOnlineBanking,
	"customer-service": vts.MethodCustomerService,
}

// stepUpMethods lists what the issuer offers, nothing unless the token waits for
// it. Two names of a scenario may mean the same on the wire; the first counts.
func (r *request) stepUpMethods(res sandbox.Result) []vts.StepUpMethod {
	if !res.Token.StepUp {
		return nil
	}
	product := r.account.box.ProductOf(res.Card)
	methods := make([]vts.StepUpMethod, 0, len(res.StepUp.Methods))
	for _, name := range res.StepUp.Methods {
		method := wireMethods[name]
		if method == "" || slices.ContainsFunc(methods, func(m vts.StepUpMethod) bool { return m.Method == method }) {
			continue
		}
		methods = append(methods, vts.StepUpMethod{
			Method: method, Value: r.account.reached(method, res.Token.Ref, product),
			Identifier: r.account.identifier(res.Token.Ref, name),
		})
	}
	return methods
}

// identifier names a method of a token. It is derived from the scenario's name,
// so that choosing leads back to the one that the issuer offers.
func (a *account) identifier(ref token.Ref, name string) string {
	return a.ids.Hex(32, "step-up", string(ref), name)
}

// methodOf finds the method that an identifier names, "" for none.
func (a *account) methodOf(ref token.Ref, identifier string) string {
	for name := range wireMethods {
		if a.identifier(ref, name) == identifier {
			return name
		}
	}
	return ""
}

// reached says where a method reaches the cardholder, masked, or whom the
// cardholder reaches by it.
func (a *account) reached(method string, ref token.Ref, p fixtures.Product) string {
	switch method {
	case vts.MethodSMS, vts.MethodOutboundCall:
		return "(***) ***-01" + a.ids.Digits(2, "telephone", string(ref))
	case vts.MethodEmail:
		return "a****e@mail.example"
	case vts.MethodAppToApp:
		return p.BankAppAddress
	case vts.MethodOnlineBanking:
		return p.OnlineBankingURL
	default:
		return p.ContactNumber
	}
}
