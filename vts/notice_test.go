package vts_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

const noticeID = "6e1d0b52-4a53-4d0c-9a1f-0f7f3f7a9b11"

var (
	tokenNotice = vts.Notice{
		Kind: vts.NoticeToken, EventType: vts.EventTokenStatusUpdated, APIKey: testKey,
		ID: "00112233445566778899aabbccddeeff", Date: 1700000000, RelationshipID: "24681921-40000000082",
	}
	panNotice = vts.Notice{
		Kind: vts.NoticePAN, APIKey: testKey, ID: "5f0e3c7a9b1d4e6280c1a2b3c4d5e6f7", Date: 1700000000,
	}
)

func TestNotice_Request(t *testing.T) {
	cases := []struct {
		name, base, url, path, query, example string
		notice                                vts.Notice
	}{
		{
			"a token's status", "https://tr.example/visa/notifications", "https://tr.example/visa/notifications/provisionedToken",
			"visa/notifications/provisionedToken", "eventType=TOKEN_STATUS_UPDATED&apiKey=TESTAPIKEY0001", "notice_token", tokenNotice,
		},
		{
			"a card's metadata", "http://127.0.0.1:9000/api/v2/webhooks/visa/", "http://127.0.0.1:9000/api/v2/webhooks/visa/panMetadata",
			"api/v2/webhooks/visa/panMetadata", "apiKey=TESTAPIKEY0001", "notice_pan", panNotice,
		},
		{
			"a receiver at the root", "http://127.0.0.1:9000", "http://127.0.0.1:9000/panMetadata",
			"panMetadata", "apiKey=TESTAPIKEY0001", "notice_pan", panNotice,
		},
		{
			"a receiver with an escaped path", "http://127.0.0.1:9000/a%2Fb/%C3%BC", "http://127.0.0.1:9000/a%2Fb/%C3%BC/panMetadata",
			"a%2Fb/%C3%BC/panMetadata", "apiKey=TESTAPIKEY0001", "notice_pan", panNotice,
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := c.notice.Request(c.base, newSigner(t, testKey, testSecret), testTime, noticeID)
			if err != nil {
				t.Fatal(err)
			}
			if got.Method != http.MethodPost || got.URL != c.url+"?"+c.query {
				t.Errorf("%s %s", got.Method, got.URL)
			}
			if diff := cmp.Diff(asAny(t, example(t, c.example)), asAny(t, got.Body)); diff != "" {
				t.Errorf("body (-want +got):\n%s", diff)
			}
			want := http.Header{}
			want.Set("Content-Type", "application/json")
			want.Set("X-Request-Id", noticeID)
			want.Set("X-Pay-Token", sign(testSecret, "1700000000", c.path, c.query, string(got.Body)))
			if diff := cmp.Diff(want, got.Header); diff != "" {
				t.Errorf("header (-want +got):\n%s", diff)
			}
		})
	}
}

func TestNotice_RequestUnsigned(t *testing.T) {
	got, err := tokenNotice.Request("http://127.0.0.1:9000", nil, testTime, noticeID)
	if err != nil || got.Header.Get("X-Pay-Token") != "" {
		t.Errorf("%v, %v", got.Header, err)
	}
}

func TestNotice_RequestRefuses(t *testing.T) {
	for _, base := range []string{"", "/visa", "127.0.0.1:9000", "http://", "http://[::1", "mailto:a@b.example"} {
		if _, err := tokenNotice.Request(base, nil, testTime, noticeID); err == nil {
			t.Errorf("target %q is taken", base)
		}
	}
	if _, err := (vts.Notice{Kind: "paymentTxns"}).Request("http://127.0.0.1", nil, testTime, noticeID); !errors.Is(err, vts.ErrNotice) {
		t.Errorf("unknown kind: %v", err)
	}
}

// receive sends a request over HTTP and verifies it at the other end.
func receive(t *testing.T, n vts.NoticeRequest, change func(*http.Request)) (got vts.Notice, checks token.Checks, err error) {
	t.Helper()
	receiver := newSigner(t, testKey, testSecret)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, readErr := io.ReadAll(r.Body)
		if readErr != nil {
			t.Error(readErr)
		}
		got, checks, err = vts.VerifyNotice(r, body, receiver, testTime.Add(time.Minute))
	}))
	defer server.Close()
	req, reqErr := http.NewRequest(n.Method, server.URL+strings.TrimPrefix(n.URL, "http://tr.example"), bytes.NewReader(n.Body))
	if reqErr != nil {
		t.Fatal(reqErr)
	}
	req.Header = n.Header.Clone()
	if change != nil {
		change(req)
	}
	resp, doErr := server.Client().Do(req)
	if doErr != nil {
		t.Fatal(doErr)
	}
	resp.Body.Close()
	return got, checks, err
}

func TestVerifyNotice_OverHTTP(t *testing.T) {
	for _, n := range []vts.Notice{tokenNotice, panNotice} {
		rendered, err := n.Request("http://tr.example/a%20b/visa", newSigner(t, testKey, testSecret), testTime, noticeID)
		if err != nil {
			t.Fatal(err)
		}
		got, checks, err := receive(t, rendered, nil)
		if err != nil || got != n {
			t.Errorf("got %+v, %v, %+v; want %+v", got, err, checks, n)
		}
		if len(checks) != 5 {
			t.Errorf("checks %+v", checks)
		}
	}
}

func TestVerifyNotice_Refuses(t *testing.T) {
	body := func(s string) func(*http.Request) {
		return func(r *http.Request) {
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader(s)), int64(len(s))
		}
	}
	cases := []struct {
		name   string
		change func(*http.Request)
		want   error
		check  string
	}{
		{"another key in the query", func(r *http.Request) { r.URL.RawQuery = "eventType=E&apiKey=OTHER" }, vts.ErrNoticeAPIKey, vts.CheckNoticeAPIKey},
		{"no key in the query", func(r *http.Request) { r.URL.RawQuery = "eventType=E" }, vts.ErrNoticeAPIKey, vts.CheckNoticeAPIKey},
		{"no signature", func(r *http.Request) { r.Header.Del("X-Pay-Token") }, vts.ErrPayToken, vts.CheckPayToken},
		{"two signatures", func(r *http.Request) { r.Header.Add("X-Pay-Token", "xv2") }, vts.ErrPayToken, vts.CheckPayToken},
		{"another event", func(r *http.Request) { r.URL.RawQuery = "eventType=TOKEN_CREATED&apiKey=" + testKey }, vts.ErrPayToken, vts.CheckHash},
		{"another body", body(`{"vProvisionedTokenID":"x"}`), vts.ErrPayToken, vts.CheckHash},
		{"a stale signature", func(r *http.Request) {
			r.Header.Set("X-Pay-Token", "xv2:1600000000:"+strings.Repeat("0", 64))
		}, vts.ErrPayToken, vts.CheckTimestamp},
	}
	rendered, err := tokenNotice.Request("http://tr.example", newSigner(t, testKey, testSecret), testTime, noticeID)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, checks, err := receive(t, rendered, c.change)
			failed, _ := checks.Failed()
			if !errors.Is(err, c.want) || failed.Name != c.check {
				t.Errorf("error %v, checks %+v", err, checks)
			}
			if got != (vts.Notice{}) {
				t.Errorf("a refused notice is read: %+v", got)
			}
		})
	}
}

func TestParseNotice_Refuses(t *testing.T) {
	const id = `{"vProvisionedTokenID":"a","date":1}`
	cases := []struct{ name, path, query, body string }{
		{"another path", "visa/paymentTxns", "eventType=E&apiKey=K", id},
		{"no path", "", "eventType=E&apiKey=K", id},
		{"no event", "visa/provisionedToken", "apiKey=K", id},
		{"no id", "visa/provisionedToken", "eventType=E&apiKey=K", `{"date":1}`},
		{"the id of a card", "visa/provisionedToken", "eventType=E&apiKey=K", `{"vPanEnrollmentID":"a","date":1}`},
		{"the id of a token", "visa/panMetadata", "apiKey=K", id},
		{"a date in words", "visa/provisionedToken", "eventType=E&apiKey=K", `{"vProvisionedTokenID":"a","date":"today"}`},
		{"no JSON", "visa/provisionedToken", "eventType=E&apiKey=K", "x"},
		{"no body", "visa/panMetadata", "apiKey=K", ""},
		{"text after the body", "visa/provisionedToken", "eventType=E&apiKey=K", id + "x"},
	}
	for _, c := range cases {
		if n, err := vts.ParseNotice(c.path, c.query, []byte(c.body)); !errors.Is(err, vts.ErrNotice) || n != (vts.Notice{}) {
			t.Errorf("%s: got %+v, %v", c.name, n, err)
		}
	}
}

func TestParseNotice_Examples(t *testing.T) {
	for _, c := range []struct {
		file, path, query string
		want              vts.Notice
	}{
		{"notice_token", "visa/notifications/provisionedToken", "eventType=TOKEN_STATUS_UPDATED&apiKey=" + testKey, tokenNotice},
		{"notice_pan", "visa/notifications/panMetadata", "apiKey=" + testKey, panNotice},
	} {
		got, err := vts.ParseNotice(c.path, c.query, example(t, c.file))
		if err != nil || got != c.want {
			t.Errorf("%s: got %+v, %v", c.file, got, err)
		}
	}
	quoted, err := json.Marshal(map[string]any{"vPanEnrollmentID": panNotice.ID, "date": "1700000000"})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := vts.ParseNotice("panMetadata", "apikey="+testKey, quoted); err != nil || got != panNotice {
		t.Errorf("a date as a string: got %+v, %v", got, err)
	}
}

// TestNotice_UnknownMember adds what no document knows, and signs it.
func TestNotice_UnknownMember(t *testing.T) {
	for _, n := range []vts.Notice{tokenNotice, panNotice} {
		plain, err := n.Request("http://127.0.0.1:9000", nil, testTime, noticeID)
		if err != nil {
			t.Fatal(err)
		}
		n.Unknown = `a "member"`
		signer := newSigner(t, testKey, testSecret)
		got, err := n.Request("http://127.0.0.1:9000", signer, testTime, noticeID)
		if err != nil {
			t.Fatal(err)
		}
		want, _ := asAny(t, plain.Body).(map[string]any)
		want[n.Unknown] = true
		if diff := cmp.Diff(any(want), asAny(t, got.Body)); diff != "" {
			t.Errorf("body (-want +got):\n%s", diff)
		}
		r := httptest.NewRequest(got.Method, got.URL, bytes.NewReader(got.Body))
		r.Header = got.Header
		if _, _, err := vts.VerifyNotice(r, got.Body, signer, testTime); err != nil {
			t.Errorf("the signature does not cover the member: %v", err)
		}
	}
}
