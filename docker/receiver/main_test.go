package main

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
)

func TestReceive(t *testing.T) {
	tests := []struct {
		name, body string
		status     int
		answer     string
		logged     []string
	}{
		{"a notice is logged and accepted", `{"date":1}`, 200, "{}", []string{"method=POST", "path=/visa/notice", "bytes=10", `{\"date\":1}`}},
		{"an empty notice is accepted", "", 200, "{}", []string{"bytes=0"}},
		{"a long notice is cut in the log", strings.Repeat("x", maxShown+1) + "END", 200, "{}", []string{"bytes=2052"}},
		{"a notice past the limit is refused", strings.Repeat("x", maxBody+1), 413, "notice not read\n", []string{"notice not read"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var out bytes.Buffer
			r := httptest.NewRequest(http.MethodPost, "/visa/notice?apiKey=1", strings.NewReader(tt.body))
			r.Header.Set("X-Pay-Token", "xv2:1:planted-signature")
			w := httptest.NewRecorder()
			receive(slog.New(slog.NewTextHandler(&out, nil))).ServeHTTP(w, r)
			if w.Code != tt.status || w.Body.String() != tt.answer {
				t.Errorf("answered %d %q, want %d %q", w.Code, w.Body, tt.status, tt.answer)
			}
			for _, want := range tt.logged {
				if !strings.Contains(out.String(), want) {
					t.Errorf("log %q does not hold %q", out.String()[:min(out.Len(), 300)], want)
				}
			}
			for _, secret := range []string{"planted-signature", "END"} {
				if strings.Contains(out.String(), secret) {
					t.Errorf("the log holds %q", secret)
				}
			}
		})
	}
}

func TestServe_UntilToldToStop(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	reader, writer := io.Pipe()
	stopped := make(chan error, 1)
	go func() { stopped <- serve(ctx, "127.0.0.1:0", slog.New(slog.NewTextHandler(writer, nil))) }()

	line := make([]byte, 1024)
	n, err := reader.Read(line)
	if err != nil {
		t.Fatal(err)
	}
	go func() { _, _ = io.Copy(io.Discard, reader) }()
	found := regexp.MustCompile(`address=(\S+)`).FindSubmatch(line[:n])
	if found == nil {
		t.Fatalf("the first line names no address: %s", line[:n])
	}
	answer, err := http.Post("http://"+string(found[1])+"/mc", "application/json", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	if err := answer.Body.Close(); err != nil || answer.StatusCode != http.StatusOK {
		t.Errorf("answered %s, %v", answer.Status, err)
	}
	cancel()
	if err := <-stopped; err != nil {
		t.Errorf("stopped with %v", err)
	}
}

func TestServe_RefusesABadAddress(t *testing.T) {
	if err := serve(t.Context(), "127.0.0.1:notaport", slog.New(slog.DiscardHandler)); err == nil {
		t.Error("served on no port")
	}
}

// docker/compose.yaml gives it a command line that it can read.
func TestParse_CommandOfTheComposeFile(t *testing.T) {
	text, err := os.ReadFile("../compose.yaml")
	if err != nil {
		t.Fatal(err)
	}
	command := regexp.MustCompile(`entrypoint: \["/receiver"\]\n +command: \["(.+)"\]`).FindSubmatch(text)
	if command == nil {
		t.Fatal("no service runs the receiver")
	}
	listen, err := parse(strings.Split(string(command[1]), `", "`))
	if err != nil || listen != "0.0.0.0:9000" {
		t.Errorf("listens at %q, %v", listen, err)
	}
}
