package stage

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files again")

// Form is what differs between two runs, or follows from the seed alone. Golden
// files hold its name; a value of another form stays and shows.
type Form struct {
	pattern *regexp.Regexp
	as      []byte
}

// NewForm names what fits a pattern; as may hold groups of the pattern, as $1.
// A pattern that is none panics.
func NewForm(pattern, as string) Form { return Form{regexp.MustCompile(pattern), []byte(as)} }

// Golden compares a JSON text with the file of that name in the test's
// testdata/golden, and with -update writes the file.
func Golden(t testing.TB, forms []Form, name string, body []byte) {
	t.Helper()
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, body, "", "  "); err != nil {
		t.Fatalf("not JSON: %q", body)
	}
	text := pretty.Bytes()
	for _, f := range forms {
		text = f.pattern.ReplaceAll(text, f.as)
	}
	text = append(text, '\n')
	path := filepath.Join("testdata", "golden", name+".json")
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(text)); diff != "" {
		t.Errorf("%s (-golden +answer):\n%s", name, diff)
	}
}
