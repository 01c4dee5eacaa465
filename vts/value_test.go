package vts_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

func TestText_TakesStringNumberAndBoolean(t *testing.T) {
	for in, want := range map[string]vts.Text{
		`"07"`: "07", `7`: "7", `2029`: "2029", `1700000000.5`: "1700000000.5", `true`: "true", `null`: "", `"a\"b"`: `a"b`,
	} {
		var got vts.Text
		if err := json.Unmarshal([]byte(in), &got); err != nil || got != want {
			t.Errorf("%s: got %q, %v; want %q", in, got, err, want)
		}
	}
	for _, in := range []string{`{}`, `[]`, `["a"]`} {
		var got vts.Text
		var wrong *json.UnmarshalTypeError
		if err := json.Unmarshal([]byte(in), &got); !errors.As(err, &wrong) {
			t.Errorf("%s: error %v", in, err)
		}
	}
	if out, err := json.Marshal(vts.Text("7")); err != nil || string(out) != `"7"` {
		t.Errorf("written as %s, %v", out, err)
	}
}

func TestSeconds_TakesNumberAndString(t *testing.T) {
	for _, in := range []string{`1700000000`, `"1700000000"`} {
		var got vts.Seconds
		if err := json.Unmarshal([]byte(in), &got); err != nil || !got.Time().Equal(testTime) {
			t.Errorf("%s: got %v, %v", in, got.Time(), err)
		}
	}
	for _, in := range []string{`1.5`, `"soon"`, `""`, `{}`, `[1]`, `true`, `99999999999999999999`} {
		var got vts.Seconds
		if err := json.Unmarshal([]byte(in), &got); err == nil {
			t.Errorf("%s is taken as %d", in, got)
		}
	}
	s := vts.SecondsOf(testTime.Add(900 * time.Millisecond))
	if out, err := json.Marshal(s); err != nil || string(out) != "1700000000" || s.Text() != "1700000000" {
		t.Errorf("written as %s and %s, %v", out, s.Text(), err)
	}
}

func TestExpirationDate_Expiry(t *testing.T) {
	for in, want := range map[string]string{
		`{"month":"12","year":"2029"}`: "12/29",
		`{"month":12,"year":2029}`:     "12/29",
		`{"month":7,"year":2031}`:      "07/31",
		`{"month":"7","year":"2031"}`:  "07/31",
		`{"month":"13","year":"2031"}`: "",
		`{"month":"00","year":"2031"}`: "",
		`{"month":"12","year":"29"}`:   "",
		`{"month":"","year":"2029"}`:   "",
		`{"year":"2029"}`:              "",
		`{}`:                           "",
	} {
		var d vts.ExpirationDate
		if err := json.Unmarshal([]byte(in), &d); err != nil {
			t.Fatal(err)
		}
		got, err := d.Expiry()
		if got.String() != want || (err == nil) != (want != "") {
			t.Errorf("%s: got %q, %v; want %q", in, got, err, want)
		}
	}
	if d := vts.DateOf(token.Expiry{Year: 2031, Month: time.November}); d == nil || d.Month != "11" || d.Year != "2031" {
		t.Errorf("written as %+v", d)
	}
	if d := vts.DateOf(token.Expiry{}); d != nil {
		t.Errorf("an unknown expiry is written as %+v", d)
	}
}

func TestTokenStatus_BothWays(t *testing.T) {
	want := map[token.Status]vts.TokenStatus{
		token.Inactive: "INACTIVE", token.Active: "ACTIVE", token.Suspended: "SUSPENDED", token.Deactivated: "DELETED",
	}
	for _, s := range token.Statuses() {
		wire := vts.StatusOf(s)
		back, err := wire.Status()
		if wire != want[s] || back != s || err != nil {
			t.Errorf("%s: wire %s, back %s, %v", s, wire, back, err)
		}
	}
	if _, err := vts.TokenStatus("DEACTIVATED").Status(); err == nil || !strings.Contains(err.Error(), "DELETED") {
		t.Errorf("a gateway's own state: %v", err)
	}
}

func TestRiskData_BothForms(t *testing.T) {
	bare := example(t, "risk_data")
	for name, raw := range map[string]string{
		"bare":             string(bare),
		"wrapped":          `{"data":` + string(bare) + `}`,
		"wrapped, numbers": `{"data":[{"name":"paymentInstrument.expirationDate.month","value":12},{"name":"paymentInstrument.expirationDate.year","value":2029}]}`,
	} {
		var risk vts.RiskData
		if err := json.Unmarshal([]byte(raw), &risk); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if e, ok := risk.Expiry(); !ok || e.String() != "12/29" {
			t.Errorf("%s: expiry %q, %v", name, e, ok)
		}
		if _, ok := risk.Get("no such name"); ok {
			t.Errorf("%s: finds what is not there", name)
		}
		if text := fmt.Sprintf("%v %+v %#v", risk, risk, risk); strings.Contains(text, "2029") {
			t.Errorf("%s: values are in %s", name, text)
		}
	}
	for _, raw := range []string{`"x"`, `5`, `{"data":5}`, `[{"name":[]}]`, `{`} {
		var risk vts.RiskData
		if err := json.Unmarshal([]byte(raw), &risk); err == nil {
			t.Errorf("%s is taken", raw)
		}
	}
	if _, ok := (vts.RiskData{{Name: vts.RiskExpiryMonth, Value: "12"}}).Expiry(); ok {
		t.Error("half an expiry is taken")
	}
}

func TestClearTexts_PrintMasked(t *testing.T) {
	card := vts.PaymentInstrument{AccountNumber: "4622943120000600", CVV2: "731", Name: "Alex Example"}
	number := vts.TokenNumber{Token: "4895370012003478"}
	cryptogram := vts.CryptogramInfo{Cryptogram: publicTAVV, ECI: "07"}
	risk := vts.RiskItem{Name: vts.RiskExpiryYear, Value: "2029"}
	client := newClient(t, "http://127.0.0.1:1")
	text := fmt.Sprintf("%v %+v %#v %v %+v %#v %v %+v %#v", card, card, card, number, number, number, &card, client, client)
	text = regexp.MustCompile(`0x[0-9a-f]+`).ReplaceAllString(text, "") // an address may hold any digits, and so may the time
	timeless := &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}}
	var logged strings.Builder
	slog.New(slog.NewJSONHandler(&logged, timeless)).Info("x", "card", card, "number", number, "cryptogram", cryptogram, "risk", risk)
	text += logged.String()
	for _, hidden := range []string{"4622943120000600", "4895370012003478", "731", "Alex", publicTAVV, "2029", testSecret, encSecret} {
		if strings.Contains(text, hidden) {
			t.Errorf("%q is in %s", hidden, text)
		}
	}
}

func TestValidIDs(t *testing.T) {
	ids := map[string]bool{
		"00112233445566778899aabbccddeeff": true, "00112233445566778899AABBCCDDEEFF": false,
		"00112233445566778899aabbccddeef": false, "00112233445566778899aabbccddeefg": false, "": false,
	}
	for id, want := range ids {
		if vts.ValidID(id) != want {
			t.Errorf("id %q: want %v", id, want)
		}
	}
	requests := map[string]bool{
		"6e1d0b52-4a53-4d0c-9a1f-0f7f3f7a9b11": true, "abc123DEF456ghi": true, "-": true, "": false,
		"6e1d0b52-4a53-4d0c-9a1f-0f7f3f7a9b112": false, "a_b": false, "a b": false, "ä": false,
	}
	for id, want := range requests {
		if vts.ValidRequestID(id) != want {
			t.Errorf("request id %q: want %v", id, want)
		}
	}
}

func TestRoutes(t *testing.T) {
	want := []string{
		"POST /vts/panEnrollments 201",
		"GET /vts/panEnrollments/ID 200",
		"POST /vts/panEnrollments/ID/provisionedTokens 201",
		"POST /vts/provisionedTokens 201",
		"GET /vts/provisionedTokens/ID 200",
		"POST /vts/provisionedTokens/ID/paymentData 200",
		"PUT /vts/provisionedTokens/ID/suspend 200",
		"PUT /vts/provisionedTokens/ID/resume 200",
		"PUT /vts/provisionedTokens/ID/delete 200",
		"GET /vts/cps/getContent/ID 200",
		"GET /vts/provisionedTokens/ID/stepUpOptions 200",
		"PUT /vts/provisionedTokens/ID/stepUpOptions/method 200",
		"POST /vts/provisionedTokens/ID/stepUpOptions/validateOTP 200",
		"POST /vts/provisionedTokens/ID/stepUpOptions/validateAuthCode 200",
		"POST /vts/provisionedTokens/ID/deviceBinding 200",
		"POST /vts/provisionedTokens/ID/attestation/options 200",
	}
	routes := vts.Routes()
	if len(routes) != len(want) {
		t.Fatalf("%d routes, want %d", len(routes), len(want))
	}
	for i, r := range routes {
		status := 200
		if r.Created {
			status = 201
		}
		if got := fmt.Sprint(r.Method, " ", r.At("ID"), " ", status); got != want[i] {
			t.Errorf("got %s, want %s", got, want[i])
		}
		if again, ok := vts.RouteOf(r.Op); !ok || again != r || r.Op.Info().Network != token.Visa {
			t.Errorf("%s is not found", r.Op)
		}
	}
	if _, ok := vts.RouteOf(token.MCTokenize); ok {
		t.Error("finds another network's operation")
	}
	r, _ := vts.RouteOf(token.VisaGetToken)
	if got := r.At("a/../b"); got != "/vts/provisionedTokens/a%2F..%2Fb" || r.Param() != "vProvisionedTokenID" {
		t.Errorf("path %s, parameter %s", got, r.Param())
	}
}

func TestAPIKey(t *testing.T) {
	cases := []struct {
		query, want string
		ok          bool
	}{
		{"apiKey=K", "K", true},
		{"apikey=K", "K", true},
		{"APIKEY=K", "K", true},
		{"platformType=WEB&apiKey=K", "K", true},
		{"apiKey=a%2Db&apikey=second", "a-b", true},
		{"apiKey=a%zz", "a%zz", true},
		{"", "", false},
		{"apiKey=", "", false},
		{"apiKey", "", false},
		{"xapiKey=K", "", false},
	}
	for _, c := range cases {
		if got, ok := vts.APIKey(c.query); got != c.want || ok != c.ok {
			t.Errorf("%q: got %q, %v", c.query, got, ok)
		}
	}
}

func TestTarget_IsRaw(t *testing.T) {
	cases := map[string][2]string{
		"/vts/panEnrollments?apiKey=K":         {"vts/panEnrollments", "apiKey=K"},
		"/vts/a%20b?x=%2F&apiKey=K?":           {"vts/a%20b", "x=%2F&apiKey=K?"},
		"/vts":                                 {"vts", ""},
		"//vts":                                {"/vts", ""},
		"http://api.visa.com/vts/a?apiKey=K":   {"vts/a", "apiKey=K"},
		"/vts/a?next=http://example.com/vts/b": {"vts/a", "next=http://example.com/vts/b"},
		"http://api.visa.com":                  {"", ""},
	}
	for target, want := range cases {
		r := &http.Request{RequestURI: target, URL: &url.URL{Path: "/decoded"}}
		if path, query := vts.Target(r); path != want[0] || query != want[1] {
			t.Errorf("%s: got %q %q", target, path, query)
		}
	}
	built := httptest.NewRequest(http.MethodGet, "http://x/vts/a%2Fb?q=1", nil)
	built.RequestURI = ""
	if path, query := vts.Target(built); path != "vts/a%2Fb" || query != "q=1" {
		t.Errorf("built by hand: got %q %q", path, query)
	}
}
