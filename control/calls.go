package control

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/pantomime-dev/pantomime/token"
)

// Health asks how the server is.
func (c *Client) Health(ctx context.Context) (Health, error) {
	return get[Health](ctx, c, "/healthz", nil)
}

// Sandboxes lists the sandboxes by their ids.
func (c *Client) Sandboxes(ctx context.Context, p Page) (List[Sandbox], error) {
	return get[List[Sandbox]](ctx, c.In(""), root+"/sandboxes", p.query())
}

// Sandbox shows one sandbox.
func (c *Client) Sandbox(ctx context.Context, id string) (Sandbox, error) {
	return get[Sandbox](ctx, c.In(""), root+"/sandboxes/"+url.PathEscape(id), nil)
}

// Env asks for everything a client needs, secrets included.
func (c *Client) Env(ctx context.Context) (Env, error) {
	return get[Env](ctx, c, root+"/env", nil)
}

// ExchangeQuery narrows a listing of exchanges; zero members match anything.
type ExchangeQuery struct {
	After     string // entries after this id
	Network   token.Network
	Operation string // a neutral or a wire name, or visa/getToken
	Requestor string
	Token     token.Ref
	Problem   token.Key
	Refused   bool     // only what a check refused
	Limit     int      // the newest ones; 0: the server's limit
	Wait      Duration // how long to wait for a first match, at most 30s
}

// Requests lists exchanges, oldest first.
func (c *Client) Requests(ctx context.Context, q ExchangeQuery) (List[Exchange], error) {
	v := url.Values{}
	set(v, "after", q.After)
	set(v, "network", q.Network)
	set(v, "operation", q.Operation)
	set(v, "requestor", q.Requestor)
	set(v, "token", q.Token)
	set(v, "problem", q.Problem)
	if q.Refused {
		v.Set("refused", "true")
	}
	if q.Wait > 0 {
		v.Set("wait", q.Wait.String())
	}
	limit(v, q.Limit)
	return get[List[Exchange]](ctx, c, root+"/requests", v)
}

// Request shows one exchange; the id "last" is the newest.
func (c *Client) Request(ctx context.Context, id string) (Exchange, error) {
	return get[Exchange](ctx, c, root+"/requests/"+url.PathEscape(id), nil)
}

// Explain says why an exchange ended as it did; the id "last" is the newest.
func (c *Client) Explain(ctx context.Context, id string) (Explanation, error) {
	return get[Explanation](ctx, c, root+"/requests/"+url.PathEscape(id)+"/explain", nil)
}

// Journal lists the canonical journal.
func (c *Client) Journal(ctx context.Context) (List[Canonical], error) {
	return get[List[Canonical]](ctx, c, root+"/journal", nil)
}

// CallbackQuery narrows a listing of notices.
type CallbackQuery struct {
	State     string
	Event     token.EventType
	Requestor string
	Token     token.Ref
	Limit     int // the newest ones; 0: the server's limit
}

// Callbacks lists notices in the order they were scheduled.
func (c *Client) Callbacks(ctx context.Context, q CallbackQuery) (List[Callback], error) {
	v := url.Values{}
	set(v, "state", q.State)
	set(v, "event", q.Event)
	set(v, "requestor", q.Requestor)
	set(v, "token", q.Token)
	limit(v, q.Limit)
	return get[List[Callback]](ctx, c, root+"/callbacks", v)
}

// Callback shows one notice.
func (c *Client) Callback(ctx context.Context, id string) (Callback, error) {
	return get[Callback](ctx, c, root+"/callbacks/"+url.PathEscape(id), nil)
}

// Resend schedules a notice again, now.
func (c *Client) Resend(ctx context.Context, id string) (Callback, error) {
	return post[Callback](ctx, c, root+"/callbacks/"+url.PathEscape(id)+"/resend", nil)
}

// Trigger brings an event about.
func (c *Client) Trigger(ctx context.Context, e Event) (Effect, error) {
	return post[Effect](ctx, c, root+"/events", e)
}

// Clock reports a sandbox's time.
func (c *Client) Clock(ctx context.Context) (Clock, error) {
	return get[Clock](ctx, c, root+"/clock", nil)
}

// Advance moves a sandbox's clock and waits until what falls due has settled.
func (c *Client) Advance(ctx context.Context, a Advance) (Settlement, error) {
	return post[Settlement](ctx, c, root+"/clock/advance", a)
}

// FailNext makes the next matching requests fail.
func (c *Client) FailNext(ctx context.Context, f FailNext) (Rule, error) {
	return post[Rule](ctx, c, root+"/faults", f)
}

// Faults lists the failures still to come.
func (c *Client) Faults(ctx context.Context, p Page) (List[Rule], error) {
	return get[List[Rule]](ctx, c, root+"/faults", p.query())
}

// ClearFaults takes all failures still to come away and says which they were.
func (c *Client) ClearFaults(ctx context.Context) (Cleared, error) {
	return c.clear(ctx, root+"/faults")
}

// Rules lists the rules of a layer, or of all for "".
func (c *Client) Rules(ctx context.Context, layer string, p Page) (List[Rule], error) {
	v := p.query()
	set(v, "layer", layer)
	return get[List[Rule]](ctx, c, root+"/rules", v)
}

// PostRules puts rules in front of the scenario; text is one rule or a list of
// rules in YAML or JSON, as in a scenario file.
func (c *Client) PostRules(ctx context.Context, text []byte) (Posted, error) {
	return c.PostRulesFile(ctx, "", text)
}

// PostRulesFile is [Client.PostRules] of a file with a name, by which findings
// and places say where they are.
func (c *Client) PostRulesFile(ctx context.Context, file string, text []byte) (Posted, error) {
	return sendFile[Posted](ctx, c, file, request{method: http.MethodPost, path: root + "/rules", body: text})
}

// RemoveRule takes a rule away that was added at run time.
func (c *Client) RemoveRule(ctx context.Context, id string) error {
	return c.remove(ctx, root+"/rules/"+url.PathEscape(id))
}

// ClearRules takes all posted rules away and says which they were.
func (c *Client) ClearRules(ctx context.Context) (Cleared, error) {
	return c.clear(ctx, root+"/rules")
}

func (c *Client) clear(ctx context.Context, path string) (gone Cleared, err error) {
	err = c.send(ctx, request{method: http.MethodDelete, path: path}, &gone)
	return gone, err
}

// TokenQuery narrows a listing of tokens.
type TokenQuery struct {
	Network   token.Network
	Requestor string
	Card      string // name, listed name or PAR
	Status    token.Status
	Limit     int    // the ones changed last; 0: the server's limit
	Cursor    string // Next of the listing of those that changed later
}

// Tokens lists tokens, the one changed last at the end.
func (c *Client) Tokens(ctx context.Context, q TokenQuery) (List[Token], error) {
	v := url.Values{}
	set(v, "network", q.Network)
	set(v, "requestor", q.Requestor)
	set(v, "card", q.Card)
	set(v, "status", q.Status)
	set(v, "cursor", q.Cursor)
	limit(v, q.Limit)
	return get[List[Token]](ctx, c, root+"/tokens", v)
}

// Token shows one token.
func (c *Client) Token(ctx context.Context, ref token.Ref) (Token, error) {
	return get[Token](ctx, c, root+"/tokens/"+url.PathEscape(string(ref)), nil)
}

// Story says what happened to a token.
func (c *Client) Story(ctx context.Context, ref token.Ref) (Story, error) {
	return get[Story](ctx, c, root+"/tokens/"+url.PathEscape(string(ref))+"/story", nil)
}

// Transition moves a token as its issuer would.
func (c *Client) Transition(ctx context.Context, ref token.Ref, t Transition) (Effect, error) {
	return post[Effect](ctx, c, root+"/tokens/"+url.PathEscape(string(ref))+"/transitions", t)
}

// Card shows one card: by its name, listed name or PAR.
func (c *Client) Card(ctx context.Context, name string) (Card, error) {
	return get[Card](ctx, c, root+"/cards/"+url.PathEscape(name), nil)
}

// Cards lists the sandbox's cards, those with names first.
func (c *Client) Cards(ctx context.Context, p Page) (List[Card], error) {
	return get[List[Card]](ctx, c, root+"/cards", p.query())
}

// Reissue gives a card a new number.
func (c *Client) Reissue(ctx context.Context, card string, change CardChange) (Effect, error) {
	return c.change(ctx, card, "reissue", change)
}

// NewExpiry gives a card a new expiry.
func (c *Client) NewExpiry(ctx context.Context, card string, change CardChange) (Effect, error) {
	return c.change(ctx, card, "new-expiry", change)
}

// CloseCard closes the account; its tokens are deleted.
func (c *Client) CloseCard(ctx context.Context, card string, change CardChange) (Effect, error) {
	return c.change(ctx, card, "close", change)
}

// NewMetadata gives a card new art and contacts.
func (c *Client) NewMetadata(ctx context.Context, card string, change CardChange) (Effect, error) {
	return c.change(ctx, card, "metadata", change)
}

func (c *Client) change(ctx context.Context, card, what string, change CardChange) (Effect, error) {
	return post[Effect](ctx, c, root+"/cards/"+url.PathEscape(card)+"/"+what, change)
}

// limit leaves out 0; what the server does not accept, it refuses.
func limit(v url.Values, n int) {
	if n != 0 {
		v.Set("limit", strconv.Itoa(n))
	}
}
