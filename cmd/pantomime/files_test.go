package main

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/crypto/pkcs12"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/internal/stage"
)

// at starts a server and returns its control door.
func at(t *testing.T) string {
	t.Helper()
	sim := stage.Must(pantomime.Start(pantomime.Options{}))(t)
	t.Cleanup(func() { _ = stop(sim) })
	return sim.AdminURL()
}

// [G4] Mastercard's older clients load PKCS #12 alone.
func TestEnv_WritesKeyStores(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "mastercard-signing-key.pem"), []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	code, out, said := command(t, at(t), "env", "--write", dir)
	if code != exitGood || !strings.Contains(out, "PANTOMIME_KEYSTORE_ALIAS='keyalias'") {
		t.Fatalf("%d %s %s", code, out, said)
	}
	for _, name := range []string{"signing", "decryption"} {
		stem := filepath.Join(dir, "mastercard-"+name)
		key, cert, err := pkcs12.Decode(stage.Must(os.ReadFile(stem+"-key.p12"))(t), "keystorepassword")
		if err != nil {
			t.Fatal(err)
		}
		block, _ := pem.Decode(stage.Must(os.ReadFile(stem + "-certificate.pem"))(t))
		saved, _ := pem.Decode(stage.Must(os.ReadFile(stem + "-key.pem"))(t))
		if want := stage.Must(x509.ParseCertificate(block.Bytes))(t); !cert.Equal(want) {
			t.Errorf("%s: another certificate than in PEM", name)
		}
		if der := stage.Must(x509.MarshalPKCS8PrivateKey(key))(t); !bytes.Equal(der, saved.Bytes) {
			t.Errorf("%s: another key than in PEM", name)
		}
	}
	for _, f := range stage.Must(os.ReadDir(dir))(t) {
		if mode := stage.Must(f.Info())(t).Mode(); mode != 0o600 || strings.HasPrefix(f.Name(), ".") {
			t.Errorf("%s has mode %v", f.Name(), mode)
		}
	}
}

// [G4] What is no regular file is neither followed nor waited for.
func TestFiles_ReplaceRegularOnesAlone(t *testing.T) {
	admin, key := at(t), "mastercard-signing-key.pem"
	for name, lay := range map[string]func(path string) error{
		"a symbolic link": func(path string) error { return os.Symlink(filepath.Join(filepath.Dir(path), "elsewhere"), path) },
		"a pipe":          func(path string) error { return exec.CommandContext(t.Context(), "mkfifo", path).Run() },
		"a folder":        func(path string) error { return os.Mkdir(path, 0o700) },
	} {
		dir := t.TempDir()
		path := filepath.Join(dir, key)
		if err := lay(path); err != nil {
			t.Fatal(err)
		}
		if code, _, said := command(t, admin, "env", "--write", dir); code != exitUsage || !strings.Contains(said, "is "+name+"; only a regular file is replaced") {
			t.Errorf("env over %s: %d %s", name, code, said)
		}
		code, _, said := command(t, "", "serve", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--ports-file", path)
		if code != exitUsage || !strings.Contains(said, "is "+name) {
			t.Errorf("serve over %s: %d %s", name, code, said)
		}
		if _, err := os.Stat(filepath.Join(dir, "elsewhere")); err == nil {
			t.Errorf("%s was followed", name)
		}
	}
}

// [G4] A pipe that nobody writes to is not waited for, by any command that reads a file: no signal would end the wait.
func TestFiles_NobodyWrites(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := exec.CommandContext(t.Context(), "mkfifo", pipe).Run(); err != nil {
		t.Skip("there are no named pipes here:", err)
	}
	for _, args := range [][]string{
		{"clock", "now", "--admin-token-file", pipe},
		{"check", pipe},
		{"serve", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--scenario", pipe},
		{"sandbox", "new", "--scenario", pipe},
		{"conform", "server", "--suite", "vts", "--target", pipe},
	} {
		if code, out, said := command(t, "", args...); code == exitGood || code == exitFault || out+said == "" {
			t.Errorf("%v: %d %q %q", args, code, out, said)
		}
	}
}

// [G4] A token's file is short, and for its owner.
func TestToken_OfAFile(t *testing.T) {
	admin, dir := at(t), t.TempDir()
	for _, c := range []struct {
		name, text string
		mode       os.FileMode
		code       int
		says       string
	}{
		{"closed", chosenToken + "\n", 0o600, exitGood, ""},
		{"open", chosenToken + "\n", 0o644, exitGood, "warning: other users of this machine can reach the token in"},
		{"long", chosenToken + strings.Repeat("\n", 4<<10), 0o600, exitUsage, "is longer than 4096 bytes"},
	} {
		path := filepath.Join(dir, c.name)
		if err := os.WriteFile(path, []byte(c.text), c.mode); err != nil {
			t.Fatal(err)
		}
		code, _, said := command(t, admin, "clock", "now", "--admin-token-file", path)
		if code != c.code || (c.says == "") != (said == "") || !strings.Contains(said, c.says) {
			t.Errorf("%s: %d %q", c.name, code, said)
		}
	}
	if code, _, said := command(t, admin, "clock", "now", "--admin-token-file", "/dev/zero"); code != exitUsage || !strings.Contains(said, "is longer than") {
		t.Errorf("a file without end: %d %s", code, said)
	}
}
