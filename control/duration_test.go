package control

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"
)

func TestParseDuration(t *testing.T) {
	tests := []struct {
		text string
		want time.Duration
		form string // as it is written
	}{
		{"0", 0, "0s"},
		{"4500ms", 4500 * time.Millisecond, "4.5s"},
		{"30d", 720 * time.Hour, "30d"},
		{"2w3d", 17 * 24 * time.Hour, "17d"},
		{"1.5d", 36 * time.Hour, "36h"},
		{"1h30m", 90 * time.Minute, "1h30m"},
		{"90s", 90 * time.Second, "1m30s"},
		{"24h", 24 * time.Hour, "1d"},
		{"25h", 25 * time.Hour, "25h"},
		{"3ns", 3, "3ns"},
	}
	for _, tt := range tests {
		got, err := ParseDuration(tt.text)
		if err != nil || time.Duration(got) != tt.want || got.String() != tt.form {
			t.Errorf("%q is %v (%v, %v), want %v", tt.text, time.Duration(got), got, err, tt.want)
		}
		if back, err := ParseDuration(got.String()); err != nil || back != got {
			t.Errorf("%q does not survive being written: %v, %v", tt.text, back, err)
		}
	}
	for _, bad := range []string{"", "5", "-1h", "+1h", "1", "h", "d", "1 h", "1h ", "one day", "1e3s", "1h-5m", "300y", "110000d", "9999999999999999999s", "1..5h"} {
		if got, err := ParseDuration(bad); err == nil {
			t.Errorf("%q is taken for %v (%v)", bad, got, err)
		}
	}
}

func FuzzParseDuration(f *testing.F) {
	for _, seed := range []string{"30d", "1.5d", "2w3d", "4500ms", "", "-1h", "106751d"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := ParseDuration(text)
		if err != nil {
			return
		}
		if d < 0 {
			t.Fatalf("%q is %v", text, time.Duration(d))
		}
		if back, err := ParseDuration(d.String()); err != nil || back != d {
			t.Fatalf("%q is written as %q, which reads as %v (%v)", text, d, back, err)
		}
	})
}

func TestHidden(t *testing.T) {
	key := APIKey{APIKey: "KEY", Secret: "planted"}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("a key", "secret", key.Secret)
	for _, text := range []string{fmt.Sprintf("%v %+v %#v %s", key, key, key, key.Secret), log.String()} {
		if strings.Contains(text, "planted") || !strings.Contains(text, "<secret>") {
			t.Errorf("it prints %q", text)
		}
	}
	if data, err := json.Marshal(key); err != nil || !strings.Contains(string(data), "planted") {
		t.Errorf("it is handed out as %s (%v)", data, err)
	}
}
