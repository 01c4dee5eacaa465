// Package keystore writes a private key and its certificate as PKCS #12, the
// form in which Mastercard's client libraries load keys.
//
// What it writes hides nothing: its cipher is the old one that every reader
// knows, and the password is printed next to the file. It is for our own test
// keys alone.
package keystore

import (
	"crypto/cipher"
	"crypto/des" //nolint:gosec // the one cipher that all readers of PKCS #12 know; it protects nothing here
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // the same, of the key derivation
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"io"
	"unicode/utf16"
)

// iterations of the key derivation, as OpenSSL has them by default.
const iterations = 2048

var (
	oidData        = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}
	oidShroudedKey = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 12, 10, 1, 2}
	oidCertBag     = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 12, 10, 1, 3}
	oidX509        = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 22, 1}
	oidName        = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 20}
	oidLocalKey    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 21}
	oidTripleDES   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 12, 1, 3} // pbeWithSHAAnd3-KeyTripleDES-CBC
	oidSHA1        = asn1.ObjectIdentifier{1, 3, 14, 3, 2, 26}
)

// The structures of RFC 7292, as far as one key and one certificate need them.
type (
	pfx struct {
		Version  int
		AuthSafe contentInfo
		MacData  macData
	}
	contentInfo struct {
		Type    asn1.ObjectIdentifier
		Content asn1.RawValue `asn1:"tag:0,explicit"`
	}
	macData struct {
		Mac        digestInfo
		Salt       []byte
		Iterations int
	}
	digestInfo struct {
		Algorithm pkix.AlgorithmIdentifier
		Digest    []byte
	}
	safeBag struct {
		ID         asn1.ObjectIdentifier
		Value      asn1.RawValue `asn1:"tag:0,explicit"`
		Attributes []attribute   `asn1:"set"`
	}
	attribute struct {
		ID     asn1.ObjectIdentifier
		Values asn1.RawValue `asn1:"set"`
	}
	certBag struct {
		ID   asn1.ObjectIdentifier
		Data []byte `asn1:"tag:0,explicit"`
	}
	shroudedKey struct {
		Algorithm pkix.AlgorithmIdentifier
		Data      []byte
	}
	pbeParams struct {
		Salt       []byte
		Iterations int
	}
)

// Encode makes a key store of a private key (PKCS #8) with its certificate, both
// under one alias. Salts come from random.
func Encode(key []byte, cert *x509.Certificate, alias, password string, random io.Reader) ([]byte, error) {
	e := encoder{password: bmp(password + "\x00"), random: random}
	attributes := []attribute{
		{ID: oidName, Values: e.set(e.tagged(asn1.TagBMPString, bmp(alias)))},
		{ID: oidLocalKey, Values: e.set(e.marshal([]byte{1}))},
	}
	certs := e.marshal([]safeBag{{
		ID: oidCertBag, Value: e.explicit(e.marshal(certBag{ID: oidX509, Data: cert.Raw})), Attributes: attributes,
	}})
	keys := e.marshal([]safeBag{{
		ID: oidShroudedKey, Value: e.explicit(e.marshal(e.shroud(key))), Attributes: attributes,
	}})
	safes := e.marshal([]contentInfo{e.data(certs), e.data(keys)})
	store := e.marshal(pfx{Version: 3, AuthSafe: e.data(safes), MacData: e.seal(safes)})
	if e.err != nil {
		return nil, fmt.Errorf("key store: %w", e.err)
	}
	return store, nil
}

// encoder keeps the first error, so that the structure can be read as one.
type encoder struct {
	password []byte
	random   io.Reader
	err      error
}

func (e *encoder) marshal(v any) []byte {
	der, err := asn1.Marshal(v)
	if err != nil && e.err == nil {
		e.err = err
	}
	return der
}

func (e *encoder) tagged(tag int, content []byte) []byte {
	return e.marshal(asn1.RawValue{Tag: tag, Bytes: content})
}

func (e *encoder) set(content []byte) asn1.RawValue {
	return asn1.RawValue{Tag: asn1.TagSet, IsCompound: true, Bytes: content}
}

func (e *encoder) explicit(content []byte) asn1.RawValue {
	return asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 0, IsCompound: true, Bytes: content}
}

func (e *encoder) data(content []byte) contentInfo {
	return contentInfo{Type: oidData, Content: e.explicit(e.marshal(content))}
}

func (e *encoder) salt() []byte {
	salt := make([]byte, 8)
	if _, err := io.ReadFull(e.random, salt); err != nil && e.err == nil {
		e.err = err
	}
	return salt
}

// shroud encrypts the private key.
func (e *encoder) shroud(key []byte) shroudedKey {
	salt := e.salt()
	block, err := des.NewTripleDESCipher(derive(forKey, e.password, salt, 24)) //nolint:gosec // see the import
	if err != nil {
		e.err = err
		return shroudedKey{}
	}
	padding := block.BlockSize() - len(key)%block.BlockSize()
	padded := make([]byte, len(key)+padding)
	for i := copy(padded, key); i < len(padded); i++ {
		padded[i] = byte(padding)
	}
	cipher.NewCBCEncrypter(block, derive(forIV, e.password, salt, block.BlockSize())).CryptBlocks(padded, padded)
	params := asn1.RawValue{FullBytes: e.marshal(pbeParams{salt, iterations})}
	return shroudedKey{Algorithm: pkix.AlgorithmIdentifier{Algorithm: oidTripleDES, Parameters: params}, Data: padded}
}

// seal is the code over the whole.
func (e *encoder) seal(content []byte) macData {
	salt := e.salt()
	mac := hmac.New(sha1.New, derive(forMAC, e.password, salt, sha1.Size))
	mac.Write(content)
	return macData{
		Mac:  digestInfo{Algorithm: pkix.AlgorithmIdentifier{Algorithm: oidSHA1, Parameters: asn1.NullRawValue}, Digest: mac.Sum(nil)},
		Salt: salt, Iterations: iterations,
	}
}

// bmp is a text in the big-endian UTF-16 of a BMPString.
func bmp(s string) []byte {
	var out []byte
	for _, unit := range utf16.Encode([]rune(s)) {
		out = append(out, byte(unit>>8), byte(unit))
	}
	return out
}
