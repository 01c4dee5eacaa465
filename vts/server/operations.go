package server

import (
	"github.com/pantomime-dev/pantomime/simulator/face"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/vts"
)

// row is what is particular to one operation: where it lives, how its request
// becomes a call of the step, what the step does, and how its result becomes an
// answer. Everything between is the same for all.
type row struct {
	route  vts.Route
	read   func(*request) *refusal
	effect sandbox.Effect
	answer func(*request) (face.Answer, *refusal)
}

// operations has a row for each operation (docs/wire/vts.md "Operations").
var operations = []row{
	{vts.RouteEnroll, readEnroll, sandbox.EffectEnroll, answerEnroll},
	{vts.RouteCardMetadata, readEnrolment, sandbox.EffectReadEnrolment, answerEnroll},
	{vts.RouteProvision, readProvision, sandbox.EffectProvision, answerProvision},
	{vts.RouteProvisionWithPAN, readProvisionWithPAN, sandbox.EffectProvision, answerProvisionWithPAN},
	{vts.RouteGetToken, readToken, sandbox.EffectReadToken, answerToken},
	{vts.RoutePaymentData, readPayment, sandbox.EffectPay, answerPayment},
	{vts.RouteSuspend, readLifecycle, sandbox.EffectMove, answerLifecycle},
	{vts.RouteResume, readLifecycle, sandbox.EffectMove, answerLifecycle},
	{vts.RouteDelete, readLifecycle, sandbox.EffectMove, answerLifecycle},
	{vts.RouteContent, readContent, sandbox.EffectNothing, answerContent},
	{vts.RouteStepUpOptions, readToken, sandbox.EffectStepUpOptions, answerStepUpOptions},
	{vts.RouteStepUpMethod, readStepUpMethod, sandbox.EffectStepUpSelect, answerStepUpMethod},
	{vts.RouteValidateOTP, readOTP, sandbox.EffectStepUpConfirm, answerValidation},
	{vts.RouteValidateAuthCode, readAuthCode, sandbox.EffectStepUpConfirm, answerValidation},
	{vts.RouteDeviceBinding, readDeviceBinding, sandbox.EffectBind, answerDeviceBinding},
	{vts.RouteAttestation, readAttestation, sandbox.EffectBind, answerAttestation},
}
