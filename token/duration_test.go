package token_test

import (
	"errors"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/token"
)

func TestParseDuration(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"0": 0, "0s": 0, "4500ms": 4500 * time.Millisecond, "3s": 3 * time.Second, "36h": 36 * time.Hour,
		"30d": 720 * time.Hour, "1.5d": 36 * time.Hour, "2w": 336 * time.Hour, "2w3d12h": (336 + 72 + 12) * time.Hour,
		"1h30m": 90 * time.Minute, "0.5w": 84 * time.Hour, ".5s": 500 * time.Millisecond, "1d0.5h": 1470 * time.Minute,
		"100us": 100 * time.Microsecond, "100µs": 100 * time.Microsecond, "7ns": 7,
	} {
		if got, err := token.ParseDuration(text); err != nil || got != want {
			t.Errorf("%q: got %v, %v, want %v", text, got, err, want)
		}
	}
}

func TestParseDuration_Refuses(t *testing.T) {
	for text, want := range map[string]error{
		"": token.ErrDurationForm, "d": token.ErrDurationForm, "soon": token.ErrDurationForm, "1 h": token.ErrDurationForm, "1y": token.ErrDurationForm,
		"1d-2h": token.ErrDurationForm, "+1d": token.ErrDurationForm, "+1s": token.ErrDurationForm, "1d+2h": token.ErrDurationForm, "1..5h": token.ErrDurationForm,
		"1e3s": token.ErrDurationForm, "1D": token.ErrDurationForm, "1dd": token.ErrDurationForm, "h1": token.ErrDurationForm,
		"5": token.ErrDurationUnit, "1.5": token.ErrDurationUnit, "1d5": token.ErrDurationForm,
		"-1s": token.ErrDurationNegative, "-1d": token.ErrDurationNegative,
		"300000h300000h3000000h": token.ErrDurationRange, "200000d": token.ErrDurationRange, "20000w": token.ErrDurationRange,
		"99999999999999999999h": token.ErrDurationRange, "99999999999999999999d": token.ErrDurationRange, "106751d106751d": token.ErrDurationRange,
	} {
		if _, err := token.ParseDuration(text); !errors.Is(err, want) {
			t.Errorf("%q: got %v, want %v", text, err, want)
		}
	}
}

func TestSpellDuration_IsReadBack(t *testing.T) {
	for _, want := range []string{"10m", "1d", "3660d", "36h", "1h30m", "4.5s", "5m", "1m1s", "24ms", "10h"} {
		d, err := token.ParseDuration(want)
		if err != nil || token.SpellDuration(d) != want {
			t.Errorf("%s is spelt %s (%v)", want, token.SpellDuration(d), err)
		}
	}
}
