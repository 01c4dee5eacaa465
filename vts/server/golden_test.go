package server_test

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

var update = flag.Bool("update", false, "write the golden files anew")

// What differs between two runs, or follows from the seed alone, is written as
// its form in golden files; a value of another form stays and shows.
var forms = []struct {
	form *regexp.Regexp
	as   string
}{
	{regexp.MustCompile(`"eyJ[\w-]+\.[\w-]{43}\.[\w-]{16}\.[\w-]{38}\.[\w-]{22}"`), `"<JWE of 28 bytes>"`},
	{regexp.MustCompile(`"[0-9a-f]{32}"`), `"<32 hex digits>"`},
	{regexp.MustCompile(`"last4": "[0-9]{4}"`), `"last4": "<4 digits>"`},
	{regexp.MustCompile(`"DNITHE[0-9]{18}"`), `"<DNITHE and 18 digits>"`},
	{regexp.MustCompile(`"V001[A-Z0-9]{25}"`), `"<PAR>"`},
	{regexp.MustCompile(`"Ag[A-Za-z0-9+/]{25}="`), `"<TAVV>"`},
	{regexp.MustCompile(`"[A-Za-z0-9+/=]{200,}"`), `"<base64>"`},
	{regexp.MustCompile(`"payload": "eyJ[\w-]{100,200}"`), `"payload": "<base64url of an object>"`},
}

// golden compares an answer with its file.
func golden(t testing.TB, name string, body []byte) {
	t.Helper()
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, body, "", "  "); err != nil {
		t.Fatalf("not JSON: %q", body)
	}
	text := pretty.Bytes()
	for _, f := range forms {
		text = f.form.ReplaceAll(text, []byte(f.as))
	}
	text = append(text, '\n')
	path := filepath.Join("testdata", "golden", name+".json")
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, text, 0o644); err != nil {
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
