package main

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/internal/stage"
)

const chosenToken = "a-token-that-a-team-has-chosen"

// served starts a server off loopback, and says where it is and what it wrote.
func served(t *testing.T, args ...string) (*running, ports) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "ports.json")
	r := begin(t, "", append([]string{"serve", "--listen", "0.0.0.0:0", "--admin", "0.0.0.0:0", "--ports-file", file}, args...)...)
	if !r.out.has(t.Context(), "pantomime explain last") || !r.err.has(t.Context(), tokenVariable) {
		t.Fatal(r.err)
	}
	var at ports
	if err := json.Unmarshal(stage.Must(os.ReadFile(file))(t), &at); err != nil {
		t.Fatal(err)
	}
	return r, at
}

func TestServe_OffLoopbackDrawsATokenAndShowsItOnce(t *testing.T) {
	r, at := served(t)
	for _, url := range []string{at.Network, at.Admin} {
		if !strings.HasPrefix(url, "http://127.0.0.1:") {
			t.Errorf("%s is no URL to use", url)
		}
	}
	if !strings.HasSuffix(at.Bound.Admin, at.Admin[strings.LastIndexByte(at.Admin, ':'):]) || strings.HasPrefix(at.Bound.Network, "127.") {
		t.Errorf("bound to %+v", at.Bound)
	}
	shown := regexp.MustCompile(`export PANTOMIME_ADMIN_TOKEN=([\w-]{43})\n`).FindAllStringSubmatch(r.err.String(), -1)
	if len(shown) != 1 || strings.Contains(r.out.String(), shown[0][1]) {
		t.Fatalf("the token is shown %d times on stderr:\n%s", len(shown), r.err)
	}
	token := shown[0][1]

	ask := func(variables map[string]string, args ...string) (int, string) {
		variables["PANTOMIME_ADMIN"] = at.Admin
		c := beginIn(t, variables, args...)
		code := <-c.code
		return code, c.out.String() + c.err.String()
	}
	if code, said := ask(map[string]string{}, "clock", "now"); code != exitUsage || !strings.Contains(said, tokenVariable) {
		t.Errorf("without a token: %d %s", code, said)
	}
	if code, said := ask(map[string]string{tokenVariable: token + "x"}, "clock", "now"); code != exitUsage || !strings.Contains(said, "missing or wrong") {
		t.Errorf("with another: %d %s", code, said)
	}
	if code, said := ask(map[string]string{}, "health"); code != exitGood {
		t.Errorf("health: %d %s", code, said)
	}
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte(token+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"clock", "now"}, {"call", "provision", "--card", "test/visa/1"}, {"journal"}, {"sandbox", "ls"}, {"env"}} {
		if code, said := ask(map[string]string{tokenVariable: token}, args...); code != exitGood {
			t.Errorf("%v with the variable: %d %s", args, code, said)
		}
		if code, said := ask(map[string]string{tokenVariable: "another"}, append(args, "--admin-token-file", file)...); code != exitGood {
			t.Errorf("%v with the file: %d %s", args, code, said)
		}
	}
	if code, said := ask(map[string]string{tokenVariable: token}, "conform", "target"); code != exitGood || !strings.Contains(said, token) {
		t.Errorf("a target file without the token cannot drive the sandbox: %d", code)
	}
	r.finish()
}

func TestServe_TakesTheTokenFromAFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte(chosenToken+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r, at := served(t, "--admin-token-file", file, "--public-url", "http://network.test:8480")
	if strings.Contains(r.err.String()+r.out.String(), chosenToken) {
		t.Errorf("the token of a file is shown: %s", r.err)
	}
	for _, c := range []struct {
		path, host, authorization string
		status                    int
	}{
		{"/healthz", "anything.example", "", 200},
		{"/__admin/v1/clock", "", "", 401},
		{"/", "", "", 401},
		{"/openapi.json", "", "", 401},
		{"/__admin/v1/clock", "", "Bearer " + chosenToken, 200},
		{"/__admin/v1/clock", "network.test", "Bearer " + chosenToken, 200},
		{"/__admin/v1/clock", "network.test", "", 401},
		{"/__admin/v1/clock", "anything.example", "Bearer " + chosenToken, 403},
	} {
		req := stage.Must(http.NewRequestWithContext(t.Context(), http.MethodGet, at.Admin+c.path, http.NoBody))(t)
		req.Header.Set("Authorization", c.authorization)
		req.Host = c.host
		if got := stage.Do(t, http.DefaultClient, req); got.Status != c.status {
			t.Errorf("%s for %q, %q: %d, want %d", c.path, c.host, c.authorization, got.Status, c.status)
		}
	}
	r.finish()
}
