package vts_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
	"github.com/pantomime-dev/pantomime/wire"
)

// seen is what a server found in a request.
type seen struct {
	method, path, query string
	header              http.Header
	body                []byte
}

// answering serves one answer and keeps the request.
func answering(t *testing.T, status int, body string) (*httptest.Server, *seen) {
	t.Helper()
	got := new(seen)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path, query := vts.Target(r)
		raw, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		*got = seen{r.Method, path, query, r.Header.Clone(), raw}
		w.Header().Set("X-CORRELATION-ID", "corr-1")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(server.Close)
	return server, got
}

func newClient(t *testing.T, base string) *vts.Client {
	t.Helper()
	c, err := vts.NewClient(vts.Config{
		BaseURL: base, Signing: vts.Credential{APIKey: testKey, Secret: testSecret},
		Encryption:  vts.Credential{APIKey: encKey, Secret: encSecret},
		ClientAppID: "sandbox-app", WalletAccount: "40010000001", Wall: clock.NewFixed(testTime),
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var (
	testCard = vts.PaymentInstrument{
		AccountNumber: "4622943120000600", CVV2: "123", ExpirationDate: &vts.ExpirationDate{Month: "12", Year: "2029"},
	}
	testWhy = vts.UpdateReason{ReasonCode: vts.ReasonCodeCustomerConfirmed, ReasonDesc: "test"}
)

const (
	tokenID  = "00112233445566778899aabbccddeeff"
	enrollID = "5f0e3c7a9b1d4e6280c1a2b3c4d5e6f7"
	guid     = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
)

// operationCall drives one operation, which answers with the example's value.
type operationCall struct {
	name, method, path, answer string
	call                       func(context.Context, *vts.Client) (any, error)
	want                       func() any // an empty message of the answer's type
	request                    func() vts.Request
}

var calls = []operationCall{
	{
		"enrol", "POST", "vts/panEnrollments", "enroll_response",
		func(ctx context.Context, c *vts.Client) (any, error) {
			return c.EnrollPAN(ctx, vts.EnrollRequest{Locale: "en_US", PANSource: vts.SourceOnFile}, &testCard)
		},
		func() any { return new(vts.EnrollResponse) }, func() vts.Request { return new(vts.EnrollRequest) },
	},
	{
		"card metadata", "GET", "vts/panEnrollments/" + enrollID, "card_metadata_response",
		func(ctx context.Context, c *vts.Client) (any, error) { return c.CardMetadata(ctx, enrollID) },
		func() any { return new(vts.CardMetadataResponse) }, nil,
	},
	{
		"provision", "POST", "vts/panEnrollments/" + enrollID + "/provisionedTokens", "provision_response",
		func(ctx context.Context, c *vts.Client) (any, error) {
			return c.Provision(ctx, enrollID, ecom(), vts.RiskData{{Name: vts.RiskExpiryMonth, Value: "12"}})
		},
		func() any { return new(vts.ProvisionResponse) }, func() vts.Request { return new(vts.ProvisionRequest) },
	},
	{
		"provision with PAN data", "POST", "vts/provisionedTokens", "provision_response_step_up",
		func(ctx context.Context, c *vts.Client) (any, error) {
			return c.ProvisionWithPAN(ctx, vts.ProvisionWithPANRequest{
				ProvisionRequest: ecom(), Locale: "en_US", PANSource: vts.SourceManual,
			}, &testCard, nil)
		},
		func() any { return new(vts.ProvisionResponse) }, func() vts.Request { return new(vts.ProvisionWithPANRequest) },
	},
	{
		"get token", "GET", "vts/provisionedTokens/" + tokenID, "token_response",
		func(ctx context.Context, c *vts.Client) (any, error) { return c.GetToken(ctx, tokenID) },
		func() any { return new(vts.TokenResponse) }, nil,
	},
	{
		"payment data", "POST", "vts/provisionedTokens/" + tokenID + "/paymentData", "payment_data_response",
		func(ctx context.Context, c *vts.Client) (any, error) {
			return c.PaymentData(ctx, tokenID, vts.PaymentDataRequest{
				ClientPaymentDataID: "ord-2024-000042", PaymentRequest: vts.PaymentRequest{TransactionType: vts.TransactionECOM},
			})
		},
		func() any { return new(vts.PaymentDataResponse) }, func() vts.Request { return new(vts.PaymentDataRequest) },
	},
	{
		"suspend", "PUT", "vts/provisionedTokens/" + tokenID + "/suspend", "lifecycle_response",
		func(ctx context.Context, c *vts.Client) (any, error) { return nil, c.Suspend(ctx, tokenID, testWhy) },
		nil, func() vts.Request { return new(vts.LifecycleRequest) },
	},
	{
		"resume", "PUT", "vts/provisionedTokens/" + tokenID + "/resume", "lifecycle_response",
		func(ctx context.Context, c *vts.Client) (any, error) { return nil, c.Resume(ctx, tokenID, testWhy) },
		nil, func() vts.Request { return new(vts.LifecycleRequest) },
	},
	{
		"delete", "PUT", "vts/provisionedTokens/" + tokenID + "/delete", "lifecycle_response",
		func(ctx context.Context, c *vts.Client) (any, error) { return nil, c.Delete(ctx, tokenID, testWhy) },
		nil, func() vts.Request { return new(vts.LifecycleRequest) },
	},
	{
		"get content", "GET", "vts/cps/getContent/" + guid, "content_response",
		func(ctx context.Context, c *vts.Client) (any, error) { return c.GetContent(ctx, guid) },
		func() any { return new(vts.ContentResponse) }, nil,
	},
}

func ecom() vts.ProvisionRequest {
	return vts.ProvisionRequest{
		PresentationType: []string{vts.PresentationECOM}, ProtectionType: vts.ProtectionCloud,
		EmailAddressHash: "c2FtcGxlLWhhc2gtb2YtYW4tZW1haWwtYWRkcmVzcy0",
	}
}

func TestClient_EveryOperation(t *testing.T) {
	for _, c := range slices.Concat(calls, stepUpCalls) {
		t.Run(c.name, func(t *testing.T) {
			server, got := answering(t, http.StatusOK, string(example(t, c.answer)))
			answer, err := c.call(t.Context(), newClient(t, server.URL))
			if err != nil {
				t.Fatal(err)
			}
			if got.method != c.method || got.path != c.path || got.query != queryOf(c.path) {
				t.Errorf("%s %s?%s", got.method, got.path, got.query)
			}
			checkHeader(t, *got, c.path)
			if c.want != nil {
				want := c.want()
				if err := json.Unmarshal(example(t, c.answer), want); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want, answer); diff != "" {
					t.Errorf("answer (-want +got):\n%s", diff)
				}
			}
			if c.request == nil {
				if len(got.body) != 0 {
					t.Errorf("a reading call sends %s", got.body)
				}
				return
			}
			if err := (vts.Leniency{}).DecodeRequest(got.body, c.request()); err != nil {
				t.Errorf("our own rules refuse %s: %v", got.body, err)
			}
		})
	}
}

// checkHeader verifies the signature with the tests' own code.
func checkHeader(t *testing.T, got seen, path string) {
	t.Helper()
	want := sign(testSecret, "1700000000", path, queryOf(path), string(got.body))
	if token := got.header.Get("x-pay-token"); token != want {
		t.Errorf("x-pay-token %s, want %s", token, want)
	}
	if id := got.header.Get("x-request-id"); !vts.ValidRequestID(id) || len(id) != 36 {
		t.Errorf("x-request-id %q", id)
	}
	if got.header.Get("Content-Type") != "application/json" || got.header.Get("Accept") != "application/json" {
		t.Errorf("header %v", got.header)
	}
}

func TestClient_SealsCardAndRisk(t *testing.T) {
	server, got := answering(t, http.StatusCreated, `{"vProvisionedTokenID":"x","tokenInfo":{}}`)
	client := newClient(t, server.URL)
	risk := vts.RiskData{{Name: vts.RiskExpiryMonth, Value: "12"}, {Name: vts.RiskExpiryYear, Value: "2029"}}
	request := vts.ProvisionWithPANRequest{ProvisionRequest: ecom(), Locale: "en_US", PANSource: vts.SourceOnFile}
	if _, err := client.ProvisionWithPAN(t.Context(), request, &testCard, risk); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(got.body), testCard.AccountNumber) {
		t.Fatal("the number goes out in the clear")
	}
	var sent vts.ProvisionWithPANRequest
	if err := (vts.Leniency{}).DecodeRequest(got.body, &sent); err != nil {
		t.Fatal(err)
	}
	if sent.ClientAppID != "sandbox-app" || sent.ClientWalletAccountID != "40010000001" {
		t.Errorf("configured values are not filled in: %+v", sent)
	}
	keys := vts.Keys{sharedKey(t, encKey, encSecret)}
	var card vts.PaymentInstrument
	if _, err := keys.OpenJSON(sent.EncPaymentInstrument, &card); err != nil || !cmp.Equal(card, testCard) {
		t.Errorf("card %v, %v", card, err)
	}
	var gotRisk vts.RiskData
	opened, err := keys.OpenJSON(sent.EncRiskDataInfo, &gotRisk)
	if err != nil || !cmp.Equal(gotRisk, risk) {
		t.Errorf("risk %v, %v", gotRisk, err)
	}
	if opened.Header.IssuedAt != "1700000000" || opened.Header.Type != "JOSE" {
		t.Errorf("header %+v", opened.Header)
	}
}

func TestClient_TokenNumber(t *testing.T) {
	client := newClient(t, "http://127.0.0.1:1")
	number, err := client.TokenNumber(vts.TokenInfo{EncTokenInfo: vecJWE})
	if err != nil || number.Digits() != "4895370012003478" {
		t.Errorf("got %v, %v", number, err)
	}
	if number, err := client.TokenNumber(vts.TokenInfo{}); err != nil || number != "" {
		t.Errorf("nothing sealed: got %v, %v", number, err)
	}
	if _, err := client.TokenNumber(vts.TokenInfo{EncTokenInfo: vecJWE[1:]}); err == nil {
		t.Error("a damaged field is opened")
	}
}

func TestClient_SignsThePathBelowAPrefix(t *testing.T) {
	for _, suffix := range []string{"/s/blue", "/s/blue/"} {
		server, got := answering(t, http.StatusOK, string(example(t, "token_response")))
		if _, err := newClient(t, server.URL+suffix).GetToken(t.Context(), tokenID); err != nil {
			t.Fatal(err)
		}
		if got.path != "s/blue/vts/provisionedTokens/"+tokenID {
			t.Errorf("path %s", got.path)
		}
		checkHeader(t, *got, "vts/provisionedTokens/"+tokenID)
	}
}

func TestClient_NewRequestRefuses(t *testing.T) {
	client := newClient(t, "http://127.0.0.1:1")
	if _, err := client.NewRequest(t.Context(), token.MCTokenize, "", nil); err == nil {
		t.Error("another network's operation is taken")
	}
	if _, err := client.NewRequest(t.Context(), token.VisaEnroll, "", func() {}); err == nil {
		t.Error("a body that is no JSON is taken")
	}
	req, err := client.NewRequest(t.Context(), token.VisaGetToken, "a/b?c", []byte("raw"))
	if err != nil || req.URL.RequestURI() != "/vts/provisionedTokens/a%2Fb%3Fc?"+testQuery || req.ContentLength != 3 {
		t.Errorf("%v, %v", req, err)
	}
}

func TestNewClient_Refuses(t *testing.T) {
	good := vts.Credential{APIKey: "k", Secret: "s"}
	cases := map[string]vts.Config{
		"nothing":                {},
		"no base":                {Signing: good},
		"a base without host":    {BaseURL: "http://", Signing: good},
		"a base without http":    {BaseURL: "127.0.0.1:8480", Signing: good},
		"another scheme":         {BaseURL: "ftp://a.example", Signing: good},
		"no signing key":         {BaseURL: "http://127.0.0.1"},
		"half an encryption key": {BaseURL: "http://127.0.0.1", Signing: good, Encryption: vts.Credential{APIKey: "k"}},
	}
	for name, cfg := range cases {
		if _, err := vts.NewClient(cfg); !errors.Is(err, wire.ErrConfig) {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

func TestNewClient_Defaults(t *testing.T) {
	server, got := answering(t, http.StatusOK, "{}")
	client, err := vts.NewClient(vts.Config{BaseURL: server.URL, Signing: vts.Credential{APIKey: testKey, Secret: testSecret}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.EnrollPAN(t.Context(), vts.EnrollRequest{}, &testCard); err != nil {
		t.Fatal(err)
	}
	var sent vts.EnrollRequest
	if err := vts.Decode(got.body, &sent); err != nil {
		t.Fatal(err)
	}
	opened, err := vts.Keys{sharedKey(t, testKey, testSecret)}.Open(sent.EncPaymentInstrument)
	if err != nil {
		t.Errorf("one pair does not serve for both: %v", err)
	}
	_, err = newSigner(t, testKey, testSecret).Verify(vts.Received{
		Header: got.header.Values("x-pay-token"), Paths: []string{got.path}, Query: got.query, Body: got.body, Now: clock.Real().Now(),
	})
	if err != nil || opened.Header.IssuedAt == "" {
		t.Errorf("the machine's clock is not used: %v", err)
	}
}

func TestClient_RSAKey(t *testing.T) {
	private := rsaKey(t)
	key, err := vts.NewRSAKey("rsa-1", &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	client, err := vts.NewClient(vts.Config{
		BaseURL: "http://127.0.0.1:1", Signing: vts.Credential{APIKey: testKey, Secret: testSecret}, FieldKey: key,
	})
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := client.Seal(testCard)
	if err != nil {
		t.Fatal(err)
	}
	var card vts.PaymentInstrument
	if err := client.Open(sealed, &card); err != nil || card.AccountNumber != testCard.AccountNumber {
		t.Errorf("got %v, %v", card, err)
	}
}

func TestClient_RequestIDsDiffer(t *testing.T) {
	client := newClient(t, "http://127.0.0.1:1")
	ids := map[string]bool{}
	for range 100 {
		req, err := client.NewRequest(t.Context(), token.VisaGetToken, tokenID, nil)
		if err != nil {
			t.Fatal(err)
		}
		ids[req.Header.Get("x-request-id")] = true
	}
	if len(ids) != 100 {
		t.Errorf("%d different ids of 100", len(ids))
	}
}

func TestClient_SignsAnewAsTimePasses(t *testing.T) {
	wall := clock.NewFixed(testTime)
	client, err := vts.NewClient(vts.Config{
		BaseURL: "http://127.0.0.1:1", Signing: vts.Credential{APIKey: testKey, Secret: testSecret}, Wall: wall,
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"xv2:1700000000:", "xv2:1700000030:"} {
		req, err := client.NewRequest(t.Context(), token.VisaGetToken, tokenID, nil)
		if err != nil || !strings.HasPrefix(req.Header.Get("x-pay-token"), want) {
			t.Errorf("got %s, %v", req.Header.Get("x-pay-token"), err)
		}
		wall.Add(30 * time.Second)
	}
}
