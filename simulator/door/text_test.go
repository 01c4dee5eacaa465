package door_test

import (
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/simulator/door"
)

func TestJSON(t *testing.T) {
	got, err := door.JSON(map[string]string{"a": "<&>"})
	if err != nil || string(got) != `{"a":"<&>"}` {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := door.JSON(make(chan int)); err == nil {
		t.Error("a channel was written")
	}
}

func TestQuoted(t *testing.T) {
	for text, want := range map[string]string{
		"":                       `""`,
		`a"b`:                    `"a\"b"`,
		"my 4622943120000600":    `"my 462294******0600"`,
		strings.Repeat("a", 100): `"` + strings.Repeat("a", 100) + `"`,
		strings.Repeat("a", 101): `"` + strings.Repeat("a", 100) + `..."`,
	} {
		if got := door.Quoted(text); got != want {
			t.Errorf("%q is shown as %s, want %s", text, got, want)
		}
	}
}

func TestGuarded(t *testing.T) {
	got := door.Guarded("pan-guard", "4539578763621486")
	if got.OK || got.Name != "pan-guard" || got.Received != "453957******1486" || !strings.Contains(got.Hint, "--allow-any-pan") {
		t.Errorf("%+v", got)
	}
}

func TestTooLarge(t *testing.T) {
	if got := door.TooLarge("body size"); got.OK || got.Name != "body size" || got.Expected != "at most 1048576 bytes" || got.Received != "more" {
		t.Errorf("%+v", got)
	}
}
