package main

import (
	"context"
	"fmt"

	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// stepUp performs the operations at Visa with which a cardholder is identified
// and a device bound.
func (w visaWallet) stepUp(ctx context.Context, t task) (result, error) {
	ref := string(t.token)
	switch t.op {
	case token.VisaStepUpOptions:
		got, err := w.StepUpOptions(ctx, ref)
		return answeredBy(t, got, err, func() string { return plural(len(got.StepUpRequest), "method") })
	case token.VisaStepUpMethod:
		got, err := w.SelectStepUpMethod(ctx, ref, vts.StepUpMethodRequest{StepUpRequestID: t.id})
		return answeredBy(t, got, err, func() string { return "a code is on its way, good until " + moment(got.CodeExpiration.Time()) })
	case token.VisaValidateOTP:
		err := w.ValidateOTP(ctx, ref, vts.ValidateOTPRequest{OTPValue: vts.Text(t.code)})
		return answeredBy(t, &vts.ValidationResponse{}, err, func() string { return "the code is right" })
	case token.VisaValidateAuthCode:
		err := w.ValidateAuthCode(ctx, ref, vts.ValidateAuthCodeRequest{AuthCode: vts.Text(t.code)})
		return answeredBy(t, &vts.ValidationResponse{}, err, func() string { return "the code is right" })
	case token.VisaDeviceBinding:
		got, err := w.BindDevice(ctx, ref, vts.DeviceBindingRequest{PlatformType: vts.PlatformWeb, Intent: vts.IntentFIDO}, nil, nil)
		return answeredBy(t, got, err, func() string { return "device bound" })
	case token.VisaAttestation:
		request := vts.AttestationRequest{Type: vts.AttestRegister, ReasonCode: vts.ReasonCodeDeviceBinding}
		got, err := w.AttestationOptions(ctx, ref, request, nil)
		return answeredBy(t, got, err, func() string { return "options for a passkey" })
	}
	return result{}, usage("%s is no operation of Visa's", t.op)
}

// answeredBy makes the result of an answer about a token that tells no status.
func answeredBy[T any](t task, got *T, err error, headline func() string) (result, error) {
	r, err := answered(got, err, func() string { return fmt.Sprintf("token %s: %s", t.token, headline()) })
	if err == nil {
		r.ref = t.token
	}
	return r, err
}
