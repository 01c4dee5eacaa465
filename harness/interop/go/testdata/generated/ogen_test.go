package generated

import (
	"context"
	"os"
	"testing"

	"generated/ogen/control"
	"generated/ogen/mdes"
	"generated/ogen/vts"
)

// none is where a generated client gets its credentials from; the transport
// puts the real ones in.
type none struct{}

func (none) Bearer(context.Context, control.OperationName) (control.Bearer, error) {
	return control.Bearer{Token: "none"}, nil
}
func (none) ApiKey(context.Context, vts.OperationName) (vts.ApiKey, error) { return vts.ApiKey{}, nil }
func (none) PayToken(context.Context, vts.OperationName) (vts.PayToken, error) {
	return vts.PayToken{}, nil
}
func (none) OAuth(context.Context, mdes.OperationName) (mdes.OAuth, error) { return mdes.OAuth{}, nil }

func TestOgen_Control(t *testing.T) {
	c, err := control.NewClient(os.Getenv("PANTOMIME_ADMIN"), none{})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := c.Health(background); err != nil || got.Status != "ok" {
		t.Errorf("%+v %v", got, err)
	}
}

func TestOgen_VTS(t *testing.T) {
	e := env(t)
	c, err := vts.NewClient(e.BaseURL.Visa, none{}, vts.WithClient(payToken(e)))
	if err != nil {
		t.Fatal(err)
	}
	got, err := c.GetToken(background, vts.GetTokenParams{XRequestID: "r-1", VProvisionedTokenID: "00000000000000000000000000000000"})
	if _, unknown := got.(*vts.NotFoundHeaders); err != nil || !unknown {
		t.Errorf("%T %+v %v", got, got, err)
	}
}

func TestOgen_MDES(t *testing.T) {
	e := env(t)
	c, err := mdes.NewClient(e.BaseURL.Mastercard, none{}, mdes.WithClient(oauthOf(t, e)))
	if err != nil {
		t.Fatal(err)
	}
	got, err := c.GetToken(background, &mdes.GetTokenRequest{
		RequestId: "r-1", TokenUniqueReference: "DWSPMC000000000100000000000000000000000000000000",
	}, mdes.GetTokenParams{Environment: "static"})
	answer, ok := got.(*mdes.AnswerOfGetTokenHeaders)
	if err != nil || !ok || answer.Response.ApplicationError.ErrorCode != "INVALID_TOKEN_UNIQUE_REFERENCE" {
		t.Errorf("%T %+v %v", got, got, err)
	}
}
