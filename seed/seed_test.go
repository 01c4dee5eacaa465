package seed_test

import (
	"errors"
	"regexp"
	"testing"

	"github.com/pantomime-dev/pantomime/seed"
)

func TestSeed_ZeroIsRefused(t *testing.T) {
	if _, err := seed.New(0); !errors.Is(err, seed.ErrZero) {
		t.Error(err)
	}
}

func TestSource_PathsDoNotRunIntoEachOther(t *testing.T) {
	s, _ := seed.New(7)
	other, _ := seed.New(8)
	seen := map[[32]byte]string{}
	for name, b := range map[string][32]byte{
		"ab c": s.Bytes("ab", "c"), "a bc": s.Bytes("a", "bc"), "abc": s.Bytes("abc"), "abc and empty": s.Bytes("abc", ""),
		"child": s.Child("ab").Bytes("c"), "another seed": other.Bytes("ab", "c"), "nothing": s.Bytes(),
	} {
		if with, twice := seen[b]; twice {
			t.Errorf("%s and %s give the same", name, with)
		}
		seen[b] = name
	}
}

func TestSource_TheSameInEveryRun(t *testing.T) {
	s, _ := seed.New(1)
	// Written down once: a change of these would give every user new credentials.
	if got := s.Hex(16, "a"); got != "219cbc47c580e9f9" {
		t.Errorf("hex %s", got)
	}
}

func TestSource_Forms(t *testing.T) {
	s, _ := seed.New(42)
	for form, got := range map[string]string{
		`^[0-9a-f]{32}$`:      s.Hex(32, "x"),
		`^\d{9}$`:             s.Digits(9, "x"),
		`^[A-Za-z0-9_-]{86}$`: s.Text(86, "x"),
		`^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`: s.UUID("x"),
	} {
		if !regexp.MustCompile(form).MatchString(got) {
			t.Errorf("%q is not of the form %s", got, form)
		}
	}
}
