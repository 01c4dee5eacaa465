package keystore_test

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"testing"
	"testing/iotest"

	"golang.org/x/crypto/pkcs12"

	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/internal/keystore"
)

// [G4] The reader is the one in which Mastercard's Go signer loads its key.
func TestEncode_IsReadByAnother(t *testing.T) {
	pair := fixtures.Key(3)
	der, err := x509.MarshalPKCS8PrivateKey(pair.Private)
	if err != nil {
		t.Fatal(err)
	}
	for _, password := range []string{"keystorepassword", "", "pässword of more than 32 characters, which fill another block"} {
		store, err := keystore.Encode(der, pair.Certificate, "keyalias", password, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		key, cert, err := pkcs12.Decode(store, password)
		if err != nil {
			t.Fatalf("%q: %v", password, err)
		}
		if !pair.Private.Equal(key.(*rsa.PrivateKey)) || !cert.Equal(pair.Certificate) {
			t.Errorf("%q: another key or certificate comes back", password)
		}
		if _, _, err := pkcs12.Decode(store, password+"x"); !errors.Is(err, pkcs12.ErrIncorrectPassword) {
			t.Errorf("%q with another password: %v", password, err)
		}
		if !bytes.Contains(store, []byte("\x00k\x00e\x00y\x00a\x00l\x00i\x00a\x00s")) {
			t.Errorf("%q: the alias is missing", password)
		}
	}
}

func TestEncode_WithoutRandomness(t *testing.T) {
	broken := errors.New("no randomness")
	if _, err := keystore.Encode(nil, fixtures.Key(3).Certificate, "a", "b", iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
}
