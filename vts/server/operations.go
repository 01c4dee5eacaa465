package server

import (
	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/vts"
)

type row = face.Row[vts.Route, *request, sandbox.Effect, *refusal]

// operations has a row for each operation (docs/wire/vts.md "Operations").
var operations = []row{
	{Route: vts.RouteEnroll, Read: readEnroll, Effect: sandbox.EffectEnroll, Answer: answerEnroll},
	{Route: vts.RouteGetCardMetadata, Read: readEnrolment, Effect: sandbox.EffectReadEnrolment, Answer: answerCardMetadata},
	{Route: vts.RouteProvision, Read: readProvision, Effect: sandbox.EffectProvision, Answer: answerProvision},
	{Route: vts.RouteProvisionWithPAN, Read: readProvisionWithPAN, Effect: sandbox.EffectProvision, Answer: answerProvisionWithPAN},
	{Route: vts.RouteGetToken, Read: readToken, Effect: sandbox.EffectReadToken, Answer: answerToken},
	{Route: vts.RouteGetPaymentData, Read: readPayment, Effect: sandbox.EffectPay, Answer: answerPayment},
	{Route: vts.RouteSuspend, Read: readLifecycle, Effect: sandbox.EffectMove, Answer: answerLifecycle},
	{Route: vts.RouteResume, Read: readLifecycle, Effect: sandbox.EffectMove, Answer: answerLifecycle},
	{Route: vts.RouteDelete, Read: readLifecycle, Effect: sandbox.EffectMove, Answer: answerLifecycle},
	{Route: vts.RouteGetContent, Read: readContent, Effect: sandbox.EffectNothing, Answer: answerContent},
	{Route: vts.RouteGetStepUpOptions, Read: readToken, Effect: sandbox.EffectStepUpOptions, Answer: answerStepUpOptions},
	{Route: vts.RouteSelectStepUpMethod, Read: readStepUpMethod, Effect: sandbox.EffectStepUpSelect, Answer: answerStepUpMethod},
	{Route: vts.RouteValidateOTP, Read: readOTP, Effect: sandbox.EffectStepUpConfirm, Answer: answerValidation},
	{Route: vts.RouteValidateAuthCode, Read: readAuthCode, Effect: sandbox.EffectStepUpConfirm, Answer: answerValidation},
	{Route: vts.RouteDeviceBinding, Read: readDeviceBinding, Effect: sandbox.EffectBind, Answer: answerDeviceBinding},
	{Route: vts.RouteGetAttestationOptions, Read: readAttestation, Effect: sandbox.EffectBind, Answer: answerAttestation},
}
