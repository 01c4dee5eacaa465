package acquirer

import (
	"context"

	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/wire"
)

// IdempotencyHeader names a request, so that it has its effect once however often
// it is sent (docs/wire/acquirer.md "Idempotency").
const IdempotencyHeader = "Idempotency-Key"

// ValidIdempotencyKey reports whether a text can name a request: 1 to 64 printable
// ASCII characters without blanks.
func ValidIdempotencyKey(key string) bool {
	return key != "" && len(key) <= 64 && wire.Only("!~")(key)
}

// Payment is a payment as it is now: the answer to reading it, and to whatever is
// done with it. Of an act that was declined, only outcome, reason, response code,
// message and reference are there.
type Payment struct {
	Outcome              string          `json:"outcome"`
	ResponseCode         string          `json:"responseCode"`
	Reason               string          `json:"reason,omitempty"`
	Message              string          `json:"message,omitempty"`
	Reference            string          `json:"reference,omitempty"` // of the act, or of the payment where it is read
	Action               *ActionInfo     `json:"action,omitempty"`    // what this request did
	ID                   string          `json:"id,omitempty"`
	Status               string          `json:"status,omitempty"`
	NetworkTransactionID string          `json:"networkTransactionId,omitempty"`
	Network              string          `json:"network,omitempty"`
	Balances             *BalancesInfo   `json:"balances,omitempty"`
	Instrument           *InstrumentInfo `json:"instrument,omitempty"`
	Merchant             *Merchant       `json:"merchant,omitempty"`
	Entries              []EntryInfo     `json:"entries,omitempty"` // captures and refunds, oldest first
	Dispute              *DisputeInfo    `json:"dispute,omitempty"`
	CreatedAt            string          `json:"createdAt,omitempty"` // sandbox time, RFC 3339
	ExpiresAt            string          `json:"expiresAt,omitempty"` // likewise
}

// ActionInfo is one act on a payment.
type ActionInfo struct {
	ID        string `json:"id"`
	Type      string `json:"type"` // capture, void, refund, increment or reverse
	Amount    int64  `json:"amount"`
	CreatedAt string `json:"createdAt"`
}

// BalancesInfo is where the money of a payment is, in the smallest unit of its
// currency.
type BalancesInfo struct {
	Currency   string `json:"currency"`
	Authorized int64  `json:"authorized"` // that the issuer holds, or held
	Captured   int64  `json:"captured"`
	Refunded   int64  `json:"refunded"`
	Capturable int64  `json:"capturable"` // what may still be captured
	Refundable int64  `json:"refundable"` // what may still be refunded
}

// EntryInfo is a capture or a refund on its way to the merchant's account.
type EntryInfo struct {
	ID        string `json:"id"`
	Type      string `json:"type"`
	Amount    int64  `json:"amount"`
	Status    string `json:"status"` // pending, cleared or settled
	CreatedAt string `json:"createdAt"`
	ClearedAt string `json:"clearedAt,omitempty"`
	SettledAt string `json:"settledAt,omitempty"`
}

// The statuses of an entry.
const (
	EntryPending = "pending"
	EntryCleared = "cleared" // by the network
	EntrySettled = "settled" // the money has moved
)

// DisputeInfo is what the cardholder has against a payment.
type DisputeInfo struct {
	ID        string `json:"id"`
	Status    string `json:"status"` // opened, won or lost, by the merchant
	Amount    int64  `json:"amount"`
	Reason    string `json:"reason,omitempty"`
	CreatedAt string `json:"createdAt"`
	EndedAt   string `json:"endedAt,omitempty"`
}

// Capture takes money of a payment that was authorized.
func (c *Client) Capture(ctx context.Context, id string, r ActRequest) (Payment, error) {
	return c.act(ctx, token.Capture, id, r)
}

// Void gives up a payment of which nothing was captured.
func (c *Client) Void(ctx context.Context, id string, r ActRequest) (Payment, error) {
	return c.act(ctx, token.Void, id, r)
}

// Refund gives money back that was captured.
func (c *Client) Refund(ctx context.Context, id string, r ActRequest) (Payment, error) {
	return c.act(ctx, token.Refund, id, r)
}

// Increment asks the issuer to hold more.
func (c *Client) Increment(ctx context.Context, id string, r ActRequest) (Payment, error) {
	return c.act(ctx, token.Increment, id, r)
}

// Reverse has the issuer hold less, or nothing.
func (c *Client) Reverse(ctx context.Context, id string, r ActRequest) (Payment, error) {
	return c.act(ctx, token.Reverse, id, r)
}

// GetPayment reads a payment.
func (c *Client) GetPayment(ctx context.Context, id string) (Payment, error) {
	return c.act(ctx, token.GetPayment, id, nil)
}

func (c *Client) act(ctx context.Context, op token.Operation, id string, body any) (answer Payment, err error) {
	req, err := c.NewRequest(ctx, op, id, body)
	if err != nil {
		return answer, err
	}
	return answer, c.Do(req, &answer)
}
