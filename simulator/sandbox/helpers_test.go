package sandbox_test

import (
	"strings"

	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

func fixturesCard(name string) (token.PAN, bool) {
	c, ok := fixtures.Find(name)
	return c.Number, ok
}

// effectOf says what an operation does, as the faces' rows say.
var effectOf = map[token.Operation]sandbox.Effect{
	token.VisaEnroll: sandbox.EffectEnroll, token.VisaGetCardMetadata: sandbox.EffectReadEnrolment,
	token.VisaProvision: sandbox.EffectProvision, token.VisaProvisionWithPAN: sandbox.EffectProvision,
	token.VisaGetToken: sandbox.EffectReadToken, token.VisaGetPaymentData: sandbox.EffectPay,
	token.VisaSuspend: sandbox.EffectMove, token.VisaResume: sandbox.EffectMove, token.VisaDelete: sandbox.EffectMove,
	token.VisaGetContent: sandbox.EffectNothing, token.VisaGetStepUpOptions: sandbox.EffectStepUpOptions,
	token.VisaSelectStepUpMethod: sandbox.EffectStepUpSelect, token.VisaValidateOTP: sandbox.EffectStepUpConfirm,
	token.VisaValidateAuthCode: sandbox.EffectStepUpConfirm, token.VisaDeviceBinding: sandbox.EffectBind,
	token.VisaGetAttestationOptions: sandbox.EffectBind,

	token.MCTokenize: sandbox.EffectProvision, token.MCTransact: sandbox.EffectPay, token.MCGetTaskStatus: sandbox.EffectReadTask,
	token.MCGetToken: sandbox.EffectReadToken, token.MCSearchTokens: sandbox.EffectSearch,
	token.MCSuspend: sandbox.EffectMoveEach, token.MCUnsuspend: sandbox.EffectMoveEach, token.MCDelete: sandbox.EffectMoveEach,
	token.MCGetAsset: sandbox.EffectNothing, token.MCGetDigitalAssets: sandbox.EffectFindCard,

	token.Authorize: sandbox.EffectAuthorize, token.Capture: sandbox.EffectCapture, token.Void: sandbox.EffectVoid,
	token.Refund: sandbox.EffectRefund, token.Increment: sandbox.EffectIncrement, token.Reverse: sandbox.EffectReverse,
	token.GetPayment: sandbox.EffectReadPayment,
}

// do sends a call with the effect of its operation to a sandbox that lives.
func do(box *sandbox.Sandbox, c sandbox.Call) (sandbox.Result, token.Plan) {
	effect, known := effectOf[c.Op]
	if !known {
		panic("no effect is listed for " + c.Op)
	}
	c.Effect = effect
	if c.Paying == nil && strings.HasPrefix(string(c.Op), "acquirer/") {
		c.Paying = &sandbox.Paying{}
	}
	r, plan, err := box.Do(c)
	if err != nil {
		panic(err)
	}
	return r, plan
}
