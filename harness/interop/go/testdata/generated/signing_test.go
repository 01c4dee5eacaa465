// Package generated calls a running sandbox with generated clients.
package generated

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	oauth "github.com/mastercard/oauth1-signer-go"
	"github.com/mastercard/oauth1-signer-go/utils"
)

// environment is what the sandbox says of itself.
type environment struct {
	BaseURL    struct{ Visa, Mastercard string }
	Requestors []struct {
		Visa struct {
			Signing struct{ APIKey, Secret string }
		}
		Mastercard struct{ ConsumerKey string }
	}
}

func env(t *testing.T) (e environment) {
	t.Helper()
	resp, err := http.Get(os.Getenv("PANTOMIME_ADMIN") + "/__admin/v1/env")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(&e); err != nil {
		t.Fatal(err)
	}
	return e
}

// signer signs what a generated client sends; it is its *http.Client's transport.
type signer func(*http.Request) error

func (s signer) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := s(req); err != nil {
		return nil, err
	}
	return http.DefaultTransport.RoundTrip(req)
}

// payToken signs as docs/wire/vts.md has it.
func payToken(e environment) *http.Client {
	key := e.Requestors[0].Visa.Signing
	return &http.Client{Transport: signer(func(req *http.Request) error {
		var body []byte
		if req.Body != nil {
			body, _ = io.ReadAll(req.Body)
			req.Body = io.NopCloser(bytes.NewReader(body))
		}
		query := req.URL.Query()
		query.Set("apiKey", key.APIKey)
		req.URL.RawQuery = query.Encode()
		now := fmt.Sprint(time.Now().Unix())
		mac := hmac.New(sha256.New, []byte(key.Secret))
		mac.Write([]byte(now + strings.TrimPrefix(req.URL.EscapedPath(), "/") + req.URL.RawQuery + string(body)))
		req.Header.Set("x-pay-token", "xv2:"+now+":"+hex.EncodeToString(mac.Sum(nil)))
		return nil
	})}
}

// oauthOf signs with Mastercard's own library.
func oauthOf(t *testing.T, e environment) *http.Client {
	t.Helper()
	key, err := utils.LoadSigningKey(filepath.Join(os.Getenv("PANTOMIME_KEYS"), "mastercard-signing-key.p12"), "keystorepassword")
	if err != nil {
		t.Fatal(err)
	}
	s := oauth.Signer{ConsumerKey: e.Requestors[0].Mastercard.ConsumerKey, SigningKey: key}
	return &http.Client{Transport: signer(s.Sign)}
}

var background = context.Background()
