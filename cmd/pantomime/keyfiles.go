package main

import (
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/internal/keystore"
)

// The alias and the password of key stores are those of Mastercard's
// documentation and samples.
const (
	storeAlias    = "keyalias"
	storePassword = "keystorepassword"
)

// keyFile is a key or certificate on its way to a file.
type keyFile struct {
	name, variable string
	content        []byte
}

// writeKeys writes each key and certificate to a file of its own and adds the
// variables that name the files.
func writeKeys(dir string, lines [][2]string, c control.Credentials) ([][2]string, error) {
	files, err := keyFiles(c)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	for _, f := range files {
		path := filepath.Join(dir, f.name)
		if err := replaceFile(path, f.content); err != nil {
			return nil, err
		}
		lines = append(lines, [2]string{"PANTOMIME_" + f.variable, path})
	}
	return append(
		lines,
		[2]string{"PANTOMIME_KEYSTORE_ALIAS", storeAlias},
		[2]string{"PANTOMIME_KEYSTORE_PASSWORD", storePassword},
	), nil
}

// keyFiles are the files of a requestor, in the order of their variables.
func keyFiles(c control.Credentials) (files []keyFile, err error) {
	m := c.Mastercard
	public := func(name, variable string, k control.Key) {
		files = append(files, keyFile{name + "-certificate.pem", variable + "_CERTIFICATE_FILE", []byte(k.Certificate)})
	}
	private := func(name, variable string, k control.Key) {
		store, failed := keyStore(k)
		err = errors.Join(err, failed)
		files = append(
			files,
			keyFile{name + "-key.pem", variable + "_KEY_FILE", []byte(k.PrivateKey)},
			keyFile{name + "-key.p12", variable + "_KEYSTORE_FILE", store},
		)
		public(name, variable, k)
	}
	private("mastercard-signing", "MASTERCARD_SIGNING", m.Signing)
	public("mastercard-encryption", "MASTERCARD_ENCRYPTION", m.Encryption)
	private("mastercard-decryption", "MASTERCARD_DECRYPTION", m.Decryption)
	if rsa := c.Visa.RSA; rsa != nil {
		public("visa-encryption", "VISA_ENCRYPTION", rsa.Network)
		private("visa-decryption", "VISA_DECRYPTION", rsa.Requestor)
	}
	return files, err
}

// keyStore is a private key with its certificate, in PKCS #12.
func keyStore(k control.Key) ([]byte, error) {
	key, _ := pem.Decode([]byte(k.PrivateKey))
	cert, _ := pem.Decode([]byte(k.Certificate))
	if key == nil || cert == nil {
		return nil, errors.New("the server shows a key or certificate that is not PEM")
	}
	parsed, err := x509.ParseCertificate(cert.Bytes)
	if err != nil {
		return nil, err
	}
	return keystore.Encode(key.Bytes, parsed, storeAlias, storePassword, rand.Reader)
}
