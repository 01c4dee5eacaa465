package server

import (
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
)

// row is what is particular to one operation: where it lives, how its request
// becomes a call of the step, what the step does, and how its result becomes an
// answer. Everything between is the same for all.
type row struct {
	route  mdes.Route
	read   func(*request) *refusal
	effect sandbox.Effect
	answer func(*request) (face.Answer, *refusal)
}

// operations has a row for each operation (docs/wire/mdes.md "Operations").
var operations = []row{
	{mdes.RouteTokenize, readTokenize, sandbox.EffectProvision, answerTokenize},
	{mdes.RouteTransact, readTransact, sandbox.EffectPay, answerTransact},
	{mdes.RouteGetTaskStatus, readTaskStatus, sandbox.EffectReadTask, answerTaskStatus},
	{mdes.RouteGetToken, readToken, sandbox.EffectReadToken, answerToken},
	{mdes.RouteSearchTokens, readSearch, sandbox.EffectSearch, answerSearch},
	{mdes.RouteSuspend, readLifecycle, sandbox.EffectMoveEach, answerLifecycle},
	{mdes.RouteUnsuspend, readLifecycle, sandbox.EffectMoveEach, answerLifecycle},
	{mdes.RouteDelete, readLifecycle, sandbox.EffectMoveEach, answerLifecycle},
	{mdes.RouteGetAsset, readContent, sandbox.EffectNothing, answerContent},
	{mdes.RouteGetDigitalAssets, readDigitalAssets, sandbox.EffectFindCard, answerDigitalAssets},
}
