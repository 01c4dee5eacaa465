package mdes

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/wire"
)

// network is a stub of MDES with one answer an operation. It verifies, decodes
// strictly and opens what it gets, so that a client that sends something else
// fails here.
type network struct {
	*httptest.Server
	t *testing.T

	mu      sync.Mutex
	answer  func(http.ResponseWriter, Target) // guarded by mu; nil answers well
	asked   []Target                          // guarded by mu
	funding *FundingAccountData               // guarded by mu; what the last request carried
	last    map[string]any                    // guarded by mu; its body
}

func startNetwork(t *testing.T) *network {
	t.Helper()
	n := &network{t: t}
	n.Server = httptest.NewServer(http.HandlerFunc(n.serve))
	t.Cleanup(n.Close)
	return n
}

// answers sets what is answered from now on. A request that was given up may
// still be served meanwhile.
func (n *network) answers(f func(http.ResponseWriter, Target)) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.answer = f
}

func (n *network) serve(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	verified := testVerifier(n.t).Verify(SignedRequest{Method: r.Method, URLs: SeenBy(r, nil).URLs(), Authorization: r.Header.Get("Authorization"), Body: body}, signedAt)
	route, ok := ParsePath(strings.TrimPrefix(r.URL.EscapedPath(), "/mdes"))
	if declared, _ := RouteOf(route.Op); !verified.OK() || !ok || r.Method != declared.Method {
		n.t.Errorf("%s %s: %+v, route %+v", r.Method, r.URL, verified.Failure, route)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.asked, n.last, n.funding = append(n.asked, route), nil, nil
	if route.Op != token.MCGetAsset {
		var outer struct {
			FundingAccountInfo FundingAccountInfo `json:"fundingAccountInfo"`
		}
		if err := DecodeRequest(route.Op, body, &outer, Leniency{}); err != nil {
			n.t.Errorf("%s: %v in %s", route.Op, err, body)
		}
		_ = json.Unmarshal(body, &n.last)
		n.open(route.Op, outer.FundingAccountInfo)
	}
	if n.answer != nil {
		n.answer(w, route)
		return
	}
	n.write(w, 200, n.good(route))
}

// open expects n.mu to be held.
func (n *network) open(op token.Operation, outer FundingAccountInfo) {
	if outer.EncryptedPayload == nil {
		return
	}
	plain, err := testOpener(n.t, "network").Open(*outer.EncryptedPayload)
	if err != nil {
		n.t.Error(err)
		return
	}
	data, err := DecodeFunding(op, plain, outer, Leniency{})
	if err != nil {
		n.t.Error(err)
	}
	n.funding = &data
}

func (n *network) write(w http.ResponseWriter, status int, v any) {
	body, err := marshal(v)
	if err != nil {
		n.t.Error(err)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("correlation-id", "0123456789abcdef-0123456")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

func (n *network) sealed(example string) EncryptedPayload {
	p, err := requestorSealer(n.t).Seal(readFile(n.t, "examples", example+".json"))
	if err != nil {
		n.t.Error(err)
	}
	return p
}

func (n *network) good(route Target) any {
	detail := &TokenDetail{TokenUniqueReference: exampleRef, EncryptedPayload: n.sealed("token-detail-data")}
	switch route.Op {
	case token.MCTokenize:
		return TokenizeResponse{Decision: DecisionApproved, TokenUniqueReference: exampleRef, TokenDetail: detail}
	case token.MCTransact:
		return TransactResponse{ResponseID: "1", EncryptedPayload: n.sealed("transact-encrypted-data")}
	case token.MCGetTaskStatus:
		return TaskStatusResponse{Status: TaskCompleted}
	case token.MCGetToken:
		return GetTokenResponse{Token: &Token{TokenUniqueReference: exampleRef, Status: StatusActive}, TokenDetail: detail}
	case token.MCGetDigitalAssets:
		return DigitalAssetsResponse{ResponseID: "1", ProductConfig: ProductConfig{IssuerName: "Sample Bank", IconAssetID: "a-1"}}
	case token.MCGetAsset:
		return AssetResponse{[]MediaContent{{Type: "image/png", Data: "iVBORw0KGgo=", Height: "1", Width: "1"}}}
	}
	return TokensResponse{Tokens: []Token{{TokenUniqueReference: exampleRef, Status: StatusSuspended, SuspendedBy: []string{"TOKEN_REQUESTOR"}}}}
}

func (n *network) client(edits ...func(*Config)) *Client {
	n.t.Helper()
	cfg := Config{
		BaseURL: n.URL + "/mdes", Env: Sandbox, TRID: "50198765432", ResponseHost: "mdes-callback.shop.example",
		Signer:  Signer{ConsumerKey: testKey, Key: privateKey(n.t, "signing"), Wall: clock.NewFixed(signedAt)},
		Network: testSealer(n.t, CertificateSHA1), Own: testOpener(n.t, "requestor"), HTTP: n.Client(),
	}
	for _, change := range edits {
		change(&cfg)
	}
	c, err := NewClient(cfg)
	if err != nil {
		n.t.Fatal(err)
	}
	return c
}

var exampleFunding = FundingAccountData{
	CardAccountData: &CardAccountData{AccountNumber: "5204731600014784", ExpiryMonth: "12", ExpiryYear: "30"},
	Source:          "ACCOUNT_ON_FILE",
}

// calls is every operation once, for tables over all of them.
func calls(c *Client) map[token.Operation]func(context.Context) error {
	refs := LifecycleRequest{TokenUniqueReferences: References{exampleRef}}
	return map[token.Operation]func(context.Context) error{
		token.MCTokenize: func(ctx context.Context) error {
			_, err := c.Tokenize(ctx, TokenizeRequest{TaskID: "t"}, &exampleFunding)
			return err
		},
		token.MCTransact: func(ctx context.Context) error {
			_, err := c.Transact(ctx, TransactRequest{TokenUniqueReference: exampleRef})
			return err
		},
		token.MCGetTaskStatus: func(ctx context.Context) error { _, err := c.GetTaskStatus(ctx, "t"); return err },
		token.MCGetToken:      func(ctx context.Context) error { _, err := c.GetToken(ctx, exampleRef, true); return err },
		token.MCSearchTokens: func(ctx context.Context) error {
			_, err := c.SearchTokens(ctx, FundingAccountInfo{}, exampleFunding.CardAccountData)
			return err
		},
		token.MCSuspend:   func(ctx context.Context) error { _, err := c.Suspend(ctx, refs); return err },
		token.MCUnsuspend: func(ctx context.Context) error { _, err := c.Unsuspend(ctx, refs); return err },
		token.MCDelete:    func(ctx context.Context) error { _, err := c.Delete(ctx, refs); return err },
		token.MCGetAsset:  func(ctx context.Context) error { _, err := c.GetAsset(ctx, "a-1"); return err },
		token.MCGetDigitalAssets: func(ctx context.Context) error {
			_, err := c.GetDigitalAssets(ctx, "5204731600014784")
			return err
		},
	}
}

func TestClient_EveryOperationInEveryEnvironment(t *testing.T) {
	n := startNetwork(t)
	for _, env := range Environments() {
		n.asked = nil
		all := calls(n.client(func(c *Config) { c.Env = env }))
		for i, route := range Routes() {
			op := route.Op
			call, ok := all[op]
			if !ok {
				t.Fatalf("%s is not called here", op)
			}
			if err := call(t.Context()); err != nil {
				t.Errorf("%s in %q: %v", op, env, err)
			}
			if n.asked[i].Op != op || n.asked[i].Env != env {
				t.Errorf("asked for %+v, want %s in %q", n.asked[i], op, env)
			}
		}
	}
}

func TestClient_Tokenize(t *testing.T) {
	n := startNetwork(t)
	got, err := n.client().Tokenize(t.Context(), TokenizeRequest{TaskID: "task-1"}, &exampleFunding)
	if err != nil {
		t.Fatal(err)
	}
	if got.Decision != DecisionApproved || got.Clear == nil || got.Clear.TokenNumber != "5204240000000013" || got.Clear.PaymentAccountReference != "5001fc5a4d96d039877039c30f909" {
		t.Errorf("%+v", got)
	}
	if n.funding.CardAccountData.AccountNumber != "5204731600014784" || n.funding.Source != "ACCOUNT_ON_FILE" {
		t.Errorf("the network got %+v", n.funding)
	}
	id, _ := n.last["requestId"].(string)
	if !regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`).MatchString(id) {
		t.Errorf("request id %q is no version 4 UUID", id)
	}
	for name, want := range map[string]string{
		"tokenType": "CLOUD", "tokenRequestorId": "50198765432", "responseHost": "mdes-callback.shop.example", "taskId": "task-1",
	} {
		if n.last[name] != want {
			t.Errorf("%s is %v, want %s", name, n.last[name], want)
		}
	}
	// What the caller fills in stays.
	_, err = n.client().Tokenize(t.Context(), TokenizeRequest{
		RequestID: "mine", ResponseHost: "other.shop.example", TokenType: "CLOUD", TokenRequestorID: "50100000000", TaskID: "t",
		FundingAccountInfo: FundingAccountInfo{PANUniqueReference: "FWSPMC1"},
	}, &FundingAccountData{Source: "ACCOUNT_ON_FILE"})
	if err != nil || n.last["requestId"] != "mine" || n.last["responseHost"] != "other.shop.example" || n.last["tokenRequestorId"] != "50100000000" {
		t.Errorf("%v: %v", err, n.last)
	}
	n.answer = func(w http.ResponseWriter, _ Target) { n.write(w, 200, TokenizeResponse{Decision: DecisionDeclined}) }
	declined, err := n.client().Tokenize(t.Context(), TokenizeRequest{TaskID: "t"}, &exampleFunding)
	if err != nil || declined.Decision != DecisionDeclined || declined.Clear != nil {
		t.Errorf("a decline is no error: %+v, %v", declined, err)
	}
}

func TestClient_Answers(t *testing.T) {
	n := startNetwork(t)
	c, ctx := n.client(), t.Context()
	paid, err := c.Transact(ctx, TransactRequest{TokenUniqueReference: exampleRef, UnpredictableNumber: "23424563"})
	if err != nil || paid.Clear.DE48SE43Data != "ABEiM0RVZneIAAcjQkVjGgADFA==" || n.last["dsrpType"] != "UCAF" || n.last["unpredictableNumber"] != "23424563" {
		t.Errorf("transact: %+v, %v, asked with %v", paid, err, n.last)
	}
	status, err := c.GetTaskStatus(ctx, "task-1")
	if err != nil || status.Status != TaskCompleted || n.last["taskId"] != "task-1" {
		t.Errorf("getTaskStatus: %+v, %v", status, err)
	}
	one, err := c.GetToken(ctx, exampleRef, true)
	if err != nil || one.Token.Status != StatusActive || one.Clear == nil || n.last["includeTokenDetail"] != "true" {
		t.Errorf("getToken: %+v, %v, asked with %v", one, err, n.last)
	}
	if _, err := c.GetToken(ctx, exampleRef, false); err != nil || n.last["includeTokenDetail"] != nil {
		t.Errorf("getToken without detail: %v, asked with %v", err, n.last)
	}
	if _, err := c.SearchTokens(ctx, FundingAccountInfo{TokenUniqueReference: exampleRef}, nil); err != nil || n.funding != nil {
		t.Errorf("searchTokens by reference: %v", err)
	}
	suspended, err := c.Suspend(ctx, LifecycleRequest{TokenUniqueReferences: References{exampleRef}})
	if err != nil || !slices.Equal(suspended.Tokens[0].SuspendedBy, []string{"TOKEN_REQUESTOR"}) || n.last["causedBy"] != "TOKEN_REQUESTOR" || n.last["reasonCode"] != "OTHER" {
		t.Errorf("suspend: %+v, %v, asked with %v", suspended, err, n.last)
	}
	asset, err := c.GetAsset(ctx, "a b")
	if err != nil || asset.MediaContents[0].Type != "image/png" || n.asked[len(n.asked)-1].AssetID != "a b" {
		t.Errorf("getAsset: %+v, %v", asset, err)
	}
	art, err := c.GetDigitalAssets(ctx, "5204731600014784")
	if err != nil || art.IssuerName != "Sample Bank" || art.IconAssetID != "a-1" || n.last["responseHost"] != "mdes-callback.shop.example" {
		t.Errorf("getDigitalAssets: %+v, %v, asked with %v", art, err, n.last)
	}
	nowhere := n.client(func(c *Config) { c.ResponseHost = "" })
	if _, err := nowhere.GetDigitalAssets(ctx, "5204731600014784"); !errors.Is(err, wire.ErrConfig) {
		t.Errorf("getDigitalAssets without a response host: %v", err)
	}
}

func TestClient_HeaderAndParallel(t *testing.T) {
	n := startNetwork(t)
	var mu sync.Mutex
	seen := map[string]bool{}
	n.answer = func(w http.ResponseWriter, r Target) {
		mu.Lock()
		seen[n.last["requestId"].(string)] = true
		mu.Unlock()
		n.write(w, 200, n.good(r))
	}
	c := n.client(func(c *Config) {
		c.Header = http.Header{"x-pantomime-sandbox": {"one"}, "Host": {"one.localhost"}}
		c.ResponseHost = ""
	})
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			if _, err := c.Suspend(t.Context(), LifecycleRequest{TokenUniqueReferences: References{exampleRef}}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if len(seen) != 16 {
		t.Errorf("%d request ids of 16", len(seen))
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Nanosecond)
	defer cancel()
	_, err := c.GetAsset(ctx, "a")
	var failed *Error
	if !errors.As(err, &failed) || failed.Status != 0 || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a call that ran out of time: %v", err)
	}
}
