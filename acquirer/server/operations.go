package server

import (
	"github.com/pantomime-dev/pantomime/acquirer"
	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/wire"
)

type row = face.Row[wire.Route, *request, sandbox.Effect, *refusal]

// operations has a row for each operation (docs/wire/acquirer.md "Operations").
var operations = []row{
	{Route: acquirer.RouteAuthorize, Read: readAuthorize, Effect: sandbox.EffectAuthorize, Answer: answerAuthorize},
	{Route: acquirer.RouteCapture, Read: readAct, Effect: sandbox.EffectCapture, Answer: answerAct},
	{Route: acquirer.RouteVoid, Read: readAct, Effect: sandbox.EffectVoid, Answer: answerAct},
	{Route: acquirer.RouteRefund, Read: readAct, Effect: sandbox.EffectRefund, Answer: answerAct},
	{Route: acquirer.RouteIncrement, Read: readAct, Effect: sandbox.EffectIncrement, Answer: answerAct},
	{Route: acquirer.RouteReverse, Read: readAct, Effect: sandbox.EffectReverse, Answer: answerAct},
	{Route: acquirer.RouteGetPayment, Read: readPayment, Effect: sandbox.EffectReadPayment, Answer: answerPayment},
}
