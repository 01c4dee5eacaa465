package scenarios

import "testing"

func TestNearest(t *testing.T) {
	choices := []string{"limit_exceeded", "drop-response", "PAN_INELIGIBLE", "tokens", "token", "never", "unknown-field", "unknown-token"}
	for text, want := range map[string]string{
		"limt_exceeded": "limit_exceeded", "limitExceeded": "limit_exceeded", "drop_response": "drop-response",
		"dropresponse": "drop-response", "pan_ineligible": "PAN_INELIGIBLE", "PAN_INELGIBLE": "PAN_INELIGIBLE",
		"token": "token", "tokens": "tokens", "tokenz": "tokens", "nevre": "never", "nvr": "",
		"drop": "", "drop-resp": "drop-response", "unknown": "",
		"": "", "x": "", "completely different": "", "limit": "",
	} {
		if got := Nearest(text, choices); got != want {
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
		"http://192.168.100.200:9000/x": "http://192.168.100.200:9000/x", "12345678901234567890": "123456******7890 (20 digits)",
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
