package sandbox

import (
	"slices"
	"time"

	"github.com/pantomime-dev/pantomime/simulator/vault"
	"github.com/pantomime-dev/pantomime/token"
)

// codeLife is how long a one-time password may be used after a method was
// chosen (docs/wire/vts.md "Step-up"; the figure is ours).
const codeLife = 10 * time.Minute

// waiting finds a token that waits for its cardholder to be identified. One
// that does not is told all the same.
func (x *step) waiting(c Call) (Found, *token.Problem) {
	t, problem := x.owned(c, c.Token)
	if problem != nil {
		return Found{}, problem
	}
	if t.Status != token.Inactive || !t.StepUp {
		problem = token.Refuse(token.NoStepUp, "the token is "+string(t.Status)+" and waits for no identification")
	}
	return x.found(t), problem
}

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
	u := x.tx.StepUp(r.Token.Ref)
	if u.Selected >= x.choices(r.Token.Network).selections {
		return r, token.Refuse(token.Exhausted, "a method was chosen too often")
	}
	u = vault.StepUp{Token: r.Token.Ref, Method: c.Method, Selected: u.Selected + 1, Expires: x.now.Add(codeLife)}
	x.tx.PutStepUp(u)
	r.StepUp.State = u
	x.happened(happening{kind: token.StepUpSelected, token: r.Token.Ref, silent: true})
	return r, nil
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
	after, err := x.tx.Change(r.Token, vault.Activate, token.ByRequestor)
	if err != nil {
		return r, token.Refuse(token.WrongStatus, err.Error())
	}
	x.dropActivation(r.Token.Ref)
	x.happened(happening{kind: token.StepUpSucceeded, token: r.Token.Ref, silent: true})
	x.happened(happening{kind: token.TokenActivated, token: after.Ref, by: token.ByRequestor})
	return r, nil
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
