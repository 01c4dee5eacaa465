package generated

import (
	"net/http"
	"os"
	"testing"

	"generated/oapi/control"
	"generated/oapi/mdes"
	"generated/oapi/vts"
)

func TestOapiCodegen_Control(t *testing.T) {
	c, err := control.NewClientWithResponses(os.Getenv("PANTOMIME_ADMIN"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := c.HealthWithResponse(background)
	if err != nil || got.JSON200 == nil || got.JSON200.Status != "ok" {
		t.Errorf("%+v %v", got, err)
	}
}

func TestOapiCodegen_VTS(t *testing.T) {
	e := env(t)
	c, err := vts.NewClientWithResponses(e.BaseURL.Visa, vts.WithHTTPClient(payToken(e)))
	if err != nil {
		t.Fatal(err)
	}
	got, err := c.GetTokenWithResponse(background, "00000000000000000000000000000000", &vts.GetTokenParams{XRequestId: "r-1"})
	if err != nil || got.StatusCode() != http.StatusNotFound || got.JSON404 == nil {
		t.Errorf("%s %v", got.Body, err)
	}
}

func TestOapiCodegen_MDES(t *testing.T) {
	e := env(t)
	c, err := mdes.NewClientWithResponses(e.BaseURL.Mastercard, mdes.WithHTTPClient(oauthOf(t, e)))
	if err != nil {
		t.Fatal(err)
	}
	got, err := c.GetTokenWithResponse(background, "static", &mdes.GetTokenParams{}, mdes.GetTokenRequest{
		RequestId: "r-1", TokenUniqueReference: "DWSPMC000000000100000000000000000000000000000000",
	})
	if err != nil || got.JSON200 == nil {
		t.Fatalf("%s %v", got.Body, err)
	}
	refused, err := got.JSON200.AsApplicationError()
	if err != nil || refused.ErrorCode != "INVALID_TOKEN_UNIQUE_REFERENCE" {
		t.Errorf("%s %v", got.Body, err)
	}
}
