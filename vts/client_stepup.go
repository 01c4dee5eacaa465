package vts

import (
	"context"

	"github.com/pantomime-dev/pantomime/token"
)

// The calls below fill clientAppID from the configuration and date from the
// clock where the request leaves them empty.

// StepUpOptions lists the ways to identify the cardholder of a token that waits
// for it.
func (c *Client) StepUpOptions(ctx context.Context, tokenID string) (*StepUpOptionsResponse, error) {
	return call[StepUpOptionsResponse](ctx, c, token.VisaGetStepUpOptions, tokenID, nil)
}

// SelectStepUpMethod chooses one of them; a code goes to the cardholder.
func (c *Client) SelectStepUpMethod(
	ctx context.Context, tokenID string, req StepUpMethodRequest,
) (*StepUpMethodResponse, error) {
	c.stamp(&req.Date, &req.ClientAppID)
	return call[StepUpMethodResponse](ctx, c, token.VisaSelectStepUpMethod, tokenID, req)
}

// ValidateOTP activates the token with the code that the cardholder received.
func (c *Client) ValidateOTP(ctx context.Context, tokenID string, req ValidateOTPRequest) error {
	c.stamp(&req.Date, &req.ClientAppID)
	_, err := call[ValidationResponse](ctx, c, token.VisaValidateOTP, tokenID, req)
	return err
}

// ValidateAuthCode activates the token with the code of the issuer's app.
func (c *Client) ValidateAuthCode(ctx context.Context, tokenID string, req ValidateAuthCodeRequest) error {
	c.stamp(&req.Date, &req.ClientAppID)
	_, err := call[ValidationResponse](ctx, c, token.VisaValidateAuthCode, tokenID, req)
	return err
}

func (c *Client) stamp(date *Text, app *string) {
	*app = firstOf(*app, c.cfg.ClientAppID)
	if *date == "" {
		*date = SecondsOf(c.cfg.Wall.Now()).Text()
	}
}

// BindDevice binds a device to a token. Billing and risk data, if any, are
// sealed into the request.
func (c *Client) BindDevice(
	ctx context.Context, tokenID string, req DeviceBindingRequest, billing *BillingInfo, risk RiskData,
) (*DeviceBindingResponse, error) {
	req.ClientAppID = firstOf(req.ClientAppID, c.cfg.ClientAppID)
	var err error
	if billing != nil {
		if req.EncBillingInfo, err = c.Seal(billing); err != nil {
			return nil, err
		}
	}
	if len(risk) > 0 {
		if req.EncDeviceRiskDataInfo, err = c.Seal(risk); err != nil {
			return nil, err
		}
	}
	return call[DeviceBindingResponse](ctx, c, token.VisaDeviceBinding, tokenID, req)
}

// AttestationOptions asks for what a browser needs to make or use a passkey.
// The consumer's data, if any, is sealed into the request.
func (c *Client) AttestationOptions(
	ctx context.Context, tokenID string, req AttestationRequest, consumer *AuthenticationData,
) (*AttestationResponse, error) {
	req.ClientAppID = firstOf(req.ClientAppID, c.cfg.ClientAppID)
	if consumer != nil {
		sealed, err := c.Seal(consumer)
		if err != nil {
			return nil, err
		}
		req.EncAuthenticationData = sealed
	}
	return call[AttestationResponse](ctx, c, token.VisaGetAttestationOptions, tokenID, req)
}
