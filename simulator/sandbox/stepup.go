package sandbox

import (
	"slices"
	"time"

	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/vault"
	"github.com/pantomime-dev/pantomime/token"
)

// codeLife is how long a one-time password may be used after a method was
// chosen (docs/wire/vts.md "Step-up"; the figure is ours).
const codeLife = 10 * time.Minute

// waiting finds a token that waits for its cardholder to be identified. One
// that does not is reported all the same.
func (x *step) waiting(c Call) (Found, *token.Problem) {
	t, problem := x.owned(c, c.Token)
	if problem != nil {
		return Found{}, problem
	}
	if !waits(t) {
		problem = token.Refuse(token.NoStepUp, "the token is "+string(t.Status)+" and waits for no identification")
	}
	return x.found(t), problem
}

// waits reports whether a token waits for its cardholder to be identified.
func waits(t vault.Token) bool { return t.Status == token.Inactive && t.StepUp }

// stepUpOptions lists the methods of a token that waits.
func (x *step) stepUpOptions(c Call) (r Result, problem *token.Problem) {
	if r.Found, problem = x.waiting(c); problem == nil {
		r.StepUp.Methods = x.methods(r.Card, token.StepUp)
	}
	return r, problem
}

// bind lists the methods of any token of the requestor that is not deleted.
func (x *step) bind(c Call) (r Result, problem *token.Problem) {
	t, problem := x.owned(c, c.Token)
	switch {
	case problem != nil:
		return r, problem
	case t.Status == token.Deactivated:
		return r, token.Refuse(token.WrongStatus, "the token is "+string(t.Status))
	}
	r.Found = x.found(t)
	r.StepUp.Methods = x.methods(r.Card, token.StepUp)
	return r, nil
}

// stepUpSelect chooses how the cardholder is identified; a new choice begins a
// new code.
func (x *step) stepUpSelect(c Call) (r Result, problem *token.Problem) {
	if r.Found, problem = x.waiting(c); problem != nil {
		return r, problem
	}
	if !slices.Contains(x.methods(r.Card, token.StepUp), c.Method) {
		return r, token.Refuse(token.UnknownMethod, "the issuer offers no such method")
	}
	if problem = x.choose(r.Token, c.Method); problem == nil {
		r.StepUp.State = x.tx.StepUp(r.Token.Ref)
	}
	return r, problem
}

// choose begins a new code of a method, unless that was done too often.
func (x *step) choose(t vault.Token, method string) *token.Problem {
	u := x.tx.StepUp(t.Ref)
	if u.Selected >= x.choices(t.Network).selections {
		return token.Refuse(token.Exhausted, "a method was chosen too often")
	}
	x.tx.PutStepUp(vault.StepUp{Token: t.Ref, Method: method, Selected: u.Selected + 1, Expires: x.now.Add(codeLife)})
	x.happened(happening{kind: token.StepUpSelected, token: t.Ref, silent: true})
	return nil
}

// proofOf is what confirms a method: the issuer's app hands out a code of its
// own, anything else leads to a password (docs/wire/vts.md "Step-up").
func proofOf(method string) token.Proof {
	if method == "app" {
		return token.AppCode
	}
	return token.Password
}

// stepUpConfirm activates the token if the code is right and in time. A call
// that does not fit the method chosen leaves its attempts alone.
func (x *step) stepUpConfirm(c Call) (r Result, problem *token.Problem) {
	if r.Found, problem = x.waiting(c); problem != nil {
		return r, problem
	}
	if problem := x.confirm(c, x.tx.StepUp(r.Token.Ref)); problem != nil {
		return r, problem
	}
	return r, x.identified(r.Token, scenarios.Variants{})
}

// identified activates a token whose cardholder was identified.
func (x *step) identified(t vault.Token, notify scenarios.Variants) *token.Problem {
	after, err := x.tx.Change(t, vault.Activate, token.ByRequestor, "")
	if err != nil {
		return token.Refuse(token.WrongStatus, err.Error())
	}
	x.dropActivation(t.Ref)
	x.happened(happening{kind: token.StepUpSucceeded, token: t.Ref, silent: true})
	x.happened(happening{kind: token.TokenActivated, token: after.Ref, by: token.ByRequestor, notify: notify})
	return nil
}

// confirm judges a code.
func (x *step) confirm(c Call, u vault.StepUp) *token.Problem {
	choices, proof := x.choices(c.Network), proofOf(u.Method)
	switch {
	case u.Method == "":
		return token.Refuse(token.NotChosen, "no method was chosen")
	case c.Op.Traits().Confirms != proof:
		other := token.Confirming(c.Network, proof).Info().Wire
		return token.Refuse(token.NotChosen, u.Method+" was chosen, which "+other+" confirms")
	case u.Wrong >= choices.attempts:
		return token.Refuse(token.Exhausted, "too many wrong codes; choose a method again")
	case x.now.After(u.Expires):
		return x.failCode(u, token.Refuse(token.ExpiredCode, "the code expired at "+u.Expires.Format(time.RFC3339)))
	case c.Code != choices.password:
		u.Wrong++
		return x.failCode(u, token.Refuse(token.WrongCode, "the code is wrong"))
	}
	return nil
}

func (x *step) failCode(u vault.StepUp, p *token.Problem) *token.Problem {
	x.tx.PutStepUp(u)
	x.happened(happening{kind: token.StepUpFailed, token: u.Token, silent: true})
	return p
}
