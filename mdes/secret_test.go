package mdes

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

// A private key shows in no form of printing, alone or inside a configuration.
func TestSecrets_NeverPrinted(t *testing.T) {
	n := startNetwork(t)
	client := n.client()
	cfg := client.cfg
	cfg.HTTP = nil
	cfg.Signer.Rand, cfg.Rand = nil, nil
	own := OwnKey{Key: privateKey(t, "requestor")}
	var planted []string
	for _, name := range []string{"signing", "requestor"} {
		key := privateKey(t, name)
		planted = append(planted, key.D.String(), fmt.Sprintf("%x", key.D), key.Primes[0].String(), fmt.Sprintf("%x", key.Primes[0]))
	}
	for _, v := range []any{cfg, cfg.Signer, &cfg.Signer, own, &own, cfg.Own, client} {
		var out bytes.Buffer
		for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
			fmt.Fprintf(&out, verb+"\n", v)
		}
		slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "v", v)
		slog.New(slog.NewTextHandler(&out, nil)).Info("x", "v", v)
		if raw, err := json.Marshal(v); err == nil {
			out.Write(raw)
		}
		for _, secret := range planted {
			if strings.Contains(out.String(), secret) {
				t.Errorf("%T shows a private key", v)
			}
		}
	}
	if got := client.String(); got != "mdes client of 50198765432 at "+n.URL+"/mdes" {
		t.Errorf("the client prints as %q", got)
	}
}
