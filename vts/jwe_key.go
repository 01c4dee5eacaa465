package vts

import (
	"crypto/cipher"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"time"

	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/wire"
)

// ErrRSAKey says that an RSA key is missing, weak or cannot decrypt.
var ErrRSAKey = errors.New("an RSA key for fields needs an id, 2048 bits or more, and its private half to open")

// Key seals and opens encrypted fields under one key id. It may be used by
// several goroutines at once and prints without the key.
type Key struct {
	id     string
	quoted []byte // the id as a JSON string
	wrap   keyWrap
	secret string // of a shared key; for hints only
}

// keyWrap protects the content key.
type keyWrap interface {
	alg() string
	seal(cek, iv []byte, random io.Reader) (wrapped []byte, params wrapParams, err error)
	open(h Header, wrapped []byte) (cek []byte, err error)
}

// wrapParams are the header parameters that a wrap adds; empty for RSA.
type wrapParams struct {
	iv, tag []byte
	context string
}

// NewSharedKey makes the key of a credential: its API key is the key id, the
// SHA-256 of its secret wraps the content keys. The error is [ErrCredential].
func NewSharedKey(c Credential) (*Key, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	kek := sha256.Sum256([]byte(c.Secret))
	aead, err := wire.GCM(kek[:], ivSize)
	if err != nil {
		return nil, err
	}
	k := newKey(c.APIKey, gcmWrap{aead})
	k.secret = c.Secret
	return k, nil
}

// NewRSAKey makes a key that seals to public and, if private is not nil,
// opens. The error is [ErrRSAKey].
func NewRSAKey(id string, public *rsa.PublicKey, private *rsa.PrivateKey) (*Key, error) {
	if id == "" || public == nil || public.Size() < 256 {
		return nil, ErrRSAKey
	}
	return newKey(id, oaepWrap{public, private}), nil
}

func newKey(id string, wrap keyWrap) *Key {
	quoted, _ := json.Marshal(id) // a string always encodes
	return &Key{id: id, quoted: quoted, wrap: wrap}
}

// ID is the kid.
func (k *Key) ID() string { return k.id }

// String hides the key.
func (k *Key) String() string { return k.id + ":" + token.Secret }

// GoString hides the key in %#v.
func (k *Key) GoString() string { return k.String() }

// header writes the protected header, in the order that public samples show.
func (k *Key) header(p wrapParams, issuedAt time.Time) []byte {
	out := make([]byte, 0, 256)
	out = append(append(append(out, `{"alg":"`...), k.wrap.alg()...), '"')
	if p.iv != nil {
		out = append(b64.AppendEncode(append(out, `,"iv":"`...), p.iv), '"')
		out = append(b64.AppendEncode(append(out, `,"tag":"`...), p.tag), '"')
	}
	out = append(out, `,"enc":"`+EncContent+`"`...)
	if !issuedAt.IsZero() {
		out = append(out, `,"typ":"JOSE"`...)
	}
	out = append(append(out, `,"kid":`...), k.quoted...)
	if issuedAt.IsZero() {
		return append(out, '}')
	}
	if p.context != "" {
		out = append(append(append(out, `,"channelSecurityContext":"`...), p.context...), '"')
	}
	out = append(out, `,"iat":"`...)
	out = strconv.AppendInt(out, issuedAt.Unix(), 10)
	return append(out, `"}`...)
}

// gcmWrap is A256GCMKW (RFC 7518 section 4.7).
type gcmWrap struct{ aead cipher.AEAD }

func (gcmWrap) alg() string { return AlgShared }

func (w gcmWrap) seal(cek, iv []byte, _ io.Reader) ([]byte, wrapParams, error) {
	sealed := w.aead.Seal(nil, iv, cek, nil)
	return sealed[:cekSize], wrapParams{iv, sealed[cekSize:], "SHARED_SECRET"}, nil
}

func (w gcmWrap) open(h Header, wrapped []byte) ([]byte, error) {
	iv, errIV := b64.DecodeString(h.IV)
	tag, errTag := b64.DecodeString(h.Tag)
	if errIV != nil || errTag != nil || len(iv) != ivSize || len(tag) != tagSize {
		return nil, refuse(ErrJWEHeader, h.KeyID, "iv and tag must be base64url of 12 and 16 bytes")
	}
	if len(wrapped) != cekSize {
		return nil, refuse(ErrJWEParts, h.KeyID, "the encrypted key must be 32 bytes, it is "+count(len(wrapped), "byte"))
	}
	cek, err := w.aead.Open(nil, iv, append(wrapped[:cekSize:cekSize], tag...), nil)
	if err != nil {
		return nil, refuse(ErrJWEKeyWrap, h.KeyID, "the secret of this key does not open the encrypted key")
	}
	return cek, nil
}

// oaepWrap is RSA-OAEP-256 (RFC 7518 section 4.3).
type oaepWrap struct {
	public  *rsa.PublicKey
	private *rsa.PrivateKey
}

func (oaepWrap) alg() string { return AlgRSA }

func (w oaepWrap) seal(cek, _ []byte, random io.Reader) ([]byte, wrapParams, error) {
	sealed, err := rsa.EncryptOAEP(sha256.New(), random, w.public, cek, nil)
	return sealed, wrapParams{}, err
}

func (w oaepWrap) open(h Header, wrapped []byte) ([]byte, error) {
	if w.private == nil {
		return nil, refuse(ErrJWEKeyID, h.KeyID, "only the public half of this key is known here")
	}
	cek, err := rsa.DecryptOAEP(sha256.New(), nil, w.private, wrapped, nil)
	if err != nil || len(cek) != cekSize {
		return nil, refuse(ErrJWEKeyWrap, h.KeyID, "the private key does not open the encrypted key")
	}
	return cek, nil
}
