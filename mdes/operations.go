package mdes

import (
	"context"
	"fmt"
	"net/http"

	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/wire"
)

// TokenizeResult is an answer of tokenize with its tokenDetail opened. Clear
// is nil when there is none: a decline, or a token that is not active yet.
type TokenizeResult struct {
	TokenizeResponse
	Clear *TokenDetailData
}

// TransactResult is an answer of transact, opened.
type TransactResult struct {
	TransactResponse
	Clear TransactEncryptedData
}

// GetTokenResult is an answer of getToken; Clear is nil unless detail was
// asked for and given.
type GetTokenResult struct {
	GetTokenResponse
	Clear *TokenDetailData
}

// Tokenize asks for a token. Funding is encrypted into the request, nil leaves
// the account to a reference in it. Left-out request id, token type, requestor
// id and response host are filled in; the error of this and all other methods
// is a *[Error] if the request got as far as being sent.
func (c *Client) Tokenize(ctx context.Context, r TokenizeRequest, funding *FundingAccountData) (*TokenizeResult, error) {
	if err := c.fill(&r.RequestID, &r.ResponseHost); err != nil {
		return nil, err
	}
	if r.TokenType == "" {
		r.TokenType = "CLOUD"
	}
	if r.TokenRequestorID == "" {
		r.TokenRequestorID = string(c.cfg.TRID)
	}
	if err := c.seal(&r.FundingAccountInfo, funding); err != nil {
		return nil, err
	}
	var result TokenizeResult
	if err := c.call(ctx, token.MCTokenize, "", r, &result.TokenizeResponse); err != nil {
		return nil, err
	}
	var err error
	result.Clear, err = c.openDetail(token.MCTokenize, result.TokenDetail)
	return &result, err
}

// Transact asks for a cryptogram; a left-out DSRP type is UCAF.
func (c *Client) Transact(ctx context.Context, r TransactRequest) (*TransactResult, error) {
	if err := c.fill(&r.RequestID, &r.ResponseHost); err != nil {
		return nil, err
	}
	if r.DSRPType == "" {
		r.DSRPType = "UCAF"
	}
	var result TransactResult
	if err := c.call(ctx, token.MCTransact, "", r, &result.TransactResponse); err != nil {
		return nil, err
	}
	if err := c.cfg.Own.OpenJSON(result.EncryptedPayload, &result.Clear); err != nil {
		return &result, unopened(token.MCTransact, err)
	}
	return &result, nil
}

// GetTaskStatus asks what became of a task.
func (c *Client) GetTaskStatus(ctx context.Context, taskID string) (*TaskStatusResponse, error) {
	r := TaskStatusRequest{TokenRequestorID: string(c.cfg.TRID), TaskID: taskID}
	if err := c.fill(&r.RequestID, &r.ResponseHost); err != nil {
		return nil, err
	}
	var answer TaskStatusResponse
	if err := c.call(ctx, token.MCGetTaskStatus, "", r, &answer); err != nil {
		return nil, err
	}
	return &answer, nil
}

// GetToken asks for a token's state, with its number too if detail is set.
func (c *Client) GetToken(ctx context.Context, ref token.Ref, detail bool) (*GetTokenResult, error) {
	r := GetTokenRequest{TokenUniqueReference: string(ref)}
	if detail {
		r.IncludeTokenDetail = "true"
	}
	if err := c.fill(&r.RequestID, &r.ResponseHost); err != nil {
		return nil, err
	}
	var result GetTokenResult
	if err := c.call(ctx, token.MCGetToken, "", r, &result.GetTokenResponse); err != nil {
		return nil, err
	}
	var err error
	result.Clear, err = c.openDetail(token.MCGetToken, result.TokenDetail)
	return &result, err
}

// SearchTokens lists the caller's tokens of an account, named by card or by a
// reference in by. Deactivated ones are never listed.
func (c *Client) SearchTokens(ctx context.Context, by FundingAccountInfo, card *CardAccountData) (*TokensResponse, error) {
	r := SearchTokensRequest{TokenRequestorID: string(c.cfg.TRID), FundingAccountInfo: by}
	if err := c.fill(&r.RequestID, &r.ResponseHost); err != nil {
		return nil, err
	}
	if card != nil {
		if err := c.seal(&r.FundingAccountInfo, &FundingAccountData{CardAccountData: card}); err != nil {
			return nil, err
		}
	}
	return c.tokens(ctx, token.MCSearchTokens, r)
}

// Suspend suspends up to ten tokens; each answers for itself in Tokens.
func (c *Client) Suspend(ctx context.Context, r LifecycleRequest) (*TokensResponse, error) {
	return c.lifecycle(ctx, token.MCSuspend, r)
}

// Unsuspend lifts the suspension of whoever is named in CausedBy.
func (c *Client) Unsuspend(ctx context.Context, r LifecycleRequest) (*TokensResponse, error) {
	return c.lifecycle(ctx, token.MCUnsuspend, r)
}

// Delete deactivates up to ten tokens for good.
func (c *Client) Delete(ctx context.Context, r LifecycleRequest) (*TokensResponse, error) {
	return c.lifecycle(ctx, token.MCDelete, r)
}

// GetAsset fetches card art, a logo or a text by its id.
func (c *Client) GetAsset(ctx context.Context, id string) (*AssetResponse, error) {
	var answer AssetResponse
	if err := c.call(ctx, token.MCGetAsset, id, nil, &answer); err != nil {
		return nil, err
	}
	return &answer, nil
}

// GetDigitalAssets asks for the product of a card that has no token, as
// version 1.2.9 had it. The configuration must name a response host.
func (c *Client) GetDigitalAssets(ctx context.Context, card token.PAN) (*DigitalAssetsResponse, error) {
	if c.cfg.ResponseHost == "" {
		return nil, fmt.Errorf("%w: getDigitalAssets needs a response host", wire.ErrConfig)
	}
	sealed, err := c.cfg.Network.SealJSON(DigitalAssetsData{Sensitive(card.Digits())})
	if err != nil {
		return nil, err
	}
	r := DigitalAssetsRequest{EncryptedPayload: sealed}
	if err := c.fill(&r.RequestID, &r.ResponseHost); err != nil {
		return nil, err
	}
	var answer DigitalAssetsResponse
	if err := c.call(ctx, token.MCGetDigitalAssets, "", r, &answer); err != nil {
		return nil, err
	}
	return &answer, nil
}

// lifecycle fills in TOKEN_REQUESTOR and OTHER where nothing is said.
func (c *Client) lifecycle(ctx context.Context, op token.Operation, r LifecycleRequest) (*TokensResponse, error) {
	if err := c.fill(&r.RequestID, &r.ResponseHost); err != nil {
		return nil, err
	}
	if r.CausedBy == "" {
		r.CausedBy = string(token.ByRequestor)
	}
	if r.ReasonCode == "" {
		r.ReasonCode = "OTHER"
	}
	return c.tokens(ctx, op, r)
}

func (c *Client) tokens(ctx context.Context, op token.Operation, request any) (*TokensResponse, error) {
	var answer TokensResponse
	if err := c.call(ctx, op, "", request, &answer); err != nil {
		return nil, err
	}
	return &answer, nil
}

// fill sets request id and response host where they are empty.
func (c *Client) fill(id *LooseString, host *string) error {
	if *host == "" {
		*host = c.cfg.ResponseHost
	}
	if *id != "" {
		return nil
	}
	drawn, err := wire.NewUUID(randomness(c.cfg.Rand))
	if err != nil {
		return fmt.Errorf("request id: %w", err)
	}
	*id = LooseString(drawn)
	return nil
}

func (c *Client) seal(into *FundingAccountInfo, funding *FundingAccountData) error {
	if funding == nil {
		return nil
	}
	sealed, err := c.cfg.Network.SealJSON(funding)
	if err != nil {
		return err
	}
	into.EncryptedPayload = &sealed
	return nil
}

func (c *Client) openDetail(op token.Operation, detail *TokenDetail) (*TokenDetailData, error) {
	if detail == nil || detail.EncryptedData == "" {
		return nil, nil
	}
	var data TokenDetailData
	if err := c.cfg.Own.OpenJSON(detail.EncryptedPayload, &data); err != nil {
		return nil, unopened(op, err)
	}
	return &data, nil
}

// unopened wraps the failure to open a good answer.
func unopened(op token.Operation, err error) error {
	return &Error{Failure: wire.Failure{Call: string(op), Status: http.StatusOK, Err: err}}
}
