package wire

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

func FuzzSplitJWE(f *testing.F) {
	for _, seed := range []string{"", "....", "e30.YQ.YQ.YQ.YQ", "e30=.Y+.Y/.YQ.YQ", "e30.YQ.Y\nQ.YQ.YQ", "e30.YR.YQ.YQ.YQ", "a.b.c.d.e.f"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, compact string) {
		strict, err := SplitJWE(compact, Base64URL)
		var part PartError
		if err != nil && !errors.Is(err, ErrParts) && !errors.As(err, &part) {
			t.Fatal(err)
		}
		loose, looser := SplitJWE(compact, LooseBase64URL)
		if err == nil && (looser != nil || !bytes.Equal(strict.Tag, loose.Tag) || strings.ContainsAny(compact, "+/=\r\n")) {
			t.Errorf("%q: strict takes it, loose says %v", compact, looser)
		}
	})
}

func FuzzSealJWE(f *testing.F) {
	f.Add([]byte(`{}`), []byte("wrapped"), []byte("plain"), 12)
	f.Add([]byte{}, []byte{}, []byte{}, 16)
	f.Fuzz(func(t *testing.T, header, wrapped, plain []byte, ivSize int) {
		if ivSize < 1 || ivSize > 64 {
			return
		}
		key, iv := make([]byte, 32), make([]byte, ivSize)
		compact, err := SealJWE(header, wrapped, key, iv, plain)
		if err != nil {
			t.Fatal(err)
		}
		j, err := SplitJWE(compact, Base64URL)
		if err != nil {
			t.Fatalf("%q: %v", compact, err)
		}
		content, err := GCM(key, ivSize)
		if err != nil {
			t.Fatal(err)
		}
		opened, err := j.Open(content)
		if err != nil || !bytes.Equal(opened, plain) || !bytes.Equal(j.Header, header) || !bytes.Equal(j.Key, wrapped) {
			t.Errorf("%q opens as %q with %q, %v", compact, opened, j.Header, err)
		}
		j.Tag[0] ^= 1
		if _, err := j.Open(content); err == nil {
			t.Error("a changed tag is taken")
		}
	})
}
