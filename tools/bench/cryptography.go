package main

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/json"
	"time"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/fixtures"
)

// cryptographyOrder asks for a loop of nothing but what one operation of
// Mastercard's must do with RSA.
type cryptographyOrder struct {
	Private bool // open a content key: tokenize does, transact does not
	For     time.Duration
}

// cryptographyRole is P3's reference: with SHA-512 for OAEP as the wire has it,
// verify one signature, open one content key, seal another.
func cryptographyRole(json.RawMessage) (role, error) {
	key, wall := fixtures.Key(1).Private, clock.Real()
	digest := sha256.Sum256([]byte("base string"))
	signature, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, digest[:])
	if err != nil {
		return role{}, err
	}
	content := make([]byte, 16)
	wrapped, err := rsa.EncryptOAEP(sha512.New(), rand.Reader, &key.PublicKey, content, nil)
	if err != nil {
		return role{}, err
	}
	once := func(private bool) error {
		if err := rsa.VerifyPKCS1v15(&key.PublicKey, crypto.SHA256, digest[:], signature); err != nil {
			return err
		}
		if private {
			if _, err := rsa.DecryptOAEP(sha512.New(), nil, key, wrapped, nil); err != nil {
				return err
			}
		}
		_, err := rsa.EncryptOAEP(sha512.New(), rand.Reader, &key.PublicKey, content, nil)
		return err
	}
	loop := func(on json.RawMessage) (any, error) {
		var o cryptographyOrder
		if err := json.Unmarshal(on, &o); err != nil {
			return nil, err
		}
		return timed(wall, o, once)
	}
	return role{does: map[string]func(json.RawMessage) (any, error){"loop": loop}}, nil
}

func timed(wall clock.Wall, o cryptographyOrder, once func(private bool) error) (sample, error) {
	before, err := processorTime()
	if err != nil {
		return sample{}, err
	}
	n, began := 0, wall.Now()
	for wall.Now().Sub(began) < o.For {
		if err := once(o.Private); err != nil {
			return sample{}, err
		}
		n++
	}
	after, err := processorTime()
	return sample{(after - before) / time.Duration(n), float64(n) / wall.Now().Sub(began).Seconds()}, err
}
