package server

import (
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
)

type row = face.Row[mdes.Route, *request, sandbox.Effect, *refusal]

// operations has a row for each operation (docs/wire/mdes.md "Operations").
var operations = []row{
	{Route: mdes.RouteTokenize, Read: readProvision, Effect: sandbox.EffectProvision, Answer: answerProvision},
	{Route: mdes.RouteTransact, Read: readPayment, Effect: sandbox.EffectPay, Answer: answerPayment},
	{Route: mdes.RouteGetTaskStatus, Read: readTaskStatus, Effect: sandbox.EffectReadTask, Answer: answerTaskStatus},
	{Route: mdes.RouteGetToken, Read: readToken, Effect: sandbox.EffectReadToken, Answer: answerToken},
	{Route: mdes.RouteSearchTokens, Read: readSearch, Effect: sandbox.EffectSearch, Answer: answerSearch},
	{Route: mdes.RouteSuspend, Read: readLifecycle, Effect: sandbox.EffectMoveEach, Answer: answerLifecycle},
	{Route: mdes.RouteUnsuspend, Read: readLifecycle, Effect: sandbox.EffectMoveEach, Answer: answerLifecycle},
	{Route: mdes.RouteDelete, Read: readLifecycle, Effect: sandbox.EffectMoveEach, Answer: answerLifecycle},
	{Route: mdes.RouteGetAsset, Read: readContent, Effect: sandbox.EffectNothing, Answer: answerContent},
	{Route: mdes.RouteGetDigitalAssets, Read: readDigitalAssets, Effect: sandbox.EffectFindCard, Answer: answerDigitalAssets},
}
