package sandbox_test

import (
	"testing"

	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

// TestStep_TheOtherNetworksTokensAreUnknown: one vault holds both networks, and
// neither has heard of what the other handed out, whoever asks.
func TestStep_TheOtherNetworksTokensAreUnknown(t *testing.T) {
	box := newBox(t, stage.Scenario(t, plain), "")
	made := map[token.Network]sandbox.Result{
		token.Visa:       provision(t, box, token.Visa, 1),
		token.Mastercard: provision(t, box, token.Mastercard, 1),
	}
	other := map[token.Network]token.Network{token.Visa: token.Mastercard, token.Mastercard: token.Visa}
	tried := 0
	for _, info := range token.Operations() {
		op := info.Op
		theirs := made[other[op.Network()]]
		for name, c := range map[string]sandbox.Call{
			"token":     {Subject: sandbox.Subject{Token: theirs.Token.Ref, Tokens: []token.Ref{theirs.Token.Ref}, Enrolment: theirs.Enrolment.Ref}},
			"enrolment": {Subject: sandbox.Subject{Enrolment: theirs.Enrolment.Ref}},
			"number":    {Subject: sandbox.Subject{FromToken: theirs.Token.Number}},
		} {
			c.Op, c.Requestor, c.TaskID = op, "wallet", string(op)+name
			got, _ := do(box, c)
			if len(got.Each) == 1 {
				got.Problem, got.Token = got.Each[0].Problem, got.Each[0].Token
			}
			if got.Problem != nil {
				tried++
			}
			if got.Token.Ref != "" || got.Card.PAN != "" || got.Enrolment.Ref != "" {
				t.Errorf("%s by %s: %+v", op, name, got)
			}
		}
	}
	if tried < 25 {
		t.Errorf("only %d calls were refused", tried)
	}
	for network, r := range made {
		if now, _ := box.Token(r.Token.Ref); now.Token.Status != token.Active || now.Token.ATC != 0 {
			t.Errorf("%s: %+v", network, now)
		}
	}
}
