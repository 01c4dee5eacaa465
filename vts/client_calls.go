package vts

import (
	"context"

	"github.com/pantomime-dev/pantomime/token"
)

// The calls below fill clientAppID and clientWalletAccountID from the
// configuration where the request leaves them empty, seal what is to be sealed,
// sign, and return what the service answered. For their errors see [Client.Do].

// EnrollPAN enrols a card. The card is sealed into the request; a nil card
// leaves EncPaymentInstrument as it is.
func (c *Client) EnrollPAN(ctx context.Context, req EnrollRequest, card *PaymentInstrument) (*EnrollResponse, error) {
	req.ClientAppID = firstOf(req.ClientAppID, c.cfg.ClientAppID)
	req.ClientWalletAccountID = firstOf(req.ClientWalletAccountID, c.cfg.WalletAccount)
	if err := c.sealCard(card, &req.EncPaymentInstrument); err != nil {
		return nil, err
	}
	return call[EnrollResponse](ctx, c, token.VisaEnroll, "", req)
}

// CardMetadata reads an enrolment: last four, expiry, contacts and art.
func (c *Client) CardMetadata(ctx context.Context, enrollmentID string) (*CardMetadataResponse, error) {
	return call[CardMetadataResponse](ctx, c, token.VisaGetCardMetadata, enrollmentID, nil)
}

// Provision makes a token for an enrolment. Risk data, if any, is sealed into
// the request.
func (c *Client) Provision(
	ctx context.Context, enrollmentID string, req ProvisionRequest, risk RiskData,
) (*ProvisionResponse, error) {
	if err := c.complete(&req, risk); err != nil {
		return nil, err
	}
	return call[ProvisionResponse](ctx, c, token.VisaProvision, enrollmentID, req)
}

// ProvisionWithPAN enrols a card and makes a token in one call.
func (c *Client) ProvisionWithPAN(
	ctx context.Context, req ProvisionWithPANRequest, card *PaymentInstrument, risk RiskData,
) (*ProvisionResponse, error) {
	if err := c.complete(&req.ProvisionRequest, risk); err != nil {
		return nil, err
	}
	if err := c.sealCard(card, &req.EncPaymentInstrument); err != nil {
		return nil, err
	}
	return call[ProvisionResponse](ctx, c, token.VisaProvisionWithPAN, "", req)
}

// GetToken reads a token.
func (c *Client) GetToken(ctx context.Context, tokenID string) (*TokenResponse, error) {
	return call[TokenResponse](ctx, c, token.VisaGetToken, tokenID, nil)
}

// PaymentData asks for a cryptogram.
func (c *Client) PaymentData(ctx context.Context, tokenID string, req PaymentDataRequest) (*PaymentDataResponse, error) {
	return call[PaymentDataResponse](ctx, c, token.VisaGetPaymentData, tokenID, req)
}

// Suspend pauses a token.
func (c *Client) Suspend(ctx context.Context, tokenID string, why UpdateReason) error {
	return c.change(ctx, token.VisaSuspend, tokenID, why)
}

// Resume lifts a suspension.
func (c *Client) Resume(ctx context.Context, tokenID string, why UpdateReason) error {
	return c.change(ctx, token.VisaResume, tokenID, why)
}

// Delete ends a token for good.
func (c *Client) Delete(ctx context.Context, tokenID string, why UpdateReason) error {
	return c.change(ctx, token.VisaDelete, tokenID, why)
}

// GetContent fetches card art or terms.
func (c *Client) GetContent(ctx context.Context, guid string) (*ContentResponse, error) {
	return call[ContentResponse](ctx, c, token.VisaGetContent, guid, nil)
}

func (c *Client) change(ctx context.Context, op token.Operation, tokenID string, why UpdateReason) error {
	_, err := call[LifecycleResponse](ctx, c, op, tokenID, LifecycleRequest{why})
	return err
}

func (c *Client) complete(req *ProvisionRequest, risk RiskData) (err error) {
	req.ClientAppID = firstOf(req.ClientAppID, c.cfg.ClientAppID)
	req.ClientWalletAccountID = firstOf(req.ClientWalletAccountID, c.cfg.WalletAccount)
	if len(risk) > 0 {
		req.EncRiskDataInfo, err = c.Seal(risk)
	}
	return err
}

func (c *Client) sealCard(card *PaymentInstrument, into *string) (err error) {
	if card != nil {
		*into, err = c.Seal(card)
	}
	return err
}

// call is a free function because methods have no type parameters of their own.
func call[R any](ctx context.Context, c *Client, op token.Operation, id string, body any) (*R, error) {
	req, err := c.NewRequest(ctx, op, id, body)
	if err != nil {
		return nil, err
	}
	answer := new(R)
	if err := c.Do(req, answer); err != nil {
		return nil, err
	}
	return answer, nil
}
