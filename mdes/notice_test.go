package mdes

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func requestorSealer(t testing.TB) Sealer {
	t.Helper()
	s, err := NewSealer(certificate(t, "requestor"), CertificateSHA256)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Every event of docs/wire/mdes.md "Notifications", sent over HTTP and opened
// on the other side.
func TestNotice_OverHTTP(t *testing.T) {
	for _, name := range []string{"activated", "suspended", "resumed", "deleted", "pan-replaced", "card-art", "redigitized"} {
		t.Run(name, func(t *testing.T) {
			var clearText NoticeTokens
			readJSON(t, &clearText, "examples", "notice-"+name+".json")
			want := NoticeContent{
				RequestID: "5a79a0ac-0000-4000-8000-000000000001", ResponseHost: "stl.services.mastercard.com/mdes",
				Tokens: clearText.Tokens, Encrypted: true,
			}
			var got NoticeContent
			var raw []byte
			var request *http.Request
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				raw, _ = io.ReadAll(r.Body)
				request = r
				var err error
				if got, err = OpenNotice(testOpener(t, "requestor"), raw); err != nil {
					t.Error(err)
				}
				_ = json.NewEncoder(w).Encode(NoticeReply{ResponseID: got.RequestID})
			}))
			defer server.Close()
			notice, err := sealNotice(requestorSealer(t), want)
			if err != nil {
				t.Fatal(err)
			}
			target, err := NoticeURL(server.URL+"/mc", Sandbox)
			if err != nil {
				t.Fatal(err)
			}
			req, err := NoticeRequest(t.Context(), target, notice)
			if err != nil {
				t.Fatal(err)
			}
			answer, err := server.Client().Do(req)
			if err != nil {
				t.Fatal(err)
			}
			answer.Body.Close()
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			if request.URL.Path != "/mc/digitization/static/1/0/notifyTokenUpdated" || request.Method != http.MethodPost ||
				request.Header.Get("Authorization") != "" || request.Header.Get("Content-Type") != "application/json" {
				t.Errorf("%s %s %v", request.Method, request.URL, request.Header)
			}
			if strings.Contains(string(raw), want.Tokens[0].TokenUniqueReference) {
				t.Error("the reference travels in clear")
			}
		})
	}
}

// sealNotice makes the body of a notice, encrypted to the token requestor.
func sealNotice(s Sealer, c NoticeContent) (Notice, error) {
	sealed, err := s.SealJSON(NoticeTokens{append([]Token{}, c.Tokens...)})
	return Notice{ResponseHost: c.ResponseHost, RequestID: LooseString(c.RequestID), EncryptedPayload: &sealed}, err
}

func TestOpenNotice_Variants(t *testing.T) {
	opener := testOpener(t, "requestor")
	notice, err := sealNotice(requestorSealer(t), NoticeContent{RequestID: "r1"})
	if err != nil {
		t.Fatal(err)
	}
	body, err := marshal(notice)
	if err != nil {
		t.Fatal(err)
	}
	misspelled := strings.Replace(string(body), `"requestId"`, `"requestID"`, 1)
	if got, err := OpenNotice(opener, []byte(misspelled)); err != nil || got.RequestID != "r1" || len(got.Tokens) != 0 || !got.Encrypted {
		t.Errorf("requestID: %+v, %v", got, err)
	}
	inClear := `{"requestId":7,"mood":"fine","tokens":[{"tokenUniqueReference":"x","status":"ACTIVE"}]}`
	if got, err := OpenNotice(opener, []byte(inClear)); err != nil || got.RequestID != "7" || len(got.Tokens) != 1 || got.Encrypted {
		t.Errorf("in clear: %+v, %v", got, err)
	}
	for name, bad := range map[string]string{
		"nothing":             "",
		"no JSON":             "<html>",
		"neither form":        `{"requestId":"1"}`,
		"no tokens":           `{"requestId":"1","tokens":[]}`,
		"a list":              `[]`,
		"tokens of no object": `{"tokens":[1]}`,
		"too long":            strings.Repeat(" ", maxBody+1),
	} {
		if _, err := OpenNotice(opener, []byte(bad)); !errors.Is(err, ErrNotice) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err = OpenNotice(testOpener(t, "network"), body)
	expectCause(t, err, CauseFingerprint)
	if _, err := NoticeRequest(t.Context(), "http://a b", notice); !errors.Is(err, ErrNotice) {
		t.Errorf("a bad URL: %v", err)
	}
}
