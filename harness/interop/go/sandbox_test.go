package interop

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// program is what is tried.
var program string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		if program = os.Getenv("PANTOMIME"); program != "" {
			return m.Run()
		}
		dir, err := os.MkdirTemp("", "pantomime-interop-")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(dir)
		program = filepath.Join(dir, "pantomime")
		build := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-tags", "nomsgpack", "-o", program, "./cmd/pantomime")
		build.Dir = "../../.."
		if out, err := build.CombinedOutput(); err != nil {
			panic(string(out))
		}
		return m.Run()
	}())
}

// sandbox is a running program.
type sandbox struct {
	admin  string
	Base   struct{ Mastercard string }
	keys   string // folder of key files
	wallet struct {
		TRID       map[string]string
		Mastercard struct {
			ConsumerKey string
			Encryption  struct{ Fingerprints map[string]string }
		}
	}
}

// start runs the program on free ports with a clock that does not move, and
// writes the keys with the command that users have for it.
func start(t *testing.T, notify string) *sandbox {
	t.Helper()
	dir := t.TempDir()
	ports := filepath.Join(dir, "ports.json")
	serve := exec.CommandContext(t.Context(), program, "serve", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0",
		"--clock", "manual@2026-03-01T09:00:00Z", "--scenario", "../scenario.yaml", "--notify", notify, "--ports-file", ports)
	serve.Stderr = os.Stderr
	out, err := serve.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := serve.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = serve.Process.Signal(os.Interrupt)
		_, _ = io.Copy(io.Discard, out)
		_ = serve.Wait()
	})
	lines, begun := bufio.NewScanner(out), false
	for !begun && lines.Scan() {
		begun = strings.Contains(lines.Text(), "explain last")
	}
	s := &sandbox{keys: filepath.Join(dir, "keys")}
	var where struct{ Admin string }
	text, err := os.ReadFile(ports)
	if err == nil {
		err = json.Unmarshal(text, &where)
	}
	if err != nil {
		t.Fatal(err)
	}
	s.admin = where.Admin
	if said, err := exec.CommandContext(t.Context(), program, "env", "--admin", s.admin, "--write", s.keys).CombinedOutput(); err != nil {
		t.Fatalf("%s", said)
	}
	var env struct {
		BaseURL    *struct{ Mastercard string }
		Requestors []json.RawMessage
	}
	env.BaseURL = &s.Base
	s.ask(t, http.MethodGet, "/env", nil, &env)
	if err := json.Unmarshal(env.Requestors[0], &s.wallet); err != nil {
		t.Fatal(err)
	}
	return s
}

// ask calls the admin API.
func (s *sandbox) ask(t *testing.T, method, path string, body, answer any) {
	t.Helper()
	text := []byte{}
	if body != nil {
		text, _ = json.Marshal(body)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, s.admin+"/__admin/v1"+path, bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	status, got := do(t, http.DefaultClient, req)
	if status >= 300 {
		t.Fatalf("%s %s: %d %s", method, path, status, got)
	}
	if answer != nil {
		if err := json.Unmarshal(got, answer); err != nil {
			t.Fatal(err)
		}
	}
}

func (s *sandbox) advance(t *testing.T, by string) {
	t.Helper()
	s.ask(t, http.MethodPost, "/clock/advance", map[string]string{"by": by}, nil)
}

// do sends a request and reads the answer.
func do(t *testing.T, client *http.Client, req *http.Request) (int, []byte) {
	t.Helper()
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, text
}

// receiver keeps the bodies of notices.
func receiver(t *testing.T) (url string, notices chan []byte) {
	t.Helper()
	notices = make(chan []byte, 16)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		notices <- text
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte("{}"))
	}))
	t.Cleanup(server.Close)
	return server.URL, notices
}
