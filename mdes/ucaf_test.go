package mdes

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/token"
)

// The example and the public samples of docs/wire/mdes.md "Cryptogram".
func TestParseUCAF_Samples(t *testing.T) {
	tests := []struct {
		sample string
		atc    uint16
	}{
		{"ABEiM0RVZneIAAcjQkVjGgADFA==", 7},
		{"AF1ajnoLKKj8AAKhssPUGgADFA==", 2},
		{"ALnt+yWSJdXBACMLLWMNGgADFA==", 0x23},
		{"ANbuvvxnDbK2AAEShHMWGgADFA==", 1},
	}
	for _, tt := range tests {
		u, err := ParseUCAF(tt.sample)
		if err != nil {
			t.Fatal(err)
		}
		if u.Format != 0 || u.ATC != tt.atc || u.AIP != 0x1a00 || u.Version != 0x0314 {
			t.Errorf("%s: format %d ATC %d AIP %04x version %04x", tt.sample, u.Format, u.ATC, u.AIP, u.Version)
		}
		if got := u.Encode().Reveal(); got != tt.sample {
			t.Errorf("written again as %s, want %s", got, tt.sample)
		}
	}
	u, _ := ParseUCAF(tests[0].sample)
	if u.Application != [8]byte{0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88} || u.UnpredictableNumber != [4]byte{0x23, 0x42, 0x45, 0x63} {
		t.Errorf("application %x, unpredictable number %x", u.Application, u.UnpredictableNumber)
	}
}

func TestParseUCAF_Refuses(t *testing.T) {
	for name, bad := range map[string]string{
		"nothing":           "",
		"18 bytes":          base64.StdEncoding.EncodeToString(make([]byte, 18)),
		"20 bytes":          base64.StdEncoding.EncodeToString(make([]byte, 20)),
		"without padding":   "ABEiM0RVZneIAAcjQkVjGgADFA",
		"bits left over":    "ABEiM0RVZneIAAcjQkVjGgADFB==",
		"URL-safe alphabet": "ALnt-yWSJdXBACMLLWMNGgADFA==",
		"hex":               "0011223344556677880007234245631A000314",
	} {
		if u, err := ParseUCAF(bad); !errors.Is(err, ErrUCAF) || u != (UCAF{}) {
			t.Errorf("%s: %v, %v", name, u, err)
		}
	}
}

func TestUCAF_Valid(t *testing.T) {
	key, number, un := []byte("a key of the network"), token.TokenPAN("5204240000000013"), [4]byte{1, 2, 3, 4}
	u := NewUCAF(key, number, 7, un)
	text := u.Encode().Reveal()
	if len(text) != 28 || !strings.HasPrefix(text, "A") || !strings.HasSuffix(text, "GgADFA==") {
		t.Errorf("%s has not the shape of the samples", text)
	}
	back, err := ParseUCAF(text)
	if err != nil || back != u || back.ATC != 7 || back.UnpredictableNumber != un {
		t.Fatalf("%+v, %v", back, err)
	}
	if !back.Valid(key, number) {
		t.Error("the right key and token are refused")
	}
	wrong := map[string]bool{
		"another key":         back.Valid([]byte("another"), number),
		"another token":       back.Valid(key, "5204240000000021"),
		"a changed counter":   changed(back, func(u *UCAF) { u.ATC++ }).Valid(key, number),
		"a changed number":    changed(back, func(u *UCAF) { u.UnpredictableNumber[3]++ }).Valid(key, number),
		"a changed proof":     changed(back, func(u *UCAF) { u.Application[0]++ }).Valid(key, number),
		"a changed format":    changed(back, func(u *UCAF) { u.Format++ }).Valid(key, number),
		"a changed tail":      changed(back, func(u *UCAF) { u.Version++ }).Valid(key, number),
		"a changed interface": changed(back, func(u *UCAF) { u.AIP++ }).Valid(key, number),
	}
	for name, valid := range wrong {
		if valid {
			t.Errorf("%s passes", name)
		}
	}
}

func changed(u UCAF, edit func(*UCAF)) UCAF { edit(&u); return u }

func TestUCAF_NeverTheSame(t *testing.T) {
	seen := map[token.Cryptogram]bool{}
	for atc := uint16(1); atc <= 500; atc++ {
		seen[NewUCAF([]byte("k"), "5204240000000013", atc, [4]byte{}).Encode()] = true
	}
	if len(seen) != 500 {
		t.Errorf("%d different cryptograms of 500", len(seen))
	}
}

func TestUnpredictableNumber(t *testing.T) {
	if n, err := UnpredictableNumber("23424563"); err != nil || n != [4]byte{0x23, 0x42, 0x45, 0x63} {
		t.Errorf("%x, %v", n, err)
	}
	for _, bad := range []string{"", "2342456", "2342456g", "2342456300"} {
		if _, err := UnpredictableNumber(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

func TestTrack2AndExpiry(t *testing.T) {
	november := token.Expiry{Year: 2029, Month: time.November}
	if got := string(Track2Equivalent("5204240000000013", november)); got != "5204240000000013D29112010000000000000F" {
		t.Errorf("track 2 %s", got)
	}
	for _, number := range []token.TokenPAN{"520424000", "5204240000000013", "5204240000000000013"} {
		if got := string(Track2Equivalent(number, november)); len(got) != 38 {
			t.Errorf("%d characters for a number of %d", len(got), len(number))
		}
	}
	for expiry, want := range map[token.Expiry]string{
		november:                "291130",
		{Year: 2030, Month: 12}: "301231",
		{Year: 2031, Month: 1}:  "310131",
		{Year: 2027, Month: 2}:  "270228",
		{Year: 2028, Month: 2}:  "280229",
	} {
		if got := ApplicationExpiry(expiry); got != want {
			t.Errorf("%s ends on %s, want %s", expiry, got, want)
		}
	}
}

// Nothing that may carry a number or a cryptogram shows it when printed.
func TestPrinting_Masked(t *testing.T) {
	u, _ := ParseUCAF("ABEiM0RVZneIAAcjQkVjGgADFA==")
	values := []any{
		FundingAccountData{CardAccountData: &CardAccountData{AccountNumber: "5204731600014784", SecurityCode: "957"}},
		CardAccountData{AccountNumber: "5204731600014784", SecurityCode: "957"},
		TokenDetailData{TokenNumber: "5204240000000013"},
		TransactEncryptedData{AccountNumber: "5204240000000013", Track2Equivalent: "5204240000000013D29112010000000000000F", DE48SE43Data: "ABEiM0RVZneIAAcjQkVjGgADFA=="},
		TokenInfo{TokenNumber: "5204240000000013"},
		Token{TokenInfo: &TokenInfo{TokenNumber: "5204240000000013"}},
		TokenizeResult{Clear: &TokenDetailData{TokenNumber: "5204240000000013"}},
		&TokenizeRequest{TokenizationAuthenticationValue: "ABEiM0RVZneIAAcjQkVjGgADFA=="},
		u,
		&u,
	}
	for _, v := range values {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
			got := fmt.Sprintf(verb, v)
			for _, secret := range []string{"5204731600014784", "957", "5204240000000013", "ABEiM0RV", "1122334455", "[17 34 51"} {
				if strings.Contains(got, secret) {
					t.Errorf("%s of %T shows %s: %s", verb, v, secret, got)
				}
			}
		}
	}
	if got := Sensitive("5204731600014784").LogValue().String(); got != "520473******4784" {
		t.Errorf("logged as %s", got)
	}
}
