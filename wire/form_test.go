package wire_test

import (
	"testing"

	"github.com/pantomime-dev/pantomime/wire"
)

// Only the named scalars change, at any depth, and nothing else does [F2].
func TestWritten(t *testing.T) {
	names := map[string]bool{"a": true, "n": true}
	const body = `{ "a" : true, "b":true, "in":[{"a":"false","n":"7"},{"n":7.5, "a":null}],"n":{"a":"x","n":"007"},"c":"a"}`
	for form, want := range map[string]string{
		"mixed":       body,
		wire.AsText:   `{ "a" : "true", "b":true, "in":[{"a":"false","n":"7"},{"n":"7.5", "a":null}],"n":{"a":"x","n":"007"},"c":"a"}`,
		wire.AsNative: `{ "a" : true, "b":true, "in":[{"a":false,"n":7},{"n":7.5, "a":null}],"n":{"a":"x","n":"007"},"c":"a"}`,
	} {
		if got, err := wire.Written([]byte(body), form, names); err != nil || string(got) != want {
			t.Errorf("%s: %s, %v", form, got, err)
		}
	}
}
