package sandbox

import (
	"github.com/pantomime-dev/pantomime/simulator/authorization"
	"github.com/pantomime-dev/pantomime/token"
)

// Effect names what an operation does to the world. The row of an operation in
// its face says which, so the step knows no operation by name.
type Effect string

// The effects.
const (
	EffectNothing       Effect = "nothing" // the answer needs no state: art, logos, terms
	EffectEnroll        Effect = "enroll"
	EffectProvision     Effect = "provision"
	EffectFindCard      Effect = "find card" // by its number, without enrolling it
	EffectReadEnrolment Effect = "read enrolment"
	EffectReadToken     Effect = "read token"
	EffectSearch        Effect = "search"
	EffectPay           Effect = "pay"       // a cryptogram
	EffectMove          Effect = "move"      // one token, by the operation's verb
	EffectMoveEach      Effect = "move each" // of a batch by itself
	EffectReadTask      Effect = "read task"
	EffectStepUpOptions Effect = "step-up options" // of a token that waits for its cardholder
	EffectStepUpSelect  Effect = "step-up select"
	EffectStepUpConfirm Effect = "step-up confirm" // by the operation's proof
	EffectReadPayment   Effect = "read payment"
	EffectCapture       Effect = "capture"
	EffectVoid          Effect = "void"
	EffectRefund        Effect = "refund"
	EffectIncrement     Effect = "increment"
	EffectReverse       Effect = "reverse"
	EffectAuthorize     Effect = "authorize" // a payment, by card or by token and cryptogram
	EffectBind          Effect = "bind"      // a device or a passkey to a token that is not deleted
)

// effects is where the step finds what a call does.
var effects = map[Effect]func(*step, Call) (Result, *token.Problem){
	EffectNothing:       func(*step, Call) (Result, *token.Problem) { return Result{}, nil },
	EffectEnroll:        (*step).enroll,
	EffectProvision:     (*step).provision,
	EffectFindCard:      (*step).findCard,
	EffectReadEnrolment: (*step).readEnrolment,
	EffectReadToken:     (*step).readToken,
	EffectSearch:        (*step).search,
	EffectPay:           (*step).pay,
	EffectMove:          (*step).move,
	EffectMoveEach:      (*step).moveEach,
	EffectReadTask:      (*step).readTask,
	EffectStepUpOptions: (*step).stepUpOptions,
	EffectStepUpSelect:  (*step).stepUpSelect,
	EffectStepUpConfirm: (*step).stepUpConfirm,
	EffectAuthorize:     once((*step).authorize),
	EffectReadPayment:   (*step).readPayment,
	EffectCapture:       acting(authorization.Capture),
	EffectVoid:          acting(authorization.Void),
	EffectRefund:        acting(authorization.Refund),
	EffectIncrement:     acting(authorization.Increment),
	EffectReverse:       acting(authorization.Reverse),
	EffectBind:          (*step).bind,
}

// makesTask reports whether a request is a task of the requestor's, whose outcome
// is kept.
func (e Effect) makesTask() bool { return e == EffectProvision }
