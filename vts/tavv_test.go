package vts_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// publicTAVV is a sandbox value that gateways print in their documentation.
const publicTAVV = "AgAAABB6qqnJd0oAmbuXgu8AAAA="

func TestParseTAVV_PublicSample(t *testing.T) {
	got, err := vts.ParseTAVV(publicTAVV)
	if err != nil {
		t.Fatal(err)
	}
	if hex.EncodeToString(got[:]) != "02000000107aaaa9c9774a0099bb9782ef000000" {
		t.Errorf("decodes to %x", got[:])
	}
	if got.Cryptogram().Reveal() != publicTAVV {
		t.Errorf("encodes to %s", got.Cryptogram().Reveal())
	}
	if got.Valid([]byte("key"), "4895370012003478", "7c6b5a49382716050f1e2d3c4b5a6978") {
		t.Error("a foreign value passes as ours")
	}
}

func TestNewTAVV_LayoutAndBinding(t *testing.T) {
	key, number, id := []byte("sandbox key"), token.TokenPAN("4895370012003478"), "7c6b5a49382716050f1e2d3c4b5a6978"
	got := vts.NewTAVV(key, number, 31402, id)
	if got[0] != 2 || got[1]|got[2]|got[3] != 0 || got[4] != 0x7a || got[5] != 0xaa {
		t.Errorf("head %x", got[:6])
	}
	if hex.EncodeToString(got[14:]) != "000000000000" || got.ATC() != 31402 {
		t.Errorf("tail %x, atc %d", got[14:], got.ATC())
	}
	text := got.Cryptogram().Reveal()
	again, err := vts.ParseTAVV(text)
	if err != nil || len(text) != 28 || again != got {
		t.Fatalf("%q does not come back: %v", text, err)
	}
	if !again.Valid(key, number, id) {
		t.Error("our own value is refused")
	}
	refused := map[string]bool{
		"another key":              again.Valid([]byte("sandbox kez"), number, id),
		"another token":            again.Valid(key, "4895370012003486", id),
		"another payment":          again.Valid(key, number, strings.Replace(id, "7", "8", 1)),
		"another counter":          changed(again, 5).Valid(key, number, id),
		"a changed marker":         changed(again, 2).Valid(key, number, id),
		"a changed code":           changed(again, 6).Valid(key, number, id),
		"a changed end":            changed(again, 19).Valid(key, number, id),
		"a changed end of the MAC": changed(again, 13).Valid(key, number, id),
	}
	for name, taken := range refused {
		if taken {
			t.Errorf("%s is taken", name)
		}
	}
}

func changed(t vts.TAVV, i int) vts.TAVV {
	t[i] ^= 1
	return t
}

func TestParseTAVV_Refuses(t *testing.T) {
	encode := base64.StdEncoding.EncodeToString
	bytes20 := make([]byte, 20)
	cases := map[string]string{
		"nothing":             "",
		"another first byte":  encode(bytes20),
		"19 bytes":            encode(append([]byte{2}, bytes20[:18]...)),
		"21 bytes":            encode(append([]byte{2}, bytes20...)),
		"base64url":           strings.ReplaceAll(encode(append([]byte{2, 0xff, 0xff, 0xff}, bytes20[:16]...)), "/", "_"),
		"no padding":          strings.TrimRight(publicTAVV, "="),
		"a line break inside": publicTAVV[:4] + "\n" + publicTAVV[4:],
		"stray bits":          publicTAVV[:26] + "B=",
		"text":                "not a cryptogram at all!!!!!",
	}
	for name, text := range cases {
		if _, err := vts.ParseTAVV(text); !errors.Is(err, vts.ErrTAVV) {
			t.Errorf("%s: error %v, want ErrTAVV", name, err)
		}
	}
}

func TestTAVV_PrintsWithoutValue(t *testing.T) {
	v, err := vts.ParseTAVV(publicTAVV)
	if err != nil {
		t.Fatal(err)
	}
	asJSON, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	info := vts.CryptogramInfo{Cryptogram: publicTAVV, ECI: "07", ATC: "31402"}
	text := fmt.Sprintf("%v %+v %#v %s %s %v %#v", v, v, v, v, asJSON, info, info)
	for _, hidden := range []string{publicTAVV, "aaa9c9774a", "170", "0xaa"} {
		if strings.Contains(text, hidden) {
			t.Errorf("%q is in %s", hidden, text)
		}
	}
}
