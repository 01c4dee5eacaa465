package vts

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/pantomime-dev/pantomime/wire"
)

// Encryption algorithms of encrypted fields (docs/wire/vts.md "Encryption").
const (
	AlgShared  = "A256GCMKW"    // key wrapped with the SHA-256 of a shared secret
	AlgRSA     = "RSA-OAEP-256" // key sealed to an RSA key; an option of some projects
	EncContent = "A256GCM"      // the one content encryption
)

// Limits in characters of what Open looks at.
const (
	MaxJWE    = 64 << 10
	maxHeader = 4 << 10
)

const (
	cekSize = 32
	ivSize  = 12
	tagSize = 16
)

// b64 refuses padding and stray bits in the last character.
var b64 = base64.RawURLEncoding.Strict()

// Header is the protected header of an encrypted field. Typ, context and issue
// time may be missing in requests; iat is a string of digits, and numbers are
// read too.
type Header struct {
	Alg      string          `json:"alg"`
	Enc      string          `json:"enc"`
	KeyID    string          `json:"kid"`
	IV       string          `json:"iv,omitempty"`
	Tag      string          `json:"tag,omitempty"`
	Type     string          `json:"typ,omitempty"`
	Context  string          `json:"channelSecurityContext,omitempty"`
	IssuedAt Text            `json:"iat,omitempty"`
	Critical json.RawMessage `json:"crit,omitempty"`
	Zip      string          `json:"zip,omitempty"`
}

// Opened is the clear text of an encrypted field with the header that came
// with it.
type Opened struct {
	Header Header
	Plain  []byte
}

// Seal encrypts a field. Issued now, it carries all eight header parameters
// that answers have; a zero issuedAt gives the short header of Visa's published
// client, without typ, context and iat. random supplies content key, key-wrap
// iv and content iv, in this order; nil means crypto/rand.
func (k *Key) Seal(plain []byte, issuedAt time.Time, random io.Reader) (string, error) {
	if random == nil {
		random = rand.Reader
	}
	var draw [cekSize + 2*ivSize]byte
	if _, err := io.ReadFull(random, draw[:]); err != nil {
		return "", err
	}
	cek, wrapIV, iv := draw[:cekSize], draw[cekSize:cekSize+ivSize], draw[cekSize+ivSize:]
	wrapped, params, err := k.wrap.seal(cek, wrapIV, random)
	if err != nil {
		return "", err
	}
	return wire.SealJWE(k.header(params, issuedAt), wrapped, cek, iv, plain)
}

// SealJSON encrypts the JSON of v.
func (k *Key) SealJSON(v any, issuedAt time.Time, random io.Reader) (string, error) {
	plain, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	return k.Seal(plain, issuedAt, random)
}

// Keys are the keys a party may open fields with, distinguished by kid.
type Keys []*Key

// Find returns the key of that id.
func (ks Keys) Find(id string) (*Key, bool) {
	for _, k := range ks {
		if k.id == id {
			return k, true
		}
	}
	return nil, false
}

// Open decrypts a field. The error is a [*JWEError] that wraps one of the
// ErrJWE values.
func (ks Keys) Open(compact string) (Opened, error) {
	parts, err := split(compact)
	if err != nil {
		return Opened{}, err
	}
	header, err := parseHeader(parts.Header)
	if err != nil {
		return Opened{}, err
	}
	key, ok := ks.Find(header.KeyID)
	if !ok {
		return Opened{}, refuse(ErrJWEKeyID, header.KeyID, "no key of this id is known here")
	}
	if header.Alg != key.wrap.alg() {
		return Opened{}, refuse(ErrJWEAlgorithm, key.id, "alg is "+shown(header.Alg)+"; this key takes "+key.wrap.alg())
	}
	cek, err := key.wrap.open(header, parts.Key)
	if err != nil {
		return Opened{}, ks.explainWrap(err, key, header, parts.Key)
	}
	content, err := wire.GCM(cek, ivSize)
	if err != nil {
		return Opened{}, refuse(ErrJWEKeyWrap, key.id, "the wrapped key is not 32 bytes long")
	}
	plain, err := parts.Open(content)
	if err != nil {
		return Opened{}, refuse(ErrJWEContent, key.id, "header, iv, ciphertext or tag were changed after sealing")
	}
	return Opened{header, plain}, nil
}

// OpenJSON decrypts a field and reads the JSON object in it into v. Besides
// the errors of Open there are those of [Decode].
func (ks Keys) OpenJSON(compact string, v any) (Opened, error) {
	opened, err := ks.Open(compact)
	if err != nil {
		return opened, err
	}
	return opened, decodeAny(opened.Plain, v)
}

func split(compact string) (p wire.JWE, err error) {
	if len(compact) > MaxJWE {
		return p, refuse(ErrJWETooLong, "", "at most 64 KiB are read")
	}
	if strings.IndexByte(compact, '.') > maxHeader && wire.IsCompact(compact) {
		return p, refuse(ErrJWETooLong, "", "the header has at most 4 KiB")
	}
	p, err = wire.SplitJWE(compact, wire.Base64URL)
	switch {
	case errors.Is(err, wire.ErrParts):
		return p, refuse(ErrJWEParts, "", "found "+count(strings.Count(compact, ".")+1, "part"))
	case err != nil:
		return p, refuse(ErrJWEBase64, "", err.Error())
	case len(p.IV) != ivSize || len(p.Tag) != tagSize:
		return p, refuse(ErrJWEParts, "", "iv and tag must be 12 and 16 bytes, they are "+
			count(len(p.IV), "byte")+" and "+count(len(p.Tag), "byte"))
	}
	return p, nil
}

func parseHeader(raw []byte) (h Header, err error) {
	if err := Decode(raw, &h); err != nil {
		return h, refuse(ErrJWEHeader, "", "the header is not a JSON object with texts in it")
	}
	switch {
	case h.Alg != AlgShared && h.Alg != AlgRSA:
		return h, refuse(ErrJWEAlgorithm, h.KeyID, "alg is "+shown(h.Alg)+"; accepted are "+AlgShared+" and "+AlgRSA)
	case h.Enc != EncContent:
		return h, refuse(ErrJWEAlgorithm, h.KeyID, "enc is "+shown(h.Enc)+"; accepted is "+EncContent)
	case h.Critical != nil || h.Zip != "":
		return h, refuse(ErrJWEHeader, h.KeyID, "crit and zip are not understood")
	case h.KeyID == "":
		return h, refuse(ErrJWEKeyID, "", "the header has no kid")
	}
	return h, nil
}
