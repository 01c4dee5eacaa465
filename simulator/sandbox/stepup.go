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

// identifying finds a token that waits for its cardholder to be identified.
func (x *step) identifying(c Call, r *Result) (vault.Token, bool) {
	t, problem := x.owned(c, c.Token)
	if problem == nil {
		x.describe(t, r)
		if t.Status != token.Inactive || !t.StepUp {
			problem = token.Refuse(token.NoStepUp, "the token is "+string(t.Status)+" and waits for no identification")
		}
	}
	r.Problem = problem
	return t, problem == nil
}

// stepUpOptions lists the methods of a token that waits. Device binding and
// attestation need just a token of the requestor.
func (x *step) stepUpOptions(c Call, r *Result) {
	if c.Op == token.VisaStepUpOptions {
		if _, ok := x.identifying(c, r); !ok {
			return
		}
	} else {
		t, problem := x.owned(c, c.Token)
		if r.Problem = problem; problem != nil {
			return
		}
		if t.Status == token.Deactivated {
			r.Problem = token.Refuse(token.WrongStatus, "the token is "+string(t.Status))
			return
		}
		x.describe(t, r)
	}
	r.Methods = x.methods(r.Card, token.StepUp)
}

// selectMethod chooses how the cardholder is identified; a new choice begins a
// new code.
func (x *step) selectMethod(c Call, r *Result) {
	t, ok := x.identifying(c, r)
	if !ok {
		return
	}
	if !slices.Contains(x.methods(r.Card, token.StepUp), c.Method) {
		r.Problem = token.Refuse(token.UnknownMethod, "the issuer offers no such method", "stepUpRequestID")
		return
	}
	u := x.tx.StepUp(t.Ref)
	if u.Selected >= x.script.switches.Visa.StepUpSelection {
		r.Problem = token.Refuse(token.Exhausted, "a method was chosen too often")
		return
	}
	u = vault.StepUp{Token: t.Ref, Method: c.Method, Selected: u.Selected + 1, Expires: x.now.Add(codeLife)}
	x.tx.PutStepUp(u)
	r.StepUp = u
	x.happened(happening{kind: token.StepUpSelected, token: t.Ref, silent: true})
}

// confirming is the call that confirms a method: the issuer's app hands out a
// code of its own, anything else leads to a password (docs/wire/vts.md
// "Step-up").
func confirming(method string) token.Operation {
	if method == "app" {
		return token.VisaValidateAuthCode
	}
	return token.VisaValidateOTP
}

// validateCode activates the token if the code is right and in time. A call
// that does not fit the method chosen leaves its attempts alone.
func (x *step) validateCode(c Call, r *Result) {
	t, ok := x.identifying(c, r)
	if !ok {
		return
	}
	u := x.tx.StepUp(t.Ref)
	switch {
	case u.Method == "":
		r.Problem = token.Refuse(token.NotChosen, "no method was chosen")
		return
	case c.Op != confirming(u.Method):
		r.Problem = token.Refuse(token.NotChosen, u.Method+" was chosen, which "+confirming(u.Method).Info().Wire+" confirms")
		return
	case u.Wrong >= x.script.switches.Visa.StepUpAttempts:
		r.Problem = token.Refuse(token.Exhausted, "too many wrong codes; choose a method again")
		return
	case x.now.After(u.Expires):
		x.failCode(u, r, token.Refuse(token.ExpiredCode, "the code expired at "+u.Expires.Format(time.RFC3339)))
		return
	case c.Code != x.script.switches.Visa.StepUpOTP:
		u.Wrong++
		x.failCode(u, r, token.Refuse(token.WrongCode, "the code is wrong"))
		return
	}
	after, err := x.tx.Change(t, vault.Activate, token.ByRequestor)
	if err != nil {
		r.Problem = token.Refuse(token.WrongStatus, err.Error())
		return
	}
	x.dropActivation(t.Ref)
	x.happened(happening{kind: token.StepUpSucceeded, token: t.Ref, silent: true})
	x.happened(happening{kind: token.TokenActivated, token: after.Ref, by: token.ByRequestor})
}

func (x *step) failCode(u vault.StepUp, r *Result, p *token.Problem) {
	x.tx.PutStepUp(u)
	x.happened(happening{kind: token.StepUpFailed, token: u.Token, silent: true})
	r.Problem = p
}

// digitalArt finds the card behind a number, for its product configuration.
func (x *step) digitalArt(c Call, r *Result) {
	r.Card, r.Problem = x.admit(c)
}
