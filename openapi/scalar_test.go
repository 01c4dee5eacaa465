package openapi

import (
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/internal/yamldoc"
)

func TestWrite_KeepsOrderAndTypes(t *testing.T) {
	const text = `
b: [1, -2.5, 1e3, true, null, ~, plain text, "1", 'true', a <b> & c]
a: { version: 3.1.0, address: 192.0.2.1, code: 4D2, time: "09:00", empty: {} }
c: |
  two
  lines
`
	const want = `{"b":[1,-2.5,1e3,true,null,null,"plain text","1","true","a <b> & c"],` +
		`"a":{"version":"3.1.0","address":"192.0.2.1","code":"4D2","time":"09:00","empty":{}},"c":"two\nlines\n"}`
	got, err := written(t, text)
	if err != nil || got != want {
		t.Errorf("%v\n%s\nwant\n%s", err, got, want)
	}
}

// Plain text that readers of YAML take for different things is refused.
func TestWrite_RefusesWhatReadersDisagreeAbout(t *testing.T) {
	for _, plain := range []string{
		"yes", "No", "on", "OFF", "y", "N", "True", "FALSE", "010", "0x1f", "0o7", "0b1", "1_000", "+1", ".5", "1.", "1:30", "09:00:00",
		"2026-03-01", "2026-03-01T09:00:00Z", ".inf", "-.INF", ".nan",
	} {
		if got, err := written(t, "key: "+plain); err == nil || !strings.Contains(err.Error(), "needs quotes") {
			t.Errorf("%s is written as %s, %v", plain, got, err)
		}
		if got, err := written(t, `key: "`+plain+`"`); err != nil || got != `{"key":"`+plain+`"}` {
			t.Errorf("%s in quotes is written as %s, %v", plain, got, err)
		}
	}
}

func written(t *testing.T, text string) (string, error) {
	t.Helper()
	root, err := yamldoc.Parse("test.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	err = write(&out, "test.yaml", root)
	return out.String(), err
}

func BenchmarkControl(b *testing.B) {
	for b.Loop() {
		Control("")
	}
}
