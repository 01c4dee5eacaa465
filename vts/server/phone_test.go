package server_test

import (
	"bytes"
	"strings"
	"testing"
)

// phoneCalls are the calls of wallets on phones that public clients name.
var phoneCalls = []struct{ method, path, hint string }{
	{"PUT", "/vts/provisionedTokens/ID/confirmProvisioning", "stored its keys"},
	{"POST", "/vts/provisionedTokens/ID/replenish", "new keys"},
	{"PUT", "/vts/provisionedTokens/ID/confirmReplenishment", "new keys"},
	{"POST", "/vts/provisionedTokens/ID/replenishODA", "offline authentication"},
	{"PUT", "/vts/clients/client-1/devices/device-1", "enrols a phone"},
	{"POST", "/vts/panData", "by name only"},
	{"GET", "/vts/paymentTxns", "paid"},
	{"POST", "/vts/paymentTxns", "paid"},
	{"PUT", "/vts/provisionedTokens/ID/confirmAssociation", "by name only"},
}

// TestPhone_RefusedWithAReason answers as if the path were unknown, whatever the
// credentials, and tells the journal why.
func TestPhone_RefusedWithAReason(t *testing.T) {
	w := newWorld(t)
	id := parse(t, w.send(w.good()).Body)["vProvisionedTokenID"].(string)
	unserved := w.send(w.request("POST", "/vts/nowhere", nil))
	for _, c := range phoneCalls {
		for name, change := range map[string]func(*sending){
			"": func(*sending) {}, " with a bad signature": func(s *sending) { s.key.Secret = "wrong" },
			" without a key": func(s *sending) { s.query = "" }, " with a body": func(s *sending) { s.body = []byte(`{"api":"1"}`) },
		} {
			t.Run(c.method+" "+c.path+name, func(t *testing.T) {
				s := w.request(c.method, strings.Replace(c.path, "ID", id, 1), nil)
				change(s)
				got := w.send(s)
				w.judge(t, got, 404, "404", nil)
				if !bytes.Equal(got.Body, unserved.Body) {
					t.Errorf("answered %s, an unknown path is answered %s", got.Body, unserved.Body)
				}
				check, _ := got.Entry.Checks.Failed()
				if check.Name != "card-on-file only" || !strings.Contains(check.Hint, c.hint) ||
					!strings.Contains(check.Hint, "HCE") || got.Entry.Detail != check.Hint {
					t.Errorf("explained as %+v, detail %q", check, got.Entry.Detail)
				}
			})
		}
	}
	got := w.send(w.request("GET", "/vts/provisionedTokens/"+id+"/replenish", nil))
	w.judge(t, got, 405, "405", nil)
	if now := w.send(w.request("GET", "/vts/provisionedTokens/"+id, nil)); parse(t, now.Body)["tokenInfo"].(map[string]any)["tokenStatus"] != "ACTIVE" {
		t.Errorf("the token is now %s", now.Body)
	}
}
