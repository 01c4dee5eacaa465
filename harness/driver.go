package harness

import (
	"context"
	"errors"
	"fmt"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/token"
)

// ErrCannot says that a driver has no way to do what was asked. A check that
// needs it could not run; it has not passed.
var ErrCannot = errors.New("the control driver cannot do this")

// Action is what an operator of a target can be asked to do.
type Action string

// The actions. Those on tokens and cards act as the issuer.
const (
	DoActivate Action = "activate" // the token becomes active
	DoSuspend  Action = "suspend"
	DoResume   Action = "resume"
	DoDelete   Action = "delete"

	DoNewExpiry   Action = "new-expiry"   // the token's card gets a later expiry
	DoReplacePAN  Action = "replace-pan"  // the token's card gets another number
	DoNewMetadata Action = "new-metadata" // the card's art or contacts change
	DoClose       Action = "close-account"

	DoFailNext Action = "fail-next" // the next provisioning of the card answers Error
	DoDecide   Action = "decide"    // the next provisioning of the card meets Decision
	DoRule     Action = "rule"      // until cleared, provisioning the card answers Error
	DoUnrule   Action = "unrule"    // takes such a rule away

	DoAdvance Action = "advance" // the target's clock moves by For
	DoResend  Action = "resend"  // the last notice about the token is sent again
)

// Command is one thing asked of a driver. As JSON it is what a hook command
// reads on its standard input (docs/conformance.md).
type Command struct {
	Do       Action           `json:"do"`
	Network  token.Network    `json:"network,omitempty"`
	Token    token.Ref        `json:"token,omitempty"`
	Card     Number           `json:"card,omitempty"`     // fail-next, decide, rule, unrule
	Reason   string           `json:"reason,omitempty"`   // suspend, resume, delete: SUSPECTED_FRAUD
	Error    token.Key        `json:"error,omitempty"`    // fail-next, rule: a documented key
	Decision token.Decision   `json:"decision,omitempty"` // decide
	For      control.Duration `json:"for,omitempty"`      // advance
}

// Driver plays the operator of a target: its issuers and its controls.
type Driver interface {
	// Do carries a command out; state has changed when it returns. The error
	// wraps [ErrCannot] if there is no way to do it.
	Do(ctx context.Context, c Command) error
}

// NewDriver makes the driver that a target names.
func NewDriver(k Control) (Driver, error) {
	switch k.Kind {
	case ControlAdmin:
		client, err := control.New(k.URL, nil, string(k.Token))
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrTarget, err)
		}
		return AdminDriver(client.In(k.Sandbox)), nil
	case ControlHook:
		return HookDriver(k.Command), nil
	case ControlNone:
		return NoDriver(), nil
	}
	return nil, fmt.Errorf("%w: control kind %q: accepted: admin, hook, none", ErrTarget, string(k.Kind))
}

// NoDriver can do nothing.
func NoDriver() Driver { return noDriver{} }

type noDriver struct{}

func (noDriver) Do(_ context.Context, c Command) error {
	return fmt.Errorf("%w: %s needs a control driver and the target has none", ErrCannot, c.Do)
}
