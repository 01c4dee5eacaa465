package main

import (
	"context"
	"crypto/rand"
	"fmt"

	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// visaWallet is a token requestor at Visa.
type visaWallet struct{ *vts.Client }

func (w visaWallet) do(ctx context.Context, t task) (result, error) {
	if err := t.complete(); err != nil {
		return result{}, err
	}
	switch t.op {
	case token.VisaEnroll:
		return w.enroll(ctx, t)
	case token.VisaProvision, token.VisaProvisionWithPAN:
		return w.provision(ctx, t)
	case token.VisaCardMetadata:
		return w.metadata(ctx, t)
	case token.VisaContent:
		return w.content(ctx, t)
	case token.VisaGetToken:
		return w.status(ctx, t)
	case token.VisaPaymentData:
		return w.cryptogram(ctx, t)
	case token.VisaSuspend, token.VisaResume, token.VisaDelete:
		return w.change(ctx, t)
	default:
		return w.stepUp(ctx, t)
	}
}

// instrument is the card as it is sealed into a request.
func (c *testCard) instrument() *vts.PaymentInstrument {
	return &vts.PaymentInstrument{AccountNumber: c.pan.Digits(), ExpirationDate: vts.DateOf(c.expiry)}
}

func (w visaWallet) enroll(ctx context.Context, t task) (result, error) {
	got, err := w.EnrollPAN(ctx, vts.EnrollRequest{Locale: "en_US", PANSource: vts.SourceOnFile}, t.card.instrument())
	if err != nil {
		return result{}, err
	}
	return result{headline: "card enrolled as " + got.VPanEnrollmentID, ref: token.Ref(got.VPanEnrollmentID), answer: got}, nil
}

// provision makes a token for an enrolment or, in one call, for a card.
func (w visaWallet) provision(ctx context.Context, t task) (result, error) {
	withPAN := t.op == token.VisaProvisionWithPAN
	req := vts.ProvisionRequest{PresentationType: []string{vts.PresentationECOM}, ProtectionType: vts.ProtectionCloud, AccountType: vts.AccountWallet}
	var got *vts.ProvisionResponse
	var err error
	if withPAN {
		full := vts.ProvisionWithPANRequest{ProvisionRequest: req, Locale: "en_US", PANSource: vts.SourceOnFile}
		got, err = w.ProvisionWithPAN(ctx, full, t.card.instrument(), nil)
	} else {
		got, err = w.Provision(ctx, t.id, req, nil)
	}
	if err != nil {
		return result{}, err
	}
	return w.told(got.VProvisionedTokenID, got.TokenInfo, got)
}

// told describes an answer that tells of a token.
func (w visaWallet) told(ref string, info vts.TokenInfo, answer any) (result, error) {
	r := result{ref: token.Ref(ref), status: string(info.TokenStatus), answer: answer}
	r.headline = fmt.Sprintf("token %s is %s", ref, info.TokenStatus)
	if info.EncTokenInfo != "" {
		var number vts.TokenNumber
		if err := w.Open(info.EncTokenInfo, &number); err != nil {
			return r, err
		}
		r.opened = opened("encTokenInfo", &number)
	}
	return r, nil
}

func (w visaWallet) metadata(ctx context.Context, t task) (result, error) {
	got, err := w.CardMetadata(ctx, t.id)
	return answered(got, err, func() string { return "enrolment " + t.id })
}

func (w visaWallet) content(ctx context.Context, t task) (result, error) {
	got, err := w.GetContent(ctx, t.id)
	return answered(got, err, func() string { return fmt.Sprintf("content %s, %s", t.id, plural(len(got.Content), "rendition")) })
}

func (w visaWallet) status(ctx context.Context, t task) (result, error) {
	got, err := w.GetToken(ctx, string(t.token))
	if err != nil {
		return result{}, err
	}
	return w.told(string(t.token), got.TokenInfo, got)
}

func (w visaWallet) cryptogram(ctx context.Context, t task) (result, error) {
	got, err := w.PaymentData(ctx, string(t.token), vts.PaymentDataRequest{
		ClientPaymentDataID: rand.Text(), PaymentRequest: vts.PaymentRequest{TransactionType: vts.TransactionECOM},
	})
	if err != nil {
		return result{}, err
	}
	r, err := w.told(string(t.token), got.TokenInfo, got)
	r.headline = fmt.Sprintf("cryptogram number %s, ECI %s", got.CryptogramInfo.ATC, got.CryptogramInfo.ECI)
	return r, err
}

// change suspends, resumes or deletes.
func (w visaWallet) change(ctx context.Context, t task) (result, error) {
	why := vts.UpdateReason{ReasonCode: vts.ReasonCodeCustomerConfirmed}
	if t.reason != "" {
		why.ReasonCode = t.reason
	}
	r := result{ref: t.token, answer: vts.LifecycleResponse{}}
	var err error
	switch t.op {
	case token.VisaSuspend:
		r.headline, err = "suspended", w.Suspend(ctx, string(t.token), why)
	case token.VisaResume:
		r.headline, err = "resumed", w.Resume(ctx, string(t.token), why)
	case token.VisaDelete:
		r.headline, err = "deleted", w.Delete(ctx, string(t.token), why)
	}
	if err != nil {
		return result{}, err
	}
	r.headline = fmt.Sprintf("token %s %s", t.token, r.headline)
	return r, nil
}
