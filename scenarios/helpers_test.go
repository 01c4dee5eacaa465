package scenarios

import (
	"errors"
	"testing"
	"time"
)

func TestParseDuration(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"0": 0, "0s": 0, "4500ms": 4500 * time.Millisecond, "3s": 3 * time.Second, "36h": 36 * time.Hour,
		"30d": 720 * time.Hour, "1.5d": 36 * time.Hour, "2w": 336 * time.Hour, "2w3d12h": (336 + 72 + 12) * time.Hour,
		"1h30m": 90 * time.Minute, "0.5w": 84 * time.Hour, ".5s": 500 * time.Millisecond, "1d0.5h": 1470 * time.Minute,
		"100us": 100 * time.Microsecond, "100µs": 100 * time.Microsecond, "7ns": 7,
	} {
		if got, err := parseDuration(text); err != nil || got != want {
			t.Errorf("%q: got %v, %v, want %v", text, got, err, want)
		}
	}
}

func TestParseDuration_Refuses(t *testing.T) {
	for text, want := range map[string]error{
		"": errDurationForm, "d": errDurationForm, "soon": errDurationForm, "1 h": errDurationForm, "1y": errDurationForm,
		"1d-2h": errDurationForm, "+1d": errDurationForm, "+1s": errDurationForm, "1d+2h": errDurationForm, "1..5h": errDurationForm,
		"1e3s": errDurationForm, "1D": errDurationForm, "1dd": errDurationForm, "h1": errDurationForm,
		"5": errDurationUnit, "1.5": errDurationUnit, "1d5": errDurationForm,
		"-1s": errDurationNegative, "-1d": errDurationNegative,
		"300000h300000h3000000h": errDurationRange, "200000d": errDurationRange, "20000w": errDurationRange,
		"99999999999999999999h": errDurationRange, "99999999999999999999d": errDurationRange, "106751d106751d": errDurationRange,
	} {
		if _, err := parseDuration(text); !errors.Is(err, want) {
			t.Errorf("%q: got %v, want %v", text, err, want)
		}
	}
}

func TestSpell_IsReadBack(t *testing.T) {
	for _, want := range []string{"10m", "1d", "3660d", "36h", "1h30m", "4.5s", "5m", "1m1s", "24ms", "10h"} {
		d, err := parseDuration(want)
		if err != nil || spell(d) != want {
			t.Errorf("%s is spelt %s (%v)", want, spell(d), err)
		}
	}
}

func TestNearest(t *testing.T) {
	choices := []string{"limit_exceeded", "drop-response", "PAN_INELIGIBLE", "tokens", "token", "never"}
	for text, want := range map[string]string{
		"limt_exceeded": "limit_exceeded", "limitExceeded": "limit_exceeded", "drop_response": "drop-response",
		"dropresponse": "drop-response", "pan_ineligible": "PAN_INELIGIBLE", "PAN_INELGIBLE": "PAN_INELIGIBLE",
		"token": "token", "tokens": "tokens", "tokenz": "tokens", "nevre": "never", "nvr": "",
		"": "", "x": "", "completely different": "", "limit": "",
	} {
		if got := nearest(text, choices); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, tc := range []struct {
		a, b string
		want int
	}{
		{"", "", 0},
		{"abc", "abc", 0},
		{"abc", "abd", 1},
		{"abc", "ab", 1},
		{"ab", "abc", 1},
		{"abcd", "abdc", 1},
		{"kitten", "sitting", 3},
		{"abcdef", "", 4},
		{"abcdef", "ghijkl", 4},
	} {
		if got := distance(tc.a, tc.b, 4); got != tc.want {
			t.Errorf("%q to %q: got %d, want %d", tc.a, tc.b, got, tc.want)
		}
	}
}

func TestShow(t *testing.T) {
	for text, want := range map[string]string{
		"4711": "4711", "40010000001": "40010000001", "2026-03-01 09:00:00": "2026-03-01 09:00:00",
		"4622943120000600": "462294******0600", "4622 9431 2000 0600": "462294******0600", "4622-9431-2000-0600": "462294******0600",
		"4622.9431.2000.0600": "462294******0600", "my 4622943120000600!": "my 462294******0600!",
		"http://192.168.100.200:9000/x": "http://192.168.100.200:9000/x", "12345678901234567890": "****",
		"DWSPMC000000000132d72d4fcb2f4136a0532d3093ff1a45": "DWSPMC000000000132d72d4fcb2f4136a0532d3093ff1a45",
	} {
		if got := show(text); got != want {
			t.Errorf("%q is shown as %q, want %q", text, got, want)
		}
	}
	if got := []rune(show(string(make([]rune, 1000)))); len(got) != maxShown+1 {
		t.Errorf("long text is cut to %d characters, want %d", len(got), maxShown+1)
	}
}
