package harness_test

import (
	"errors"
	"testing"

	"github.com/pantomime-dev/pantomime/harness"
)

// Whatever is in a target file, reading it ends with a target that can be
// written and read again, or with the one error there is.
func FuzzParseTarget(f *testing.F) {
	f.Add([]byte(visaTarget))
	f.Add([]byte("version: 1\nmastercard: { url: http://h/mdes, other: { other: {} } }\ncontrol: { kind: none }\n"))
	f.Add([]byte("visa: 7\ncontrol: []\n"))
	f.Add([]byte(""))
	f.Fuzz(func(t *testing.T, data []byte) {
		target, err := harness.ParseTarget("target.yaml", data)
		if err != nil {
			if !errors.Is(err, harness.ErrTarget) {
				t.Fatalf("another error: %v", err)
			}
			return
		}
		text, err := target.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := harness.ParseTarget("target.yaml", text); err != nil {
			t.Fatalf("what was written is refused: %v\n%s", err, text)
		}
	})
}

// Nothing makes a shape or a redaction fail otherwise than by its verdict.
func FuzzShape(f *testing.F) {
	f.Add([]byte(`{"a":{"b":[{"c":"4622943120000600"}]}}`))
	f.Add([]byte(`{"a":[]}`))
	f.Add([]byte(`<html>`))
	f.Fuzz(func(_ *testing.T, body []byte) {
		harness.Shape{{Path: "a.b[].c", Is: harness.Text}, {Path: "a?", Is: harness.Object}, {Path: "a[].b", Is: harness.Missing}}.Broken(body)
		harness.Redact(body)
	})
}
