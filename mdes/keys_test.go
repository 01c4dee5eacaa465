package mdes

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"flag"
	"os"
	"path/filepath"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files")

// testKey is the consumer key of the worked example of docs/wire/mdes.md "Test data".
const testKey ConsumerKey = "fakeClientId000000000000000000000000000000000000!0123456789abcdef0123456789abcdef0000000000000000"

func readPEM(t testing.TB, name string) []byte {
	t.Helper()
	block, _ := pem.Decode(readFile(t, "keys", name))
	if block == nil {
		t.Fatalf("%s holds no PEM block", name)
	}
	return block.Bytes
}

func privateKey(t testing.TB, name string) *rsa.PrivateKey {
	t.Helper()
	key, err := x509.ParsePKCS8PrivateKey(readPEM(t, name+".pem"))
	if err != nil {
		t.Fatal(err)
	}
	return key.(*rsa.PrivateKey)
}

func certificate(t testing.TB, name string) *x509.Certificate {
	t.Helper()
	cert, err := x509.ParseCertificate(readPEM(t, name+".crt"))
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

func readFile(t testing.TB, path ...string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(append([]string{"testdata"}, path...)...))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func readJSON(t testing.TB, into any, path ...string) {
	t.Helper()
	if err := json.Unmarshal(readFile(t, path...), into); err != nil {
		t.Fatal(err)
	}
}

// golden compares v, as indented JSON, with testdata/golden/name.
func golden(t *testing.T, name string, v any) {
	t.Helper()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", "golden", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, b.Bytes()) {
		t.Errorf("%s differs\n got %s\nwant %s", path, b.Bytes(), want)
	}
}

func certificates(t testing.TB, name string) []*x509.Certificate {
	t.Helper()
	return []*x509.Certificate{certificate(t, name)}
}
