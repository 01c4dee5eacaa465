package wallet

import (
	"cmp"
	"fmt"
	"strconv"

	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// instrument is where the account is in a request.
const instrument = "encPaymentInstrument"

var (
	visaCard   = []Need{{What: NeedCard, In: instrument}}
	visaTokens = map[Account][]Need{ByToken: {
		{What: NeedToken, Name: VisaToken, In: instrument + ".accountNumber"},
		{What: NeedNumber, Name: TokenNumber, In: instrument + ".accountNumber"},
	}}
	visaEnrolment = []Need{{What: NeedID, Name: Enrolment}}
	visaToken     = []Need{{What: NeedToken, Name: VisaToken}}
	visaMethod    = []Need{{What: NeedToken, Name: VisaToken}, {What: NeedID, Name: StepUpMethod, In: StepUpMethod}}
	visaOTP       = []Need{{What: NeedToken, Name: VisaToken}, {What: NeedCode, In: "otpValue"}}
	visaAppCode   = []Need{{What: NeedToken, Name: VisaToken}, {What: NeedCode, In: "authCode"}}
	visaContent   = []Need{{What: NeedID, Name: Content}}
)

// visaRows are Visa's operations (docs/wire/vts.md "Operations").
var visaRows = table[*visa]{
	token.VisaEnroll:           {needs: visaCard, accounts: visaTokens, body: (*visa).enrolment, seals: instrument, answer: answerOf((*visa).enrolled)},
	token.VisaGetCardMetadata:  {needs: visaEnrolment, answer: answerOf((*visa).metadata)},
	token.VisaProvision:        {needs: visaEnrolment, body: (*visa).provisioning, answer: answerOf((*visa).provisioned)},
	token.VisaProvisionWithPAN: {needs: visaCard, accounts: visaTokens, body: (*visa).cardProvisioning, seals: instrument, answer: answerOf((*visa).provisioned)},
	token.VisaGetToken:         {needs: visaToken, answer: answerOf((*visa).status)},
	token.VisaGetPaymentData:   {needs: visaToken, body: (*visa).order, answer: answerOf((*visa).cryptogram)},
	token.VisaSuspend:          {needs: visaToken, body: (*visa).change, silent: true, answer: changed("suspended")},
	token.VisaResume:           {needs: visaToken, body: (*visa).change, silent: true, answer: changed("resumed")},
	token.VisaDelete:           {needs: visaToken, body: (*visa).change, silent: true, answer: changed("deleted")},
	token.VisaGetContent: {needs: visaContent, answer: line[*visa](func(about Subject, got *vts.ContentResponse) string {
		return fmt.Sprintf("content %s, %s", about.ID, plural(len(got.Content), "rendition"))
	})},
	token.VisaGetStepUpOptions: {needs: visaToken, answer: tokenLine[*visa](func(got *vts.StepUpOptionsResponse) string {
		return plural(len(got.StepUpRequest), "method")
	})},
	token.VisaSelectStepUpMethod: {needs: visaMethod, body: (*visa).method, answer: tokenLine[*visa](func(got *vts.StepUpMethodResponse) string {
		return "a code is on its way, good until " + got.CodeExpiration.Time().UTC().Format("2006-01-02T15:04:05.999Z")
	})},
	token.VisaValidateOTP:           {needs: visaOTP, body: (*visa).password, silent: true, answer: tokenLine[*visa](rightCode)},
	token.VisaValidateAuthCode:      {needs: visaAppCode, body: (*visa).appCode, silent: true, answer: tokenLine[*visa](rightCode)},
	token.VisaDeviceBinding:         {needs: visaToken, body: (*visa).binding, answer: tokenLine[*visa](func(*vts.DeviceBindingResponse) string { return "device bound" })},
	token.VisaGetAttestationOptions: {needs: visaToken, body: (*visa).attestation, answer: tokenLine[*visa](func(*vts.AttestationResponse) string { return "options for a passkey" })},
}

func rightCode(*vts.ValidationResponse) string { return "the code is right" }

func changed(how string) reading[*visa] {
	return answerOf(func(_ *visa, about Subject, got *vts.LifecycleResponse) (Outcome, error) {
		return Outcome{Headline: fmt.Sprintf("token %s %s", about.Token.Ref, how), Ref: about.Token.Ref, Answer: got}, nil
	})
}

func (v *visa) enrolment(about Subject) map[string]any {
	body := v.account(about)
	body["locale"] = "en_US"
	return body
}

func (v *visa) provisioning(Subject) map[string]any {
	return map[string]any{
		"clientAppID": v.app, "clientWalletAccountID": v.trid,
		"presentationType": []string{vts.PresentationECOM}, "protectionType": vts.ProtectionCloud,
	}
}

func (v *visa) cardProvisioning(about Subject) map[string]any {
	body := v.enrolment(about)
	for name, value := range v.provisioning(about) {
		body[name] = value
	}
	return body
}

// account names the account: by the card's number, or by a token's.
func (v *visa) account(about Subject) map[string]any {
	number, source, expiry := about.Card.PAN.Digits(), vts.SourceOnFile, about.Card.Expiry
	if about.Account == ByToken {
		number, source, expiry = about.Token.Number.Digits(), vts.SourceToken, about.Token.Expiry
	}
	return map[string]any{
		"clientAppID": v.app, "clientWalletAccountID": v.trid, "panSource": source,
		instrument: map[string]any{
			"accountNumber": number, "expirationDate": map[string]any{"month": expiry.MM(), "year": expiry.YYYY()},
		},
	}
}

func (v *visa) order(Subject) map[string]any {
	return map[string]any{"clientPaymentDataID": v.id("order"), "paymentRequest": map[string]any{"transactionType": vts.TransactionECOM}}
}

func (v *visa) change(about Subject) map[string]any {
	return map[string]any{"updateReason": map[string]any{"reasonCode": cmp.Or(about.Reason, vts.ReasonCodeCustomerConfirmed)}}
}

func (v *visa) method(about Subject) map[string]any { return v.step(StepUpMethod, about.ID) }

func (v *visa) password(about Subject) map[string]any { return v.step("otpValue", about.Code) }

func (v *visa) appCode(about Subject) map[string]any { return v.step("authCode", about.Code) }

// step is a request on the way of identifying the cardholder.
func (v *visa) step(name, value string) map[string]any {
	return map[string]any{
		name: value, "date": strconv.FormatInt(v.wall.Now().Unix(), 10), "clientReferenceId": v.id("step"), "clientAppID": v.app,
	}
}

func (v *visa) binding(Subject) map[string]any {
	return map[string]any{"clientReferenceID": v.id("bind"), "clientAppID": v.app, "platformType": vts.PlatformWeb, "intent": vts.IntentFIDO}
}

func (v *visa) attestation(Subject) map[string]any {
	return map[string]any{
		"clientReferenceID": v.id("bind"), "clientAppID": v.app, "type": vts.AttestRegister, "reasonCode": vts.ReasonCodeDeviceBinding,
	}
}

func (v *visa) enrolled(_ Subject, got *vts.EnrollResponse) (Outcome, error) {
	return Outcome{Headline: "card enrolled as " + got.VPanEnrollmentID, Ref: token.Ref(got.VPanEnrollmentID), Answer: got}, nil
}

// metadata reports the card behind an enrolment.
func (v *visa) metadata(about Subject, got *vts.CardMetadataResponse) (Outcome, error) {
	o := Outcome{Headline: "enrolment " + about.ID, Answer: got}
	o.Shows = v.shown("", about.ID, vts.TokenInfo{}, got.PaymentInstrument)
	return o, nil
}

func (v *visa) provisioned(_ Subject, got *vts.ProvisionResponse) (Outcome, error) {
	o, err := v.token(token.Ref(got.VProvisionedTokenID), got.TokenInfo, got)
	o.Shows = v.shown(o.Ref, got.VPanEnrollmentID, got.TokenInfo, got.PaymentInstrument)
	return o, err
}

func (v *visa) status(about Subject, got *vts.TokenResponse) (Outcome, error) {
	o, err := v.token(about.Token.Ref, got.TokenInfo, got)
	o.Shows = v.shown(o.Ref, got.VPanEnrollmentID, got.TokenInfo, nil)
	return o, err
}

func (v *visa) cryptogram(about Subject, got *vts.PaymentDataResponse) (Outcome, error) {
	o, err := v.token(about.Token.Ref, got.TokenInfo, got)
	o.Headline = fmt.Sprintf("cryptogram number %s, ECI %s", got.CryptogramInfo.ATC, got.CryptogramInfo.ECI)
	if err != nil {
		return o, err
	}
	o.Paying = Paying{Cryptogram: token.Cryptogram(got.CryptogramInfo.Cryptogram), ECI: token.ECI(got.CryptogramInfo.ECI)}
	if o.Paying.Number, err = v.client.TokenNumber(got.TokenInfo); err == nil && got.TokenInfo.ExpirationDate != nil {
		o.Paying.Expiry, err = token.ExpiryOf(string(got.TokenInfo.ExpirationDate.Month), string(got.TokenInfo.ExpirationDate.Year))
	}
	return o, err
}

// token reports an answer that shows a token.
func (v *visa) token(ref token.Ref, info vts.TokenInfo, answer any) (Outcome, error) {
	o := Outcome{Headline: fmt.Sprintf("token %s is %s", ref, info.TokenStatus), Ref: ref, Status: string(info.TokenStatus), Answer: answer}
	if info.EncTokenInfo == "" {
		return o, nil
	}
	number := new(vts.TokenNumber)
	if err := v.client.Open(info.EncTokenInfo, number); err != nil {
		return o, err
	}
	o.Opened = map[string]any{"encTokenInfo": number}
	return o, nil
}
