package control

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The documents list every call there is with all its filters, and none
// besides.
func TestDocs_Calls(t *testing.T) {
	text, err := os.ReadFile("../../docs/control.md")
	if err != nil {
		t.Fatal(err)
	}
	written := map[string]string{} // call → its line
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, "| `") {
			continue
		}
		for _, m := range regexp.MustCompile("`((?:GET|POST|PUT|DELETE) [^`]+)`").FindAllStringSubmatch(line, -1) {
			written[m[1]] = line
		}
	}
	known := []string{"GET /healthz"}
	for _, r := range routes() {
		call := r.method + " " + regexp.MustCompile(`:([a-z]+)`).ReplaceAllString(r.path, "{$1}")
		known = append(known, call)
		line, ok := written[call]
		if !ok {
			t.Errorf("docs/control.md does not list %s", call)
		}
		for _, filter := range r.query {
			if !strings.Contains(line, "`"+filter) {
				t.Errorf("docs/control.md: %s does not name the filter %s", call, filter)
			}
		}
	}
	for call := range written {
		if !slices.Contains(known, call) {
			t.Errorf("docs/control.md lists %s, which is not served", call)
		}
	}
}
